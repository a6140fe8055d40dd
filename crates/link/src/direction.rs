//! One direction of a link: packets go in with an instant, and come out with another one or not at all.

use crate::{OneWay, client_number};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::net::Ipv4Addr;

/// Bytes that may be under way, over all clients: what is on top of it is dropped and counted as such.
const UNDER_WAY_BYTES: usize = 256 << 20;

/// Which address of a packet is the client's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Towards {
    Clients,
    Server,
}

/// One direction of all clients' ways. Each client has a line of its own: what one of them is sent keeps nobody else
/// waiting.
#[derive(Debug)]
pub struct Direction {
    towards: Towards,
    conditions: OneWay,
    seed: u64,
    lines: HashMap<u32, Line>,
    /// By arrival, then in the order in which they were sent.
    under_way: BinaryHeap<Reverse<(u64, u64, Arrival)>>,
    under_way_bytes: usize,
    entered: u64,
    counts: Counts,
}

/// A packet that comes out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// When it was to arrive.
    pub at_ns: u64,
    /// How much earlier than it went in it may have been sent.
    pub waited_ns: u64,
    /// Itself.
    pub packet: Vec<u8>,
}

/// What became of the packets of one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Packets that a kernel sent.
    pub offered: u64,
    /// Bytes of them, IP's header included.
    pub bytes: u64,
    /// Lost on the way, as the conditions say.
    pub lost: u64,
    /// Dropped where a queue was full.
    pub dropped: u64,
    /// Came after packets that had been sent later, as the conditions say.
    pub overtaken: u64,
    /// Dropped because more was under way than this program holds: the link was not what it was to be.
    pub overflowed: u64,
}

/// One client's line in one direction.
#[derive(Debug)]
struct Line {
    /// When the last packet has left it.
    free_at_ns: u64,
    /// When the last packet that was not overtaken arrives.
    arrives_at_ns: u64,
    is_losing: bool,
    numbers: ChaCha8Rng,
}

impl Direction {
    /// From the server to the clients.
    #[must_use]
    pub fn down(conditions: OneWay, seed: u64) -> Self {
        Direction::new(Towards::Clients, conditions, seed)
    }

    /// From the clients to the server.
    #[must_use]
    pub fn up(conditions: OneWay, seed: u64) -> Self {
        Direction::new(Towards::Server, conditions, seed)
    }

    fn new(towards: Towards, conditions: OneWay, seed: u64) -> Self {
        Direction {
            towards,
            conditions,
            seed,
            lines: HashMap::new(),
            under_way: BinaryHeap::new(),
            under_way_bytes: 0,
            entered: 0,
            counts: Counts::default(),
        }
    }

    /// What became of the packets so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// A packet is sent, or was up to `waited_ns` ago. One that is not between a client and the server is nobody's, and is
    /// gone.
    pub fn send(&mut self, packet: &[u8], now_ns: u64, waited_ns: u64) {
        let Some(client) = self.client_of(packet) else { return };
        self.counts.offered += 1;
        self.counts.bytes += packet.len() as u64;
        let line = self.lines.entry(client).or_insert_with(|| Line::new(self.seed, self.towards, client));
        let Some(arrives_at_ns) = line.take(&self.conditions, packet.len(), now_ns, &mut self.counts) else {
            return;
        };
        if self.under_way_bytes + packet.len() > UNDER_WAY_BYTES {
            self.counts.overflowed += 1;
            return;
        }
        self.under_way_bytes += packet.len();
        self.entered += 1;
        let arrival = Arrival { at_ns: arrives_at_ns, waited_ns, packet: packet.to_vec() };
        self.under_way.push(Reverse((arrives_at_ns, self.entered, arrival)));
    }

    /// When the next packet arrives. None while none is under way.
    #[must_use]
    pub fn next_arrival_ns(&self) -> Option<u64> {
        self.under_way.peek().map(|Reverse((at_ns, ..))| *at_ns)
    }

    /// The next packet that has arrived by now.
    pub fn arrival(&mut self, now_ns: u64) -> Option<Arrival> {
        self.next_arrival_ns().filter(|at_ns| *at_ns <= now_ns)?;
        let Reverse((.., arrival)) = self.under_way.pop()?;
        self.under_way_bytes -= arrival.packet.len();
        Some(arrival)
    }

    /// So many packets were dropped before they could be sent.
    pub fn overflow(&mut self, packets: u64) {
        self.counts.overflowed += packets;
    }

    fn client_of(&self, packet: &[u8]) -> Option<u32> {
        // RFC 791: the version is the first half of a byte, the addresses are at 12 and at 16.
        let is_ipv4 = packet.first().is_some_and(|first| first >> 4 == 4);
        let at = if self.towards == Towards::Clients { 16 } else { 12 };
        let address: [u8; 4] = packet.get(at..at + 4)?.try_into().ok()?;
        client_number(Ipv4Addr::from(address)).filter(|_| is_ipv4)
    }
}

impl Line {
    fn new(seed: u64, towards: Towards, client: u32) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut numbers = ChaCha8Rng::from_seed(key);
        // A stream for each line: who else sends what changes nothing for this one.
        numbers.set_stream(u64::from(client) << 1 | u64::from(towards == Towards::Server));
        Line { free_at_ns: 0, arrives_at_ns: 0, is_losing: false, numbers }
    }

    /// When a packet arrives that is sent now, if it does.
    fn take(&mut self, way: &OneWay, bytes: usize, now_ns: u64, counts: &mut Counts) -> Option<u64> {
        // Drawn for every packet, whatever becomes of it: what one condition does changes nothing for another one.
        let jitter_ns = (self.unit() * way.jitter.as_nanos() as f64) as u64;
        let is_overtaken = self.happens(way.overtaken_per_million);
        let is_lost = self.loses(way);
        let begins_ns = self.free_at_ns.max(now_ns);
        if begins_ns - now_ns > way.queue.as_nanos() as u64 {
            counts.dropped += 1;
            return None;
        }
        // What is lost is lost in the air: it took its time on the line.
        self.free_at_ns = begins_ns + way.occupies_ns(bytes);
        if is_lost {
            counts.lost += 1;
            return None;
        }
        let arrives_ns = self.free_at_ns + way.delay.as_nanos() as u64 + jitter_ns;
        if is_overtaken {
            counts.overtaken += 1;
            return Some(arrives_ns + way.overtaken_ns());
        }
        // Jitter alone changes no order: what makes one packet late is before the next one, too.
        self.arrives_at_ns = self.arrives_at_ns.max(arrives_ns);
        Some(self.arrives_at_ns)
    }

    /// The model of Gilbert (1960): two states, in one of which everything is lost. Its two chances follow from the
    /// share that is lost and from how many are lost in a row.
    fn loses(&mut self, way: &OneWay) -> bool {
        let share = f64::from(way.lost_per_million) / 1e6;
        let run = f64::from(way.in_a_row.max(1));
        let chance = match self.is_losing && way.in_a_row > 1 {
            true => 1.0 - 1.0 / run,
            false if way.in_a_row > 1 => share / (run * (1.0 - share)),
            false => share,
        };
        self.is_losing = self.unit() < chance;
        self.is_losing
    }

    fn happens(&mut self, per_million: u32) -> bool {
        self.unit() < f64::from(per_million) / 1e6
    }

    /// Uniform in [0, 1).
    fn unit(&mut self) -> f64 {
        (self.numbers.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests;
