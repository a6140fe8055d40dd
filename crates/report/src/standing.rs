//! Where each transport of a run stands: the one place where rounds are merged.

use ledger::Quantile;
use results::{EntryRecord, Merged, Run};

/// A transport and all that was measured of it.
pub(crate) struct Standing<'a> {
    pub entry: &'a EntryRecord,
    /// None while no round of it is closed.
    pub merged: Option<Merged>,
}

pub(crate) fn of(run: &Run) -> Vec<Standing<'_>> {
    let entries = run.header.entries.iter();
    entries.map(|entry| Standing { entry, merged: run.merged(&entry.label) }).collect()
}

impl Standing<'_> {
    pub fn label(&self) -> &str {
        &self.entry.label
    }

    /// A quantile of arrived minus due.
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        self.merged.as_ref()?.account.quantile(q)
    }
}
