//! A report in a real browser: can everybody read it, at a desk, on a phone, in the dark and on paper?
//!
//! A page is laid out in the frames of a harness, a frame for each view; its scripts in `audit` measure where
//! text stands, against which colour, and what a screen reader is told. Each page is also opened from disk
//! and printed. `faults` feeds the same audit pages with one fault each, so that silence means something.

mod audit;
mod chromium;
mod faults;
mod pages;
mod paper;
#[path = "../report/sample.rs"]
mod sample;
#[path = "../report/shapes.rs"]
mod shapes;

use audit::{Page, audit, expect_none};
use chromium::Chromium;
use report::{answer, render};

/// A page is sent by mail and kept for years.
const MOST_BYTES: usize = 1_000_000;

#[test]
fn a_report_can_be_read_in_every_window_and_scheme() {
    let Some(chromium) = Chromium::find() else { return };
    // One by one, so that a browser never holds more than one report's views.
    let findings = pages::reports().into_iter().flat_map(|(name, runs)| {
        let page = Page::everywhere(name, render(&runs));
        audit(&chromium, &format!("audit-{}", name.replace([' ', ','], "-")), &[page])
    });
    expect_none(&findings.collect::<Vec<_>>());
}

#[test]
fn a_report_is_whole_on_paper_and_silent_on_the_console() {
    let Some(chromium) = Chromium::find() else { return };
    let mut faults = Vec::new();
    for (name, runs) in pages::reports() {
        let html = render(&runs);
        // An index has the first sentence of each answer; the others stand on the runs' own pages.
        let sentences = if runs.len() == 1 { usize::MAX } else { 1 };
        let mut wanted: Vec<String> =
            runs.iter().flat_map(|run| answer(run).into_iter().take(sentences)).collect();
        wanted.extend(heads(&html));
        let printed = chromium.print(&name.replace([' ', ','], "-"), &html);
        faults.extend(paper::faults(&printed, &wanted).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_report_is_no_larger_than_a_letter_may_be() {
    for (name, runs) in pages::reports() {
        let bytes = render(&runs).len();
        assert!(bytes < MOST_BYTES, "{name}: {bytes} bytes");
    }
}

/// The text of every head of a table.
fn heads(html: &str) -> Vec<String> {
    let heads = html.split("<th").skip(1).filter(|rest| rest.starts_with([' ', '>']));
    let heads = heads.filter_map(|rest| rest.split_once('>')?.1.split("</th>").next());
    let heads: Vec<String> = heads.map(text_of).collect();
    assert_eq!(heads.is_empty(), !html.contains("<table"), "a table has heads");
    heads
}

/// What a reader sees of a piece of markup.
fn text_of(markup: &str) -> String {
    // Each piece but the first begins within a tag.
    let mut pieces = markup.split('<');
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.filter_map(|piece| Some(piece.split_once('>')?.1));
    let text: String = [first].into_iter().chain(rest).collect();
    let entities = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&nbsp;", " "),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}
