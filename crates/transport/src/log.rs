//! The newest updates of one topic.

use crate::{Seq, Update};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Entries that are looked at one by one, from the newest, before all are searched.
const NEWEST: usize = 4;

/// A bounded log, and who reads it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Arc<Update>>,
    /// The newest update that has been dropped; zero when none has.
    pub(crate) dropped_through: Seq,
    /// (reader, place of this topic in the reader's list).
    pub(crate) readers: Vec<(usize, usize)>,
    /// Appended to since the readers were last told.
    pub(crate) has_news: bool,
    /// Every update of it counts: no reader skips any.
    pub(crate) in_full: bool,
}

impl Log {
    pub(crate) fn append(&mut self, update: Arc<Update>, retention: usize) {
        self.entries.push_back(update);
        if self.entries.len() > retention
            && let Some(oldest) = self.entries.pop_front()
        {
            self.dropped_through = oldest.seq;
        }
    }

    /// The entries behind `after`, up to and with `through`.
    pub(crate) fn between(&self, after: Seq, through: Seq) -> Range<usize> {
        let end = self.count_through(through);
        self.count_through(after).min(end)..end
    }

    /// One of those.
    pub(crate) fn entry(&self, index: usize) -> &Arc<Update> {
        &self.entries[index]
    }

    fn count_through(&self, seq: Seq) -> usize {
        // Most readers have everything, or all but the newest few: those are where to look first.
        let mut newest = self.entries.iter().rev().take(NEWEST);
        match newest.position(|update| update.seq <= seq) {
            Some(newer) => self.entries.len() - newer,
            None => self.entries.partition_point(|update| update.seq <= seq),
        }
    }
}
