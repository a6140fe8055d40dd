//! What the harness does of its own, on the threads that are measured.

use crate::compare::{ARRIVAL, Compare, Group, HARNESS};
use crate::stand::BODY_BYTES;
use driver::clock::now_ns;
use ledger::Ledger;
use options::{Carriage, Values};
use scenario::{Bodies, Plan, Planned, Scenario, TransportKind};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SUBSCRIBERS: usize = 1000;
const TEXT: &str = "# What does the harness take?\nwarm_up = \"1s\"\nmeasure = \"10s\"\n[subscribers]\ncount = 1000\n\
                    [[topic]]\nname = \"t\"\nevery = \"100ms\"\nbody = \"128B\"\n[[transport]]\nuse = \"any\"\n";

/// Before an update is sent: its body, with the instant. Once for all subscribers.
pub fn write(compare: &mut Compare) {
    let planned = Planned { due_ns: 0, topic: 0, index: 7, bytes: BODY_BYTES };
    let bodies = || Bodies::new(1);
    compare.bench(Group::new(HARNESS, 1), "write", bodies, |bodies, iterations| {
        let begun_ns = now_ns();
        for _ in 0..iterations {
            let sent_ns = now_ns();
            let body = black_box(bodies.write(black_box(&planned), sent_ns));
            debug_assert_eq!(bodies.check(&planned, &body), Ok(sent_ns));
        }
        Duration::from_nanos(now_ns() - begun_ns)
    });
}

/// When an update arrives: looking at the clock, comparing its body, entering it in the books. An iteration
/// is an update that arrives at a thousand subscribers.
pub fn arrival(compare: &mut Compare) {
    let group = Group::new(HARNESS, SUBSCRIBERS as u64);
    compare.bench(group, ARRIVAL, Crowd::new, |crowd, iterations| {
        let mut took = Duration::ZERO;
        for _ in 0..iterations {
            took += crowd.arrive();
        }
        took
    });
}

/// What the subscribers of a process share, copied from `driver::crowd` (`Books`, and `Subscriber::enter`, which
/// are not to be had from outside). Left out of the real path: kernel stamps (taking them, converting them, and
/// `Ledger::read`), which a scenario has to ask for; a pace, which only `pushpull floor` has; skips and gaps, which
/// are no updates; the subscriber's own cursor; and telling that the books are complete, once a round. Whoever changes
/// the one has to look at the other.
struct Crowd {
    plan: Arc<Plan>,
    bodies: Arc<Bodies>,
    ledger: Mutex<Ledger>,
    carried: AtomicU64,
    seq: u64,
}

impl Crowd {
    fn new() -> Self {
        let any = TransportKind { name: "any", options: &[], carriage: |_: &Values| Carriage::Push };
        let scenario = Scenario::parse(TEXT, &[any]).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let (plan, bodies) = (Arc::new(Plan::new(&scenario, 1)), Arc::new(Bodies::new(1)));
        let ledger = Mutex::new(open(&plan, &bodies));
        Crowd { plan, bodies, ledger, carried: AtomicU64::new(0), seq: 0 }
    }

    /// The next update reaches all subscribers; after the last one the books are opened anew.
    fn arrive(&mut self) -> Duration {
        self.seq += 1;
        let planned = self.plan.get(self.seq).expect("planned");
        let body = self.bodies.write(planned, planned.due_ns);
        let begun_ns = now_ns();
        for subscriber in 0..SUBSCRIBERS {
            black_box(now_ns());
            // One after the other, some microseconds apart, as a fan-out arrives.
            let arrived_ns = planned.due_ns + 50_000 + 7_000 * subscriber as u64;
            let mut ledger = self.ledger.lock().expect("nobody panicked");
            ledger.update(subscriber, arrived_ns, self.seq, planned.topic, black_box(&body));
            ledger.response(arrived_ns, 1);
            let is_complete = ledger.is_complete();
            drop(ledger);
            self.carried.fetch_add(1, Relaxed);
            black_box(is_complete);
        }
        let took = Duration::from_nanos(now_ns() - begun_ns);
        if self.seq == self.plan.len() as u64 {
            self.begin_anew();
        }
        took
    }

    fn begin_anew(&mut self) {
        let arrived = self.seq * SUBSCRIBERS as u64;
        assert_eq!(self.carried.swap(0, Relaxed), arrived);
        let ledger = std::mem::replace(&mut self.ledger, Mutex::new(open(&self.plan, &self.bodies)));
        let ledger = ledger.into_inner().expect("nobody panicked");
        assert!(ledger.is_complete(), "every update was entered");
        let account = ledger.close(self.plan.window_ns().end);
        assert_eq!(account.books.delivered, account.books.expected);
        assert_eq!(account.latency.len(), account.books.delivered);
        self.seq = 0;
    }
}

fn open(plan: &Arc<Plan>, bodies: &Arc<Bodies>) -> Ledger {
    let mut ledger = Ledger::new(plan.clone(), bodies.clone(), vec![vec![0]; SUBSCRIBERS]);
    (0..SUBSCRIBERS).for_each(|subscriber| ledger.opened(subscriber, 1000, true));
    ledger.start(0);
    ledger
}
