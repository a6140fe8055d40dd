//! The thread that answers questions on time, chunk by chunk.

use crate::clock;
use crate::probe::PUBLISHER;
use bytes::Bytes;
use ledger::Distribution;
use scenario::{Bodies, PlannedReply, Replies};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use transport::{Hub, Refused};

/// Makes the chunks of answers, each at its own time after the question has arrived, late or not.
pub(crate) struct Answers {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What answers came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answered {
    /// Chunks made.
    pub chunks: u64,
    /// Made minus due after the question's arrival, in nanoseconds.
    pub lateness: Distribution,
    /// For each reply that its reader stopped, how many chunks were made after that was due.
    pub for_nothing: Distribution,
    /// From when its reader was due to stop a reply until the server knew, in nanoseconds.
    pub stopped: Distribution,
}

struct Shared {
    plan: Replies,
    bodies: Bodies,
    is_binary: bool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    start_ns: Option<u64>,
    /// (when, which reply, which of its chunks), the next first.
    due: BinaryHeap<Reverse<(u64, u64, u32)>>,
    open: HashMap<u64, Open>,
    /// Whether a question has been answered already: each is, once.
    begun: Vec<bool>,
    stopped: bool,
    answered: Answered,
}

struct Open {
    hub: Hub,
    arrived_ns: u64,
    for_nothing: u64,
}

impl Answers {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has none to give.
    pub(crate) fn start_thread(plan: Replies, seed: u64, is_binary: bool) -> std::io::Result<Self> {
        let state = State { begun: vec![false; plan.len()], ..State::default() };
        let shared = Arc::new(Shared {
            plan,
            bodies: Bodies::new(seed),
            is_binary,
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let making = shared.clone();
        let thread = std::thread::Builder::new().name(PUBLISHER.to_owned()).spawn(move || making.make())?;
        Ok(Answers { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Sets the common start.
    pub(crate) fn start(&self, at_ns: u64) {
        self.shared.state().start_ns = Some(at_ns);
    }

    /// A question has arrived: what is returned will be its answer.
    ///
    /// # Errors
    /// When nobody planned it, or it has been answered before.
    pub(crate) fn begin(&self, question: &[u8]) -> Result<Hub, Refused> {
        let arrived_ns = clock::now_ns();
        let shared = &self.shared;
        let number = scenario::read_number(question).unwrap_or_default();
        let whole = shared
            .plan
            .question(number)
            .filter(|planned| shared.bodies.check_numbered(planned, number, question).is_ok());
        let (Some(_), Some(reply)) = (whole, shared.plan.get(number)) else {
            return Err(Refused("nobody planned this question".to_owned()));
        };
        let shape = transport::Shape::new(1, reply.chunks as usize);
        let hub = Hub::of_shape(if shared.is_binary { shape.binary() } else { shape }, Arc::new(()));
        let mut state = shared.state();
        if std::mem::replace(&mut state.begun[number as usize - 1], true) {
            return Err(Refused("this question has been answered".to_owned()));
        }
        state.open.insert(number, Open { hub: hub.clone(), arrived_ns, for_nothing: 0 });
        state.due.push(Reverse((arrived_ns + shared.plan.offset_ns(reply, 0), number, 0)));
        drop(state);
        shared.changed.notify_one();
        if reply.stop_ns.is_some() {
            tokio::spawn(shared.clone().note_stop(hub.clone(), number));
        }
        Ok(hub)
    }

    /// Ends the thread and tells what it did; the probe has looked at it before.
    pub(crate) fn finish(&self) -> Answered {
        self.shared.state().stopped = true;
        self.shared.changed.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // Should it have broken down, what it counted is there all the same.
            let _ = thread.join();
        }
        let mut state = self.shared.state();
        let open: Vec<u64> = state.open.keys().copied().collect();
        for number in open {
            self.shared.end(&mut state, number);
        }
        state.answered.clone()
    }
}

impl Shared {
    fn make(&self) {
        clock::wake_this_thread_sharply();
        while let Some((due_ns, number, chunk)) = self.next() {
            self.chunk(due_ns, number, chunk);
        }
    }

    /// Waits for the next chunk that is due; none when all is over.
    fn next(&self) -> Option<(u64, u64, u32)> {
        let mut state = self.state();
        loop {
            if state.stopped {
                return None;
            }
            let now_ns = clock::now_ns();
            match state.due.peek() {
                Some(Reverse((due_ns, ..))) if *due_ns <= now_ns => {
                    return state.due.pop().map(|Reverse(next)| next);
                }
                Some(Reverse((due_ns, ..))) => {
                    let wait = Duration::from_nanos(due_ns - now_ns);
                    let waited = self.changed.wait_timeout(state, wait);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn chunk(&self, due_ns: u64, number: u64, chunk: u32) {
        let (Some(reply), Some(planned)) = (self.plan.get(number), self.plan.chunk(number, chunk)) else {
            return;
        };
        let mut state = self.state();
        let Some(open) = state.open.get(&number) else { return };
        let (hub, arrived_ns) = (open.hub.clone(), open.arrived_ns);
        if hub.is_stopped() {
            self.end(&mut state, number);
            return;
        }
        drop(state);
        let sent_ns = clock::now_ns();
        hub.publish(0, Bytes::from(self.bodies.write(&planned, sent_ns)));
        let is_last = chunk + 1 == reply.chunks;
        if is_last {
            hub.close();
        }
        let mut state = self.state();
        state.answered.chunks += 1;
        state.answered.lateness.record(sent_ns.saturating_sub(due_ns));
        let is_wanted = self.is_wanted(&state, reply, sent_ns);
        if let Some(open) = state.open.get_mut(&number) {
            open.for_nothing += u64::from(!is_wanted);
        }
        match is_last {
            true => self.end(&mut state, number),
            false => {
                let next_ns = arrived_ns + self.plan.offset_ns(reply, chunk + 1);
                state.due.push(Reverse((next_ns, number, chunk + 1)));
            }
        }
    }

    /// Waits until a reply is stopped, and notes how long that took.
    async fn note_stop(self: Arc<Self>, hub: Hub, number: u64) {
        hub.stopped().await;
        let now_ns = clock::now_ns();
        let mut state = self.state();
        let Some(reply) = self.plan.get(number).filter(|reply| self.plan.in_window(reply)) else { return };
        let (Some(start_ns), Some(stop_ns)) = (state.start_ns, reply.stop_ns) else { return };
        state.answered.stopped.record(now_ns.saturating_sub(start_ns + reply.due_ns + stop_ns));
    }

    /// Whether its reader has not been due to stop it.
    fn is_wanted(&self, state: &State, reply: &PlannedReply, at_ns: u64) -> bool {
        let stop_ns =
            state.start_ns.zip(reply.stop_ns).map(|(start_ns, stop_ns)| start_ns + reply.due_ns + stop_ns);
        stop_ns.is_none_or(|stop_ns| at_ns < stop_ns)
    }

    /// No more of a reply is made.
    fn end(&self, state: &mut State, number: u64) {
        let Some(open) = state.open.remove(&number) else { return };
        open.hub.close();
        let reply = self.plan.get(number);
        if reply.is_some_and(|reply| reply.stop_ns.is_some() && self.plan.in_window(reply)) {
            state.answered.for_nothing.record(open.for_nothing);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
