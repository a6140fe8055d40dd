//! The same systems measured again get the same answer.

use crate::sample::{Lane, dashboard, lane, run};
use results::{Run, ScaleRecord};
use std::collections::BTreeMap;
use verdict::decision::Stability;
use verdict::{Decision, Outcome};

/// How often each class came out of so many runs.
fn classes(runs: impl Iterator<Item = Run>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for run in runs {
        let decision = Decision::of(&run);
        assert_eq!(decision.outcome, Outcome::Recommended);
        *counts.entry(decision.class().join(", ")).or_insert(0) += 1;
    }
    counts
}

fn noisy(lanes: Vec<Lane>, spread: f64) -> Vec<Lane> {
    lanes.into_iter().map(|lane| Lane { spread, ..lane }).collect()
}

#[test]
fn what_matters_to_nobody_decides_nothing_however_it_comes_out() {
    for spread in [0.01, 0.1, 0.2] {
        let lanes = noisy(dashboard(), spread);
        let counts = classes((0..100).map(|seed| run(seed, 5, &lanes)));
        assert_eq!(counts, BTreeMap::from([("sse, websocket".to_owned(), 100)]), "{spread}");
    }
}

#[test]
fn a_clear_difference_at_scale_is_found_every_time() {
    let lanes = noisy(vec![lane("websocket", 2.0, 3.0, 127.0), lane("sse", 2.0, 6.0, 127.0)], 0.05);
    let runs = (0..100).map(|seed| {
        let mut run = run(seed, 5, &lanes);
        run.header.scale = Some(ScaleRecord { users: Some(50_000), hours_per_day: None });
        run
    });
    assert_eq!(classes(runs), BTreeMap::from([("websocket".to_owned(), 100)]));
}

#[test]
fn an_answer_that_rests_on_one_round_says_so() {
    let mut steady = run(1, 5, &dashboard());
    assert_eq!(Decision::of(&steady).stability, Stability::Same);
    // About the floor: one round decides whether the difference is found.
    steady.header.scale = Some(ScaleRecord { users: Some(50_000), hours_per_day: None });
    steady.header.matters = Some(results::MattersRecord { cpu_cores: Some(0.7), ..Default::default() });
    let rests = (0..40).map(|seed| {
        let lanes = noisy(dashboard(), 0.03);
        Run { accounts: run(seed, 5, &lanes).accounts, ..steady.clone() }
    });
    let rests = rests.filter(|run| matches!(Decision::of(run).stability, Stability::RestsOn(_))).count();
    assert!(rests > 0, "no run of 40 rested on a round");
    let few = run(1, 3, &dashboard());
    assert_eq!(Decision::of(&few).stability, Stability::TooFewRounds(3));
}
