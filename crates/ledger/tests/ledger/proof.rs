//! Whatever happens on the way, the ledger says what the oracle says.

use crate::oracle::Oracle;
use crate::world::{END_NS, MS, START_NS, World, body, every, plan};
use proptest::prelude::*;
use scenario::Schedule;
use std::time::Duration;

/// What may happen to a subscriber, most of it to the updates of one topic.
#[derive(Debug, Clone)]
enum Event {
    Deliver,
    Drop(u32),
    Repeat(u32),
    Swap,
    Damage,
    Conflate(u32),
    /// A notice, whether or not anything is missing.
    Notice(u64),
    Cut,
    Open,
    Envelope {
        seq: u64,
        topic: u32,
        whole: bool,
    },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => Just(Event::Deliver),
        2 => (1..5u32).prop_map(Event::Drop),
        2 => (0..8u32).prop_map(Event::Repeat),
        2 => Just(Event::Swap),
        2 => Just(Event::Damage),
        2 => (1..5u32).prop_map(Event::Conflate),
        1 => prop_oneof![0..5u64, Just(1 << 40)].prop_map(Event::Notice),
        1 => Just(Event::Cut),
        1 => Just(Event::Open),
        2 => (prop_oneof![0..90u64, any::<u64>()], prop_oneof![0..4u32, any::<u32>()], any::<bool>())
            .prop_map(|(seq, topic, whole)| Event::Envelope { seq, topic, whole }),
    ]
}

const FOLLOWS: [&[u32]; 4] = [&[0, 1, 2], &[1], &[2, 0], &[0]];

/// The ledger and the oracle, told the same; and how far each topic has come for each subscriber.
struct Pair {
    world: World,
    oracle: Oracle,
    cursors: [[u32; 3]; 4],
    now_ns: u64,
}

impl Pair {
    fn new() -> Pair {
        let burst = Schedule::Bursts { size: 3, period: Duration::from_millis(15) };
        let plan = plan(&[every(5), every(8), burst], 40, 100);
        let follows: Vec<_> = FOLLOWS.iter().map(|topics| topics.to_vec()).collect();
        let world = World::of(plan, follows.clone());
        let oracle = Oracle::new(world.plan.clone(), &follows);
        Pair { world, oracle, cursors: Default::default(), now_ns: START_NS }
    }

    fn happen(&mut self, sub: usize, topic: u32, event: &Event) {
        let cursor = self.cursors[sub][topic as usize];
        match *event {
            Event::Deliver => self.come(sub, topic, cursor, true),
            Event::Drop(count) => self.cursors[sub][topic as usize] += count,
            Event::Repeat(back) => self.come(sub, topic, cursor.saturating_sub(back), true),
            Event::Swap => [cursor + 1, cursor].iter().for_each(|&index| self.come(sub, topic, index, true)),
            Event::Damage => self.come(sub, topic, cursor, false),
            Event::Conflate(count) => {
                self.announce(sub, topic, u64::from(count));
                self.come(sub, topic, cursor + count, true);
            }
            Event::Notice(count) => self.announce(sub, topic, count),
            Event::Cut => {
                self.world.ledger.closed(sub);
                self.oracle.closed(sub);
            }
            Event::Open => {
                self.world.ledger.opened(sub, MS, false);
                self.oracle.opened(sub);
            }
            Event::Envelope { seq, topic, whole } => self.tell(sub, seq, topic, whole),
        }
    }

    /// Everybody gets everything once more, so that nothing is missing in the end.
    fn heal(&mut self) {
        for (sub, topics) in FOLLOWS.iter().enumerate() {
            for &topic in *topics {
                let count = self.world.plan.of_topic(topic).len() as u32;
                (0..count).for_each(|index| self.come(sub, topic, index, true));
            }
        }
    }

    fn announce(&mut self, sub: usize, topic: u32, count: u64) {
        self.world.ledger.skipped(sub, topic, count);
        self.oracle.skipped(sub, topic, count);
    }

    /// A planned update comes, and the topic has come at least so far.
    fn come(&mut self, sub: usize, topic: u32, index: u32, whole: bool) {
        let cursor = &mut self.cursors[sub][topic as usize];
        *cursor = (index + 1).max(*cursor);
        if let Some(&seq) = self.world.plan.of_topic(topic).get(index as usize) {
            self.tell(sub, u64::from(seq), topic, whole);
        }
    }

    fn tell(&mut self, sub: usize, seq: u64, topic: u32, whole: bool) {
        let mut body = self.world.plan.get(seq).map_or(vec![], |planned| body(planned, self.now_ns));
        if !whole {
            body.pop();
        }
        self.world.ledger.update(sub, self.now_ns, seq, topic, &body);
        self.oracle.update(sub, self.now_ns, seq, topic, whole);
    }
}

proptest! {
    #[test]
    fn the_books_are_those_of_the_oracle(
        events in prop::collection::vec((0..4usize, 0..3u32, 0..4 * MS, event()), 0..300),
        heals: bool,
    ) {
        let mut pair = Pair::new();
        let mut deliveries = 0;
        for (sub, topic, pause_ns, event) in &events {
            pair.now_ns += pause_ns;
            pair.happen(*sub, *topic, event);
            prop_assert_eq!(pair.world.ledger.is_complete(), pair.oracle.is_complete());
            if pause_ns % 7 == 0 {
                deliveries += pair.world.ledger.take_second().len();
            }
        }
        if heals {
            pair.heal();
            prop_assert!(pair.world.ledger.is_complete() && pair.oracle.is_complete());
        }
        deliveries += pair.world.ledger.take_second().len();
        let account = pair.world.ledger.close(END_NS);
        pair.oracle.close();
        prop_assert!(account.books.balance());
        prop_assert_eq!(account.books, pair.oracle.books);
        prop_assert_eq!(account.never_connected, pair.oracle.never_connected);
        prop_assert_eq!(account.books.delivered, deliveries);
        prop_assert_eq!(&account.latency, &pair.oracle.latency);
        prop_assert_eq!(&account.slowest, &pair.oracle.slowest());
    }
}
