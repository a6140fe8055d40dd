//! What stands beside the books.

use crate::world::{END_NS, MS, START_NS, World, every, plan};
use ledger::{Distribution, Ledger};

#[test]
fn a_subscriber_without_connection_loses_everything() {
    let mut world = World::of(plan(&[every(10)], 0, 100), vec![vec![0], vec![0]]);
    world.ledger.opened(1, 3 * MS, true);
    let account = world.close();
    assert_eq!((account.never_connected, account.books.expected), (1, 20));
    assert_eq!((account.books.lost, account.books.in_flight), (10, 10));
    assert_eq!((account.setup.len(), account.reconnects), (1, 0));
}

#[test]
fn a_topic_followed_twice_or_not_planned_is_expected_once_or_not_at_all() {
    let world = World::of(plan(&[every(10)], 0, 100), vec![vec![0, 0, 7], vec![u32::MAX], vec![]]);
    assert_eq!(world.close().books.expected, 10);
}

#[test]
fn arrivals_before_the_start_are_early_and_unknown() {
    let World { plan, .. } = World::simple();
    let mut ledger = Ledger::new(plan, std::sync::Arc::new(scenario::Bodies::new(1)), vec![vec![0]]);
    ledger.response(MS, 1);
    ledger.update(0, MS, 1, 0, b"");
    let account = ledger.close(END_NS);
    assert_eq!((account.books.early, account.books.unknown, account.responses), (1, 1, 0));
    assert!(account.books.balance());
}

#[test]
fn it_is_complete_when_the_last_expected_one_is_delivered_or_superseded() {
    let mut world = World::simple();
    world.deliver(0..11);
    assert!(!world.ledger.is_complete());
    world.ledger.skipped(0, 0, 1);
    world.deliver([12]);
    assert!(world.ledger.is_complete());
}

#[test]
fn responses_count_inside_the_window() {
    let mut world = World::simple();
    for (at_ms, updates) in [(0, 0), (29, 5), (30, 0), (31, 2), (129, 0), (130, 0)] {
        world.ledger.response(START_NS + at_ms * MS, updates);
    }
    let account = world.close();
    assert_eq!((account.responses, account.empty_responses), (3, 2));
    assert_eq!((account.batch.len(), account.batch.max()), (1, Some(2)));
}

#[test]
fn intervals_add_up_to_what_was_delivered() {
    let mut world = World::simple();
    world.deliver(0..7);
    let first = world.ledger.take_second();
    world.update(0, 0, 7, 90 * MS);
    let second = world.ledger.take_second();
    world.deliver(8..13);
    assert_eq!((first.len(), second.len()), (4, 1));
    assert!(second.max().unwrap().abs_diff(90 * MS) < MS);
    world.ledger.take_second();
    assert!(world.ledger.take_second().is_empty());
    let account = world.close();
    assert_eq!((account.books.delivered, account.latency.len()), (10, 10));
}

#[test]
fn the_slowest_subscriber_decides_for_each_update() {
    let mut world = World::of(plan(&[every(10)], 0, 100), vec![vec![0]; 3]);
    (0..3).for_each(|sub| world.ledger.opened(sub, MS, true));
    for index in 0..10 {
        world.update(0, 0, index, 2 * MS);
        world.update(1, 0, index, if index < 4 { 50 * MS } else { MS });
    }
    let account = world.close();
    let mut expected = Distribution::default();
    expected.record_n(50 * MS, 4);
    expected.record_n(2 * MS, 6);
    assert_eq!(account.slowest, expected);
    assert_eq!(account.distinct_beyond(0.5), 4);
}

#[test]
fn beyond_a_thousand_missing_ranges_the_oldest_are_lost_for_good() {
    let mut world = World::of(plan(&[every(1)], 0, 3_000), vec![vec![0]]);
    world.ledger.opened(0, MS, true);
    world.deliver((1..3_000).step_by(2));
    world.deliver([0, 950, 952, 2_998]);
    let books = world.close().books;
    assert_eq!((books.duplicated, books.reordered, books.lost), (2, 2, 1_498));
}

#[test]
fn what_was_not_due_when_the_books_closed_was_not_expected() {
    let mut world = World::simple();
    world.deliver(0..7);
    let account = world.ledger.close(START_NS + 85 * MS);
    let books = account.books;
    assert!(books.balance(), "{books:?}");
    // Due every 10 ms, the window begins at 30 ms: 3 to 8 were due, 3 to 6 came.
    assert_eq!((books.expected, books.delivered, books.in_flight, books.lost), (6, 4, 2, 0));
}
