//! Pages laid out in a real browser, at every width and in both colour schemes, and what is wrong there.

use crate::chromium::Chromium;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

const SCRIPTS: [&str; 5] = [
    include_str!("audit/structure.js"),
    include_str!("audit/text.js"),
    include_str!("audit/contrast.js"),
    include_str!("audit/legibility.js"),
    include_str!("audit/harness.js"),
];

/// Windows that a report is read in: two desks, a tablet laid and upright, two phones. In CSS pixels.
const SIZES: [(u32, u32); 6] = [(1440, 900), (1280, 800), (1024, 768), (768, 1024), (390, 844), (320, 640)];

/// So many findings are told in full.
const TOLD: usize = 60;

/// A page under a name that its findings bear.
#[derive(Serialize)]
pub struct Page {
    pub name: String,
    pub html: String,
    pub views: Vec<View>,
}

/// One way of looking at a page.
#[derive(Serialize)]
pub struct View {
    name: String,
    width: u32,
    height: u32,
    scheme: &'static str,
    print: bool,
}

/// One thing that is wrong with a page.
#[derive(Debug, Deserialize)]
pub struct Finding {
    pub page: String,
    pub view: String,
    /// Such as `overlap`, `cut-off` or `contrast`.
    pub kind: String,
    /// A selector.
    pub r#where: String,
    pub text: String,
    pub detail: String,
}

#[derive(Deserialize)]
struct Findings {
    frames: usize,
    findings: Vec<Finding>,
}

impl Page {
    /// In all windows, in half of them in the dark as well, and on paper.
    pub fn everywhere(name: &str, html: String) -> Page {
        let mut views = vec![View::on_paper()];
        views.extend(SIZES.iter().map(|size| View::of(*size, "light")));
        // The dark has other colours and the same places.
        views.extend(SIZES.iter().skip(1).step_by(2).map(|size| View::of(*size, "dark")));
        Page { name: name.to_owned(), html, views }
    }
}

impl View {
    pub fn of((width, height): (u32, u32), scheme: &'static str) -> View {
        View { name: format!("{width} px, {scheme}"), width, height, scheme, print: false }
    }

    /// Its width is that of the paper, less the margins that the page asks for.
    pub fn on_paper() -> View {
        View { name: "paper".to_owned(), width: 700, height: 900, scheme: "light", print: true }
    }
}

/// Lays all pages out in one browser and returns what is wrong with them.
pub fn audit(chromium: &Chromium, name: &str, pages: &[Page]) -> Vec<Finding> {
    // In a script element nothing but its own end is markup.
    let json = serde_json::to_string(pages).unwrap().replace('<', "\\u003c");
    let harness = format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Audit</title><body>\n\
         <script type=\"application/json\" id=\"pages\">{json}</script>\n<script>\n{}</script></body></html>\n",
        SCRIPTS.join("\n")
    );
    let dump = chromium.dump(name, &harness);
    let told = dump.split("findings:").nth(1).and_then(|rest| rest.split(":findings").next());
    let Some(told) = told else { panic!("the audit of {name} did not come to its end:\n{dump:.2000}") };
    let told: Findings = serde_json::from_str(told).unwrap();
    assert_eq!(told.frames, pages.iter().map(|page| page.views.len()).sum::<usize>(), "views audited");
    told.findings
}

/// Fails with all that was found; what is wrong with elements in like places is told once.
pub fn expect_none(findings: &[Finding]) {
    let mut told: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let places: String =
            finding.r#where.split(":nth-of-type(").map(|part| part.trim_start_matches(NUMBER)).collect();
        told.entry(format!("{}: {} at {places}", finding.page, finding.kind)).or_default().push(finding);
    }
    let lines: Vec<String> = told
        .iter()
        .take(TOLD)
        .map(|(place, alike)| {
            let views: BTreeSet<&str> = alike.iter().map(|finding| finding.view.as_str()).collect();
            let views: Vec<&str> = views.into_iter().collect();
            format!("{place}, {} times in {}; the first: {}", alike.len(), views.join("; "), alike[0])
        })
        .collect();
    assert!(
        told.is_empty(),
        "{} things are wrong, of which these are the first:\n{}",
        told.len(),
        lines.join("\n")
    );
}

/// What is left of `:nth-of-type(3)` when it was split off.
const NUMBER: [char; 11] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ')'];

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‘{}’, {}", self.text, self.detail)
    }
}
