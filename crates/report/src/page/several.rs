//! What stands above several runs: which they are, and what each says.

use super::run::question;
use crate::table::Table;
use crate::{tables, warnings};
use results::Run;
use verdict::compare::Regression;
use verdict::{Comparison, Decision, Growth, format};

pub(super) struct Several {
    pub title: String,
    /// Where there are runs of several scenarios.
    pub which: Option<Table>,
    pub runs: Vec<Listed>,
    pub table: Table,
}

/// A run in a line or two.
pub(super) struct Listed {
    /// The address of its own page, where that is known.
    pub page: Option<String>,
    pub question: String,
    pub name: String,
    pub started: String,
    pub machine: String,
    pub answer: String,
    /// What it shows against the first run of the same scenario before it.
    pub change: Option<String>,
    /// How much speaks against it; empty where nothing does.
    pub warned: String,
}

impl Several {
    /// Of a series, what the runs differ in is known, and stands in place of what they have in common.
    pub fn of(runs: &[Run], pages: &[Option<String>], series: Option<&Growth>) -> Self {
        let step = |index: usize| {
            let growth = series?;
            Some(format!("{} = {}", growth.key, growth.steps.get(index)?.value.text))
        };
        let listed = |(index, run): (usize, &Run)| Listed {
            page: pages.get(index).cloned().flatten(),
            question: step(index).unwrap_or_else(|| question(run).to_owned()),
            name: run.header.scenario_name.clone(),
            started: format::date(&run.header.started),
            machine: format!("{}, {} cores", run.header.machine.cpu_model, run.header.machine.cores),
            answer: Decision::of(run).headline(),
            change: if series.is_none() { change(runs, index) } else { None },
            warned: warned(run),
        };
        Several {
            title: format!("{} runs", runs.len()),
            which: if series.is_none() { tables::which::table(runs) } else { None },
            runs: runs.iter().enumerate().map(listed).collect(),
            table: tables::runs::table(runs),
        }
    }
}

fn change(runs: &[Run], index: usize) -> Option<String> {
    let run = &runs[index];
    let same = |earlier: &&Run| earlier.header.scenario_name == run.header.scenario_name;
    let (number, base) = runs[..index].iter().enumerate().find(|(_, earlier)| same(earlier))?;
    let said = match verdict::compare(base, run, None) {
        Ok(comparison) => differences(&comparison),
        Err(refusal) => format!("can't compare: {refusal}."),
    };
    Some(format!("Against run {}: {said}", number + 1))
}

/// What was found to differ, worse first; what was not found is not said to be the same.
fn differences(comparison: &Comparison) -> String {
    let worse = comparison.regressions();
    let better = comparison.improvements();
    if worse.is_empty() && better.is_empty() {
        return format!("no difference beyond {} was found.", format::part(comparison.margin));
    }
    let better = better.iter().map(|contrast| {
        format!("{}: {} is {} times what it was.", contrast.other, contrast.metric, contrast.text())
    });
    worse.iter().map(Regression::sentence).chain(better).collect::<Vec<_>>().join(" ")
}

fn warned(run: &Run) -> String {
    let unfinished = (!run.is_complete()).then(|| "did not finish".to_owned());
    let invalid = verdict::warnings::first_line(run).map(|_| "do not use its numbers".to_owned());
    [invalid, unfinished, warnings::serious(run)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
