//! The thread that publishes on time.

use crate::clock;
use crate::probe::PUBLISHER;
use crate::server::board::Board;
use bytes::Bytes;
use ledger::Distribution;
use scenario::{Bodies, Plan, Planned, Scenario};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use transport::Hub;

/// Publishes a plan from a thread of its own with absolute deadlines, late or not, never skipping. The
/// thread stays until it is told to finish.
#[derive(Debug)]
pub struct Publisher {
    thread: JoinHandle<Published>,
    stop: Arc<AtomicBool>,
}

/// Makes the bodies of updates.
pub struct Writer {
    bodies: Bodies,
    /// For each topic whose updates count posts, the clients whose posts they count.
    counted: Vec<std::ops::Range<u32>>,
    board: Option<Arc<Board>>,
}

impl From<Bodies> for Writer {
    /// Of updates that count no posts.
    fn from(bodies: Bodies) -> Self {
        Writer { bodies, counted: Vec::new(), board: None }
    }
}

impl Writer {
    /// Of a scenario's updates.
    pub(crate) fn new(scenario: &Scenario, bodies: Bodies, board: Arc<Board>) -> Self {
        let members = |topic: &scenario::Topic| match (topic.effects, topic.followers) {
            (true, scenario::Followers::Room(room)) => scenario.members(room),
            _ => 0..0,
        };
        Writer { bodies, counted: scenario.topics.iter().map(members).collect(), board: Some(board) }
    }

    fn write(&self, planned: &Planned, sent_ns: u64) -> Vec<u8> {
        let mut counts = String::new();
        for client in self.counted.get(planned.topic as usize).cloned().unwrap_or_default() {
            // Writing to a String does not fail.
            let taken = self.board.as_ref().map_or(0, |board| board.taken(client));
            let _ = write!(counts, "{taken:04x}");
        }
        self.bodies.write_with(planned, sent_ns, counts.as_bytes())
    }
}

/// What a publisher did.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Updates appended to the hub.
    pub count: u64,
    /// Sent minus due of each, in nanoseconds.
    pub lateness: Distribution,
}

/// Publishes all that was due by now, as a server that reads its log back, and says how many updates those were.
pub(crate) fn catch_up(hub: &Hub, plan: &Plan, bodies: &Writer, start_ns: u64) -> usize {
    let now = clock::now_ns();
    let due = plan.iter().take_while(|planned| start_ns + planned.due_ns <= now);
    let mut done = 0;
    for planned in due {
        hub.publish(planned.topic, Bytes::from(bodies.write(planned, now)));
        done += 1;
    }
    done
}

impl Publisher {
    /// Starts publishing a plan that begins at `start_ns`, of which so many updates are done already.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        hub: Hub,
        plan: Arc<Plan>,
        bodies: Writer,
        (start_ns, done): (u64, usize),
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let run = move || publish(&hub, &plan, &bodies, (start_ns, done), &stopped);
        let thread = std::thread::Builder::new().name(PUBLISHER.to_owned()).spawn(run)?;
        Ok(Publisher { thread, stop })
    }

    /// Stops before the next update, or finds it all done.
    #[must_use]
    pub fn finish(self) -> Published {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
        self.thread.join().unwrap_or_default()
    }
}

fn publish(
    hub: &Hub,
    plan: &Plan,
    bodies: &Writer,
    (start_ns, done): (u64, usize),
    stop: &AtomicBool,
) -> Published {
    clock::wake_this_thread_sharply();
    let mut published = Published { count: done as u64, ..Published::default() };
    for planned in plan.iter().skip(done) {
        let due_ns = start_ns + planned.due_ns;
        if !wait_for(due_ns, stop) {
            break;
        }
        let sent_ns = clock::now_ns();
        hub.publish(planned.topic, Bytes::from(bodies.write(planned, sent_ns)));
        published.count += 1;
        published.lateness.record(sent_ns.saturating_sub(due_ns));
    }
    // The system forgets what a thread cost when it ends, and the probe has yet to ask.
    while !stop.load(Ordering::Acquire) {
        std::thread::park();
    }
    published
}

/// Waits in steps, so that a stop is seen soon; false when it was.
fn wait_for(due_ns: u64, stop: &AtomicBool) -> bool {
    const STEP_NS: u64 = 50_000_000;
    loop {
        if stop.load(Ordering::Acquire) {
            return false;
        }
        let now = clock::now_ns();
        if now >= due_ns {
            return true;
        }
        clock::block_until(due_ns.min(now + STEP_NS));
    }
}
