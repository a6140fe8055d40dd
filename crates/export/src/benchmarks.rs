//! The figures of a decision for programs that follow them over time.

use results::Run;
use serde::Serialize;
use std::collections::BTreeMap;
use verdict::Decision;
use verdict::decision::Amount;

/// Bencher's metric format: for each entry and figure the value with its bounds, the ends of the 95 % interval.
///
/// <https://bencher.dev/docs/reference/bencher-metric-format/>
///
/// # Panics
/// Never: the document is made of strings and numbers.
#[must_use]
pub fn bencher(run: &Run) -> String {
    #[derive(Serialize)]
    struct Metric {
        value: f64,
        lower_value: f64,
        upper_value: f64,
    }
    let mut all: BTreeMap<String, BTreeMap<String, Metric>> = BTreeMap::new();
    for amount in amounts(run) {
        let name = format!("{}/{}", run.header.scenario_name, amount.label);
        let metric = Metric { value: amount.value, lower_value: amount.low, upper_value: amount.high };
        all.entry(name).or_default().insert(format!("{} ({})", amount.name, amount.unit), metric);
    }
    serde_json::to_string_pretty(&all).expect("figures are strings and numbers")
}

/// What github-action-benchmark reads as `customSmallerIsBetter`.
///
/// <https://github.com/benchmark-action/github-action-benchmark>
///
/// # Panics
/// Never: the document is made of strings and numbers.
#[must_use]
pub fn github(run: &Run) -> String {
    #[derive(Serialize)]
    struct Point {
        name: String,
        unit: &'static str,
        value: f64,
        range: String,
    }
    let point = |amount: Amount| Point {
        name: format!("{}/{}: {}", run.header.scenario_name, amount.label, amount.name),
        unit: amount.unit,
        value: amount.value,
        range: format!("{} to {}", amount.low, amount.high),
    };
    let all: Vec<Point> = amounts(run).into_iter().map(point).collect();
    serde_json::to_string_pretty(&all).expect("figures are strings and numbers")
}

/// JSON has no infinity: what never arrived is left out.
fn amounts(run: &Run) -> Vec<Amount> {
    let all = Decision::of(run).amounts();
    all.into_iter()
        .filter(|amount| [amount.value, amount.low, amount.high].iter().all(|v| v.is_finite()))
        .collect()
}
