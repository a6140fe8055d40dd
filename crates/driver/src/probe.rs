//! What this process costs between the two ends of the measured window.
//!
//! It is read by a thread of its own, whose time counts as the harness's: two wake-ups, and none between
//! them unless a scenario wants memory over time. Both times the same things are read in the same order, so that each figure covers a span as
//! long as the window. Memory is read at the end only, last, when nothing is being timed any more.

mod threads;

use crate::{clock, memory};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use results::{Costs, MemoryAt};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use threads::Threads;
use wire::{Meter, SocketTally};

/// The name of the thread that makes the load: its time is not the transport's.
pub const PUBLISHER: &str = "publisher";

/// A probe that waits for its window, or has looked at it.
#[derive(Debug)]
pub struct Probe {
    thread: JoinHandle<Looked>,
    stop: Arc<AtomicBool>,
}

/// What a probe has found.
#[derive(Debug, Default)]
pub struct Looked {
    /// What the process cost in the window.
    pub costs: Costs,
    /// Its memory over time, where it was asked for.
    pub memory: Vec<MemoryAt>,
}

impl Probe {
    /// Looks at the process at both ends of a window, given in nanoseconds of the clock. To be started on the
    /// thread that the transport runs on: that is how it is told apart.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        window_ns: Range<u64>,
        meter: &Meter,
        memory_every: Option<Duration>,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, meter, transport) = (stop.clone(), meter.clone(), threads::current());
        let look = move || {
            let mut memory = Vec::new();
            let watching = memory_every.map(|every| (every, &mut memory));
            let costs = look(&window_ns, &stopped, transport, &meter, watching).unwrap_or_default();
            Looked { costs, memory }
        };
        let thread = std::thread::Builder::new().name("probe".to_owned()).spawn(look)?;
        Ok(Probe { thread, stop })
    }

    /// What it found. Before the end of the window that is nothing: half a window compares with no other.
    /// Connections must still be open.
    #[must_use]
    pub fn finish(self) -> Looked {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
        self.thread.join().unwrap_or_default()
    }
}

/// Whether the system tells what a thread has used.
pub(crate) fn tells_time() -> bool {
    threads::current().and_then(Threads::read).is_some()
}

fn look(
    window_ns: &Range<u64>,
    stop: &AtomicBool,
    transport: Option<u32>,
    meter: &Meter,
    watching: Option<(Duration, &mut Vec<MemoryAt>)>,
) -> Option<Costs> {
    clock::wake_this_thread_sharply();
    wait_for(window_ns.start, stop)?;
    let before = Reading::now(transport, meter);
    if let Some((every, memory)) = watching {
        watch(window_ns, every, stop, meter, memory)?;
    }
    wait_for(window_ns.end, stop)?;
    let after = Reading::now(transport, meter);
    Some(Costs { anonymous_bytes: memory::anonymous_bytes(None), ..after.since(&before) })
}

/// Looks at the memory until the window is over.
fn watch(
    window_ns: &Range<u64>,
    every: Duration,
    stop: &AtomicBool,
    meter: &Meter,
    memory: &mut Vec<MemoryAt>,
) -> Option<()> {
    let grid =
        |at_ns: u64| (at_ns - window_ns.start).next_multiple_of(every.as_nanos() as u64) + window_ns.start;
    let mut next_ns = grid(clock::now_ns().max(window_ns.start));
    // What has passed, because a look took longer or the process is not there from the beginning, is not made up for.
    while next_ns < window_ns.end {
        wait_for(next_ns, stop)?;
        let sockets = meter.sockets();
        memory.extend(memory::counted_bytes().zip(sockets).map(|(own_bytes, sockets)| MemoryAt {
            at_ns: clock::now_ns() - window_ns.start,
            own_bytes,
            socket_bytes: sockets.held_bytes,
        }));
        next_ns = grid(clock::now_ns() + 1);
    }
    Some(())
}

/// None when the probe was stopped before that.
fn wait_for(deadline_ns: u64, stop: &AtomicBool) -> Option<()> {
    loop {
        let now = clock::now_ns();
        if now >= deadline_ns {
            return Some(());
        }
        if stop.load(Ordering::Acquire) {
            return None;
        }
        std::thread::park_timeout(Duration::from_nanos(deadline_ns - now));
    }
}

/// What had been used at one moment.
struct Reading {
    user_ns: Option<u64>,
    system_ns: Option<u64>,
    threads: Option<Threads>,
    sockets: Option<SocketTally>,
}

impl Reading {
    fn now(transport: Option<u32>, meter: &Meter) -> Self {
        let threads = transport.and_then(Threads::read);
        let usage = getrusage(UsageWho::RUSAGE_SELF).ok();
        let ns = |microseconds: i64| microseconds.unsigned_abs() * 1_000;
        Reading {
            user_ns: usage.map(|usage| ns(usage.user_time().num_microseconds())),
            system_ns: usage.map(|usage| ns(usage.system_time().num_microseconds())),
            threads,
            sockets: meter.sockets(),
        }
    }

    fn since(&self, before: &Reading) -> Costs {
        let threads = |pick: fn(&Threads) -> Option<u64>| {
            grown(before.threads.as_ref().and_then(pick), self.threads.as_ref().and_then(pick))
        };
        let sockets = |pick: fn(&SocketTally) -> u64| {
            grown(before.sockets.as_ref().map(pick), self.sockets.as_ref().map(pick))
        };
        Costs {
            user_ns: grown(before.user_ns, self.user_ns),
            system_ns: grown(before.system_ns, self.system_ns),
            transport_ns: threads(|threads| Some(threads.transport.ran_ns)),
            publisher_ns: threads(|threads| Some(threads.publisher_ns)),
            harness_ns: threads(|threads| Some(threads.harness_ns)),
            run_queue_ns: threads(|threads| Some(threads.transport.waited_ns)),
            voluntary_switches: threads(|threads| threads.voluntary_switches),
            involuntary_switches: threads(|threads| threads.involuntary_switches),
            anonymous_bytes: None,
            socket_bytes: self.sockets.map(|sockets| sockets.held_bytes),
            segments_in: sockets(|sockets| sockets.segments_in),
            segments_out: sockets(|sockets| sockets.segments_out),
            retransmitted: sockets(|sockets| sockets.retransmitted),
        }
    }
}

/// A count that has become smaller lost something on its way, and says nothing.
fn grown(before: Option<u64>, after: Option<u64>) -> Option<u64> {
    after?.checked_sub(before?)
}
