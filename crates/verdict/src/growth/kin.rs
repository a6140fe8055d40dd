//! Which runs belong together, and in what they differ.

use super::{Step, Value};
use results::Run;
use std::collections::BTreeMap;

/// It is looked at before the rounds and bears on none of them.
const BESIDE: &str = "idle_connections";

/// The one key in which the runs differ, and the runs by its values.
pub(super) fn steps(runs: &[Run]) -> Option<(String, Vec<Step>)> {
    let (first, others) = runs.split_first()?;
    let changes: Vec<BTreeMap<&str, &str>> = runs.iter().map(changes).collect();
    let differs = |key: &&str| changes.iter().any(|other| other.get(key) != changes[0].get(key));
    let mut differing: Vec<&str> = changes.iter().flat_map(BTreeMap::keys).copied().filter(differs).collect();
    differing.sort_unstable();
    differing.dedup();
    let [key] = differing[..] else { return None };
    if !others.iter().all(|other| are_kin(first, other, key)) {
        return None;
    }
    let step = |(run, changes): (usize, &BTreeMap<&str, &str>)| {
        Some(Step { run, value: Value::parse(changes.get(key)?)? })
    };
    let mut steps = changes.iter().enumerate().map(step).collect::<Option<Vec<Step>>>()?;
    steps.sort_by(|one, two| one.value.number.total_cmp(&two.value.number));
    let grows = |pair: &[Step]| {
        pair[0].value.quantity == pair[1].value.quantity && pair[0].value.number < pair[1].value.number
    };
    (steps.len() > 1 && steps.windows(2).all(grows)).then(|| (key.to_owned(), steps))
}

/// What the command line changed; of a key that it changed twice, the last counts.
fn changes(run: &Run) -> BTreeMap<&str, &str> {
    let pairs = run.header.changes.iter().filter_map(|change| change.split_once(" = "));
    pairs.filter(|(key, _)| *key != BESIDE).collect()
}

/// Whether two runs are of the same scenario but for this key, made by the same program on the same machine.
fn are_kin(one: &Run, two: &Run, key: &str) -> bool {
    let (one, two) = (&one.header, &two.header);
    let labels = |header: &results::Header| -> Vec<String> {
        header.entries.iter().map(|entry| entry.label.clone()).collect()
    };
    one.scenario_name == two.scenario_name
        && labels(one) == labels(two)
        && one.tool == two.tool
        && (&one.machine.cpu_model, one.machine.cores) == (&two.machine.cpu_model, two.machine.cores)
        && rest(&one.scenario_text, key).eq(rest(&two.scenario_text, key))
}

/// A scenario's text without the lines in which the key, or what does not count, may stand.
fn rest<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    let word = key.rsplit('.').next().unwrap_or(key);
    let stays = move |line: &&str| !line.is_empty() && !line.contains(word) && !line.contains(BESIDE);
    text.lines().map(str::trim).filter(stays)
}
