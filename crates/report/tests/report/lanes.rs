//! Bars, ranges and dots: as long and where the figures say.

use crate::markup::{attributes, cells, figure, percents, row};
use crate::sample;
use report::render;
use results::{Costs, Run};

fn page(run: &Run) -> String {
    render(std::slice::from_ref(run))
}

fn widths(page: &str, title: &str, class: &str) -> Vec<f64> {
    percents(attributes(figure(page, title).unwrap(), class, "width"))
}

fn near(a: f64, b: f64) -> bool {
    (a / b - 1.0).abs() < 0.01
}

#[test]
fn bars_are_as_long_as_what_they_stand_for() {
    let page = page(&sample::run(2));
    let server = |class: &str| widths(&page, "Server time per delivery", class)[0];
    // 5, 6 and 13 microseconds.
    assert!(near(server("bar c1") / server("bar c0"), 1.2) && near(server("bar c2") / server("bar c0"), 2.6));
    let client = |class: &str| widths(&page, "Client time per delivery", class)[0];
    assert!(near(client("bar c2") / client("bar c0"), 2.6));
    let idle = |class: &str| widths(&page, "Memory per idle connection", class)[0];
    assert!(near(idle("bar c1") / idle("bar c0"), 2.0) && near(idle("bar c3") / idle("bar c0"), 4.0));
    let bytes = |class: &str| widths(&page, "Bytes per update", class)[0];
    assert!(near(bytes("bar c1") / bytes("bar c0"), 151.0 / 132.0));
    assert!(near(bytes("bar more c0") / bytes("bar c0"), 44.0 / 132.0));
    let batch = |class: &str| widths(&page, "Updates per response", class)[0];
    assert!(near(batch("bar c3"), batch("bar c0")));
}

#[test]
fn the_floor_lies_behind_every_bar() {
    let page = page(&sample::run(2));
    let chart = figure(&page, "Server time per delivery").unwrap();
    let floors = percents(attributes(chart, "line aside", "x1"));
    assert!(floors.len() == 5 && floors.iter().all(|at| *at == floors[0]));
    assert!(near(floors[0], widths(&page, "Server time per delivery", "bar aside")[0]));
}

#[test]
fn models_are_drawn_where_they_say_something() {
    let models = |page: &str, title: &str| attributes(figure(page, title).unwrap(), "model", "x1").len();
    let mut run = sample::run(2);
    let with = page(&run);
    assert_eq!((models(&with, "Data age"), models(&with, "Updates per response")), (4, 3));
    assert_eq!((models(&with, "Connection set-up"), models(&with, "Bytes per update")), (0, 0));
    for prediction in run.header.entries.iter_mut().filter_map(|entry| entry.prediction.as_mut()) {
        (prediction.staleness_mean_ns, prediction.updates_per_response) = (None, None);
    }
    let without = page(&run);
    assert_eq!((models(&without, "Data age"), models(&without, "Updates per response")), (0, 0));
}

#[test]
fn set_up_and_staleness_reach_from_the_median_to_the_tail() {
    let run = sample::run(2);
    let page = page(&run);
    for title in ["Connection set-up", "Data age"] {
        assert_eq!(widths(&page, title, "range c0").len(), 1, "{title}");
    }
    let ages = run.merged("websocket").unwrap().account.staleness;
    let [p50, p99] = [0.5, 0.99].map(|q| ages.quantile(q).unwrap() as f64);
    let chart = figure(&page, "Data age").unwrap();
    let from = percents(attributes(chart, "range c0", "x"))[0];
    assert!(chart.contains("linear scale"));
    assert!(near((from + widths(&page, "Data age", "range c0")[0]) / from, p99 / p50));
}

#[test]
fn what_the_system_does_not_tell_is_not_available() {
    let mut run = sample::run(2);
    for account in &mut run.accounts {
        (account.server_costs, account.client_costs, account.host) =
            (Costs::default(), Costs::default(), None);
    }
    run.idle = None;
    let page = page(&run);
    for title in ["Server time per delivery", "Client time per delivery", "Memory per idle connection"] {
        assert_eq!(figure(&page, title), None, "{title}");
    }
    let cells = cells(row(&page, "What each transport did, its closed rounds merged", "sse"));
    assert_eq!((cells[5].as_str(), cells[8].as_str()), ("not available", "not available"));
    assert!(page.contains("not available: the system does not tell it"));
    assert!(page.contains("<dd>the system does not tell</dd>"), "how busy the machine was");
}

#[test]
fn one_that_is_not_told_leaves_the_others_bars() {
    let mut run = sample::run(2);
    let theirs = run.accounts.iter_mut().filter(|account| account.label == "sse");
    theirs.for_each(|account| account.server_costs = Costs::default());
    let page = page(&run);
    assert!(widths(&page, "Server time per delivery", "bar c1").is_empty());
    assert_eq!(widths(&page, "Server time per delivery", "bar c0").len(), 1);
    assert!(figure(&page, "Server time per delivery").unwrap().contains("missing\">not available<"));
}

#[test]
fn the_kernels_share_is_told_only_of_time_enough_to_split() {
    let mut run = sample::run(1);
    let of = |run: &Run| {
        let page = page(run);
        let chart = figure(&page, "Server time per delivery").unwrap();
        (chart.contains("% kernel"), page.contains("splits so little time by too few samples"))
    };
    for account in &mut run.accounts {
        for costs in [&mut account.server_costs, &mut account.client_costs] {
            (costs.user_ns, costs.system_ns) = (Some(300_000_000), Some(900_000_000));
        }
    }
    assert_eq!(of(&run), (true, false));
    for account in &mut run.accounts {
        account.server_costs.system_ns = Some(90_000_000);
    }
    assert_eq!(of(&run), (false, true));
}

#[test]
fn what_one_reader_held_is_drawn_over_time() {
    let mut run = sample::run(2);
    let chart = |run: &Run| figure(&page(run), "Data age over time").map(str::to_owned);
    let drawn = chart(&run).unwrap();
    let curve = |class: &str| attributes(&drawn, class, "d").len();
    assert_eq!((curve("under c0"), curve("stroke c0"), curve("under c3")), (1, 1, 1));
    // An update a second: the age is a second, and the median, when the next one comes.
    assert!(drawn.contains(">at most 1.00\u{202f}s<"), "{drawn}");
    run.accounts.iter_mut().for_each(|account| account.ledger.trace = None);
    assert_eq!(chart(&run), None);
}
