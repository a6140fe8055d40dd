//! Ratios and findings within a run.

use crate::sample::{Lane, dashboard, lane, run, with_both};
use verdict::{Finding, Judgement, Metric, Untold};

#[test]
fn every_two_contestants_are_compared_and_the_floor_is_not() {
    let judgement = Judgement::of(&run(1, 5, &dashboard()));
    assert_eq!(judgement.labels, ["websocket", "sse", "long-polling", "short-polling"]);
    assert_eq!(judgement.pairs.len(), 6 * Metric::ALL.len());
    assert!(
        judgement.control.is_empty() && judgement.interference.is_empty() && judgement.waiting.is_empty()
    );
}

#[test]
fn a_pair_reads_the_same_from_both_sides() {
    let judgement = Judgement::of(&run(1, 5, &dashboard()));
    let there = judgement.pair(Metric::MedianLatency, "websocket", "short-polling").unwrap();
    let back = judgement.pair(Metric::MedianLatency, "short-polling", "websocket").unwrap();
    assert_eq!((there.finding, back.finding), (Finding::Higher, Finding::Lower));
    let (there, back) = (there.ratio.unwrap(), back.ratio.unwrap());
    assert!((there.ratio / (503.0 / 2.44) - 1.0).abs() < 0.02, "{there:?}");
    assert!((there.ratio * back.ratio - 1.0).abs() < 1e-9 && (there.low * back.high - 1.0).abs() < 1e-9);
    assert_eq!((there.rounds, there.paired), (5, true));
    assert!(judgement.pair(Metric::Bytes, "websocket", "tcp").is_none());
}

#[test]
fn bytes_are_exact_and_print() {
    let judgement = Judgement::of(&run(1, 5, &dashboard()));
    let pair = judgement.pair(Metric::Bytes, "websocket", "sse").unwrap();
    assert_eq!(pair.text(), "1.16 [1.16, 1.16]");
    assert_eq!(pair.said(), "higher");
    assert_eq!(pair.metric.print(pair.base_value.unwrap()).replace('\u{202f}', " "), "127 B");
}

#[test]
fn what_is_not_known_has_a_reason() {
    let untold = |change: &dyn Fn(&mut Lane), metric, rounds| {
        let mut lanes = dashboard();
        change(&mut lanes[1]);
        let pair = Judgement::of(&run(1, rounds, &lanes)).pair(metric, "websocket", "sse").unwrap();
        assert_eq!(pair.finding, Finding::CantTell);
        pair.ratio.unwrap_err()
    };
    assert_eq!(untold(&|_| {}, Metric::MedianLatency, 1), Untold::TooFewRounds);
    assert_eq!(untold(&|lane| lane.broken = 4, Metric::MedianLatency, 5), Untold::TooFewRounds);
    assert_eq!(untold(&|lane| lane.cpu_us = None, Metric::ServerCpu, 5), Untold::NotAvailable);
    assert_eq!(untold(&|lane| lane.cpu_us = Some(0.0), Metric::ServerCpu, 5), Untold::Zero);
    assert_eq!(untold(&|_| {}, Metric::TailLatency, 5), Untold::TooFewUpdates);
    assert_eq!(untold(&|lane| lane.lost = 600, Metric::MedianLatency, 5), Untold::NeverArrived);
    assert_eq!(untold(&|lane| lane.lost = 1_000, Metric::MedianLatency, 5), Untold::NothingDelivered);
}

#[test]
fn what_never_arrived_is_late() {
    let whole = run(1, 1, &[lane("sse", 10.0, 1.0, 1.0)]);
    let lossy = run(1, 1, &[Lane { lost: 400, ..lane("sse", 10.0, 1.0, 1.0) }]);
    let median_ms = |run: &results::Run| Metric::MedianLatency.of(&run.accounts[0]).unwrap() / 1e6;
    // Half of 1000 due are the first 500 of 600 that arrived.
    assert!((median_ms(&lossy) / median_ms(&whole) - (0.5 + 500.0 / 600.0)).abs() < 0.01);
}

#[test]
fn one_round_without_a_value_takes_the_whole_comparison() {
    let mut run = run(1, 5, &dashboard());
    let account =
        run.accounts.iter_mut().find(|account| account.label == "sse" && account.round == 2).unwrap();
    account.server_costs.transport_ns = None;
    let pair = Judgement::of(&run).pair(Metric::ServerCpu, "websocket", "sse").unwrap();
    assert_eq!(pair.ratio, Err(Untold::NotAvailable));
}

#[test]
fn rounds_cut_short_do_not_count() {
    let mut run = run(1, 5, &dashboard());
    run.accounts.iter_mut().filter(|account| account.round == 4).for_each(|account| account.complete = false);
    let pair = Judgement::of(&run).pair(Metric::MedianLatency, "websocket", "sse").unwrap();
    assert_eq!(pair.ratio.unwrap().rounds, 4);
}

#[test]
fn the_control_shows_the_noise() {
    let mut lanes = dashboard();
    lanes.push(Lane { control_of: Some("sse"), ..lane("sse again", 2.50, 4.1, 147.0) });
    let judgement = Judgement::of(&run(2, 5, &lanes));
    assert_eq!(judgement.labels.len(), 4, "a control is no contestant");
    let noise = judgement.noise(Metric::MedianLatency).unwrap();
    assert_eq!((noise.base.as_str(), noise.other.as_str()), ("sse", "sse again"));
    assert_eq!(noise.finding, Finding::NoDifference);
    assert!((judgement.margin_of(Metric::MedianLatency) - 0.1).abs() < 1e-12);

    lanes.last_mut().unwrap().cpu_us = Some(6.15);
    let judgement = Judgement::of(&run(2, 5, &lanes));
    let margin = judgement.margin_of(Metric::ServerCpu);
    assert!((0.5..0.6).contains(&margin), "{margin}");
    assert!((judgement.margin_of(Metric::MedianLatency) - 0.1).abs() < 1e-12, "of processor time only");
}

#[test]
fn together_against_apart_shows_interference() {
    let run = with_both(run(1, 5, &dashboard()), 1.5);
    let judgement = Judgement::of(&run);
    assert_eq!(judgement.interference.len(), 5);
    assert!(judgement.disturbed().count() == 5);
    let ratio = judgement.interference[0].ratio.unwrap();
    assert!((ratio.ratio - 1.5).abs() < 0.01, "{ratio:?}");
    let pair = judgement.pair(Metric::MedianLatency, "websocket", "sse").unwrap();
    assert!(pair.base_value.unwrap() < 2.6e6, "figures are those of rounds apart");
}
