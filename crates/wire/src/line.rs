//! Breaking connections on purpose, from the client's end: what the way does to them, and no protocol can tell from the
//! way.

#![expect(clippy::disallowed_types, reason = "this module is part of the door to the network")]

use crate::Connection;
use futures_util::task::AtomicWaker;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Both ends are told that it was broken off (RST, RFC 9293, section 3.5.2).
    Reset,
    /// Both ends are told that the other has finished (FIN).
    Close,
    /// Neither end is told anything: what one sends, the other never gets. A connection that is half open.
    Silent,
}

/// All connections of a dialer, for whoever breaks them.
#[derive(Clone)]
pub struct Line(Arc<Shared>);

struct Shared {
    plugs: Mutex<Vec<Weak<Plug>>>,
    held: watch::Sender<bool>,
    /// Sockets that stay open for as long as the line is there, since nobody may be told that they are closed.
    buried: Mutex<Vec<Buried>>,
}

#[cfg(unix)]
type Buried = std::os::fd::OwnedFd;
#[cfg(not(unix))]
type Buried = ();

/// What has become of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Lives,
    Held,
    Deaf,
    Cut(Cut),
    /// Half open, and then broken off: its own end knows, and the other one does not.
    Dead,
}

/// One connection, where it can be broken.
struct Plug {
    fate: AtomicU8,
    /// Whether its socket was buried.
    is_buried: AtomicBool,
    reading: AtomicWaker,
    writing: AtomicWaker,
    line: Line,
}

const LIVES: u8 = 0;
const HELD: u8 = 1;
const RESET: u8 = 2;
const CLOSED: u8 = 3;
const SILENT: u8 = 4;
const DEAF: u8 = 5;
const DEAD: u8 = 6;

impl Default for Line {
    fn default() -> Self {
        Line(Arc::new(Shared {
            plugs: Mutex::default(),
            held: watch::channel(false).0,
            buried: Mutex::default(),
        }))
    }
}

impl Line {
    /// Breaks every connection that there is; dials go on.
    pub fn cut(&self, how: Cut) {
        let fate = match how {
            Cut::Reset => RESET,
            Cut::Close => CLOSED,
            Cut::Silent => SILENT,
        };
        self.plugs().iter().for_each(|plug| plug.set(fate));
    }

    /// Nothing passes any more, in either direction, and dials wait.
    pub fn hold(&self) {
        self.0.held.send_replace(true);
        self.plugs().iter().for_each(|plug| plug.set(HELD));
    }

    /// Nothing is read any more, and what is written passes: a client that does not keep up. What the server sends meanwhile
    /// fills the system's buffers, and then the server's.
    pub fn stop_reading(&self) {
        self.plugs().iter().for_each(|plug| plug.set(DEAF));
    }

    /// What was held passes, and is read.
    pub fn release(&self) {
        self.0.held.send_replace(false);
        self.plugs().iter().for_each(|plug| plug.set(LIVES));
    }

    /// Waits until dials pass.
    pub(crate) async fn passable(&self) {
        // The sender lives as long as this.
        let _ = self.0.held.subscribe().wait_for(|held| !held).await;
    }

    fn plug(&self) -> Arc<Plug> {
        let is_held = *self.0.held.borrow();
        let plug = Arc::new(Plug {
            fate: AtomicU8::new(if is_held { HELD } else { LIVES }),
            is_buried: AtomicBool::new(false),
            reading: AtomicWaker::new(),
            writing: AtomicWaker::new(),
            line: self.clone(),
        });
        let mut plugs = lock(&self.0.plugs);
        // Connections come and go for as long as a client lives: those that went need no place.
        plugs.retain(|plug| plug.strong_count() > 0);
        plugs.push(Arc::downgrade(&plug));
        plug
    }

    fn plugs(&self) -> Vec<Arc<Plug>> {
        lock(&self.0.plugs).iter().filter_map(Weak::upgrade).collect()
    }
}

impl Plug {
    /// What is cut stays cut. One that is half open may still be broken off for its own end: whose telephone is switched
    /// off finds out, and the server does not.
    fn set(&self, fate: u8) {
        let change = |was: u8| match (was, fate) {
            (RESET | CLOSED | DEAD, _) | (SILENT, LIVES | HELD | DEAF | SILENT) => None,
            (SILENT, RESET | CLOSED) => Some(DEAD),
            _ => Some(fate),
        };
        if self.fate.fetch_update(Ordering::AcqRel, Ordering::Acquire, change).is_err() {
            return;
        }
        self.reading.wake();
        self.writing.wake();
    }

    /// What has become of it, for who reads; who has to wait is woken when that changes.
    fn for_reading(&self, cx: &mut Context<'_>) -> Fate {
        self.reading.register(cx.waker());
        self.fate()
    }

    /// The same for who writes.
    fn for_writing(&self, cx: &mut Context<'_>) -> Fate {
        self.writing.register(cx.waker());
        self.fate()
    }

    fn fate(&self) -> Fate {
        match self.fate.load(Ordering::Acquire) {
            LIVES => Fate::Lives,
            HELD => Fate::Held,
            DEAF => Fate::Deaf,
            RESET => Fate::Cut(Cut::Reset),
            CLOSED => Fate::Cut(Cut::Close),
            DEAD => Fate::Dead,
            _ => Fate::Cut(Cut::Silent),
        }
    }

    /// Keeps the socket of a connection that was cut silently open behind its back: closing it would tell the server.
    #[cfg(unix)]
    fn bury(&self, socket: &TcpStream) {
        use std::os::fd::AsFd;
        if !self.is_buried.swap(true, Ordering::AcqRel)
            && let Ok(socket) = socket.as_fd().try_clone_to_owned()
        {
            lock(&self.line.0.buried).push(socket);
        }
    }

    #[cfg(not(unix))]
    fn bury(&self, _: &TcpStream) {
        let _ = (&self.is_buried, &self.line.0.buried);
    }
}

/// A connection that a line can break.
pub(crate) struct Breakable {
    near: Connection,
    plug: Arc<Plug>,
}

impl Breakable {
    pub fn new(near: Connection, line: &Line) -> Self {
        Breakable { near, plug: line.plug() }
    }

    /// Does to the socket what goes with how it was cut; it may be asked again and again.
    fn break_off(&self, how: Cut) {
        let Some(socket) = self.near.socket() else { return };
        match how {
            // Closing it sends a reset then.
            Cut::Reset => {
                let _ = socket.set_zero_linger();
            }
            Cut::Close => {}
            Cut::Silent => self.plug.bury(socket),
        }
    }

    fn dead(&self) -> io::Error {
        self.break_off(Cut::Silent);
        io::ErrorKind::ConnectionReset.into()
    }

    fn poll_written(&mut self, cx: &mut Context<'_>, bytes: usize) -> Option<Poll<io::Result<usize>>> {
        match self.plug.for_writing(cx) {
            Fate::Lives | Fate::Deaf => None,
            Fate::Held => Some(Poll::Pending),
            Fate::Dead => Some(Poll::Ready(Err(self.dead()))),
            Fate::Cut(how) => {
                self.break_off(how);
                Some(match how {
                    Cut::Reset => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
                    Cut::Close => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                    // The system takes it and tries to get rid of it for a long time.
                    Cut::Silent => Poll::Ready(Ok(bytes)),
                })
            }
        }
    }
}

impl AsyncRead for Breakable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.plug.for_reading(cx) {
            Fate::Lives => Pin::new(&mut self.near).poll_read(cx, buf),
            Fate::Held | Fate::Deaf => Poll::Pending,
            Fate::Dead => Poll::Ready(Err(self.dead())),
            Fate::Cut(how) => {
                self.break_off(how);
                match how {
                    Cut::Reset => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
                    // The end of what there is to read, for both ends.
                    Cut::Close => {
                        let _ = Pin::new(&mut self.near).poll_shutdown(cx);
                        Poll::Ready(Ok(()))
                    }
                    Cut::Silent => Poll::Pending,
                }
            }
        }
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.poll_written(cx, buf.len()) {
            None => Pin::new(&mut self.near).poll_write(cx, buf),
            Some(poll) => poll,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.poll_written(cx, bufs.iter().map(|buf| buf.len()).sum()) {
            None => Pin::new(&mut self.near).poll_write_vectored(cx, bufs),
            Some(poll) => poll,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.near.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.poll_written(cx, 0) {
            None => Pin::new(&mut self.near).poll_flush(cx),
            Some(poll) => poll.map_ok(drop),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.plug.fate() {
            // The other end is not to hear of it.
            Fate::Cut(Cut::Silent) | Fate::Dead => {
                self.break_off(Cut::Silent);
                Poll::Ready(Ok(()))
            }
            _ => Pin::new(&mut self.near).poll_shutdown(cx),
        }
    }
}

impl fmt::Debug for Breakable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breakable").field("plug", &self.plug).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("connections", &lock(&self.0.plugs).len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Plug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plug").field("fate", &self.fate()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
