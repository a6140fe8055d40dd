//! Posts of members of rooms.

use crate::world::{BODIES, MS, START_NS, scenario};
use ledger::{Account, Ledger, Posting};
use scenario::{BodySize, By, Followers, Plan, PostStream, PostTo, Schedule, Shape, Source, Topic};
use std::sync::Arc;
use std::time::Duration;

/// One room of two members, each of whom posts every 100 ms.
struct Room {
    plan: Arc<Plan>,
    ledger: Ledger,
}

impl Room {
    fn new() -> Room {
        let schedule = Schedule::Periodic { period: Duration::from_millis(100) };
        let body = BodySize::Fixed(64);
        let mut scenario = scenario(&[], 0, 300);
        scenario.shape = Shape::Rooms;
        scenario.subscribers.count = 2;
        scenario.room_members = 2;
        scenario.posts = vec![PostStream {
            name: "message".to_owned(),
            schedule,
            body,
            to: PostTo::Room,
            conflate: false,
        }];
        scenario.topics = vec![Topic {
            name: "message".to_owned(),
            schedule,
            body,
            followers: Followers::Room(0),
            source: Source::Members(0),
            conflate: false,
            effects: false,
        }];
        let plan = Arc::new(Plan::new(&scenario, 1));
        let posts = Arc::new(Plan::of_posts(&scenario, 1, By::Author));
        let mut ledger = Ledger::new(plan.clone(), BODIES.clone(), vec![vec![0], vec![0]]);
        ledger.relay(0);
        ledger.post(Posting::new(posts, 0..2));
        ledger.opened(0, MS, true);
        ledger.opened(1, MS, true);
        ledger.start(START_NS);
        Room { plan, ledger }
    }

    /// A member gets a post at this place of the server's order, so long after it was due.
    fn hears(&mut self, sub: usize, number: u64, seq: u64, after_ms: u64) {
        let planned = *self.plan.get(number).unwrap();
        let at_ns = START_NS + planned.due_ns + after_ms * MS;
        let body = BODIES.write_numbered(&planned, number, at_ns);
        self.ledger.update(sub, at_ns, seq, 0, &body);
    }

    fn close(self) -> Account {
        let account = self.ledger.close(START_NS + 10_000 * MS);
        assert!(account.books.balance(), "{:?}", account.books);
        account
    }
}

#[test]
fn the_servers_order_counts_and_not_when_posts_were_due() {
    let mut room = Room::new();
    let all = room.plan.len() as u64;
    assert_eq!(all, 6);
    // The server takes the second post first.
    let order = [2, 1, 3, 4, 5, 6];
    for (seq, number) in (1..).zip(order) {
        room.hears(0, number, seq, 10);
        room.hears(1, number, seq, 12);
    }
    for number in 1..=6 {
        room.ledger.posting().unwrap().acknowledged(number, START_NS + 500 * MS);
    }
    assert!(room.ledger.is_complete());
    let account = room.close();
    let relayed = account.relayed.as_ref().unwrap();
    assert_eq!((account.books.delivered, account.books.reordered, relayed.disagreements), (12, 0, 0));
    assert_eq!(relayed.own_echo.len(), 6);
    let posts = account.posts.as_ref().unwrap();
    assert_eq!((posts.due, posts.acknowledged, posts.failed), (6, 6, 0));
}

#[test]
fn two_members_who_see_two_orders_disagree() {
    let mut room = Room::new();
    room.hears(0, 1, 1, 10);
    room.hears(0, 2, 2, 10);
    room.hears(1, 2, 1, 10);
    room.hears(1, 1, 2, 40);
    // The third is seen by one, the second place twice by the other.
    room.hears(1, 3, 2, 10);
    let account = room.close();
    assert_eq!(account.relayed.as_ref().unwrap().disagreements, 2);
    assert_eq!(account.books.reordered, 1, "its place is not behind the one before");
}

#[test]
fn a_member_who_lacks_a_post_is_behind() {
    let mut room = Room::new();
    // The third comes when the first two have been due for long and are not there.
    room.hears(0, 3, 3, 10);
    room.hears(0, 1, 1, 300);
    let account = room.close();
    let behind = &account.relayed.as_ref().unwrap().behind;
    assert_eq!(behind.len(), 2);
    assert!(behind.min().is_some_and(|least| least >= 2), "{behind:?}");
}

#[test]
fn what_the_server_left_out_is_superseded_wherever_it_stood() {
    let mut room = Room::new();
    room.hears(0, 2, 2, 10);
    room.ledger.skipped(0, 0, 3);
    room.hears(0, 5, 6, 10);
    let account = room.close();
    let books = account.books;
    // Of six, two came to the first member and three were left out; to the second nothing came.
    assert_eq!((books.delivered, books.superseded, books.expected), (2, 3, 12));
    assert_eq!(books.lost + books.in_flight, 7);
}

#[test]
fn posts_that_nobody_planned_are_unknown_and_refused_ones_failed() {
    let mut room = Room::new();
    let planned = *room.plan.get(1).unwrap();
    room.ledger.update(0, START_NS + MS, 1, 0, &BODIES.write_numbered(&planned, 999, START_NS));
    room.ledger.update(0, START_NS + MS, 1, 0, b"short");
    room.ledger.posting().unwrap().failed(3);
    room.ledger.posting().unwrap().failed(3);
    room.ledger.posting().unwrap().acknowledged(77, START_NS);
    let account = room.close();
    assert_eq!((account.books.unknown, account.posts.unwrap().failed), (2, 1));
}
