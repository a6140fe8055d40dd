//! Quantiles are of what was due, costs are of the measured window.

use crate::markup::{cells, figure, row};
use crate::sample;
use report::{render, summary};
use results::Run;

const COMPARISON: &str = "What each transport did, its closed rounds merged";

/// A run of one round in which so many of a hundred never arrived over the first transport.
fn losing(percent: u64) -> Run {
    let mut run = sample::run(1);
    let books = &mut run.accounts[0].ledger.books;
    // As if more had been due than the histograms hold.
    books.expected = books.delivered * 100 / (100 - percent);
    books.lost = books.expected - books.delivered;
    run
}

#[test]
fn what_never_arrived_is_later_than_all_that_did() {
    let [_, delivered, p50, p99, max, ..] = &summary(&losing(50))[0];
    assert_eq!(delivered, "50.0\u{202f}%");
    // The median of what was due is the worst of what arrived, and beyond it is nothing.
    assert_eq!(p50, &format!("~{}", summary(&sample::run(1))[0][4]));
    assert_eq!((p99.as_str(), max), ("–", p50));

    assert_eq!(summary(&losing(60))[0][2], "–");
}

#[test]
fn a_quantile_moves_with_what_is_missing() {
    let ms = |run: &Run| summary(run)[0][2].trim_end_matches("\u{202f}ms").parse::<f64>().unwrap();
    assert!(ms(&losing(20)) > ms(&sample::run(1)) * 1.05);
}

#[test]
fn what_was_superseded_was_not_due_any_more() {
    let mut run = losing(60);
    let books = &mut run.accounts[0].ledger.books;
    (books.superseded, books.lost) = (books.lost, 0);
    assert_eq!(summary(&run)[0][2..5], summary(&sample::run(1))[0][2..5]);
}

#[test]
fn the_page_says_why_there_is_no_quantile() {
    let page = render(&[losing(60)]);
    let cells = cells(row(&page, COMPARISON, "websocket"));
    assert_eq!((cells[0].as_str(), cells[1].as_str(), cells[2].as_str()), ("40.0 %", "– a", "– a"));
    assert!(page.contains("<sup>a</sup> more than the share beyond it never arrived"));
    assert!(page.contains("WebSocket: no curve."));
}

#[test]
fn a_curve_ends_where_the_rest_never_arrived() {
    let page = render(&[losing(5)]);
    let chart = figure(&page, "Latency by percentile").unwrap();
    let said = chart.split("WebSocket: ").nth(1).unwrap().split("SSE: ").next().unwrap();
    assert!(said.contains(" at 50 %, ") && said.ends_with(" at 90 %. "), "{said}");
}

#[test]
fn a_cost_per_update_is_that_of_the_measured_window() {
    let mut run = sample::run(2);
    assert_eq!(summary(&run)[0][7], "132\u{202f}B");
    let page = render(std::slice::from_ref(&run));
    let cells = cells(row(&page, COMPARISON, "websocket"));
    assert_eq!((cells[6].as_str(), cells[7].as_str()), ("132 B | lowest", "44.0 B"));

    run.accounts.iter_mut().for_each(|account| account.steady.updates = 0);
    assert_eq!(summary(&run)[0][7], "–");
    assert!(render(&[run]).contains("no update arrived in the measured window"));
}

#[test]
fn a_model_may_leave_staleness_open() {
    let mut run = sample::run(1);
    let model = |run: &Run| {
        cells(row(&render(std::slice::from_ref(run)), "Measured against the models", "sse"))[9].clone()
    };
    assert_eq!(model(&run), "50.0 ms");
    for entry in &mut run.header.entries {
        entry.prediction.iter_mut().for_each(|prediction| prediction.staleness_mean_ns = None);
    }
    assert!(model(&run).starts_with("– "), "{}", model(&run));
}
