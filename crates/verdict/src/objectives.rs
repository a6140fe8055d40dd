//! Who meets what a scenario asks of a transport, and who of those costs least.

use crate::claims::{self, Answer, Checked, unusable};
use crate::ranking::{Ranking, behind, price};
use crate::{Contrast, Judgement, Metric, Reach, contestants};
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

/// Two transports that differ in memory per idle connection, in bytes.
pub(crate) struct Heavier {
    pub lightest: String,
    pub least: f64,
    pub label: String,
    pub bytes: f64,
}

/// Where every contestant ended, by the rule of scenarios that ask something.
pub(crate) struct Choice {
    /// All contestants.
    pub held: Vec<Held>,
    /// Can't do what is needed.
    pub unfit: Vec<Held>,
    /// Found to miss an objective.
    pub missing: Vec<Held>,
    /// The others: who did not deliver, who costs more, who is left.
    pub ranking: Ranking,
    /// Level in price with the cheapest, but with more memory per idle connection than the lightest by more than
    /// the margin.
    pub heavier: Vec<Heavier>,
    /// Level in that too, but found to send more bytes than the least.
    pub talkative: Vec<Contrast>,
}

impl Choice {
    pub fn of(run: &Run, judgement: &Judgement) -> Choice {
        let is_contestant = |held: &Held| contestants(run).any(|entry| entry.label == held.label);
        let held: Vec<Held> = objectives(run, judgement).into_iter().filter(is_contestant).collect();
        let (fit, unfit): (Vec<Held>, Vec<Held>) =
            held.iter().cloned().partition(|held| held.lacks.is_empty());
        let (meeting, missing): (Vec<Held>, Vec<Held>) =
            fit.into_iter().partition(|held| held.missed().next().is_none());
        let reaches = meeting.iter().map(|held| Reach::of(run, &held.label));
        let (whole, out): (Vec<Reach>, Vec<Reach>) = reaches.partition(Reach::is_whole);
        let level: Vec<String> = whole.into_iter().map(|reach| reach.label).collect();
        let price = price(run, &level);
        let (_, dearer, cheap) = behind(run, judgement, price, &level);
        let (heavier, light) = heavier(run, &cheap);
        let (_, talkative, recommended) = match price {
            Metric::Bytes => (None, Vec::new(), light),
            _ => behind(run, judgement, Metric::Bytes, &light),
        };
        let ranking = Ranking {
            out,
            fastest: None,
            slower: Vec::new(),
            level,
            price,
            dearer,
            kept: Vec::new(),
            recommended,
        };
        Choice { held, unfit, missing, ranking, heavier, talkative }
    }

    /// What is known of this one.
    pub fn held(&self, label: &str) -> Option<&Held> {
        self.held.iter().find(|held| held.label == label)
    }
}

/// Those with more memory per idle connection than the least by more than the margin, and all others. Nobody
/// goes where some are not known.
fn heavier(run: &Run, labels: &[String]) -> (Vec<Heavier>, Vec<String>) {
    let bytes = |label: &String| run.idle.as_ref()?.per_connection(label).filter(|bytes| *bytes > 0.0);
    let known: Option<Vec<(&String, f64)>> =
        labels.iter().map(|label| Some((label, bytes(label)?))).collect();
    let known = known.unwrap_or_default();
    let Some(&(lightest, least)) = known.iter().min_by(|(_, one), (_, two)| one.total_cmp(two)) else {
        return (Vec::new(), labels.to_vec());
    };
    let is_heavier = |(_, bytes): &&(&String, f64)| *bytes > least * (1.0 + run.header.margin);
    let heavier: Vec<_> = known
        .iter()
        .filter(is_heavier)
        .map(|&(label, bytes)| Heavier { lightest: lightest.clone(), least, label: label.clone(), bytes })
        .collect();
    let is_light = |label: &&String| heavier.iter().all(|heavier| heavier.label != **label);
    let light = labels.iter().filter(is_light).cloned().collect();
    (heavier, light)
}
