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
        && rest(&one.scenario_text, key) == rest(&two.scenario_text, key)
}

/// A scenario's text without the key, and without what does not count. What is written in a way that is not seen
/// through here stays, and makes two texts differ rather than alike.
fn rest(text: &str, key: &str) -> Vec<String> {
    tables(text).iter().flat_map(|table| table.rest(key)).collect()
}

/// A table of a scenario: `[subscribers]`, one of `[[topic]]`, or what stands before them all.
#[derive(Default)]
struct Table<'t> {
    head: &'t str,
    lines: Vec<&'t str>,
}

fn tables(text: &str) -> Vec<Table<'_>> {
    let mut tables = vec![];
    let mut table = Table::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.starts_with('[') {
            true => tables.push(std::mem::replace(&mut table, Table { head: line, lines: Vec::new() })),
            false => table.lines.push(line),
        }
    }
    tables.push(table);
    tables
}

impl Table<'_> {
    fn rest(&self, key: &str) -> Vec<String> {
        let (key, beside) = (self.within(key), self.within(BESIDE));
        let stays = |line: &&str| own_key(line).is_none_or(|own| Some(own) != key && Some(own) != beside);
        let lines = self.lines.iter().filter(|line| stays(line)).map(|line| without(line, key));
        std::iter::once(self.head.to_owned()).chain(lines).collect()
    }

    /// The part of a key that this table's lines begin with; None for a key of another table. One of a list is
    /// called by its name.
    fn within<'k>(&self, key: &'k str) -> Option<&'k str> {
        if self.head.is_empty() {
            return Some(key);
        }
        let name = self.head.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
        let inner = key.strip_prefix(name)?.strip_prefix('.')?;
        if !self.head.starts_with("[[") {
            return Some(inner);
        }
        let named = |line: &&str| own_key(line).is_some_and(|own| ["name", "label", "use"].contains(&own));
        let names =
            self.lines.iter().filter(|line| named(line)).filter_map(|line| line.split(['"', '\'']).nth(1));
        names.filter_map(|name| inner.strip_prefix(name)?.strip_prefix('.')).next()
    }
}

/// What a line sets.
fn own_key(line: &str) -> Option<&str> {
    line.split_once('=').map(|(own, _)| own.trim())
}

/// A line without the key, where it stands in braces: `subscribers = { count = 5, ramp = "1s" }`.
fn without(line: &str, key: Option<&str>) -> String {
    let inner = || key?.strip_prefix(own_key(line)?)?.strip_prefix('.');
    let Some((_, word)) = inner().map(|inner| inner.rsplit_once('.').unwrap_or(("", inner))) else {
        return line.to_owned();
    };
    let sets = |part: &&str| own_key(part).is_some_and(|own| own.trim_start_matches(['{', ' ']) == word);
    let Some((own, table)) = line.split_once('=') else { return line.to_owned() };
    let parts: Vec<&str> = table.trim_end_matches(['}', ' ']).split(',').filter(|part| !sets(part)).collect();
    format!("{own}={}", parts.join(","))
}
