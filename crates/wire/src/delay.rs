//! Holding bytes back, so that a server on this machine is as far away as a scenario says.
//!
//! Both directions are held back here, in the client's process, so that a server's cost stays what
//! it is. What only a kernel shows does not happen: no congestion window, no ACKs on the long way,
//! no loss.

use crate::Timer;
use crate::distance::{OneWay, Ways};
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};

/// The client's end of a connection whose bytes are under way for a while.
pub(crate) type Delayed = DuplexStream;

/// What may be under way in one direction. At a rate it is what fits into the way and its queue, and what is more
/// than that waits at its sender. Without one it is a gigabit per second times the delay, as a fast path would hold,
/// and never less than one full socket buffer.
fn under_way_limit(way: &OneWay) -> usize {
    const GIGABIT: u64 = 1_000_000_000;
    let bytes = |rate: u64, span: Duration| (span.as_secs_f64() * rate as f64 / 8.0) as usize;
    match way.bits_per_s {
        Some(rate) => bytes(rate, way.reach() + way.queue).clamp(2 * PIECE_BYTES, 64 << 20),
        None => bytes(GIGABIT, way.reach()).clamp(64 << 10, 64 << 20),
    }
}

const BUFFER_BYTES: usize = 64 << 10;
/// What is sent at a rate is sent in pieces of a packet's length, so that none waits for more than arrives with it.
const PIECE_BYTES: usize = 1_460;
const READ_BYTES: usize = 8 << 10;

/// Wraps a connection that is near. The task that carries the bytes ends when either end closes.
pub(crate) fn delayed<C>(near: C, ways: Ways, timer: Timer) -> Delayed
where
    C: AsyncRead + AsyncWrite + Send + 'static,
{
    let (client, inside) = tokio::io::duplex(BUFFER_BYTES);
    tokio::spawn(async move {
        let (from_server, to_server) = tokio::io::split(near);
        let (from_client, to_client) = tokio::io::split(inside);
        let up = carry(from_client, to_server, ways.up, &timer);
        let down = carry(from_server, to_client, ways.down, &timer);
        let (mut up, mut down) = (Box::pin(up), Box::pin(down));
        tokio::select! {
            // No protocol here half-closes: when the client has closed, nobody reads what comes down.
            // When the server has, its last words are still on their way.
            outcome = &mut up => if outcome.is_err() { let _ = down.await; },
            // The server's close has arrived; what the client still sends goes up until it closes too.
            _ = &mut down => { let _ = up.await; }
        }
    });
    client
}

/// Moves bytes from one end to the other, each as long after it was read as the way takes, then the close.
async fn carry<R, W>(from: R, mut to: W, mut way: OneWay, timer: &Timer) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let limit = under_way_limit(&way);
    let piece = if way.bits_per_s.is_some() { PIECE_BYTES } else { READ_BYTES };
    let mut from = from.take(piece as u64);
    let mut under_way = UnderWay::default();
    let mut buffer = BytesMut::new();
    while !(under_way.closing && under_way.queue.is_empty()) {
        buffer.reserve(piece);
        from.set_limit(piece as u64);
        tokio::select! {
            biased;
            chunk = under_way.next(), if !under_way.queue.is_empty() => match chunk {
                Some(bytes) => { to.write_all(&bytes).await?; to.flush().await?; }
                None => break,
            },
            read = from.read_buf(&mut buffer), if !under_way.closing && under_way.bytes < limit => {
                // An error is a close that was not announced: it travels like one.
                let chunk = match read { Ok(0) | Err(_) => None, Ok(_) => Some(Bytes::copy_from_slice(&buffer)) };
                // Copied, so that what is under way takes no more room than it is long.
                buffer.clear();
                under_way.push(way.arrival(chunk.as_ref().map_or(0, Bytes::len), timer), chunk);
            }
        }
    }
    to.shutdown().await
}

/// What has been read and has not arrived: each chunk with the wait for its arrival.
#[derive(Default)]
struct UnderWay {
    queue: VecDeque<(BoxFuture<'static, ()>, Option<Bytes>)>,
    bytes: usize,
    closing: bool,
}

impl UnderWay {
    /// `None` for the chunk is the close.
    fn push(&mut self, arrival: BoxFuture<'static, ()>, chunk: Option<Bytes>) {
        self.closing |= chunk.is_none();
        self.bytes += chunk.as_ref().map_or(0, Bytes::len);
        self.queue.push_back((arrival, chunk));
    }

    async fn next(&mut self) -> Option<Bytes> {
        if let Some((arrival, _)) = self.queue.front_mut() {
            arrival.await;
        }
        let chunk = self.queue.pop_front()?.1;
        self.bytes -= chunk.as_ref().map_or(0, Bytes::len);
        chunk
    }
}
