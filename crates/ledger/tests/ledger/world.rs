//! A plan, its bodies and a ledger to try them on.

use ledger::{Account, Ledger};
use scenario::{
    Bodies, BodySize, Followers, Order, Placement, Plan, Planned, Scenario, Schedule, Shape, Source,
    Subscribers, Topic, Way,
};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

pub const MS: u64 = 1_000_000;
/// The common start of every test.
pub const START_NS: u64 = 5_000 * MS;
/// When every test ends, long after the last update is due.
pub const END_NS: u64 = 1_000_000 * MS;

pub static BODIES: LazyLock<Arc<Bodies>> = LazyLock::new(|| Arc::new(Bodies::new(1)));

/// A topic with an update every so many milliseconds.
pub fn every(period_ms: u64) -> Schedule {
    Schedule::Periodic { period: Duration::from_millis(period_ms) }
}

/// The plan of these topics.
pub fn plan(schedules: &[Schedule], warm_up_ms: u64, measure_ms: u64) -> Plan {
    Plan::new(&scenario(schedules, warm_up_ms, measure_ms), 1)
}

/// A scenario of these topics.
pub fn scenario(schedules: &[Schedule], warm_up_ms: u64, measure_ms: u64) -> Scenario {
    let topic = |(number, &schedule): (usize, &Schedule)| Topic {
        name: format!("topic-{number}"),
        schedule,
        body: BodySize::Fixed(64),
        followers: Followers::Anybody,
        source: Source::Server,
        conflate: true,
        effects: false,
    };
    Scenario {
        question: String::new(),
        text: String::new(),
        shape: Shape::Broadcast,
        seed: 1,
        warm_up: Duration::from_millis(warm_up_ms),
        measure: Duration::from_millis(measure_ms),
        drain: Duration::from_secs(1),
        rounds: 1,
        order: Order::Apart,
        control: String::new(),
        margin: 0.1,
        idle_connections: Vec::new(),
        kernel_stamps: false,
        memory_every: None,
        pin: Placement::Anywhere,
        stagger: Duration::ZERO,
        way: Way::default(),
        vias: Vec::new(),
        disturbances: Vec::new(),
        retention: 16,
        conflate: false,
        subscribers: Subscribers { count: 1, ramp: Duration::ZERO, topics_each: 1, crowds: 1, tabs: 1 },
        topics: schedules.iter().enumerate().map(topic).collect(),
        room_members: 0,
        claims: Vec::new(),
        published: Vec::new(),
        objectives: Vec::new(),
        needs: Vec::new(),
        recommends: true,
        scale: scenario::Scale::default(),
        matters: scenario::Matters::default(),
        posts: Vec::new(),
        reply: None,
        transports: Vec::new(),
    }
}

/// A ledger and what a test needs to feed it.
pub struct World {
    pub ledger: Ledger,
    pub plan: Arc<Plan>,
}

impl World {
    /// One subscriber, connected, to one topic: warm-up updates 0 to 2, then 3 to 12 in the window.
    pub fn simple() -> World {
        let mut world = World::of(plan(&[every(10)], 30, 100), vec![vec![0]]);
        world.ledger.opened(0, MS, true);
        world
    }

    /// A crowd with nobody connected yet.
    pub fn of(plan: Plan, follows: Vec<Vec<u32>>) -> World {
        let plan = Arc::new(plan);
        let mut ledger = Ledger::new(plan.clone(), BODIES.clone(), follows);
        ledger.start(START_NS);
        World { ledger, plan }
    }

    /// Subscriber 0 gets these updates of topic 0, each a millisecond after it is due.
    pub fn deliver(&mut self, indices: impl IntoIterator<Item = u32>) {
        for index in indices {
            self.update(0, 0, index, MS);
        }
    }

    /// One whole update, so long after it is due, sent when it is due.
    pub fn update(&mut self, sub: usize, topic: u32, index: u32, latency_ns: u64) {
        let (seq, planned) = self.find(topic, index);
        let due_ns = START_NS + planned.due_ns;
        let body = body(&planned, due_ns);
        self.ledger.update(sub, due_ns + latency_ns, seq, topic, &body);
    }

    /// A damaged copy of an update of topic 0 for subscriber 0.
    pub fn damage(&mut self, index: u32) {
        let (seq, planned) = self.find(0, index);
        let mut body = body(&planned, START_NS);
        body[40] ^= 1;
        self.ledger.update(0, START_NS + planned.due_ns + MS, seq, 0, &body);
    }

    /// Where an update stands in the plan.
    pub fn find(&self, topic: u32, index: u32) -> (u64, Planned) {
        let seq = u64::from(self.plan.of_topic(topic)[index as usize]);
        (seq, *self.plan.get(seq).unwrap())
    }

    pub fn close(self) -> Account {
        let account = self.ledger.close(END_NS);
        assert!(account.books.balance(), "{:?}", account.books);
        account
    }
}

/// The body that was sent for an update.
pub fn body(planned: &Planned, sent_ns: u64) -> Vec<u8> {
    BODIES.write(planned, sent_ns)
}
