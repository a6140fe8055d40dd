//! The same systems measured again get the same answer.

use crate::sample::{Lane, dashboard, lane, run};
use results::{MattersRecord, Run, ScaleRecord};
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
    // Server CPU alone matters, and differs by about its floor: one round decides whether that is found.
    steady.header.scale = Some(ScaleRecord { users: Some(50_000), hours_per_day: None });
    let matters =
        MattersRecord { cpu_cores: Some(0.7), traffic_bits_per_s: Some(1e10), ..Default::default() };
    steady.header.matters = Some(matters);
    let lanes = noisy(dashboard(), 0.03);
    let runs: Vec<Run> =
        (0..40).map(|seed| Run { accounts: run(seed, 5, &lanes).accounts, ..steady.clone() }).collect();
    let found = classes(runs.iter().cloned());
    assert!(found.len() == 2 && found.values().all(|count| *count >= 4), "both answers come up: {found:?}");
    let mut rests = 0;
    for decision in runs.iter().map(Decision::of) {
        let said = &decision.stability()[0];
        match &decision.stability {
            Stability::RestsOn(rounds) => {
                assert!(
                    (1..=5).contains(&rounds[0].0) && said.starts_with("The answer rests on round"),
                    "{said}"
                );
                rests += 1;
            }
            other => assert_eq!(
                (other, said.as_str()),
                (&Stability::Same, "The answer is the same without any one round.")
            ),
        }
    }
    assert!((1..40).contains(&rests), "{rests} runs of 40 rested on a round");
    let few = run(1, 3, &dashboard());
    assert_eq!(Decision::of(&few).stability, Stability::TooFewRounds(3));
}
