//! One end of a connection, whatever lies between it and the socket.

#![expect(clippy::disallowed_types, reason = "this module is part of the door to the network")]

use crate::delay::Delayed;
use crate::line::Breakable;
use crate::meter::Metered;
use crate::stamps::Stamping;
use crate::tls::{Secured, counted};
use crate::{Capture, Meter, Stamps, Timer, kernel};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

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
        capture: Option<Capture>,
    },
    Delayed(Delayed),
    Secured(Box<Secured>),
    Breakable(Box<Breakable>),
}

/// How long a peer may take nothing; one for all connections of a listener.
#[derive(Debug)]
pub(crate) struct Patience {
    pub limit: Duration,
    pub timer: Timer,
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
    pub(crate) fn direct(
        stream: TcpStream,
        meter: &Meter,
        patience: Option<Arc<Patience>>,
    ) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let metered = meter.connected(kernel::number(&stream));
        Ok(Connection(Inner::Direct {
            metered,
            stream,
            stall: Stall { patience, wait: None },
            stamping: None,
            capture: None,
        }))
    }

    /// The socket itself, where there is nothing before it.
    pub(crate) fn socket(&self) -> Option<&TcpStream> {
        match &self.0 {
            Inner::Direct { stream, .. } => Some(stream),
            _ => None,
        }
    }

    pub(crate) fn captured_by(mut self, by: Capture) -> Self {
        if let Inner::Direct { capture, .. } = &mut self.0 {
            *capture = Some(by);
        }
        self
    }

    pub(crate) fn noting(mut self, stamps: Stamps) -> io::Result<Self> {
        if let Inner::Direct { stream, stamping, .. } = &mut self.0 {
            *stamping = Some(Box::new(Stamping::begin(stream, stamps)?));
        }
        Ok(self)
    }
}

impl From<Breakable> for Connection {
    fn from(breakable: Breakable) -> Self {
        Connection(Inner::Breakable(Box::new(breakable)))
    }
}

impl From<Delayed> for Connection {
    fn from(delayed: Delayed) -> Self {
        Connection(Inner::Delayed(delayed))
    }
}

impl From<Secured> for Connection {
    fn from(secured: Secured) -> Self {
        Connection(Inner::Secured(Box::new(secured)))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Inner::Direct { stream, metered, stamping, capture, .. } => {
                let before = buf.filled().len();
                let poll = match stamping {
                    None => Pin::new(stream).poll_read(cx, buf),
                    Some(stamping) => stamping.poll_read(stream, cx, buf),
                };
                metered.meter.read(buf.filled().len() - before);
                if let Some(capture) = capture {
                    capture.came(&buf.filled()[before..]);
                }
                poll
            }
            Inner::Delayed(delayed) => Pin::new(delayed).poll_read(cx, buf),
            Inner::Secured(secured) => Pin::new(&mut **secured).poll_read(cx, buf),
            Inner::Breakable(breakable) => Pin::new(&mut **breakable).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.0 {
            Inner::Direct { stream, metered, stall, capture, .. } => {
                let poll = counted(Pin::new(stream).poll_write(cx, buf), &metered.meter);
                if let (Some(capture), Poll::Ready(Ok(bytes))) = (capture, &poll) {
                    capture.sent(std::iter::once(&buf[..*bytes]));
                }
                stall.watch(poll, cx)
            }
            Inner::Delayed(delayed) => Pin::new(delayed).poll_write(cx, buf),
            Inner::Secured(secured) => Pin::new(&mut **secured).poll_write(cx, buf),
            Inner::Breakable(breakable) => Pin::new(&mut **breakable).poll_write(cx, buf),
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
            Inner::Direct { stream, metered, stall, capture, .. } => {
                let poll = Pin::new(stream).poll_write_vectored(cx, bufs);
                if let (Some(capture), Poll::Ready(Ok(bytes))) = (capture, &poll) {
                    let mut left = *bytes;
                    capture.sent(bufs.iter().map(|buf| {
                        let taken = buf.len().min(left);
                        left -= taken;
                        &buf[..taken]
                    }));
                }
                stall.watch(counted(poll, &metered.meter), cx)
            }
            Inner::Delayed(delayed) => Pin::new(delayed).poll_write_vectored(cx, bufs),
            Inner::Secured(secured) => Pin::new(&mut **secured).poll_write_vectored(cx, bufs),
            Inner::Breakable(breakable) => Pin::new(&mut **breakable).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.0 {
            Inner::Direct { stream, .. } => stream.is_write_vectored(),
            Inner::Delayed(delayed) => delayed.is_write_vectored(),
            Inner::Secured(secured) => secured.is_write_vectored(),
            Inner::Breakable(breakable) => breakable.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Inner::Direct { stream, .. } => Pin::new(stream).poll_flush(cx),
            Inner::Delayed(delayed) => Pin::new(delayed).poll_flush(cx),
            Inner::Secured(secured) => Pin::new(&mut **secured).poll_flush(cx),
            Inner::Breakable(breakable) => Pin::new(&mut **breakable).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Inner::Direct { stream, .. } => Pin::new(stream).poll_shutdown(cx),
            Inner::Delayed(delayed) => Pin::new(delayed).poll_shutdown(cx),
            Inner::Secured(secured) => Pin::new(&mut **secured).poll_shutdown(cx),
            Inner::Breakable(breakable) => Pin::new(&mut **breakable).poll_shutdown(cx),
        }
    }
}
