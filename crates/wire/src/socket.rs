//! Listening and dialling, with the same TCP options on both ends.

#![expect(clippy::disallowed_types, reason = "this module is the door to the network")]

use crate::delay::{self, Delayed};
use crate::meter::Metered;
use crate::stamps::Stamping;
use crate::{Meter, Stamps, Timer, kernel, source};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// Connections that may wait to be accepted. A crowd that arrives at once must not be turned into
/// SYN retries of a second each by a short queue; the kernel caps this at `net.core.somaxconn`.
const BACKLOG: u32 = 4096;

/// Accepts connections; TCP_NODELAY is set on each.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    meter: Meter,
    patience: Option<Arc<Patience>>,
}

impl Listener {
    /// Listens on `address`; port 0 lets the kernel choose one.
    ///
    /// # Errors
    /// When the address is taken or not this machine's.
    pub fn bind(address: SocketAddr, meter: Meter) -> io::Result<Self> {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Listener { socket: socket.listen(BACKLOG)?, meter, patience: None })
    }

    /// Cuts every connection whose peer has taken nothing for `limit` while there was something to
    /// write.
    #[must_use]
    pub fn cutting_stalled(mut self, limit: Duration, timer: Timer) -> Self {
        self.patience = Some(Arc::new(Patience { limit, timer }));
        self
    }

    /// The address that clients dial.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves every client in a task of its own, until dropped: that closes every connection. How a task
    /// ends is nobody's concern: a client that breaks off or talks nonsense ends its own connection and
    /// nothing else.
    ///
    /// # Errors
    /// As [`Listener::accept`].
    pub async fn serve_each<F>(self, mut serve: impl FnMut(Connection) -> F) -> io::Result<()>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let mut clients = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.accept() => { clients.spawn(serve(accepted?)); }
                Some(_) = clients.join_next() => {}
            }
        }
    }

    /// Waits for the next client.
    ///
    /// # Errors
    /// When no client can be accepted any more, such as for want of descriptors. A client that gave
    /// up while it was waiting is passed over.
    pub async fn accept(&self) -> io::Result<Connection> {
        loop {
            match self.socket.accept().await {
                Ok((stream, _)) => {
                    return Connection::direct(stream, &self.meter, self.patience.clone());
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Opens connections to one server, all equally far away.
#[derive(Debug, Clone)]
pub struct Dialer {
    address: SocketAddr,
    source: Option<Ipv4Addr>,
    meter: Meter,
    distance: Option<(Duration, Timer)>,
    stamps: Option<Stamps>,
}

impl Dialer {
    /// Dials `address`, as near as it is.
    #[must_use]
    pub fn new(address: SocketAddr, meter: Meter) -> Self {
        Dialer { address, source: None, meter, distance: None, stamps: None }
    }

    /// Puts the server `one_way` farther off: the handshake takes a round trip, and every byte and
    /// the close arrive that much later, in both directions. Held back in this process.
    #[must_use]
    pub fn at_distance(mut self, one_way: Duration, timer: Timer) -> Self {
        self.distance = (!one_way.is_zero()).then_some((one_way, timer));
        self
    }

    /// Lets the kernel note when what these connections read had come. Each read costs more for it. With a
    /// distance there is nothing to note: what has come is then still held back.
    #[must_use]
    pub fn noting(mut self, stamps: Stamps) -> Self {
        self.stamps = Some(stamps);
        self
    }

    /// Dials a server of this machine's loopback network from the `place`-th of its addresses, counted from 0:
    /// one address has only so many ports for one server. The first is 127.0.0.1, which the system takes by
    /// itself, as it does for any other server, and where it has no more than that one (all but Linux).
    #[must_use]
    pub fn from_place(mut self, place: u32) -> Self {
        self.source = source::of(self.address, place);
        self
    }

    /// The server's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens a connection; TCP_NODELAY is set on it.
    ///
    /// # Errors
    /// When nobody listens there, descriptors or ports have run out, or the kernel has no stamps where they
    /// were asked for.
    pub async fn dial(&self) -> io::Result<Connection> {
        let Some((one_way, timer)) = &self.distance else {
            let stream = source::connect(self.address, self.source).await?;
            let near = Connection::direct(stream, &self.meter, None)?;
            return match &self.stamps {
                None => Ok(near),
                Some(stamps) => near.noting(stamps.clone()),
            };
        };
        timer.sleep(*one_way).await;
        let stream = source::connect(self.address, self.source).await;
        timer.sleep(*one_way).await;
        let near = Connection::direct(stream?, &self.meter, None)?;
        Ok(Connection(Inner::Delayed(delay::delayed(near, *one_way, timer.clone()))))
    }
}

/// One end of a connection.
#[derive(Debug)]
pub struct Connection(Inner);

#[derive(Debug)]
enum Inner {
    /// Fields are dropped in this order: a socket is counted for the last time before it is closed.
    Direct {
        metered: Metered,
        stream: TcpStream,
        stall: Stall,
        stamping: Option<Box<Stamping>>,
    },
    Delayed(Delayed),
}

/// How long a peer may take nothing; one for all connections of a listener.
#[derive(Debug)]
struct Patience {
    limit: Duration,
    timer: Timer,
}

/// The wait for a peer that takes nothing; there is none while it takes what is written.
struct Stall {
    patience: Option<Arc<Patience>>,
    wait: Option<BoxFuture<'static, ()>>,
}

impl Stall {
    fn watch(&mut self, poll: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some(patience) = &self.patience else { return poll };
        if poll.is_ready() {
            self.wait = None;
            return poll;
        }
        let wait = self.wait.get_or_insert_with(|| patience.timer.sleep(patience.limit));
        if wait.poll_unpin(cx).is_ready() {
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the peer takes nothing any more",
            )));
        }
        Poll::Pending
    }
}

impl fmt::Debug for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stall").field("waiting", &self.wait.is_some()).finish_non_exhaustive()
    }
}

impl Connection {
    fn direct(stream: TcpStream, meter: &Meter, patience: Option<Arc<Patience>>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let metered = meter.connected(kernel::number(&stream));
        Ok(Connection(Inner::Direct {
            metered,
            stream,
            stall: Stall { patience, wait: None },
            stamping: None,
        }))
    }

    fn noting(mut self, stamps: Stamps) -> io::Result<Self> {
        if let Inner::Direct { stream, stamping, .. } = &mut self.0 {
            *stamping = Some(Box::new(Stamping::begin(stream, stamps)?));
        }
        Ok(self)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Inner::Direct { stream, metered, stamping, .. } => {
                let before = buf.filled().len();
                let poll = match stamping {
                    None => Pin::new(stream).poll_read(cx, buf),
                    Some(stamping) => stamping.poll_read(stream, cx, buf),
                };
                metered.meter.read(buf.filled().len() - before);
                poll
            }
            Inner::Delayed(delayed) => Pin::new(delayed).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Inner::Direct { stream, metered, stall, .. } => {
                stall.watch(counted(Pin::new(stream).poll_write(cx, buf), &metered.meter), cx)
            }
            Inner::Delayed(delayed) => Pin::new(delayed).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // Of one piece: the kernel takes it for less than a list of pieces.
        if let [only] = bufs {
            return self.poll_write(cx, only);
        }
        match &mut self.0 {
            Inner::Direct { stream, metered, stall, .. } => {
                let poll = Pin::new(stream).poll_write_vectored(cx, bufs);
                stall.watch(counted(poll, &metered.meter), cx)
            }
            Inner::Delayed(delayed) => Pin::new(delayed).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.0 {
            Inner::Direct { stream, .. } => stream.is_write_vectored(),
            Inner::Delayed(delayed) => delayed.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Inner::Direct { stream, .. } => Pin::new(stream).poll_flush(cx),
            Inner::Delayed(delayed) => Pin::new(delayed).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Inner::Direct { stream, .. } => Pin::new(stream).poll_shutdown(cx),
            Inner::Delayed(delayed) => Pin::new(delayed).poll_shutdown(cx),
        }
    }
}

fn counted(poll: Poll<io::Result<usize>>, meter: &Meter) -> Poll<io::Result<usize>> {
    if let Poll::Ready(Ok(bytes)) = poll {
        meter.written(bytes);
    }
    poll
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Alarm;
    use tokio::io::AsyncWriteExt;

    /// Rings at once: whoever waits has waited long enough.
    struct Impatient;

    impl Alarm for Impatient {
        fn after(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::ready(()))
        }

        fn on_grid(&self, _: Duration, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::ready(()))
        }
    }

    #[test]
    fn a_peer_that_takes_nothing_is_cut() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let here = SocketAddr::from(([127, 0, 0, 1], 0));
            let listener = Listener::bind(here, Meter::default()).expect("a port");
            let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
            let timer = Timer::new(Arc::new(Impatient));
            let listener = listener.cutting_stalled(Duration::from_secs(1), timer);
            let (peer, server) = tokio::join!(dialer.dial(), listener.accept());
            let (_peer, mut server) = (peer.expect("dialled"), server.expect("accepted"));
            // More than the buffers of both ends hold, and nobody reads it.
            let error = loop {
                if let Err(error) = server.write_all(&[0; 1 << 20]).await {
                    break error;
                }
            };
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        });
    }
}
