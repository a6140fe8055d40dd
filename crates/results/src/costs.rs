//! What a transport cost the machine, as far as the system tells.
//!
//! `None` is always "the system does not tell", never "nothing": only Linux tells most of this.

use serde::{Deserialize, Serialize};

/// What one side of a transport cost within the measured window: all its processes together.
///
/// The transport's thread is the one that the runtime, and with it every connection, runs on. The
/// publisher makes the load, and the harness (timer, probe, reports) watches it: both would not exist, or
/// not like this, in an application, so they stand apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// Processor time in user mode, all threads, in nanoseconds.
    pub user_ns: Option<u64>,
    /// Processor time in the kernel, all threads, in nanoseconds.
    pub system_ns: Option<u64>,
    /// Processor time of the transport's thread, in nanoseconds.
    pub transport_ns: Option<u64>,
    /// Processor time of the publisher's thread, in nanoseconds. Zero on the clients' side.
    pub publisher_ns: Option<u64>,
    /// Processor time of all other threads, in nanoseconds.
    pub harness_ns: Option<u64>,
    /// How long the transport's thread was ready to run and had to wait for a processor, in nanoseconds.
    pub run_queue_ns: Option<u64>,
    /// How often the transport's thread went to sleep by itself.
    pub voluntary_switches: Option<u64>,
    /// How often the system took the processor from the transport's thread.
    pub involuntary_switches: Option<u64>,
    /// Memory that belongs to these processes alone and to no file, at the end of the window, in bytes.
    pub anonymous_bytes: Option<u64>,
    /// What the kernel held for these processes' connected sockets at the end of the window, in bytes:
    /// buffers and what stands in them, without the sockets' own structures.
    pub socket_bytes: Option<u64>,
    /// TCP segments received.
    pub segments_in: Option<u64>,
    /// TCP segments sent, pure acknowledgements and retransmissions included.
    pub segments_out: Option<u64>,
    /// Of those sent, the ones that were sent again.
    pub retransmitted: Option<u64>,
}

impl Costs {
    /// Adds another process of the same side, in the same window.
    pub fn add_process(&mut self, other: &Costs) {
        self.combine(other, |one, other| one + other);
    }

    /// Adds another window: what is counted adds up, and of memory the larger stands.
    pub fn add_round(&mut self, other: &Costs) {
        self.combine(other, u64::max);
    }

    fn combine(&mut self, other: &Costs, memory: impl Fn(u64, u64) -> u64) {
        let count = |one: &mut Option<u64>, other: Option<u64>| *one = one.zip(other).map(|(a, b)| a + b);
        let hold =
            |one: &mut Option<u64>, other: Option<u64>| *one = one.zip(other).map(|(a, b)| memory(a, b));
        count(&mut self.user_ns, other.user_ns);
        count(&mut self.system_ns, other.system_ns);
        count(&mut self.transport_ns, other.transport_ns);
        count(&mut self.publisher_ns, other.publisher_ns);
        count(&mut self.harness_ns, other.harness_ns);
        count(&mut self.run_queue_ns, other.run_queue_ns);
        count(&mut self.voluntary_switches, other.voluntary_switches);
        count(&mut self.involuntary_switches, other.involuntary_switches);
        hold(&mut self.anonymous_bytes, other.anonymous_bytes);
        hold(&mut self.socket_bytes, other.socket_bytes);
        count(&mut self.segments_in, other.segments_in);
        count(&mut self.segments_out, other.segments_out);
        count(&mut self.retransmitted, other.retransmitted);
    }
}

/// A server's memory at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryAt {
    /// Since the window began, in nanoseconds.
    pub at_ns: u64,
    /// Resident memory of the process that belongs to no file, as the kernel keeps count, in bytes: off by some dozens
    /// of pages.
    pub own_bytes: u64,
    /// What the kernel held for the data of its sockets, in bytes.
    pub socket_bytes: u64,
}

/// How busy the machine was while a transport was measured, summed over its processors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostLoad {
    /// Length of the time looked at, in nanoseconds.
    pub elapsed_ns: u64,
    /// Logical processors.
    pub cores: u32,
    /// Processor time that was used by anybody, in nanoseconds.
    pub busy_ns: u64,
    /// Of that, what this run's own processes used, and what interrupts did, in nanoseconds.
    pub own_ns: u64,
    /// Processor time that the hypervisor gave to others, in nanoseconds.
    pub stolen_ns: u64,
}

impl HostLoad {
    /// The share of all processor time that was used, 0 to 1.
    #[must_use]
    pub fn busy_share(&self) -> f64 {
        self.share(self.busy_ns)
    }

    /// The share that was used by others than this run, the hypervisor's other guests included, 0 to 1.
    #[must_use]
    pub fn foreign_share(&self) -> f64 {
        self.share(self.busy_ns.saturating_sub(self.own_ns) + self.stolen_ns)
    }

    /// The share that the hypervisor gave to others, 0 to 1.
    #[must_use]
    pub fn stolen_share(&self) -> f64 {
        self.share(self.stolen_ns)
    }

    fn share(&self, part_ns: u64) -> f64 {
        let all_ns = self.elapsed_ns as f64 * f64::from(self.cores);
        if all_ns > 0.0 { (part_ns as f64 / all_ns).min(1.0) } else { 0.0 }
    }
}

/// What idle connections cost a server in memory: fresh processes at two or more counts of connections, each of
/// which had received three updates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idle {
    /// Fewer connections first.
    pub points: Vec<IdlePoint>,
}

/// All transports with one count of idle connections each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdlePoint {
    /// Connections per transport.
    pub connections: u32,
    /// The servers that held that many.
    pub servers: Vec<IdleServer>,
    /// By how much more the kernel held than before the first of these connections, for its own structures
    /// (slabs) and for TCP, machine-wide, in bytes. Both ends of every connection are in it, since both are
    /// on this machine.
    pub kernel_bytes: Option<u64>,
}

/// One server with idle connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleServer {
    /// Which transport, by its label.
    pub label: String,
    /// Its memory that belongs to it alone and to no file, in bytes.
    pub anonymous_bytes: u64,
}

/// What one more idle connection costs, from one count of connections to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IdleStep {
    /// The fewer.
    pub from: u32,
    /// The more.
    pub to: u32,
    /// Bytes for each that came on top.
    pub bytes: f64,
}

impl Idle {
    /// What one more idle connection costs this transport's server, in bytes of its own memory: from the fewest
    /// connections to the most at which it was looked at.
    #[must_use]
    pub fn per_connection(&self, label: &str) -> Option<f64> {
        overall(&self.server(label))
    }

    /// The same from each count to the next one.
    #[must_use]
    pub fn steps(&self, label: &str) -> Vec<IdleStep> {
        steps(&self.server(label))
    }

    /// What one more idle connection costs the kernel, in bytes, both ends together and over all transports.
    #[must_use]
    pub fn kernel_per_connection(&self) -> Option<f64> {
        overall(&self.kernel())
    }

    /// The same from each count to the next one, counted per transport.
    #[must_use]
    pub fn kernel_steps(&self) -> Vec<IdleStep> {
        steps(&self.kernel())
    }

    fn server(&self, label: &str) -> Vec<Held> {
        let held = |point: &IdlePoint| {
            let server = point.servers.iter().find(|server| server.label == label)?;
            let bytes = server.anonymous_bytes as f64;
            Some(Held { each: point.connections, all: f64::from(point.connections), bytes })
        };
        self.points.iter().filter_map(held).collect()
    }

    fn kernel(&self) -> Vec<Held> {
        let held = |point: &IdlePoint| {
            let all = point.servers.len() as f64 * f64::from(point.connections);
            Some(Held { each: point.connections, all, bytes: point.kernel_bytes? as f64 })
        };
        self.points.iter().filter_map(held).collect()
    }
}

/// What was held with so many connections, of each transport and in all.
#[derive(Clone, Copy)]
struct Held {
    each: u32,
    all: f64,
    bytes: f64,
}

fn overall(held: &[Held]) -> Option<f64> {
    slope(held.first()?, held.last()?)
}

fn steps(held: &[Held]) -> Vec<IdleStep> {
    let step = |pair: &[Held]| {
        Some(IdleStep { from: pair[0].each, to: pair[1].each, bytes: slope(&pair[0], &pair[1])? })
    };
    held.windows(2).filter_map(step).collect()
}

fn slope(fewer: &Held, more: &Held) -> Option<f64> {
    let added = more.all - fewer.all;
    (added > 0.0).then(|| (more.bytes - fewer.bytes) / added)
}
