//! Runs that differ in one key, as one page.

use crate::markup::{cells, figure, inner, row, without_script};
use crate::sample;
use report::{render, render_linked};
use results::{IdlePoint, IdleServer, Severity, Warning, WarningKind};

#[test]
fn a_series_is_a_page_whatever_the_order() {
    let mut runs = sample::series();
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
    assert!(
        !page.contains("<article") && !page.contains("Latency by percentile"),
        "runs have pages of their own"
    );
    assert!(!page.contains("Against run"), "what differs on purpose is no drift");
}

#[test]
fn a_series_leads_to_the_pages_of_its_runs_whatever_the_order() {
    let mut runs = sample::series();
    let mut pages = sample::COUNTS.map(|count| Some(format!("of-{count}.html")));
    let page = render_linked(&runs, &pages);
    let listed: Vec<&str> = inner(&page, "<ol class=\"runs\">").split("<li>").skip(1).collect();
    assert_eq!(listed.len(), 3);
    for (count, listed) in sample::COUNTS.iter().zip(listed) {
        assert!(listed.contains(&format!("<p class=\"quiet\">subscribers.count = {count}</p>")), "{listed}");
        assert!(listed.contains(&format!("<a href=\"of-{count}.html\">")), "{listed}");
    }
    runs.swap(0, 2);
    pages.swap(0, 2);
    assert_eq!(render_linked(&runs, &pages), page);
}

#[test]
fn tables_show_each_value_with_its_rounds() {
    let page = render(&sample::series());
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
    let mut runs = sample::series();
    let saturated = sample::warning(WarningKind::CrowdSaturated, Some("sse"), "no time", "fewer");
    runs[2].warnings.push(Warning { severity: Severity::Caution, ..saturated });
    let page = render(&runs);
    let medians = "Median latency; below each figure the rounds that lie farthest apart";
    let sse = cells(row(&page, medians, "sse"));
    assert!(!sse[1].starts_with('~') && sse[2].starts_with('~'), "{sse:?}");
    assert!(page.contains("class=\"hollow c1\""));
    assert!(!render(&sample::series()).contains("class=\"hollow"));
}

#[test]
fn memory_at_more_than_two_counts_has_a_slope_for_each_step() {
    let mut runs = sample::series();
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
    let mut runs = sample::series();
    for (run, count) in runs.iter_mut().zip(sample::COUNTS) {
        run.header.changes = vec![format!("<script>alert(1)</script>&\"x\" = {count}")];
    }
    let page = render(&runs);
    assert!(page.contains("How cost grows with"));
    assert!(!without_script(&page).contains("<script"), "a key became markup");
}
