//! Reading a hub: the one way in which every transport gets its updates.

use crate::hub::State;
use crate::log::Log;
use crate::{Batch, Event, Hub, Seq, Subscription, Update};
use futures_util::Stream;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Most updates in one batch: a reader that is far behind catches up in steps of this size.
const BATCH_UPDATES: usize = 256;
/// Most bytes of bodies in one batch, but never less than one update.
const BATCH_BYTES: usize = 64 << 10;

/// What a hub knows of one reader that waits.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) waker: Option<Waker>,
    /// Places (in the feed's list of topics) with news, each noted once.
    news: Vec<u32>,
    noted: Vec<bool>,
    /// Where this reader stands in the list of readers of each of its topics.
    slots: Vec<usize>,
}

impl Reader {
    fn wakes(&mut self, waker: &Waker) {
        match &mut self.waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    pub(crate) fn note(&mut self, place: usize) {
        if !std::mem::replace(&mut self.noted[place], true) {
            self.news.push(place as u32);
        }
    }
}

/// The updates of some topics behind a cursor, as batches; it ends when the hub is closed.
#[derive(Debug)]
pub struct Feed {
    hub: Hub,
    /// Its number among those who wait; none before it first had to.
    reader: Option<usize>,
    topics: Vec<u32>,
    position: Seq,
    conflate: bool,
    /// Any topic may hold something new, not only those noted as news.
    scan_all: bool,
    /// Topics with news that did not fit into the last batch.
    left: Vec<u32>,
    /// The gap that the reader was last told of, and whether it must be told of one in any case.
    told_gap: Seq,
    from_elsewhere: bool,
}

impl Feed {
    pub(crate) fn new(hub: Hub, subscription: &Subscription) -> Self {
        let state = hub.state();
        let known = state.logs.len();
        let asked = subscription.topics.as_slice().iter();
        let topics = asked.copied().filter(|topic| (*topic as usize) < known).collect();
        // A cursor from before a restart means nothing here: all there is, and a gap, are the answer.
        let from_elsewhere = subscription.cursor > state.last;
        drop(state);
        Feed {
            hub,
            reader: None,
            topics,
            position: if from_elsewhere { 0 } else { subscription.cursor },
            conflate: subscription.conflate,
            scan_all: true,
            left: Vec::new(),
            told_gap: 0,
            from_elsewhere,
        }
    }

    /// What there is now, without waiting; an empty batch when there is nothing.
    pub fn try_batch(&mut self) -> Batch {
        let hub = self.hub.clone();
        let mut state = hub.state();
        self.read(&mut state)
    }

    /// Whether the last batch was full, and what it had no room for waits.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        !self.left.is_empty()
    }

    /// Whether the hub was closed and everything has been read.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let state = self.hub.state();
        state.closed && !self.scan_all && self.left.is_empty() && state.last <= self.position
    }

    fn read(&mut self, state: &mut State) -> Batch {
        if let Some(update) = self.read_one(state) {
            return Event::Update(update).into();
        }
        let through = if self.scan_all { state.last } else { state.announced };
        let span = Span { after: self.position, through, conflate: self.conflate };
        let places = self.places_to_read(state);
        let mut merge = Merge::new(state, &self.topics, &places, span);
        let updates = merge.take_batch();
        // What did not fit is read next, from the seq of what did.
        self.left = merge.left();
        let cut = updates.last().map(|(update, _)| update.seq).filter(|_| !self.left.is_empty());
        let read_through = cut.unwrap_or(through.max(self.position));
        let skipped =
            if self.conflate && cut.is_some() { merge.skipped_before(read_through) } else { Vec::new() };
        let gap = self.gap(merge.gap(read_through));
        self.scan_all &= cut.is_some();
        self.position = read_through;
        into_batch(gap, updates, skipped)
    }

    /// Whether nothing has been announced since a reading that left nothing; then who waits is entered again.
    fn has_all(&self, state: &mut State, cx: &Context<'_>) -> bool {
        let idle = !self.scan_all && self.left.is_empty() && !state.closed;
        let reader = self.reader.and_then(|reader| state.readers[reader].as_mut());
        match reader {
            Some(reader) if idle && reader.news.is_empty() => {
                reader.wakes(cx.waker());
                true
            }
            _ => false,
        }
    }

    /// What nearly every reading of a live feed comes to: one topic has news, and the news is one update. The
    /// same as what the general way finds, without its lists.
    fn read_one(&mut self, state: &mut State) -> Option<Arc<Update>> {
        if self.scan_all || !self.left.is_empty() || self.from_elsewhere {
            return None;
        }
        let reader = state.readers[self.reader?].as_mut()?;
        let [place] = reader.news[..] else { return None };
        let log = &state.logs[self.topics[place as usize] as usize];
        let range = log.between(self.position, state.announced);
        if range.len() != 1 || log.dropped_through > self.position {
            return None;
        }
        reader.news.clear();
        reader.noted[place as usize] = false;
        self.position = state.announced;
        Some(log.entry(range.start).clone())
    }

    /// The gap to tell of, unless it has been told.
    fn gap(&mut self, found: Seq) -> Option<Seq> {
        let is_new = std::mem::take(&mut self.from_elsewhere) || found > self.told_gap;
        self.told_gap = self.told_gap.max(found);
        is_new.then_some(found)
    }

    fn places_to_read(&mut self, state: &mut State) -> Vec<u32> {
        let noted = self.reader.map(|reader| state.take_news(reader)).unwrap_or_default();
        if self.scan_all {
            return (0..self.topics.len() as u32).collect();
        }
        let mut places = std::mem::take(&mut self.left);
        if places.is_empty() {
            return noted;
        }
        places.extend(noted);
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Enters the list of those who are told of news.
    fn wait(&mut self, state: &mut State, waker: &Waker) {
        let reader = *self.reader.get_or_insert_with(|| state.enter(&self.topics));
        if let Some(reader) = &mut state.readers[reader] {
            reader.wakes(waker);
        }
    }
}

impl Stream for Feed {
    type Item = Batch;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Batch>> {
        let hub = self.hub.clone();
        let mut state = hub.state();
        if self.has_all(&mut state, cx) {
            return Poll::Pending;
        }
        // Whoever was not in the list yet may have missed what was told to it.
        self.scan_all |= self.reader.is_none();
        let batch = self.read(&mut state);
        if !batch.events.is_empty() {
            return Poll::Ready(Some(batch));
        }
        if state.closed && state.last <= self.position {
            return Poll::Ready(None);
        }
        self.wait(&mut state, cx.waker());
        Poll::Pending
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if let Some(reader) = self.reader {
            self.hub.state().leave(reader, &self.topics);
        }
    }
}

impl State {
    fn enter(&mut self, topics: &[u32]) -> usize {
        let id = self.free.pop().unwrap_or_else(|| {
            self.readers.push(None);
            self.readers.len() - 1
        });
        let mut reader = Reader { noted: vec![false; topics.len()], ..Reader::default() };
        for (place, topic) in topics.iter().enumerate() {
            let readers = &mut self.logs[*topic as usize].readers;
            reader.slots.push(readers.len());
            readers.push((id, place));
        }
        self.readers[id] = Some(reader);
        id
    }

    fn leave(&mut self, id: usize, topics: &[u32]) {
        let Some(reader) = self.readers[id].take() else { return };
        for (slot, topic) in reader.slots.iter().zip(topics) {
            let readers = &mut self.logs[*topic as usize].readers;
            readers.swap_remove(*slot);
            // The last reader of the list has moved into the free place.
            if let Some((moved, place)) = readers.get(*slot)
                && let Some(moved) = &mut self.readers[*moved]
            {
                moved.slots[*place] = *slot;
            }
        }
        self.free.push(id);
    }

    fn take_news(&mut self, id: usize) -> Vec<u32> {
        let Some(reader) = &mut self.readers[id] else { return Vec::new() };
        for place in &reader.news {
            reader.noted[*place as usize] = false;
        }
        std::mem::take(&mut reader.news)
    }
}

/// What a reading is about.
#[derive(Debug, Clone, Copy)]
struct Span {
    after: Seq,
    through: Seq,
    conflate: bool,
}

impl Span {
    /// Whether only the newest update of this log is wanted.
    fn skips(self, log: &Log) -> bool {
        self.conflate && !log.in_full
    }
}

/// Merges the logs of some topics in the hub's order, as far as one batch goes.
struct Merge<'a> {
    logs: Vec<(u32, u32, &'a Log)>,
    span: Span,
    /// The next update of each log that has one, the earliest on top: (seq, which log, which entry).
    next: BinaryHeap<Reverse<(Seq, usize, usize)>>,
}

impl<'a> Merge<'a> {
    fn new(state: &'a State, topics: &[u32], places: &[u32], span: Span) -> Self {
        let log = |place: &u32| {
            let topic = topics[*place as usize];
            (*place, topic, &state.logs[topic as usize])
        };
        let logs: Vec<(u32, u32, &Log)> = places.iter().map(log).collect();
        let first = |(which, (_, _, log)): (usize, &(u32, u32, &Log))| {
            let range = log.between(span.after, span.through);
            let entry = if span.skips(log) { range.end.checked_sub(1)? } else { range.start };
            (!range.is_empty()).then(|| Reverse((log.entry(entry).seq, which, entry)))
        };
        let next = logs.iter().enumerate().filter_map(first).collect();
        Merge { logs, span, next }
    }

    /// The updates of one batch, each with the number of those left out before it.
    fn take_batch(&mut self) -> Vec<(Arc<Update>, u64)> {
        let (mut updates, mut bytes) = (Vec::new(), 0);
        while let Some(Reverse((_, which, entry))) = self.next.peek().copied() {
            let log = self.logs[which].2;
            let update = log.entry(entry);
            bytes += update.body.len();
            if updates.len() == BATCH_UPDATES || (!updates.is_empty() && bytes > BATCH_BYTES) {
                break;
            }
            self.next.pop();
            let range = log.between(self.span.after, self.span.through);
            let skipped = if self.span.skips(log) { (range.len() - 1) as u64 } else { 0 };
            updates.push((update.clone(), skipped));
            if entry + 1 < range.end {
                self.next.push(Reverse((log.entry(entry + 1).seq, which, entry + 1)));
            }
        }
        updates
    }

    /// The places of the logs that have more.
    fn left(&self) -> Vec<u32> {
        self.next.iter().map(|Reverse((_, which, _))| self.logs[*which].0).collect()
    }

    /// Conflating, a log whose newest update did not fit has older ones that the next reading, which
    /// goes on behind `cut`, will not see: (topic, how many).
    fn skipped_before(&self, cut: Seq) -> Vec<(u32, u64)> {
        let waiting = self.next.iter().map(|Reverse((_, which, _))| &self.logs[*which]);
        let waiting = waiting.filter(|(_, _, log)| self.span.skips(log));
        let counted = waiting.map(|(_, topic, log)| (*topic, log.between(self.span.after, cut).len() as u64));
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// The newest update that is gone, of those that this reading would have held.
    fn gap(&self, read_through: Seq) -> Seq {
        let dropped = self.logs.iter().map(|(_, _, log)| log.dropped_through.min(read_through));
        dropped.filter(|dropped| *dropped > self.span.after).max().unwrap_or(0)
    }
}

fn into_batch(gap: Option<Seq>, updates: Vec<(Arc<Update>, u64)>, skipped: Vec<(u32, u64)>) -> Batch {
    let mut events: Vec<Event> = gap.map(|through| Event::Gap { through }).into_iter().collect();
    events.reserve_exact(updates.len() + skipped.len());
    for (update, skipped) in updates {
        if skipped > 0 {
            events.push(Event::Skipped { topic: update.topic, count: skipped });
        }
        events.push(Event::Update(update));
    }
    events.extend(skipped.into_iter().map(|(topic, count)| Event::Skipped { topic, count }));
    Batch { events }
}

#[cfg(test)]
mod tests;
