//! Where each transport of a run stands: the one place where rounds are merged.

use crate::format;
use ledger::{Account, Distribution};
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
    pub fn quantile(&self, q: f64) -> Option<Figure> {
        quantile(&self.merged.as_ref()?.account, q)
    }
}

/// A latency, and why it is not to be relied on, if so.
pub(crate) struct Figure {
    pub value_ns: u64,
    pub doubt: Option<String>,
}

impl Figure {
    pub fn is_known(&self) -> bool {
        self.doubt.is_none()
    }
}

/// The quantile `q` of arrived minus due; none when nothing arrived.
pub(crate) fn quantile(account: &Account, q: f64) -> Option<Figure> {
    let quantile = account.quantile(q)?;
    let few = (!quantile.trusted).then(|| {
        let beyond = quantile.distinct_updates_beyond;
        format!("{beyond} different updates lie beyond it, {} are needed", Distribution::TAIL_SAMPLES)
    });
    Some(Figure { value_ns: quantile.value_ns, doubt: absent(account, q).or(few) })
}

/// What never arrived is later than anything that did. Where that is more than the share beyond a
/// quantile, the quantile of what arrived is not the quantile of what was due.
fn absent(account: &Account, q: f64) -> Option<String> {
    let books = &account.books;
    let absent = books.expected.saturating_sub(books.delivered.saturating_add(books.superseded));
    (absent as f64 > books.expected as f64 * (1.0 - q)).then(|| {
        format!("{} of what was due never arrived, and is not in it", format::percent(absent, books.expected))
    })
}
