//! The drawn pictures: their lines are where the figures say.

use crate::markup::{attributes, figure, points};
use crate::sample::{self, SECONDS};
use report::render;
use results::Run;

/// The wide picture of latency by percentile, without the narrow one.
fn curves(page: &str) -> &str {
    figure(page, "Latency by percentile").unwrap().split("narrow-only").next().unwrap()
}

/// The height of a tick's text, by the text.
fn height_of(svg: &str, text: &str) -> f64 {
    let label = svg.split("<text").find(|label| label.contains(&format!(">\n{text}</text>"))).unwrap();
    label.split(" y=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}

#[test]
fn a_curve_runs_where_its_quantiles_are() {
    let run = sample::run(5);
    let page = render(std::slice::from_ref(&run));
    let svg = curves(&page);
    let curve = points(attributes(svg, "line c0 d0", "points")[0]);
    assert!(curve.windows(2).all(|pair| pair[1].0 > pair[0].0 && pair[1].1 <= pair[0].1), "{curve:?}");

    let [one, ten] = ["1\u{202f}ms", "10\u{202f}ms"].map(|text| height_of(svg, text));
    let account = run.merged("websocket").unwrap().account;
    for (point, q) in [(curve[0], 0.5), (curve[12], 0.9), (curve[24], 0.99)] {
        let decades = (account.quantile(q).unwrap().value_ns as f64 / 1e6).log10();
        let expected = one + decades * (ten - one);
        // A tick's text stands as far above the middle of its line as all others.
        assert!((point.1 - expected).abs() < (one - ten) * 0.05, "{q}: {} and {expected}", point.1);
    }
}

#[test]
fn floor_and_models_are_drawn_where_there_are_any() {
    let with = render(&[sample::run(2)]);
    assert_eq!(attributes(curves(&with), "line aside", "points").len(), 1);
    // Both markers of short polling; the others' models lie below everything measured.
    assert_eq!(attributes(curves(&with), "model c3", "points").len(), 2);

    let mut run = sample::run(2);
    run.header.entries.retain(|entry| !entry.floor);
    run.accounts.retain(|account| account.label != "tcp");
    run.header.entries.iter_mut().for_each(|entry| entry.prediction = None);
    let without = render(&[run]);
    assert!(!without.contains("class=\"line aside\"") && !without.contains("class=\"model"));
    for said in ["raw TCP, the baseline", "Hollow markers"] {
        assert!(with.contains(said) && !without.contains(said), "{said}");
    }
}

#[test]
fn every_curve_has_its_name_beside_its_end_and_its_figures_in_words() {
    let page = render(&[sample::run(5)]);
    let svg = curves(&page);
    assert_eq!(attributes(svg, "leader c0", "d").len(), 1);
    for label in ["WebSocket", "SSE", "Long polling", "Short polling every 100\u{202f}ms", "Raw TCP"] {
        assert!(svg.contains(&format!(">{label}</text>")), "{label}");
        assert!(svg.contains(&format!("{label}: ")), "{label}");
    }
}

fn over_time(page: &str) -> &str {
    figure(page, "Latency over time").unwrap()
}

#[test]
fn time_is_drawn_second_by_second_and_round_by_round() {
    let page = render(&[sample::run(3)]);
    let chart = over_time(&page);
    assert_eq!(chart.matches("<div class=\"panel\">").count(), 5);
    let medians = attributes(chart, "line c1", "points");
    assert_eq!(medians.len(), 3, "a line for each round");
    // Each second has a beginning and an end.
    assert!(medians.iter().all(|line| points(line).len() == 2 * SECONDS as usize));
    let tails = attributes(chart, "thin c1", "points");
    let above = points(medians[0]).into_iter().zip(points(tails[0]));
    assert!(above.into_iter().all(|(median, tail)| median.0 == tail.0 && median.1 > tail.1));
}

#[test]
fn a_second_without_an_arrival_is_a_gap() {
    let mut run = sample::run(1);
    let hole = run.seconds.iter_mut().find(|second| second.label == "sse" && second.second == 5).unwrap();
    (hole.p50_ns, hole.p99_ns, hole.max_ns, hole.delivered) = (None, None, None, 0);
    let page = render(&[run]);
    assert_eq!(attributes(over_time(&page), "line c1", "points").len(), 2);
    assert_eq!(attributes(over_time(&page), "line c0", "points").len(), 1);
}

#[test]
fn a_long_run_shows_the_worst_of_several_seconds() {
    let mut run = sample::run(1);
    let second = run.seconds[0].clone();
    run.seconds = (0..3_600).map(|at| results::Second { second: at, ..second.clone() }).collect();
    run.seconds[1_801].p99_ns = Some(7_000_000_000);
    let page = render(&[run]);
    assert!(over_time(&page).contains("Each step stands for 15 seconds and shows the worst of them."));
    assert!(over_time(&page).contains("to 7.00\u{202f}s."));
    assert_eq!(points(attributes(over_time(&page), "line c0", "points")[0]).len(), 480);
}

#[test]
fn without_seconds_there_is_no_picture_of_time() {
    let mut run: Run = sample::run(1);
    run.seconds.clear();
    assert!(!render(&[run]).contains("Latency over time"));
}
