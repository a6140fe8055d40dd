//! Which transports meet what a scenario asks of them.

use crate::Judgement;
use crate::claims::{self, Answer, Checked, unusable};
use results::{CheckRecord, ObjectiveRecord, Run};

/// One transport, held against every objective of the run.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Which transport.
    pub label: String,
    /// Needs that it can't meet, in the scenario's words.
    pub lacks: Vec<String>,
    /// What came of each objective, in the order of the header: met where it holds.
    pub objectives: Vec<Checked>,
}

/// Every transport but repetitions against every objective.
#[must_use]
pub fn objectives(run: &Run, judgement: &Judgement) -> Vec<Held> {
    let unusable = unusable(run);
    let entries = run.header.entries.iter().filter(|entry| entry.control_of.is_none());
    let held = |entry: &results::EntryRecord| Held {
        label: entry.label.clone(),
        lacks: run.header.needs.iter().filter(|need| !entry.can(need)).cloned().collect(),
        objectives: run
            .header
            .objectives
            .iter()
            .map(|objective| claims::check(run, judgement, &of(objective, &entry.label), unusable.as_deref()))
            .collect(),
    };
    entries.map(held).collect()
}

/// Whether the scenario of a run asks anything of its transports.
#[must_use]
pub fn asks(run: &Run) -> bool {
    !run.header.objectives.is_empty() || !run.header.needs.is_empty()
}

fn of(objective: &ObjectiveRecord, label: &str) -> CheckRecord {
    CheckRecord {
        figure: objective.figure.clone(),
        at: objective.at.clone(),
        of: label.to_owned(),
        against: None,
        limits: objective.limits,
    }
}

impl Held {
    /// Those that it was found to miss.
    pub fn missed(&self) -> impl Iterator<Item = &Checked> {
        self.objectives.iter().filter(|objective| objective.answer == Answer::DoesNotHold)
    }

    /// Those of which it can't be told.
    pub fn open(&self) -> impl Iterator<Item = &Checked> {
        self.objectives.iter().filter(|objective| objective.answer == Answer::CantTell)
    }
}
