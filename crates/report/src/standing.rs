//! Where each transport of a run stands: the one place where rounds are merged and quantiles asked for.

use crate::chart::look::Look;
use results::{EntryRecord, Merged, Run};
pub(crate) use verdict::due::{Figure, Quantile, quantile, survivors};

/// Says of the raw-TCP row what it is there for.
const FLOOR: &str = "baseline";

/// Why a transport without a closed round has no figures.
pub(crate) const NOT_CLOSED: &str = "no round of this transport was closed";

/// A transport and all that was measured of it.
pub(crate) struct Standing<'a> {
    pub entry: &'a EntryRecord,
    name: String,
    /// How it is told apart in tables and charts.
    pub look: Look,
    /// None while no round of it is closed.
    pub merged: Option<Merged>,
    /// Rounds that the run began.
    pub started: usize,
}

pub(crate) fn of(run: &Run) -> Vec<Standing<'_>> {
    let started = run.rounds_started() as usize;
    let entries = run.header.entries.iter().zip(Look::deal(&run.header.entries));
    entries
        .map(|(entry, look)| Standing {
            entry,
            name: verdict::decision::names::among_all(run, &entry.label),
            look,
            merged: run.merged(&entry.label),
            started,
        })
        .collect()
}

/// All but those that only repeat another one: what charts draw.
pub(crate) fn without_controls<'a>(standings: &'a [Standing<'a>]) -> impl Iterator<Item = &'a Standing<'a>> {
    standings.iter().filter(|standing| standing.entry.control_of.is_none())
}

impl Standing<'_> {
    pub fn label(&self) -> &str {
        &self.entry.label
    }

    /// What prose and pictures call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A quantile of arrived minus due, of what was due.
    pub fn quantile(&self, q: f64) -> Quantile {
        quantile(&self.merged.as_ref().ok_or(NOT_CLOSED)?.account, q)
    }

    /// How many of its rounds ran to their end.
    pub fn closed(&self) -> usize {
        self.merged.as_ref().filter(|merged| merged.complete).map_or(0, |merged| merged.rounds)
    }

    /// Whether every round that the run began was closed.
    pub fn is_whole(&self) -> bool {
        self.closed() >= self.started
    }

    /// What has to be known of it before its figures are read; none when there is nothing.
    pub fn remark(&self) -> Option<String> {
        let floor = self.entry.floor.then(|| FLOOR.to_owned());
        let control = self.entry.control_of.as_ref().map(|of| format!("control: {of} once more"));
        let rounds =
            (!self.is_whole()).then(|| format!("closed {} of {} rounds", self.closed(), self.started));
        let cut_short = self.merged.as_ref().and_then(cut_short).map(str::to_owned);
        let remarks: Vec<String> = [floor, control, rounds, cut_short].into_iter().flatten().collect();
        (!remarks.is_empty()).then(|| remarks.join("; "))
    }
}

fn cut_short(merged: &Merged) -> Option<&'static str> {
    match (merged.complete, merged.left_out) {
        (false, _) => Some("all that there is was cut short"),
        (true, 0) => None,
        (true, _) => Some("what was cut short is left out"),
    }
}
