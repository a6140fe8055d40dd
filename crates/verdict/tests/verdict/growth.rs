//! Series of runs: which make one, what a subscriber costs, and who sets the pace.

use crate::sample::{self, Lane, lane, warning};
use results::{PredictionRecord, Run, Severity, WarningKind};
use verdict::Growth;
use verdict::growth::{NoSlope, Quantity};

const COUNTS: [u32; 4] = [10, 100, 1_000, 10_000];
/// What a subscriber costs an update, in microseconds, and what the median is without any.
const EACH_US: f64 = 5.0;
const WITHOUT_MS: f64 = 0.3;

/// A run with so many subscribers, whose median follows the model of a fan-out exactly.
fn run(count: u32, client_us: f64) -> Run {
    let median_ms = WITHOUT_MS + f64::from(count) * EACH_US / 2.0 / 1e3;
    let exactly = |label| Lane { spread: 0.0, client_us, ..lane(label, median_ms, EACH_US, 127.0) };
    let mut run = sample::run(1, 3, &[exactly("websocket"), exactly("sse")]);
    run.header.changes = vec![format!("subscribers.count = {count}")];
    run.header.scenario_text = format!("# Which?\nmeasure = \"1s\"\n\n[subscribers]\ncount = {count}\n");
    for account in &mut run.accounts {
        let updates = 20;
        let factor = f64::from(count) * updates as f64 / sample::DUE as f64;
        account.ledger.books.delivered = u64::from(count) * updates;
        account.ledger.books.expected = account.ledger.books.delivered;
        account.ledger.latency = sample::around(median_ms * 1e6, account.ledger.books.delivered);
        account.ledger.slowest = sample::around(median_ms * 1e6, updates);
        account.steady.updates = account.ledger.books.delivered;
        for costs in [&mut account.server_costs, &mut account.client_costs] {
            costs.transport_ns = costs.transport_ns.map(|ns| (ns as f64 * factor) as u64);
        }
    }
    run
}

fn runs(client_us: f64) -> Vec<Run> {
    COUNTS.iter().map(|count| run(*count, client_us)).collect()
}

fn series(runs: &[Run]) -> Growth {
    Growth::of(runs).expect("a series")
}

#[test]
fn the_cost_of_a_subscriber_is_found_again() {
    let growth = series(&runs(2.0));
    assert_eq!((growth.key.as_str(), growth.quantity), ("subscribers.count", Quantity::Number));
    let subscriber = growth.series[0].subscriber.as_ref().expect("a slope");
    let slope_us = subscriber.doubled_slope.value / 1e3;
    // Histograms keep three digits.
    assert!((slope_us / EACH_US - 1.0).abs() < 0.01, "{slope_us}");
    assert_eq!(subscriber.points, 4);
    assert!((subscriber.server_ns / 1e3 - EACH_US).abs() < 0.01 && !subscriber.client_limited);
    assert!(growth.findings().iter().all(|finding| !finding.contains("Client-limited")));
}

#[test]
fn clients_that_take_longer_than_the_server_are_named() {
    let growth = series(&runs(7.0));
    assert!(growth.series.iter().all(|series| series.subscriber.is_ok_and(|it| it.client_limited)));
    assert!(growth.series[0].points.iter().all(|point| point.client_limited));
    let said = growth.findings().join(" ");
    assert!(said.contains("Client-limited") && said.contains("websocket and sse"), "{said}");
}

#[test]
fn a_median_in_doubt_is_shown_and_takes_no_part_in_the_slope() {
    let mut runs = runs(2.0);
    let saturated = warning(WarningKind::CrowdSaturated, Severity::Caution);
    runs[3].warnings.push(saturated);
    for account in runs[3].accounts.iter_mut().filter(|account| account.label == "sse") {
        account.ledger.latency = sample::around(9e9, account.ledger.books.delivered);
    }
    let growth = series(&runs);
    let [websocket, sse] = &growth.series[..] else { panic!("two transports") };
    assert_eq!(websocket.subscriber.expect("a slope").points, 4);
    let slope = sse.subscriber.expect("a slope");
    assert_eq!(slope.points, 3);
    assert!((slope.doubled_slope.value / 1e3 / EACH_US - 1.0).abs() < 0.01, "{slope:?}");
    assert!(sse.points[3].median.is_ok_and(|median| median.doubted));
    assert!(!sse.points[2].median.is_ok_and(|median| median.doubted));
}

#[test]
fn who_polls_by_a_clock_has_no_fan_out_whatever_the_model_says() {
    let predicted = |p50_ns| PredictionRecord {
        mean_ns: None,
        p50_ns,
        p99_ns: None,
        max_ns: None,
        updates_per_response: None,
        staleness_mean_ns: None,
        assumes: String::new(),
    };
    let slopes = |setting: &str, p50_ns| {
        let mut runs = runs(2.0);
        for run in &mut runs {
            let entry = &mut run.header.entries[1];
            entry.polls = true;
            entry.options.insert(setting.to_owned(), "1s".to_owned());
            entry.prediction = Some(predicted(p50_ns));
        }
        series(&runs).series.iter().map(|series| series.subscriber.err()).collect::<Vec<_>>()
    };
    // Readers that skip to the newest have no median foretold, and a held poll's may lie beyond the distance.
    for p50_ns in [None, Some(0), Some(250_000_000)] {
        assert_eq!(slopes("interval", p50_ns), [None, Some(NoSlope::Polled)]);
        assert_eq!(slopes("hold", p50_ns), [None, None]);
    }
}

#[test]
fn runs_make_a_series_when_they_differ_in_one_key_alone() {
    let mut mixed = runs(2.0);
    mixed.swap(0, 3);
    let order: Vec<usize> = series(&mixed).steps.iter().map(|step| step.run).collect();
    assert_eq!(order, [3, 1, 2, 0], "by value, whatever the order");

    let mut beside = runs(2.0);
    beside[1].header.changes.push("idle_connections = 0".to_owned());
    beside[1].header.scenario_text.insert_str(0, "idle_connections = 0\n");
    assert!(Growth::of(&beside).is_some(), "idle connections bear on no round");

    let changed = |change: fn(&mut Run)| {
        let mut runs = runs(2.0);
        change(&mut runs[2]);
        Growth::of(&runs)
    };
    assert!(changed(|_| {}).is_some());
    assert!(changed(|run| run.header.changes.push("measure = 2s".to_owned())).is_none());
    assert!(changed(|run| run.header.changes.clear()).is_none());
    assert!(changed(|run| run.header.scenario_text += "[network]\ndelay = \"5ms\"\n").is_none());
    assert!(changed(|run| run.header.scenario_name = "other".to_owned()).is_none());
    assert!(changed(|run| run.header.tool.version = "9.9.9".to_owned()).is_none());
    assert!(changed(|run| run.header.machine.cores = 64).is_none());
    assert!(changed(|run| run.header.changes = vec!["subscribers.count = 10".to_owned()]).is_none());
    assert_eq!(Growth::of(&runs(2.0)[..1]), None);
    assert_eq!(Growth::of(&[]), None);
}

#[test]
fn only_the_key_itself_may_differ_in_the_texts() {
    let of = |texts: [&str; 2], key: &str| {
        let mut runs = runs(2.0)[..2].to_vec();
        for ((run, text), value) in runs.iter_mut().zip(texts).zip([10, 100]) {
            run.header.changes = vec![format!("{key} = {value}")];
            run.header.scenario_text = text.to_owned();
        }
        Growth::of(&runs).is_some()
    };
    let count = |one, other| of([one, other], "subscribers.count");
    assert!(count("[subscribers]\ncount = 10 # few", "[subscribers]\n\ncount = 100"));
    assert!(count("subscribers.count = 10", "subscribers.count = 100"));
    assert!(count("subscribers = { count = 10, ramp = 1 }", "subscribers = { count = 100, ramp = 1 }"));
    assert!(!count("subscribers = { count = 10, ramp = 1 }", "subscribers = { count = 100, ramp = 2 }"));
    assert!(!count("[subscribers]\ncount = 10\ncounts = 1", "[subscribers]\ncount = 100\ncounts = 2"));
    assert!(!count(
        "[subscribers]\ncount = 1\n[[topic]]\ncount = 5",
        "[subscribers]\ncount = 2\n[[topic]]\ncount = 6"
    ));
    assert!(!count("count = 1", "count = 2"));
    assert!(!count("# the count is low", "# the count is high"));

    let topic = |name: &str, a: u32, b: u32| {
        let text =
            |a, b| format!("[[topic]]\nname = \"a\"\ncount = {a}\n[[topic]]\nname = \"b\"\ncount = {b}\n");
        of([&text(1, 1), &text(a, b)], &format!("topic.{name}.count"))
    };
    assert!(topic("a", 2, 1) && topic("b", 1, 2));
    assert!(!topic("a", 2, 2) && !topic("a", 1, 2));
}
