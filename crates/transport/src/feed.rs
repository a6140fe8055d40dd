//! Reading a hub: the one way in which every transport gets its updates.

use crate::hub::State;
use crate::{Batch, Event, Hub, Seq, Subscription, Update};
use futures_core::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Most updates in one batch: a reader that is far behind catches up in steps of this size.
const BATCH_UPDATES: usize = 256;
/// Most bytes of bodies in one batch, but never less than one update.
const BATCH_BYTES: usize = 64 << 10;

/// What a hub knows of one reader.
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
    reader: usize,
    topics: Vec<u32>,
    position: Seq,
    conflate: bool,
    /// Some topic may hold more than what was noted as news.
    scan_all: bool,
    /// Topics with news that did not fit into the last batch.
    left: Vec<u32>,
    /// The gap that the reader was last told of.
    told_gap: Seq,
}

impl Feed {
    pub(crate) fn new(hub: Hub, subscription: &Subscription) -> Self {
        let mut state = hub.state();
        let known = state.logs.len();
        let asked = subscription.topics.as_slice().iter();
        let topics: Vec<u32> = asked.copied().filter(|topic| (*topic as usize) < known).collect();
        let reader = state.enter(&topics);
        drop(state);
        Feed {
            hub,
            reader,
            topics,
            position: subscription.cursor,
            conflate: subscription.conflate,
            scan_all: true,
            left: Vec::new(),
            told_gap: 0,
        }
    }

    /// What there is now, without waiting; an empty batch when there is nothing.
    pub fn try_batch(&mut self) -> Batch {
        let hub = self.hub.clone();
        let mut state = hub.state();
        self.read(&mut state)
    }

    /// Whether the hub was closed and everything has been read.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let state = self.hub.state();
        state.closed && !self.scan_all && self.left.is_empty() && state.last <= self.position
    }

    fn read(&mut self, state: &mut State) -> Batch {
        let through = if self.scan_all { state.last } else { state.announced };
        let places = self.places_to_read(state);
        let mut found = Found::default();
        for place in &places {
            found.take(state, self.topics[*place as usize], self.position, through, self.conflate);
        }
        let cut = found.order_and_cut();
        self.left.clear();
        self.scan_all = cut.is_some() && self.scan_all;
        if let Some(position) = cut {
            self.position = position;
            self.left = places;
        } else {
            self.position = self.position.max(through);
        }
        let gap = (found.gap > self.told_gap).then_some(found.gap);
        self.told_gap = self.told_gap.max(found.gap);
        found.into_batch(gap)
    }

    fn places_to_read(&mut self, state: &mut State) -> Vec<u32> {
        let noted = state.take_news(self.reader);
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
}

impl Stream for Feed {
    type Item = Batch;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Batch>> {
        let hub = self.hub.clone();
        let mut state = hub.state();
        let batch = self.read(&mut state);
        if !batch.events.is_empty() {
            return Poll::Ready(Some(batch));
        }
        if state.closed && state.last <= self.position {
            return Poll::Ready(None);
        }
        if let Some(reader) = &mut state.readers[self.reader] {
            match &mut reader.waker {
                Some(waker) => waker.clone_from(cx.waker()),
                none => *none = Some(cx.waker().clone()),
            }
        }
        Poll::Pending
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.hub.state().leave(self.reader, &self.topics);
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

/// What one reading finds, before it is put in order.
#[derive(Default)]
struct Found {
    updates: Vec<(Arc<Update>, u64)>,
    gap: Seq,
}

impl Found {
    /// Takes the updates of one topic, each with the number of those left out before it.
    fn take(&mut self, state: &State, topic: u32, after: Seq, through: Seq, conflate: bool) {
        let log = &state.logs[topic as usize];
        if log.dropped_through > after {
            self.gap = self.gap.max(log.dropped_through);
        }
        let mut waiting = log.between(after, through);
        let count = waiting.len();
        if conflate {
            if let Some(newest) = waiting.nth(count.saturating_sub(1)) {
                self.updates.push((newest.clone(), count as u64 - 1));
            }
        } else {
            // One more than fits, so that a full batch is known to be cut.
            self.updates.extend(waiting.take(BATCH_UPDATES + 1).map(|update| (update.clone(), 0)));
        }
    }

    /// Orders by seq; when it is too much for one batch, drops the rest and returns the seq of the
    /// last one kept.
    fn order_and_cut(&mut self) -> Option<Seq> {
        self.updates.sort_unstable_by_key(|(update, _)| update.seq);
        let (mut kept, mut bytes) = (0, 0);
        for (update, _) in &self.updates {
            bytes += update.body.len();
            if kept == BATCH_UPDATES || (kept > 0 && bytes > BATCH_BYTES) {
                break;
            }
            kept += 1;
        }
        if kept == self.updates.len() {
            return None;
        }
        self.updates.truncate(kept);
        self.updates.last().map(|(update, _)| update.seq)
    }

    fn into_batch(self, gap: Option<Seq>) -> Batch {
        let mut events: Vec<Event> = gap.map(|through| Event::Gap { through }).into_iter().collect();
        events.reserve_exact(self.updates.len());
        for (update, skipped) in self.updates {
            if skipped > 0 {
                events.push(Event::Skipped { topic: update.topic, count: skipped });
            }
            events.push(Event::Update(update));
        }
        Batch { events }
    }
}
