//! The audit finds what it says it finds: pages with one fault each, and one without.

use crate::audit::{Finding, Page, View, audit, expect_none};
use crate::chromium::Chromium;
use crate::paper;

/// What is wrong, as the audit calls it, and what makes it so.
const FAULTS: &[(&str, &str)] = &[
    ("overlap", "<p style='margin-bottom:-2.5em'>above</p><p>below, too near</p>"),
    ("overlap", "<p style='line-height:.6'>One<br>Two</p>"),
    (
        "overlap",
        "<svg role=img aria-label=x width=200 height=40><text x=9 y=20>one</text><text x=20 y=20>two</text></svg>",
    ),
    (
        "overlap",
        "<svg role=img aria-label=x width=200 height=40><text x=9 y=20>one</text><rect width=200 height=40 /></svg>",
    ),
    (
        "overlap",
        "<div role=region aria-label=x tabindex=0 style='overflow:auto;width:9em;white-space:nowrap'>\
      <span style='margin-left:20em'>out of</span><span style='margin-left:-3em'>sight</span></div>",
    ),
    ("cut-off", "<p style='width:3em;overflow:hidden;white-space:nowrap'>more than there is room for</p>"),
    (
        "cut-off",
        "<p style='width:3em;overflow:hidden;white-space:nowrap;text-overflow:ellipsis'>more than fits</p>",
    ),
    (
        "cut-off",
        "<div style='width:6em;overflow:auto;white-space:nowrap'>nobody says that this scrolls</div>",
    ),
    ("cut-off", "<div style='height:1.5em;overflow:hidden'>one<br>two</div>"),
    (
        "cut-off",
        "<p style='white-space:nowrap'>much wider than a phone, and therefore out of the window on its right</p>",
    ),
    ("cut-off", "<p style='text-indent:-2em'>begins outside</p>"),
    ("cut-off", "<svg role=img aria-label=x width=40 height=20><text y=15>wider than the chart</text></svg>"),
    ("cut-off", "<div style='width:900px;height:9px'></div>"),
    ("small", "<svg role=img aria-label=x viewBox='0 0 900 90' width=90><text y=50>tiny</text></svg>"),
    (
        "sticky",
        "<div role=region aria-label=x tabindex=0 style='overflow:auto'><div style='width:60em'>\
      <span style='position:sticky;left:0;display:inline-block;width:17em'>stays</span> goes</div></div>",
    ),
    ("contrast", "<p style='color:#999'>too faint</p>"),
    ("contrast", "<p style='background:#222'>too faint</p>"),
    ("contrast", "<p style='opacity:.5'>too faint</p>"),
    ("contrast", "<p style='color:oklch(.7 0 0)'>too faint</p>"),
    ("contrast", "<p style='background:linear-gradient(90deg,#fff,#444)'>too faint on the right</p>"),
    ("contrast", "<svg role=img aria-label=x width=90 height=30><text y=20 fill=silver>faint</text></svg>"),
    (
        "contrast",
        "<svg role=img aria-label=x width=90 height=30><rect width=90 height=30 fill=navy /><text y=20>faint</text></svg>",
    ),
    ("contrast", "<details><summary>More</summary><p style='color:#999'>too faint</p></details>"),
    ("request", "<img alt=x src='http://127.0.0.1:9/x.png'>"),
    ("request", "<p style='background-image:url(http://127.0.0.1:9/x.png)'></p>"),
    ("request", "<style>@import 'http://127.0.0.1:9/x.css';</style>"),
    ("request", "<script>fetch('http://127.0.0.1:9/x').catch(() => {})</script>"),
    ("request", "<a href='https://example.org' ping='https://example.org'>link</a>"),
    ("alternative", "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"),
    ("alternative", "<svg width=9 height=9></svg>"),
    ("alternative", "<svg role=img width=9 height=9></svg>"),
    ("alternative", "<svg aria-hidden=true width=90 height=20><text y=15>5 ms</text></svg>"),
    ("heading", "<h1>Another</h1>"),
    ("heading", "<h3>Too deep</h3>"),
    ("table", "<table><thead><tr><th scope=col>a</thead><tr><th scope=row>b</table>"),
    ("table", "<table><caption>x</caption><thead><tr><th>a</thead><tr><th scope=row>b</table>"),
    ("table", "<table><caption>x</caption><thead><tr><th scope=col>a</thead><tr><td>b</table>"),
    ("structure", "<p id=x>one</p><p id=x>two</p>"),
    ("structure", "<a href='#nowhere'>link</a>"),
];

/// Much of what may look like a fault and is none.
const SOUND: &str = "<p style='line-height:1'>One<br>Two <sup>three</sup></p>\
    <p style='color:#949494;font-size:24px'>large</p>\
    <p style='position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);margin:0'>said, not shown</p>\
    <div role=region aria-label=Figures tabindex=0 style='overflow-x:auto'><table style='width:60em;table-layout:fixed'>\
    <caption>Figures</caption><thead><tr><th scope=col style='width:6em'>Name</th><th scope=col>Figure</th></tr></thead>\
    <tbody><tr><th scope=row style='position:sticky;left:0'>one</th><td>1</td></tr></tbody></table></div>\
    <p style='position:relative;z-index:1'>on the right of what scrolls</p>\
    <h2>Chart</h2><svg role=img width=120 height=60 fill=black><title>A bar</title><rect width=120 height=60 fill=navy />\
    <text x=9 y=20 fill=white>5 ms</text><text fill=white transform='translate(100 50) rotate(-90)'>axis</text></svg>\
    <svg aria-hidden=true width=9 height=9><rect width=9 height=9 /></svg><p id=there><a href='#there'>link</a>\
    <a href='https://example.org'>outward</a></p><details><summary>More</summary><p>closed</p></details>";

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Page</title><style>html {{ color: #000; background: #fff }} \
         body {{ font: 16px/1.5 sans-serif }} @media print {{ @page {{ margin: 1cm }} div {{ overflow: visible !important }} table {{ width: auto !important }} }}\
         </style><body><main><h1>Heading</h1>{body}</main></body></html>"
    )
}

fn on_a_phone(name: String, body: &str) -> Page {
    Page { name, html: page(body), views: vec![View::of((390, 844), "light")] }
}

#[test]
fn every_fault_is_found_and_no_other() {
    let Some(chromium) = Chromium::find() else { return };
    let named = |at: usize| format!("{at}: {}", FAULTS[at].1);
    let pages: Vec<Page> = (0..FAULTS.len()).map(|at| on_a_phone(named(at), FAULTS[at].1)).collect();
    let findings = audit(&chromium, "faults", &pages);
    for (at, (kind, _)) in FAULTS.iter().enumerate() {
        let of_page: Vec<&Finding> = findings.iter().filter(|finding| finding.page == named(at)).collect();
        let kinds: Vec<&str> = of_page.iter().map(|finding| finding.kind.as_str()).collect();
        assert!(!kinds.is_empty() && kinds.iter().all(|found| found == kind), "{}: {of_page:#?}", named(at));
    }
}

#[test]
fn a_page_without_a_frame_for_its_text_is_found() {
    let Some(chromium) = Chromium::find() else { return };
    let bare = Page { html: "<!DOCTYPE html><p>text".to_owned(), ..on_a_phone("bare".to_owned(), "") };
    let empty = Page { html: String::new(), ..on_a_phone("empty".to_owned(), "") };
    let findings = audit(&chromium, "bare", &[bare, empty]);
    let of = |page: &str| -> Vec<&str> {
        findings
            .iter()
            .filter(|finding| finding.page == page)
            .map(|finding| finding.detail.as_str())
            .collect()
    };
    let missing = [
        "the page names no language",
        "the page has no title",
        "there is no main part",
        "0 headings of the first level",
    ];
    assert_eq!(of("bare"), missing);
    assert_eq!(of("empty")[4..], ["there is no visible text"]);
}

#[test]
fn a_sound_page_is_found_sound() {
    let Some(chromium) = Chromium::find() else { return };
    expect_none(&audit(&chromium, "sound", &[Page::everywhere("sound", page(SOUND))]));
    let wanted = ["Figure", "One Two"].map(str::to_owned);
    let faults = paper::faults(&chromium.print("sound-paper", &page(SOUND)), &wanted);
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn the_colour_scheme_and_the_rules_for_paper_reach_a_page() {
    let Some(chromium) = Chromium::find() else { return };
    let body = "<style>:root { color-scheme: light dark } @media (prefers-color-scheme: dark) { .dark { color: #eee } } \
        @media print { .paper { color: #eee } }</style><p class=dark>dark</p><p class=paper>paper</p>";
    let found = audit(&chromium, "schemes", &[Page::everywhere("schemes", page(body))]);
    let seen = |text: &str| -> Vec<&str> {
        let mut views: Vec<&str> = found.iter().filter(|f| f.text == text).map(|f| f.view.as_str()).collect();
        views.sort_unstable();
        views
    };
    assert_eq!(seen("dark"), ["1280 px, dark", "320 px, dark", "768 px, dark"]);
    assert_eq!(seen("paper"), ["paper"]);
}

#[test]
fn faults_of_a_print_are_found() {
    let Some(chromium) = Chromium::find() else { return };
    let loud = chromium.print("loud", &page("<script>undefinedThing()</script>"));
    assert!(
        loud.console.iter().any(|line| line.contains("undefinedThing is not defined")),
        "{:?}",
        loud.console
    );

    if crate::chromium::in_path("pdftotext".as_ref()).is_none() {
        return crate::chromium::not_checked("whether faults on paper are found (install poppler-utils)");
    }
    let body = "<style>@page { margin: 0 }</style><p style='display:none'>an answer</p><p>a <span>word</span><span style='margin-left:-1em'>upon</span></p>\
        <p style='white-space:nowrap;position:relative;left:-12px'>Wide</p><p style='font-size:3px'>minute</p>";
    let faults =
        paper::faults(&chromium.print("bad-paper", &page(body)), &["an answer".to_owned()]).join("\n");
    for fault in [
        "missing on paper: ‘an answer’",
        "overlapping, such as ‘word’ and ‘upon’",
        "cut off at the edge, such as ‘Wide’",
        "too small, such as ‘minute’",
    ] {
        assert!(faults.contains(fault), "{fault} is not among:\n{faults}");
    }
}
