//! Accepting connections.

#![expect(clippy::disallowed_types, reason = "this module is part of the door to the network")]

use crate::connection::Patience;
use crate::tls::Secured;
use crate::{Connection, Meter, ServerTls, Timer, kernel};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Connections that may wait to be accepted. A crowd that arrives at once must not be turned into
/// SYN retries of a second each by a short queue; the kernel caps this at `net.core.somaxconn`.
const BACKLOG: u32 = 4096;

/// Closes a listener that serves: no more clients are accepted, and those that are there stay.
#[derive(Debug, Clone)]
pub struct Door(watch::Sender<bool>);

impl Default for Door {
    fn default() -> Self {
        Door(watch::channel(false).0)
    }
}

impl Door {
    /// For good.
    pub fn close(&self) {
        self.0.send_replace(true);
    }

    async fn closed(&self) {
        // The sender lives as long as this.
        let _ = self.0.subscribe().wait_for(|closed| *closed).await;
    }
}

/// Accepts connections; TCP_NODELAY is set on each.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    door: Door,
    meter: Meter,
    patience: Option<Arc<Patience>>,
    tls: Option<(ServerTls, Meter)>,
}

impl Listener {
    /// Listens on `address`; port 0 lets the kernel choose one.
    ///
    /// # Errors
    /// When the address is taken or not this machine's.
    pub fn bind(address: SocketAddr, meter: Meter) -> io::Result<Self> {
        Listener::bind_as(address, meter, false)
    }

    /// The same where another process listens, which has to have said so as well: the system shares clients out among
    /// them. Where systems can't do that, it is as [`Listener::bind`].
    ///
    /// # Errors
    /// As [`Listener::bind`].
    pub fn bind_shared(address: SocketAddr, meter: Meter) -> io::Result<Self> {
        Listener::bind_as(address, meter, true)
    }

    fn bind_as(address: SocketAddr, meter: Meter, is_shared: bool) -> io::Result<Self> {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        socket.set_reuseaddr(true)?;
        #[cfg(all(unix, not(target_os = "solaris"), not(target_os = "illumos")))]
        socket.set_reuseport(is_shared)?;
        socket.bind(address)?;
        Ok(Listener {
            socket: socket.listen(BACKLOG)?,
            door: Door::default(),
            meter,
            patience: None,
            tls: None,
        })
    }

    /// Cuts every connection whose peer has taken nothing for `limit` while there was something to
    /// write.
    #[must_use]
    pub fn cutting_stalled(mut self, limit: Duration, timer: Timer) -> Self {
        self.patience = Some(Arc::new(Patience { limit, timer }));
        self
    }

    /// Sends with this algorithm of TCP's instead of the system's usual one, to every client.
    ///
    /// # Errors
    /// When the system lacks it, or lets no program choose.
    pub fn controlling_congestion(self, algorithm: &str) -> io::Result<Self> {
        kernel::control_congestion(&self.socket, algorithm)?;
        Ok(self)
    }

    /// Speaks TLS with every client; `plain` counts what goes through above it. A client's handshake is its
    /// connection's matter: it goes on when the connection is read or written, and keeps nobody from being accepted.
    #[must_use]
    pub fn secured(mut self, tls: ServerTls, plain: Meter) -> Self {
        self.tls = Some((tls, plain));
        self
    }

    /// The address that clients dial.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// What closes it while it serves.
    #[must_use]
    pub fn door(&self) -> Door {
        self.door.clone()
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
        let door = self.door.clone();
        let mut open = Some(self);
        loop {
            let accepting = async {
                match &open {
                    Some(listener) => listener.accept().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                accepted = accepting => { clients.spawn(serve(accepted?)); }
                Some(_) = clients.join_next() => {}
                () = door.closed(), if open.is_some() => open = None,
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
                    let connection = Connection::direct(stream, &self.meter, self.patience.clone())?;
                    return Ok(match &self.tls {
                        None => connection,
                        Some((tls, plain)) => Secured::accepting(connection, tls, plain.clone()).into(),
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alarm, Dialer};
    use futures_util::future::BoxFuture;
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
