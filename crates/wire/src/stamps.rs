//! When bytes had come, as the kernel noted it.
//!
//! A program that sleeps until something comes reads it some time after it came. The kernel notes the
//! earlier instant where it is asked to (`SO_TIMESTAMPING`, in software): it stands beside what is read.

#![expect(clippy::disallowed_types, reason = "it reads for the door to the network")]

use crate::kernel;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use tokio::io::{Interest, ReadBuf};
use tokio::net::TcpStream;

/// What the kernel noted of the connections that share this, since it was last asked.
///
/// Meant for connections of one reader: of several that read at the same time, nobody could say whose read
/// a stamp was.
#[derive(Debug, Clone, Default)]
pub struct Stamps(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// Of the newest read, or 0.
    came_ns: AtomicU64,
    reads: AtomicU64,
}

/// What was read since the last look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Noted {
    /// How many reads brought something.
    pub reads: u64,
    /// When the last segment of the newest of them came, in nanoseconds of `CLOCK_REALTIME`. Segments that
    /// the kernel merged have one stamp, the last one's. None where it gave none.
    pub came_ns: Option<u64>,
}

impl Stamps {
    /// Takes what was noted; the next call tells what came after this one.
    #[must_use]
    pub fn take(&self) -> Noted {
        // A reader looks from the thread that reads, so between the two nothing is read.
        let (reads, came_ns) = (self.0.reads.swap(0, Relaxed), self.0.came_ns.swap(0, Relaxed));
        Noted { reads, came_ns: Some(came_ns).filter(|came_ns| *came_ns > 0) }
    }

    fn note(&self, came_ns: Option<u64>) {
        self.0.came_ns.store(came_ns.unwrap_or(0), Relaxed);
        self.0.reads.fetch_add(1, Relaxed);
    }
}

/// Reading with stamps from one socket.
#[derive(Debug)]
pub(crate) struct Stamping {
    stamps: Stamps,
    /// What the kernel tells beside the bytes.
    beside: Vec<u8>,
}

impl Stamping {
    /// Asks the kernel for stamps from here on.
    pub(crate) fn begin(stream: &TcpStream, stamps: Stamps) -> io::Result<Self> {
        Ok(Stamping { stamps, beside: kernel::stamp(stream)? })
    }

    /// As the stream's own `poll_read`.
    pub(crate) fn poll_read(
        &mut self,
        stream: &TcpStream,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(stream.poll_read_ready(cx))?;
            let room = buf.initialize_unfilled();
            let mut outcome = None;
            let attempt = stream.try_io(Interest::READABLE, || {
                let (bytes, came_ns) = kernel::receive(stream, room, &mut self.beside)?;
                outcome = Some((bytes, came_ns));
                // Less than there was room for: the socket is empty, and asking again would cost a call
                // for nothing. The runtime is told so, as its own reads tell it.
                if 0 < bytes && bytes < room.len() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
            });
            match (outcome, attempt) {
                (Some((bytes, came_ns)), _) => {
                    buf.advance(bytes);
                    if bytes > 0 {
                        self.stamps.note(came_ns);
                    }
                    return Poll::Ready(Ok(()));
                }
                (None, Err(error)) if error.kind() != io::ErrorKind::WouldBlock => {
                    return Poll::Ready(Err(error));
                }
                (None, _) => {}
            }
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::{Dialer, Listener, Meter};
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn reads_are_counted_and_stamped_in_their_order() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let here = SocketAddr::from(([127, 0, 0, 1], 0));
            let listener = Listener::bind(here, Meter::default()).expect("a port");
            let (stamps, meter) = (Stamps::default(), Meter::default());
            let dialer = Dialer::new(listener.address().expect("an address"), meter.clone());
            let dialer = dialer.noting(stamps.clone());
            let (client, server) = tokio::join!(dialer.dial(), listener.accept());
            let (mut client, mut server) = (client.expect("dialled"), server.expect("accepted"));
            assert_eq!(stamps.take(), Noted::default());
            let (mut came_ns, mut unstamped) = (Vec::new(), 0);
            while came_ns.len() < 3 {
                server.write_all(b"four").await.expect("written");
                let mut bytes = [0; 16];
                assert_eq!(client.read(&mut bytes).await.expect("read"), 4);
                assert_eq!(&bytes[..4], b"four");
                let noted = stamps.take();
                assert_eq!(noted.reads, 1);
                came_ns.extend(noted.came_ns);
                // The first one of a machine that asks for stamps has them switched on by a worker of the kernel's, a little
                // later (net_enable_timestamp). From then on every one has its stamp.
                unstamped += usize::from(noted.came_ns.is_none());
                assert!(noted.came_ns.is_some() || came_ns.is_empty() && unstamped < 100_000);
            }
            assert!(came_ns.is_sorted());
            let read_bytes = 4 * (came_ns.len() + unstamped) as u64;
            // One write that takes two reads.
            server.write_all(b"four").await.expect("written");
            client.read_exact(&mut [0; 2]).await.expect("read");
            client.read_exact(&mut [0; 2]).await.expect("read");
            assert_eq!(stamps.take().reads, 2);
            drop(server);
            assert_eq!(client.read(&mut [0; 16]).await.expect("the end"), 0);
            assert_eq!((stamps.take().reads, meter.tally().read_bytes), (0, read_bytes + 4));
        });
    }
}
