//! Claims, objectives, and the answers that rest on them.

use crate::sample::{Lane, dashboard, idle, lane, run};
use results::{BoundaryRecord, CheckRecord, ClaimRecord, LimitsRecord, ObjectiveRecord, Run};
use verdict::{Answer, Claimed, Decision, Judgement, Outcome};

fn check(figure: &str, of: &str, against: Option<&str>) -> CheckRecord {
    let at = matches!(figure, "latency" | "staleness").then(|| "p50".to_owned());
    CheckRecord {
        figure: figure.to_owned(),
        at,
        of: of.to_owned(),
        against: against.map(str::to_owned),
        limits: LimitsRecord::default(),
    }
}

fn at_least(value: f64) -> LimitsRecord {
    LimitsRecord { at_least: Some(value), ..LimitsRecord::default() }
}

fn at_most(value: f64) -> LimitsRecord {
    LimitsRecord { at_most: Some(value), ..LimitsRecord::default() }
}

fn claimed(run: &mut Run, checks: Vec<CheckRecord>) -> Claimed {
    run.header.claims = vec![ClaimRecord { says: "so".to_owned(), checks, boundary: None, model: None }];
    verdict::claims::claims(run, &Judgement::of(run)).remove(0)
}

fn answer(run: &mut Run, check: CheckRecord, limits: LimitsRecord) -> Answer {
    claimed(run, vec![CheckRecord { limits, ..check }]).answer
}

fn objective(figure: &str, at: Option<&str>, limits: LimitsRecord) -> ObjectiveRecord {
    ObjectiveRecord { figure: figure.to_owned(), at: at.map(str::to_owned), limits }
}

fn said(run: &Run) -> String {
    let decision = Decision::of(run);
    let said = std::iter::once(decision.headline()).chain(decision.summary());
    said.collect::<Vec<_>>().join("\n").replace('\u{202f}', " ")
}

#[test]
fn differences_ratios_and_values_are_judged_by_intervals() {
    let mut run = run(1, 5, &dashboard());
    let later = || check("latency", "short-polling", Some("websocket"));
    assert_eq!(answer(&mut run, later(), at_least(400e6)), Answer::Holds);
    assert_eq!(answer(&mut run, later(), at_most(400e6)), Answer::DoesNotHold);
    assert_eq!(
        answer(&mut run, later(), at_most(500.5e6)),
        Answer::CantTell,
        "the limit lies in the interval"
    );
    let factor = |value| LimitsRecord { are_factors: true, ..at_least(value) };
    assert_eq!(answer(&mut run, later(), factor(150.0)), Answer::Holds);
    assert_eq!(answer(&mut run, later(), factor(300.0)), Answer::DoesNotHold);
    assert_eq!(answer(&mut run, check("server-cpu", "sse", Some("websocket")), factor(1.2)), Answer::Holds);
    assert_eq!(answer(&mut run, check("bytes", "websocket", None), at_most(127.1)), Answer::Holds);
    assert_eq!(
        answer(&mut run, check("latency", "tcp", None), at_most(3e6)),
        Answer::Holds,
        "of the floor too"
    );
}

#[test]
fn a_claim_holds_when_all_its_checks_do() {
    let mut run = run(1, 5, &dashboard());
    let good = CheckRecord { limits: at_most(5e6), ..check("latency", "sse", None) };
    let bad = CheckRecord { limits: at_most(1e6), ..check("latency", "sse", None) };
    let unknown = CheckRecord { limits: at_most(1.0), ..check("warmth", "sse", None) };
    assert_eq!(
        claimed(&mut run, vec![good.clone(), bad.clone(), unknown.clone()]).answer,
        Answer::DoesNotHold
    );
    let open = claimed(&mut run, vec![good.clone(), unknown]);
    assert_eq!(open.answer, Answer::CantTell);
    assert_eq!(open.checks[1].why.as_deref(), Some("this version does not know the figure warmth"));
    assert_eq!(claimed(&mut run, vec![good]).answer, Answer::Holds);
    assert_eq!(claimed(&mut run, Vec::new()).answer, Answer::CantTell, "nothing holds for want of a check");
}

#[test]
fn one_round_tells_only_what_is_counted() {
    let mut run = run(1, 1, &dashboard());
    assert_eq!(answer(&mut run, check("latency", "sse", None), at_most(1e9)), Answer::CantTell);
    assert_eq!(answer(&mut run, check("lost", "sse", None), at_most(0.0)), Answer::Holds);
    let mut lossy = crate::sample::run(1, 1, &[Lane { lost: 3, ..lane("sse", 1.0, 1.0, 1.0) }]);
    assert_eq!(answer(&mut lossy, check("lost", "sse", None), at_most(0.0)), Answer::DoesNotHold);
}

#[test]
fn what_never_arrives_misses_every_limit_from_above() {
    let mut lossy = run(1, 3, &[Lane { lost: 600, ..lane("sse", 1.0, 1.0, 1.0) }]);
    assert_eq!(answer(&mut lossy, check("latency", "sse", None), at_most(1e15)), Answer::DoesNotHold);
    assert_eq!(
        answer(&mut lossy, check("warm", "sse", None), at_most(1e15)),
        Answer::CantTell,
        "no such thing here"
    );
}

#[test]
fn a_tail_with_too_little_beyond_it_tells_nothing() {
    let mut run = run(1, 5, &dashboard());
    let tail = CheckRecord { at: Some("p99".to_owned()), ..check("latency", "sse", None) };
    assert_eq!(answer(&mut run, tail, at_most(1e12)), Answer::CantTell);
}

#[test]
fn idle_memory_is_known_to_within_the_margin() {
    let mut run = run(1, 5, &dashboard());
    run.idle = Some(idle(&[("sse", 10_000), ("websocket", 6_000)]));
    let memory = || check("idle-memory", "sse", None);
    assert_eq!(answer(&mut run, memory(), at_most(12_000.0)), Answer::Holds);
    assert_eq!(answer(&mut run, memory(), at_most(10_500.0)), Answer::CantTell);
    assert_eq!(answer(&mut run, memory(), at_most(9_000.0)), Answer::DoesNotHold);
    let more = check("idle-memory", "sse", Some("websocket"));
    assert_eq!(answer(&mut run, more, LimitsRecord { are_factors: true, ..at_least(1.3) }), Answer::Holds);
}

#[test]
fn a_control_that_differs_from_itself_widens_what_is_left_open() {
    let mut lanes = dashboard();
    lanes.push(Lane { control_of: Some("sse"), ..lane("sse again", 5.0, 4.1, 147.0) });
    let mut noisy = run(1, 5, &lanes);
    let factor = LimitsRecord { are_factors: true, ..at_least(150.0) };
    assert_eq!(
        answer(&mut noisy, check("latency", "short-polling", Some("websocket")), factor),
        Answer::CantTell
    );
}

#[test]
fn a_stopped_run_tells_nothing() {
    let mut run = run(1, 5, &dashboard());
    run.end = None;
    let claimed =
        claimed(&mut run, vec![CheckRecord { limits: at_most(1e9), ..check("latency", "sse", None) }]);
    assert_eq!(
        (claimed.answer, claimed.checks[0].why.as_deref()),
        (Answer::CantTell, Some("the run did not finish"))
    );
}

#[test]
fn a_boundary_is_the_models() {
    let mut run = run(1, 5, &dashboard());
    let boundary = BoundaryRecord { key: "network.delay".to_owned(), at_ns: 125_000_000, holds_below: true };
    run.header.claims = vec![ClaimRecord {
        says: "so".to_owned(),
        checks: Vec::new(),
        boundary: Some(boundary),
        model: None,
    }];
    let claimed = verdict::claims::claims(&run, &Judgement::of(&run)).remove(0);
    let said = claimed.boundary.unwrap().replace('\u{202f}', " ");
    assert_eq!(said, "By the model it holds below network.delay = 125 ms and not above it.");
}

#[test]
fn those_that_meet_the_objectives_and_cost_alike_are_a_class() {
    let mut run = run(1, 5, &dashboard());
    run.header.objectives =
        vec![objective("latency", Some("p50"), at_most(100e6)), objective("lost", None, at_most(0.0))];
    let poller = run.header.entries.iter_mut().find(|entry| entry.label == "short-polling").unwrap();
    poller.options = [("interval".to_owned(), "1s".to_owned())].into();
    let decision = Decision::of(&run);
    assert_eq!((decision.outcome, decision.class()), (Outcome::Recommended, vec!["sse", "websocket"]));
    assert_eq!(decision.not_shown(), Vec::<String>::new());
    insta::assert_snapshot!(said(&run));
}

#[test]
fn who_lacks_what_is_needed_is_out() {
    let mut run = run(1, 5, &dashboard());
    run.header.needs = vec!["plain_http".to_owned()];
    for entry in &mut run.header.entries {
        let http = !matches!(entry.label.as_str(), "websocket" | "tcp");
        entry.abilities =
            Some(["live", "plain_http"][..1 + usize::from(http)].iter().map(|a| (*a).to_owned()).collect());
    }
    let decision = Decision::of(&run);
    assert_eq!(decision.recommended(), ["sse"]);
    insta::assert_snapshot!(said(&run));
}

#[test]
fn nobody_meets_what_nobody_can() {
    let mut run = run(1, 5, &dashboard());
    run.header.objectives = vec![objective("latency", Some("p50"), at_most(1e6))];
    let decision = Decision::of(&run);
    assert_eq!(
        (decision.outcome, decision.recommended().len(), decision.not_shown().len()),
        (Outcome::NoneMeets, 0, 1)
    );
    insta::assert_snapshot!(said(&run));
}

#[test]
fn an_open_objective_drops_nobody_and_is_not_met() {
    let mut run = run(1, 5, &dashboard());
    run.header.objectives = vec![objective("latency", Some("p99"), at_most(1e12))];
    let decision = Decision::of(&run);
    assert_eq!(decision.recommended(), ["sse"]);
    assert_eq!(decision.not_shown().len(), 1, "{:?}", decision.not_shown());
}

#[test]
fn one_round_names_no_winner_by_objectives_either() {
    let mut run = run(1, 1, &dashboard());
    run.header.objectives = vec![objective("latency", Some("p50"), at_most(1e12))];
    let decision = Decision::of(&run);
    assert_eq!((decision.outcome, decision.not_shown().len()), (Outcome::OneRound, 1));
}

#[test]
fn what_carries_nothing_live_is_a_contestant_of_exchanges_alone() {
    let mut run = run(
        1,
        5,
        &[lane("plain", 1.0, 1.0, 10.0), lane("sse", 2.0, 2.0, 20.0), lane("websocket", 2.0, 3.0, 20.0)],
    );
    run.header.entries[0].abilities = Some(vec!["plain_http".to_owned()]);
    assert_eq!(Decision::of(&run).recommended(), ["sse"]);
    run.header.shape = "exchange".to_owned();
    assert_eq!(Decision::of(&run).recommended(), ["plain"]);
}
