//! What came of claims and objectives.

use results::Run;
use serde::Serialize;
use verdict::{Checked, Judgement};

#[derive(Serialize)]
pub(crate) struct Claim {
    says: String,
    answer: &'static str,
    checks: Vec<Check>,
    boundary: Option<String>,
    model: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Held {
    label: String,
    /// Needs that it can't meet.
    lacks: Vec<String>,
    /// Met where the answer is `holds`.
    objectives: Vec<Check>,
}

/// Values are nanoseconds, bytes, parts of one or plain numbers, as the figure is; never, and what is not known,
/// is null.
#[derive(Serialize)]
pub(crate) struct Check {
    measure: String,
    of: String,
    against: Option<String>,
    are_factors: bool,
    at_least: Option<f64>,
    at_most: Option<f64>,
    of_value: Option<f64>,
    against_value: Option<f64>,
    /// The figure, difference or factor over rounds, with its 95 % interval.
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    answer: &'static str,
    why: Option<String>,
}

pub(crate) fn claims(run: &Run, judgement: &Judgement) -> Vec<Claim> {
    let claim = |claimed: verdict::Claimed| Claim {
        says: claimed.says,
        answer: claimed.answer.key(),
        checks: claimed.checks.into_iter().map(check).collect(),
        boundary: claimed.boundary,
        model: claimed.model,
    };
    verdict::claims::claims(run, judgement).into_iter().map(claim).collect()
}

/// Empty where the scenario asks nothing.
pub(crate) fn objectives(run: &Run, judgement: &Judgement) -> Vec<Held> {
    if !verdict::objectives::asks(run) {
        return Vec::new();
    }
    let held = |held: verdict::Held| Held {
        label: held.label,
        lacks: held.lacks,
        objectives: held.objectives.into_iter().map(check).collect(),
    };
    verdict::objectives::objectives(run, judgement).into_iter().map(held).collect()
}

fn check(checked: Checked) -> Check {
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    Check {
        answer: checked.answer.key(),
        are_factors: checked.limits.are_factors,
        at_least: checked.limits.at_least,
        at_most: checked.limits.at_most,
        of_value: checked.of_value.and_then(finite),
        against_value: checked.against_value.and_then(finite),
        value: checked.shown.and_then(|shown| finite(shown.value)),
        low: checked.shown.and_then(|shown| finite(shown.low)),
        high: checked.shown.and_then(|shown| finite(shown.high)),
        measure: checked.measure,
        of: checked.of,
        against: checked.against,
        why: checked.why,
    }
}

/// The columns of [`checks_csv()`], in their order. Values are nanoseconds, bytes, parts of one or plain numbers.
pub const CHECK_COLUMNS: [&str; 15] = [
    "kind",
    "says",
    "answer",
    "measure",
    "of",
    "against",
    "are_factors",
    "at_least",
    "at_most",
    "of_value",
    "against_value",
    "value",
    "low",
    "high",
    "why",
];

/// Every check of a claim, and every objective of every transport, as a row of comma-separated values under
/// [`CHECK_COLUMNS`]. None where the scenario claims and asks nothing.
///
/// # Panics
/// Never: all rows have as many cells, and memory takes them.
#[must_use]
pub fn checks_csv(run: &Run) -> Option<String> {
    let judgement = Judgement::of(run);
    let claims = claims(run, &judgement).into_iter().flat_map(|claim| {
        let says = claim.says;
        claim.checks.into_iter().map(move |check| row("claim", &says, check))
    });
    let objectives = objectives(run, &judgement)
        .into_iter()
        .flat_map(|held| held.objectives.into_iter().map(|check| row("objective", "", check)));
    let rows: Vec<[String; 15]> = claims.chain(objectives).collect();
    if rows.is_empty() {
        return None;
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(CHECK_COLUMNS).expect("memory takes every row");
    for row in rows {
        writer.write_record(row).expect("memory takes every row, and all have as many cells");
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    Some(String::from_utf8(bytes).expect("rows are made of text"))
}

fn row(kind: &str, says: &str, check: Check) -> [String; 15] {
    let told = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    [
        kind.to_owned(),
        says.to_owned(),
        check.answer.to_owned(),
        check.measure,
        check.of,
        check.against.unwrap_or_default(),
        check.are_factors.to_string(),
        told(check.at_least),
        told(check.at_most),
        told(check.of_value),
        told(check.against_value),
        told(check.value),
        told(check.low),
        told(check.high),
        check.why.unwrap_or_default(),
    ]
}
