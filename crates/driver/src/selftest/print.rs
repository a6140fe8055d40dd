//! Findings and checks as text for a person and as a document for a script.

use super::conclusion::Conclusion;
use super::lab::Dose;
use super::machine::{Finding, Grade};
use super::sheet::{Figure, Outcome, Unit, Verdict};
use crate::{machine, paint, terminal};
use serde_json::json;

/// The version of the document that `--json` prints.
const DOCUMENT: u32 = 1;

/// What was found about the machine.
#[must_use]
pub fn findings(findings: &[Finding]) -> String {
    let mut text = "The machine".to_owned();
    for Finding { what, found, wanted, grade, advice } in findings {
        let grade_text = match grade {
            Grade::Good => paint::good("good"),
            Grade::Note => "note".to_owned(),
            Grade::Bad => paint::bad("BAD "),
        };
        text.push_str(&format!("\n  {grade_text}  {what:<15} {found}"));
        if *grade != Grade::Good {
            text.push_str(&format!("\n        {:<15} wanted: {wanted}", ""));
            if let Some(advice) = advice {
                text.push_str(&format!("\n        {:<15} {advice}", ""));
            }
        }
    }
    text
}

/// What came of a check.
#[must_use]
pub fn outcome(outcome: &Outcome) -> String {
    let word = match outcome.verdict {
        Verdict::Holds => "holds".to_owned(),
        Verdict::Broken => "BROKEN".to_owned(),
        Verdict::Inconclusive => format!("inconclusive: {}", outcome.evidence),
    };
    let again = if outcome.attempts > 1 { " (second attempt)" } else { "" };
    let rows = outcome.figures.iter().map(row);
    let table = terminal::table(&["", "measured", "predicted", "off", "allowed", ""], rows);
    let others =
        outcome.others.map(|share| format!("others used at most {:.1} % of the machine", share * 100.0));
    let remarks: String =
        others.iter().chain(&outcome.remarks).map(|remark| format!("\n  {remark}")).collect();
    format!("\n{}{again}\n{}{remarks}\n  {word}", outcome.check, indented(&table))
}

fn row(figure: &Figure) -> Vec<String> {
    let print = |value: f64| match figure.unit {
        Unit::Ms => format!("{value:.2} ms"),
        Unit::Ratio => format!("{value:.3}"),
        Unit::Count => format!("{value:.0}"),
    };
    let signed = |value: f64| if value > 0.0 { format!("+{}", print(value)) } else { print(value) };
    let measured = figure.measured.map_or_else(|| "nothing".to_owned(), print);
    let off = figure.measured.map_or_else(String::new, |measured| signed(measured - figure.predicted));
    let mark = if figure.holds { "" } else { "<-- off" };
    vec![figure.what.clone(), measured, print(figure.predicted), off, allowed(figure, print), mark.to_owned()]
}

/// How far it may be off, in both directions.
fn allowed(figure: &Figure, print: impl Fn(f64) -> String) -> String {
    let (below, above) = (figure.predicted - figure.least, figure.most - figure.predicted);
    match (below - above).abs() < 1e-9 {
        true => format!("±{}", print(above)),
        false => format!("-{} +{}", print(below.abs()).trim_end_matches(" ms"), print(above)),
    }
}

fn indented(table: &str) -> String {
    table.lines().map(|line| format!("  {}", line.trim_end())).collect::<Vec<_>>().join("\n")
}

/// Everything, as one object.
#[must_use]
pub fn json(dose: Dose, findings: &[Finding], outcomes: &[Outcome], conclusion: &Conclusion) -> String {
    let edition = match dose {
        Dose::Short => "short",
        Dose::Thorough => "thorough",
    };
    json!({
        "selftest": DOCUMENT,
        "tool": machine::tool(),
        "edition": edition,
        "machine": findings,
        "checks": outcomes,
        "verdict": conclusion.word(),
        "trusted": conclusion.is_trusted(),
        "sentence": conclusion.text(),
    })
    .to_string()
}
