//! What a link does to packets.

use std::time::Duration;

/// What a link does, in each of its directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// From the server to a client.
    pub down: OneWay,
    /// From a client to the server.
    pub up: OneWay,
}

/// What one direction of a client's own way does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OneWay {
    /// Each packet takes so long, whatever its length.
    pub delay: Duration,
    /// And up to so much more, each a time of its own, evenly spread.
    pub jitter: Duration,
    /// Bits per second; none is as fast as it can be carried.
    pub bits_per_s: Option<u64>,
    /// How long a packet may have to wait for those before it. One that would wait longer is dropped, as a full
    /// queue does.
    pub queue: Duration,
    /// So many of a million packets are lost.
    pub lost_per_million: u32,
    /// How many are lost in a row, on average: one, and each is lost or not for itself.
    pub in_a_row: u32,
    /// So many of a million packets are overtaken by those that come after them.
    pub overtaken_per_million: u32,
}

impl OneWay {
    /// How long a packet of this length occupies the line.
    pub(crate) fn occupies_ns(&self, bytes: usize) -> u64 {
        self.bits_per_s.map_or(0, |rate| (bytes as u64 * 8).saturating_mul(1_000_000_000) / rate.max(1))
    }

    /// How much later an overtaken packet comes: as long again as the way with its jitter, and a millisecond at the
    /// least, so that it is behind what was sent within half a round trip after it.
    pub(crate) fn overtaken_ns(&self) -> u64 {
        (self.delay + self.jitter).max(Duration::from_millis(1)).as_nanos() as u64
    }
}
