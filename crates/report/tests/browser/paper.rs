//! What is left of a page on paper, read with poppler's tools.

use crate::chromium::{Printed, in_path, not_checked};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Rounding, in points.
const SLACK: f64 = 1.0;
/// Letters of six points are some seven high, from accent to descender.
const LOWEST: f64 = 6.6;

/// What is wrong with a print, in words. `wanted` are texts that have to be on it.
pub fn faults(printed: &Printed, wanted: &[String]) -> Vec<String> {
    let mut faults: Vec<String> = printed.console.iter().map(|line| format!("console: {line}")).collect();
    let bytes = fs::read(&printed.pdf).unwrap_or_default();
    if !bytes.starts_with(b"%PDF-") || bytes.windows(11).all(|part| part != b"/Type /Page") {
        faults.push(format!("{} holds no page", printed.pdf.display()));
        return faults;
    }
    let Some(pdftotext) = in_path(Path::new("pdftotext")) else {
        not_checked("the text of printed pages (install poppler-utils)");
        return faults;
    };
    let read = |options: &[&str]| {
        let output = Command::new(&pdftotext).args(options).arg(&printed.pdf).arg("-").output().unwrap();
        assert!(output.status.success(), "pdftotext failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // In the order of drawing, so that a head of a column stays together though it has several lines.
    let text = solid(&read(&["-raw"]));
    let missing = wanted.iter().filter(|wanted| !text.contains(&solid(wanted)));
    faults.extend(missing.map(|wanted| format!("missing on paper: ‘{wanted}’")));
    for (number, page) in pages(&read(&["-bbox"])).iter().enumerate() {
        faults.extend(page.faults().iter().map(|fault| format!("page {}: {fault}", number + 1)));
    }
    faults
}

/// Without spaces and line breaks, which are not the same on paper.
fn solid(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// A sheet and its words, in points from its upper left corner.
struct Sheet {
    width: f64,
    height: f64,
    words: Vec<Word>,
}

struct Word {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    text: String,
}

/// The parts of poppler's XHTML, which has an element a line.
fn pages(xhtml: &str) -> Vec<Sheet> {
    let mut pages = Vec::new();
    for line in xhtml.lines().map(str::trim) {
        let number = |name: &str| -> f64 { attribute(line, name).unwrap().parse().unwrap() };
        if line.starts_with("<page ") {
            pages.push(Sheet { width: number("width"), height: number("height"), words: Vec::new() });
        } else if line.starts_with("<word ") {
            let text = line.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            pages.last_mut().unwrap().words.push(Word {
                left: number("xMin"),
                top: number("yMin"),
                right: number("xMax"),
                bottom: number("yMax"),
                text: text.to_owned(),
            });
        }
    }
    pages
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_once(&format!("{name}=\""))?.1.split('"').next()
}

impl Sheet {
    /// What is wrong, each kind once: how often, and the first word of it.
    fn faults(&self) -> Vec<String> {
        let outside = |word: &&Word| {
            word.left < -SLACK
                || word.top < -SLACK
                || word.right > self.width + SLACK
                || word.bottom > self.height + SLACK
        };
        let met = |at: usize| {
            let a = &self.words[at];
            self.words[at + 1..].iter().find(|b| a.meets(b)).map(|b| format!("‘{}’ and ‘{}’", a.text, b.text))
        };
        let quoted = |word: &Word| format!("‘{}’", word.text);
        let kinds: [(&str, Vec<String>); 3] = [
            ("cut off at the edge", self.words.iter().filter(outside).map(quoted).collect()),
            ("too small", self.words.iter().filter(|word| word.height() < LOWEST).map(quoted).collect()),
            ("overlapping", (0..self.words.len()).filter_map(met).collect()),
        ];
        let told = kinds.iter().filter(|(_, words)| !words.is_empty());
        told.map(|(kind, words)| format!("{} {kind}, such as {}", words.len(), words[0])).collect()
    }
}

impl Word {
    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether both share more than the room that letters leave free above and below.
    fn meets(&self, other: &Word) -> bool {
        let across = self.right.min(other.right) - self.left.max(other.left);
        let down = self.bottom.min(other.bottom) - self.top.max(other.top);
        across > SLACK && down > SLACK + 0.2 * self.height().min(other.height())
    }
}
