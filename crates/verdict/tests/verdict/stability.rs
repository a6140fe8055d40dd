//! The same systems measured again get the same answer.

use crate::sample::{Lane, dashboard, lane, run};
use std::collections::BTreeMap;
use verdict::{Outcome, Verdict};

/// How often each recommendation came out of so many runs.
fn recommendations(lanes: &[Lane], rounds: u32, runs: u64) -> BTreeMap<Vec<String>, u64> {
    let mut counts = BTreeMap::new();
    for seed in 0..runs {
        let verdict = Verdict::of(&run(seed, rounds, lanes));
        assert_eq!(verdict.outcome, Outcome::Recommended);
        assert!(!verdict.recommended.is_empty());
        *counts.entry(verdict.recommended).or_insert(0) += 1;
    }
    counts
}

fn noisy(lanes: Vec<Lane>, spread: f64) -> Vec<Lane> {
    lanes.into_iter().map(|lane| Lane { spread, ..lane }).collect()
}

#[test]
fn a_clear_case_never_flips() {
    let counts = recommendations(&noisy(dashboard(), 0.02), 5, 200);
    assert_eq!(counts, BTreeMap::from([(vec!["websocket".to_owned()], 200)]));
}

#[test]
fn noise_widens_the_recommendation_and_does_not_turn_it_around() {
    let counts = recommendations(&noisy(dashboard(), 0.1), 5, 200);
    let with_it = counts.iter().filter(|(labels, _)| labels.contains(&"websocket".to_owned()));
    assert!(with_it.map(|(_, count)| count).sum::<u64>() >= 198, "{counts:?}");
    assert!(counts.keys().all(|labels| !labels.contains(&"short-polling".to_owned())), "{counts:?}");
}

/// The awkward case: one is 12 % later, about the margin, and half as dear. Which of the two facts is found
/// turns on noise; the faster one must stay in whatever is found.
#[test]
fn a_difference_about_the_margin_does_not_turn_the_recommendation_around() {
    let lanes = noisy(vec![lane("websocket", 2.0, 6.0, 127.0), lane("sse", 2.24, 3.0, 147.0)], 0.02);
    let counts = recommendations(&lanes, 5, 200);
    assert!(counts.keys().all(|labels| labels.contains(&"websocket".to_owned())), "{counts:?}");
}
