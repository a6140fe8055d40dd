//! The newest updates of one topic.

use crate::{Seq, Update};
use std::collections::VecDeque;
use std::sync::Arc;

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

    /// The updates behind `after`, up to and with `through`.
    pub(crate) fn between(&self, after: Seq, through: Seq) -> impl ExactSizeIterator<Item = &Arc<Update>> {
        let start = match self.entries.back() {
            // Most readers want the newest one only.
            Some(newest) if newest.seq <= after => self.entries.len(),
            _ => self.entries.partition_point(|update| update.seq <= after),
        };
        let end = match self.entries.back() {
            Some(newest) if newest.seq <= through => self.entries.len(),
            _ => self.entries.partition_point(|update| update.seq <= through),
        };
        self.entries.range(start..end.max(start))
    }
}
