//! Each fault is caught under its own name, and under no other.

use crate::world::{END_NS, MS, START_NS, World, body, every, plan};
use ledger::Books;

/// Ten updates expected, nothing else.
const EMPTY: Books = Books {
    expected: 10,
    delivered: 0,
    superseded: 0,
    lost: 0,
    in_flight: 0,
    duplicated: 0,
    reordered: 0,
    damaged: 0,
    unknown: 0,
    early: 0,
    overstated_skips: 0,
    gaps: 0,
};
const ALL: Books = Books { delivered: 10, ..EMPTY };

fn books(tell: impl FnOnce(&mut World)) -> Books {
    let mut world = World::simple();
    tell(&mut world);
    world.close().books
}

#[test]
fn everything_delivered() {
    assert_eq!(books(|world| world.deliver(0..13)), ALL);
}

#[test]
fn one_drop_is_lost() {
    let expected = Books { delivered: 9, lost: 1, ..EMPTY };
    assert_eq!(books(|world| world.deliver((0..13).filter(|&index| index != 5))), expected);
}

#[test]
fn one_double_is_duplicated() {
    assert_eq!(
        books(|world| world.deliver([0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12])),
        Books { duplicated: 1, ..ALL }
    );
}

#[test]
fn one_swap_is_reordered() {
    assert_eq!(
        books(|world| world.deliver([0, 1, 2, 3, 5, 4, 6, 7, 8, 9, 10, 11, 12])),
        Books { reordered: 1, ..ALL }
    );
}

#[test]
fn one_damage_is_damaged_and_missing() {
    let found = books(|world| {
        world.deliver(0..5);
        world.damage(5);
        world.deliver(6..13);
    });
    assert_eq!(found, Books { delivered: 9, lost: 1, damaged: 1, ..EMPTY });
}

#[test]
fn a_good_copy_heals_a_damaged_one() {
    let found = books(|world| {
        world.deliver(0..5);
        world.damage(5);
        world.deliver(5..13);
    });
    assert_eq!(found, Books { damaged: 1, ..ALL });
}

#[test]
fn what_has_not_come_is_in_flight_or_lost_by_the_connection() {
    assert_eq!(books(|world| world.deliver(0..10)), Books { delivered: 7, in_flight: 3, ..EMPTY });
    let cut = books(|world| {
        world.deliver(0..10);
        world.ledger.closed(0);
    });
    assert_eq!(cut, Books { delivered: 7, lost: 3, ..EMPTY });
}

#[test]
fn announced_skips_are_superseded() {
    let found = books(|world| {
        world.deliver(0..4);
        world.ledger.skipped(0, 0, 3);
        world.deliver(7..13);
    });
    assert_eq!(found, Books { delivered: 7, superseded: 3, ..EMPTY });
}

#[test]
fn skips_explain_no_more_than_they_say_and_no_more_than_is_missing() {
    let found = books(|world| {
        world.deliver(0..4);
        world.ledger.skipped(0, 0, 2);
        world.deliver(7..9);
        world.ledger.skipped(0, 0, 2);
        world.deliver(10..13);
    });
    assert_eq!(found, Books { delivered: 6, superseded: 3, lost: 1, overstated_skips: 1, ..EMPTY });
}

#[test]
fn an_announcement_that_is_cut_off_is_void() {
    let found = books(|world| {
        world.deliver(0..4);
        world.ledger.skipped(0, 0, 2);
        world.ledger.closed(0);
        world.ledger.opened(0, MS, false);
        world.ledger.skipped(0, 0, 3);
        world.deliver(7..13);
    });
    assert_eq!(found, Books { delivered: 7, superseded: 3, ..EMPTY });
}

#[test]
fn what_nobody_planned_is_unknown() {
    let found = books(|world| {
        world.deliver(0..13);
        let (seq, planned) = world.find(0, 5);
        let right = body(&planned, START_NS);
        for (seq, topic) in [(0, 0), (14, 0), (u64::MAX, 0), (seq, 1), (seq, u32::MAX)] {
            world.ledger.update(0, END_NS, seq, topic, &right);
        }
        world.ledger.skipped(0, 9, 1);
    });
    assert_eq!(found, Books { unknown: 6, ..ALL });
}

#[test]
fn what_comes_before_it_is_due_is_early() {
    let mut world = World::simple();
    let (seq, planned) = world.find(0, 5);
    let sent_ns = START_NS + planned.due_ns - MS;
    world.ledger.update(0, sent_ns, seq, 0, &body(&planned, sent_ns));
    let account = world.close();
    assert_eq!((account.books.early, account.books.delivered), (1, 1));
    assert_eq!(account.latency.max(), Some(0));
}

#[test]
fn warm_up_counts_for_nothing_but_order() {
    let found = books(|world| {
        world.deliver([0, 2, 1, 1]);
        world.damage(1);
        world.ledger.skipped(0, 0, 7);
        world.deliver([2]);
        world.deliver(3..13);
    });
    assert_eq!(found, ALL);
}

#[test]
fn gaps_are_counted_as_told() {
    assert_eq!(books(|world| world.ledger.gap()), Books { gaps: 1, in_flight: 10, ..EMPTY });
}

#[test]
fn a_topic_that_falls_silent_before_the_window_is_checked_and_not_counted() {
    // The later topic is due within the warm-up, at a phase drawn by seed, and not again.
    let mut world = World::of(plan(&[every(10), every(5_000)], 5_000, 100), vec![vec![0, 1]]);
    let silent = world.find(1, 0).1;
    assert!(!world.plan.in_window(&silent) && world.plan.of_topic(1).len() == 1, "{silent:?}");
    world.ledger.opened(0, MS, true);
    world.update(0, 1, 0, MS);
    let books = world.close().books;
    assert_eq!(books, Books { lost: 0, in_flight: 10, ..EMPTY });
}
