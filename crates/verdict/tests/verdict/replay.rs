//! The rule over the published runs: limits that move by a little change no entry but those that they pass.

use results::Run;
use verdict::Decision;
use verdict::decision::{Stability, Word};

const RUNS: [(&str, &str); 6] = [
    ("ai-chat", include_str!("../../../../results/published/ai-chat/run.jsonl")),
    ("behind-nginx", include_str!("../../../../results/published/behind-nginx/run.jsonl")),
    ("chat-rooms", include_str!("../../../../results/published/chat-rooms/run.jsonl")),
    ("dashboard", include_str!("../../../../results/published/dashboard/run.jsonl")),
    ("form", include_str!("../../../../results/published/form/run.jsonl")),
    ("lossy-link", include_str!("../../../../results/published/lossy-link/run.jsonl")),
];

fn read(text: &str) -> Run {
    Run::read(text).expect("a published run can be read")
}

/// The same run, asked for limits that are so many times what they were: also of the times beyond which a share is counted.
fn moved(run: &Run, factor: f64) -> Run {
    let mut run = run.clone();
    for objective in &mut run.header.objectives {
        let beyond = objective.at.as_deref().and_then(|at| at.strip_prefix("beyond "));
        match beyond.and_then(|time| options::duration(time).ok()) {
            Some(time) => {
                objective.at = Some(format!("beyond {}us", (time.as_micros() as f64 * factor) as u64))
            }
            None => objective.limits.at_most = objective.limits.at_most.map(|most| most * factor),
        }
    }
    run
}

#[test]
fn a_limit_that_moves_changes_no_entry_that_it_does_not_pass() {
    for (name, text) in RUNS {
        let run = read(text);
        let before = Decision::of(&run);
        for factor in [0.97, 1.03] {
            let other = moved(&run, factor);
            let after = Decision::of(&other);
            let fits = |decision: &Decision<'_>, label: &str| {
                decision.ruling.place(label).is_some_and(|place| place.word != Word::Misses)
            };
            let kept = |decision: &Decision<'_>| -> Vec<String> {
                let class = decision.class().into_iter();
                class.filter(|label| fits(&before, label) && fits(&after, label)).map(str::to_owned).collect()
            };
            assert_eq!(kept(&before), kept(&after), "{name}, limits times {factor}");
        }
    }
}

#[test]
fn published_answers_rest_on_no_single_round() {
    for (name, text) in RUNS {
        let run = read(text);
        assert_eq!(Decision::of(&run).stability, Stability::Same, "{name}");
    }
}

#[test]
fn a_limit_short_of_what_polling_needs_drops_polling_alone() {
    let run = read(RUNS[3].1);
    let tight = moved(&run, 0.97);
    let (loose, tight) = (Decision::of(&run), Decision::of(&tight));
    let word = |decision: &Decision<'_>, label: &str| decision.ruling.place(label).expect("a candidate").word;
    assert_ne!(word(&loose, "short-polling"), Word::Misses);
    assert_eq!(word(&tight, "short-polling"), Word::Misses);
    for label in ["websocket", "sse", "long-polling"] {
        assert_eq!(word(&loose, label), word(&tight, label), "{label}");
    }
}
