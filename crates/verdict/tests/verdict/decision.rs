//! The decision and its words.

use crate::sample::{Lane, dashboard, idle, lane, run, warning};
use results::{LimitsRecord, ObjectiveRecord, Run, ScaleRecord, Severity, WarningKind};
use scenario::Role;
use verdict::decision::{SUMMARY_WORDS, Word, role};
use verdict::{Decision, Outcome};

/// Headline and summary, with plain spaces.
fn said(run: &Run) -> String {
    let decision = Decision::of(run);
    let said = std::iter::once(decision.headline()).chain(decision.summary());
    let said = said.collect::<Vec<_>>().join("\n").replace('\u{202f}', " ");
    assert!(said.split_whitespace().count() <= SUMMARY_WORDS, "{said}");
    said
}

fn word(run: &Run, label: &str) -> Word {
    Decision::of(run).ruling.place(label).expect("a candidate").word
}

fn at_scale(seed: u64, users: u32) -> Run {
    let mut run = run(seed, 5, &dashboard());
    run.header.scale = Some(ScaleRecord { users: Some(users), hours_per_day: None });
    run
}

fn limited(mut run: Run, figure: &str, at: Option<&str>, at_most: f64) -> Run {
    let limits = LimitsRecord { are_factors: false, at_least: None, at_most: Some(at_most) };
    run.header.objectives.push(ObjectiveRecord {
        figure: figure.to_owned(),
        at: at.map(str::to_owned),
        limits,
    });
    run
}

#[test]
fn a_dashboard_is_a_tie_that_known_facts_break() {
    let mut run = run(1, 5, &dashboard());
    run.idle = Some(idle(&[
        ("websocket", 6_712),
        ("sse", 19_360),
        ("long-polling", 19_013),
        ("short-polling", 15_000),
    ]));
    let decision = Decision::of(&run);
    assert_eq!(decision.recommended(), ["sse"]);
    assert_eq!(decision.class(), ["sse", "websocket"], "long polling has a megabit more of traffic");
    assert_eq!(word(&run, "short-polling"), Word::Enough);
    insta::assert_snapshot!(said(&run));
}

#[test]
fn costs_count_once_their_amount_matters() {
    let words = |users| ["websocket", "sse", "long-polling"].map(|label| word(&at_scale(1, users), label));
    assert_eq!(words(50), [Word::Same, Word::Recommended, Word::CostsMore]);
    // 4.1 against 3.2 microseconds a delivery: 9 % of a core at a hundred times the load.
    assert_eq!(words(5_000), [Word::Recommended, Word::CostsMore, Word::CostsMore]);
    insta::assert_snapshot!(said(&at_scale(1, 5_000)));
}

#[test]
fn the_number_of_users_at_which_a_cost_matters_is_said() {
    let decision_run = at_scale(1, 50);
    let changes = Decision::of(&decision_run).changes();
    let computed: Vec<&str> = changes
        .iter()
        .filter(|change| change.basis == verdict::decision::Basis::Computed)
        .map(|change| change.text.as_str())
        .collect();
    // 0.9 microseconds a delivery, 20 deliveries a second to each: 5 % of a core from 2,800 users on.
    assert!(computed.iter().any(|text| text.contains("WebSocket then takes")), "{computed:?}");
}

#[test]
fn a_limit_that_moves_past_one_entry_changes_no_other() {
    let with = |limit| limited(run(1, 5, &dashboard()), "latency", Some("p50"), limit);
    let (loose, tight) = (with(600e6), with(400e6));
    assert_eq!((word(&loose, "short-polling"), word(&tight, "short-polling")), (Word::Enough, Word::Misses));
    for label in ["websocket", "sse", "long-polling"] {
        assert_eq!(word(&loose, label), word(&tight, label), "{label}");
    }
    insta::assert_snapshot!([said(&loose), said(&tight)].join("\n\n"));
}

#[test]
fn a_share_beyond_a_limit_is_told_by_its_quantile() {
    let run = limited(run(1, 5, &dashboard()), "latency", Some("beyond 1s"), 0.02);
    let changes = Decision::of(&run).changes();
    let texts: Vec<String> = changes.iter().map(|change| change.text.replace('\u{202f}', " ")).collect();
    assert!(texts.iter().any(|text| text.starts_with("the limit on latency (p98) is below ")), "{texts:?}");
}

#[test]
fn an_entry_that_loses_something_misses() {
    let mut lanes = dashboard();
    lanes[0].lost = 3;
    lanes[1].broken = 2;
    let run = run(4, 5, &lanes);
    assert_eq!((word(&run, "websocket"), word(&run, "sse")), (Word::Misses, Word::Misses));
    assert_eq!(Decision::of(&run).recommended(), ["long-polling"]);
    insta::assert_snapshot!(said(&run));
}

#[test]
fn an_objective_on_delivery_takes_the_place_of_whole_delivery() {
    let mut lanes = dashboard();
    lanes[1].lost = 3;
    let lossy = run(4, 5, &lanes);
    assert_eq!(word(&lossy, "sse"), Word::Misses);
    let mut asked = lossy;
    let limits = LimitsRecord { are_factors: false, at_least: Some(0.99), at_most: None };
    asked.header.objectives = vec![ObjectiveRecord { figure: "reach".to_owned(), at: None, limits }];
    assert_ne!(word(&asked, "sse"), Word::Misses);
}

#[test]
fn roles_follow_from_the_network_path_and_from_what_the_scenario_says() {
    let mut run = run(1, 5, &dashboard());
    let roles = |run: &Run| run.header.entries.iter().map(|entry| role(run, entry)).collect::<Vec<_>>();
    use Role::{Candidate, Reference, WhatIf};
    assert_eq!(roles(&run), [Candidate, Candidate, Candidate, Candidate, Reference]);
    run.header.entries[2].delay_ns = Some(5_000_000);
    run.header.entries[0].role = Some("reference".to_owned());
    run.header.entries[4].role = Some("candidate".to_owned());
    assert_eq!(roles(&run), [Reference, Candidate, WhatIf, Candidate, Reference], "raw TCP is no choice");
    let decision = Decision::of(&run);
    assert!(decision.class().iter().all(|label| !["websocket", "long-polling", "tcp"].contains(label)));
}

#[test]
fn each_network_path_has_an_answer_of_its_own() {
    let mut lanes = dashboard();
    lanes.truncate(3);
    lanes.push(lane("websocket-far", 62.0, 3.2, 127.0));
    let mut run = run(1, 5, &lanes);
    let far = run.header.entries.last_mut().expect("the one that was pushed");
    (far.transport, far.delay_ns) = ("websocket".to_owned(), Some(60_000_000));
    assert!(!said(&run).contains("websocket-far"), "a what-if is no choice");
    assert_eq!(Decision::of(&run).recommended(), ["sse"]);
    run.header.entries.last_mut().expect("there").role = Some("candidate".to_owned());
    assert_eq!(Decision::of(&run).recommended(), ["sse", "websocket-far"]);
    insta::assert_snapshot!(said(&run));
}

#[test]
fn a_tie_between_both_directions_goes_to_one_connection() {
    let mut run = run(1, 5, &dashboard());
    assert_eq!(Decision::of(&run).recommended(), ["sse"]);
    run.header.needs = vec!["client_speaks_midstream".to_owned()];
    assert_eq!(Decision::of(&run).recommended(), ["websocket"]);
}

#[test]
fn a_scenario_that_asks_for_no_choice_is_headed_by_its_finding() {
    let mut run = run(1, 5, &dashboard());
    run.header.is_no_choice = true;
    run.header.claims = vec![results::ClaimRecord {
        says: "WebSocket is faster than SSE.".to_owned(),
        checks: vec![results::CheckRecord {
            figure: "latency".to_owned(),
            at: Some("p50".to_owned()),
            of: "websocket".to_owned(),
            against: Some("sse".to_owned()),
            limits: LimitsRecord { are_factors: true, at_least: None, at_most: Some(0.9) },
        }],
        boundary: None,
        model: None,
    }];
    let decision = Decision::of(&run);
    assert_eq!((decision.outcome, decision.recommended().len()), (Outcome::NoChoice, 0));
    insta::assert_snapshot!(said(&run));
}

#[test]
fn a_run_that_is_not_whole_recommends_nothing() {
    let mut stopped = run(9, 5, &dashboard());
    stopped.warnings.push(warning(WarningKind::Interrupted, Severity::Caution));
    let end = results::End { completed: false, reason: "it was interrupted".to_owned(), elapsed_ns: 1 };
    stopped.end = Some(end);
    let mut killed = run(9, 5, &dashboard());
    killed.end = None;
    let mut torn = run(9, 5, &dashboard());
    torn.truncated = true;
    let one = run(7, 1, &dashboard());
    let mut invalid = run(12, 5, &dashboard());
    invalid.warnings.push(warning(WarningKind::HostBusy, Severity::Invalid));
    let broken: Vec<Lane> = dashboard().into_iter().map(|lane| Lane { broken: 5, ..lane }).collect();
    let lossy: Vec<Lane> = dashboard().into_iter().map(|lane| Lane { lost: 1, ..lane }).collect();
    let runs = [
        (stopped, Outcome::Unfinished),
        (killed, Outcome::Unfinished),
        (torn, Outcome::Unfinished),
        (one, Outcome::OneRound),
        (invalid, Outcome::Invalid),
        (run(11, 5, &broken), Outcome::NothingClosed),
        (run(11, 5, &lossy), Outcome::NoneMeets),
        (run(8, 5, &dashboard()[..1]), Outcome::Alone),
        (run(8, 5, &dashboard()[4..]), Outcome::NoChoice),
    ];
    for (run, outcome) in &runs {
        let decision = Decision::of(run);
        assert_eq!((decision.outcome, decision.recommended().len()), (*outcome, 0));
    }
    insta::assert_snapshot!(runs.iter().map(|(run, _)| said(run)).collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn a_decision_is_a_few_lines_of_markdown() {
    let run = limited(run(1, 5, &dashboard()), "latency", Some("p50"), 400e6);
    insta::assert_snapshot!(Decision::of(&run).markdown());
}
