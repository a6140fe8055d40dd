//! How far away a server is, and how wide the way.

use crate::{Timer, Turn};
use futures_util::future::BoxFuture;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is between a client and its server, in both directions.
#[derive(Debug, Clone, Default)]
pub struct Distance {
    /// What is sent takes so long, however much it is.
    pub one_way: Duration,
    /// And up to so much more, each time another one, evenly spread; what is sent later still arrives later.
    pub jitter: Duration,
    /// Bits per second from the server; none is no limit.
    pub down: Option<u64>,
    /// Bits per second to it.
    pub up: Option<u64>,
    /// How long what is sent may wait for what was sent before it; then its sender waits.
    pub queue: Duration,
    /// From which jitter is drawn.
    pub seed: u64,
    /// Connections that there have been: each draws its own.
    pub connections: Arc<AtomicU64>,
    /// The client's lines, up and down, which all of its connections share.
    pub lines: [Arc<Mutex<Turn>>; 2],
}

/// Both directions of one connection.
#[derive(Debug)]
pub(crate) struct Ways {
    pub up: OneWay,
    pub down: OneWay,
}

/// One direction of one connection.
#[derive(Debug)]
pub(crate) struct OneWay {
    pub delay: Duration,
    pub queue: Duration,
    pub bits_per_s: Option<u64>,
    jitter: Duration,
    numbers: ChaCha8Rng,
    line: Arc<Mutex<Turn>>,
    own: Turn,
}

impl Distance {
    /// Just so far away.
    #[must_use]
    pub fn of(one_way: Duration) -> Self {
        Distance { one_way, ..Distance::default() }
    }

    /// The same for another client, with lines of its own.
    #[must_use]
    pub(crate) fn of_another(&self) -> Self {
        Distance { lines: Default::default(), ..self.clone() }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.one_way.is_zero() && self.jitter.is_zero() && self.down.is_none() && self.up.is_none()
    }

    pub(crate) fn of_a_connection(&self) -> Ways {
        let connection = self.connections.fetch_add(1, Ordering::Relaxed);
        let way = |bits_per_s, direction: usize| {
            let mut numbers = ChaCha8Rng::seed_from_u64(self.seed);
            numbers.set_stream(connection << 1 | direction as u64);
            let line = self.lines[direction].clone();
            OneWay {
                delay: self.one_way,
                queue: self.queue,
                bits_per_s,
                jitter: self.jitter,
                numbers,
                line,
                own: Turn::default(),
            }
        };
        Ways { up: way(self.up, 0), down: way(self.down, 1) }
    }
}

impl OneWay {
    /// How long the next piece is under way once it was sent.
    pub fn takes(&mut self) -> Duration {
        if self.jitter.is_zero() {
            return self.delay;
        }
        let share = (self.numbers.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        self.delay + self.jitter.mul_f64(share)
    }

    /// How long sending so many bytes takes.
    fn occupied_by(&self, bytes: usize) -> Duration {
        let nanos = |rate: u64| (bytes as u64 * 8).saturating_mul(1_000_000_000) / rate.max(1);
        Duration::from_nanos(self.bits_per_s.map_or(0, nanos))
    }

    /// Waits until so many bytes that are sent now have arrived: behind those that the client's connections sent before.
    pub fn arrival(&mut self, bytes: usize, timer: &Timer) -> BoxFuture<'static, ()> {
        let (occupied, takes) = (self.occupied_by(bytes), self.takes());
        // Without a rate there is no line to wait for, and each connection keeps its own order.
        if self.bits_per_s.is_none() {
            return timer.in_turn(&mut self.own, occupied, takes);
        }
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        timer.in_turn(&mut line, occupied, takes)
    }

    /// What may be under way, in time.
    pub fn reach(&self) -> Duration {
        self.delay + self.jitter
    }
}
