//! Staleness against two other ways to find it: looking at it ever so often, and the formula.

use crate::world::{MS, START_NS, World, every, plan};
use ledger::Distribution;
use proptest::prelude::*;
use scenario::Schedule;

const WARM_UP_MS: u64 = 50;
const MEASURE_MS: u64 = 400;

/// One subscriber of one topic with updates at random instants.
fn random(warm_up_ms: u64, measure_ms: u64, rate_per_s: f64) -> World {
    let mut world =
        World::of(plan(&[Schedule::Poisson { rate_per_s }], warm_up_ms, measure_ms), vec![vec![0]]);
    world.ledger.opened(0, MS, true);
    world
}

/// Looks every ten microseconds at how old the newest update is that has come by then.
fn sampled(arrivals: &[(u64, u32, u64)]) -> Distribution {
    let mut ages = Distribution::default();
    let window_ns = START_NS + WARM_UP_MS * MS..START_NS + (WARM_UP_MS + MEASURE_MS) * MS;
    for now_ns in window_ns.step_by(10_000) {
        let held = arrivals.iter().filter(|(at_ns, ..)| *at_ns <= now_ns).max_by_key(|(_, index, _)| *index);
        if let Some((_, _, due_ns)) = held {
            ages.record_n(now_ns - due_ns, 10);
        }
    }
    ages
}

fn assert_alike(found: f64, expected: f64, tolerance_ns: f64) {
    assert!((found - expected).abs() <= 0.01 * expected + tolerance_ns, "{found} instead of {expected}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn looking_at_it_finds_the_same(
        latencies_ns in prop::collection::vec(prop_oneof![3 => (0..5 * MS).prop_map(Some), 1 => (0..90 * MS).prop_map(Some), 1 => Just(None)], 100)
    ) {
        let mut world = random(WARM_UP_MS, MEASURE_MS, 150.0);
        let mut arrivals = Vec::new();
        for (index, latency_ns) in (0..world.plan.len() as u32).zip(&latencies_ns) {
            let due_ns = START_NS + world.find(0, index).1.due_ns;
            arrivals.extend(latency_ns.map(|latency_ns| (due_ns + latency_ns, index, due_ns)));
        }
        arrivals.sort_unstable();
        for &(at_ns, index, due_ns) in &arrivals {
            world.update(0, 0, index, at_ns - due_ns);
        }
        let (found, expected) = (world.close().staleness, sampled(&arrivals));
        assert_alike(found.len() as f64, expected.len() as f64, 20.0);
        assert_alike(found.mean().unwrap(), expected.mean().unwrap(), 10_000.0);
        for q in [0.01, 0.25, 0.5, 0.9, 0.99, 1.0] {
            assert_alike(found.quantile(q).unwrap() as f64, expected.quantile(q).unwrap() as f64, 20_000.0);
        }
    }
}

#[test]
fn with_one_delay_the_mean_follows_from_the_gaps() {
    let delay_ns = 7 * MS;
    let mut world = random(1_000, 60_000, 50.0);
    let dues_ns: Vec<f64> = world.plan.iter().map(|planned| planned.due_ns as f64).collect();
    for index in 0..dues_ns.len() as u32 {
        world.update(0, 0, index, delay_ns);
    }
    let gaps_ns: Vec<f64> = dues_ns.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let squares: f64 = gaps_ns.iter().map(|gap_ns| gap_ns * gap_ns).sum();
    let mean_ns = squares / (2.0 * gaps_ns.iter().sum::<f64>()) + delay_ns as f64;
    let staleness = world.close().staleness;
    assert_alike(staleness.mean().unwrap(), mean_ns, 0.0);
    assert_eq!(staleness.len(), 60_000_000);
}

#[test]
fn it_ends_with_the_window_or_with_the_run() {
    for (end_ms, counted_ms) in [(10_000, MEASURE_MS), (WARM_UP_MS + 100, 100), (WARM_UP_MS, 0)] {
        let mut world = random(WARM_UP_MS, MEASURE_MS, 150.0);
        world.update(0, 0, 0, 0);
        let account = world.ledger.close(START_NS + end_ms * MS);
        assert_eq!(account.staleness.len(), 1_000 * counted_ms);
    }
}

#[test]
fn before_anything_is_held_nothing_is_counted() {
    assert!(random(WARM_UP_MS, MEASURE_MS, 150.0).close().staleness.is_empty());
}

#[test]
fn the_first_subscribers_busiest_topic_is_kept_as_it_came() {
    let plan = plan(&[every(40), every(10)], 30, 100);
    let mut world = World::of(plan, vec![vec![0, 1], vec![0, 1]]);
    (0..2).for_each(|sub| world.ledger.opened(sub, MS, true));
    for index in 0..world.plan.of_topic(1).len() as u32 {
        world.update(0, 1, index, 2 * MS);
        world.update(1, 1, index, 7 * MS);
    }
    (0..3).for_each(|index| world.update(0, 0, index, MS));
    let window_ns = world.plan.window_ns();
    let due = |index: u32| world.find(1, index).1.due_ns;
    let expected: Vec<(u64, u64)> = (0..world.plan.of_topic(1).len() as u32)
        .map(due)
        .filter(|due_ns| window_ns.contains(due_ns))
        .map(|due_ns| (due_ns - window_ns.start, due_ns - window_ns.start + 2 * MS))
        .collect();
    assert_eq!(expected.len(), 10);
    assert_eq!(world.close().trace.map(|trace| trace.came), Some(expected));
}
