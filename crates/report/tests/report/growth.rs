//! Runs that differ in one key, as one page.

use crate::markup::{cells, figure, row};
use crate::sample;
use report::render;
use results::{IdlePoint, IdleServer, Run, Severity, Warning, WarningKind};

const COUNTS: [u64; 3] = [10, 100, 1_000];

/// A run with so many subscribers, later and cheaper by how many they are.
fn run(count: u64) -> Run {
    let mut run = sample::run(3);
    run.header.changes = vec![format!("subscribers.count = {count}")];
    run.header.subscribers = count as u32;
    for account in &mut run.accounts {
        let factor = 1.0 + count as f64 / 100.0;
        let slower = |distribution: &ledger::Distribution| {
            let mut slower = ledger::Distribution::default();
            for step in 0..1_000 {
                let value = distribution.quantile((f64::from(step) + 0.5) / 1_000.0).unwrap();
                slower.record_n((value as f64 * factor) as u64, distribution.len() / 1_000);
            }
            slower
        };
        account.ledger.latency = slower(&account.ledger.latency);
        account.ledger.slowest = slower(&account.ledger.slowest);
    }
    run
}

pub fn runs() -> Vec<Run> {
    COUNTS.map(run).to_vec()
}

#[test]
fn a_series_is_a_page_whatever_the_order() {
    let mut runs = runs();
    let page = render(&runs);
    runs.swap(0, 2);
    assert_eq!(render(&runs), page);
    assert!(page.contains("<h1>How cost grows with subscribers.count</h1>"));
    assert_eq!(page.matches("<h1").count(), 1);
    for title in ["Server time per delivery", "Client time per delivery", "Median latency"] {
        let figure = figure(&page, title).unwrap();
        assert!(
            figure.contains("<svg class=\"chart wide-only\"") && figure.contains("websocket: "),
            "{title}"
        );
    }
    // The runs' own charts are on their own pages.
    assert!(!page.contains("Latency by percentile") && page.contains("id=\"run-3-figures\""));
    assert!(page.contains("<a href=\"#run-2\">subscribers.count = 100</a>"));
    assert!(!page.contains("Against run"), "what differs on purpose is no drift");
}

#[test]
fn tables_show_each_value_with_its_rounds() {
    let page = render(&runs());
    let medians = "Median latency; below each figure the rounds that lie farthest apart";
    let cells_of = cells(row(&page, medians, "websocket"));
    assert_eq!(cells_of.len(), 3);
    assert!(cells_of.iter().all(|cell| cell.contains("ms | ") && cell.contains(" to ")), "{cells_of:?}");
    let subscriber = cells(row(&page, "What one more subscriber costs an update", "websocket"));
    assert_eq!(subscriber[1], "3 of 3 sizes");
    assert_eq!(subscriber[4], "~client-limited a", "the sample's clients take more than its servers");
}

#[test]
fn what_is_doubted_in_its_run_is_grey_in_the_series() {
    let mut runs = runs();
    let saturated = sample::warning(WarningKind::CrowdSaturated, Some("sse"), "no time", "fewer");
    runs[2].warnings.push(Warning { severity: Severity::Doubt, ..saturated });
    let page = render(&runs);
    let medians = "Median latency; below each figure the rounds that lie farthest apart";
    let sse = cells(row(&page, medians, "sse"));
    assert!(!sse[1].starts_with('~') && sse[2].starts_with('~'), "{sse:?}");
    assert!(page.contains("class=\"hollow c1\""));
    assert!(!render(&self::runs()).contains("class=\"hollow"));
}

#[test]
fn memory_at_more_than_two_counts_has_a_slope_for_each_step() {
    let mut runs = runs();
    let point = |connections: u32, each: u64| IdlePoint {
        connections,
        servers: vec![IdleServer {
            label: "sse".to_owned(),
            anonymous_bytes: (1 << 20) + u64::from(connections) * each,
        }],
        kernel_bytes: None,
    };
    runs[0].idle =
        Some(results::Idle { points: vec![point(1_024, 2_048), point(4_096, 2_048), point(16_384, 4_096)] });
    let page = render(&runs);
    let caption = "The server's own memory with idle connections, and what each one more took";
    let caption = caption.replace('\'', "&#39;");
    let sse = cells(row(&page, &caption, "sse"));
    assert_eq!(sse.len(), 5, "three counts and two steps: {sse:?}");
    assert!(page.contains("Memory of the server"));
}

#[test]
fn a_key_is_text_and_not_markup() {
    let mut runs = runs();
    for (run, count) in runs.iter_mut().zip(COUNTS) {
        run.header.changes = vec![format!("<script>alert(1)</script>&\"x\" = {count}")];
    }
    let page = render(&runs);
    assert!(page.contains("How cost grows with"));
    assert!(!page.contains("<script"), "a key became markup");
}
