//! What is carried.

use bytes::Bytes;
use std::sync::{Arc, OnceLock};

/// The place of an update in the order of its hub, from 1 up; one number is a cursor for any set of
/// topics. Zero stands before the first update.
pub type Seq = u64;

/// One update, shared by all who read it.
#[derive(Debug)]
pub struct Update {
    /// Its place in the hub's order.
    pub seq: Seq,
    /// The topic it belongs to.
    pub topic: u32,
    /// What it says: UTF-8 text with LF line ends, without CR and NUL, unless its hub is binary.
    pub body: Bytes,
    is_binary: bool,
    encoded: OnceLock<Bytes>,
}

impl Update {
    /// An update as the hub has it, or as it arrived.
    #[must_use]
    pub fn new(seq: Seq, topic: u32, body: Bytes) -> Self {
        Update { seq, topic, body, is_binary: false, encoded: OnceLock::new() }
    }

    /// An update whose body may be any bytes.
    #[must_use]
    pub fn binary(seq: Seq, topic: u32, body: Bytes) -> Self {
        Update { is_binary: true, ..Update::new(seq, topic, body) }
    }

    /// Whether the body may be any bytes, for those who have to encode it. Of an update that arrived it
    /// says nothing: not every transport tells.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.is_binary
    }

    /// The bytes that a transport sends for this update: made by `encode` for the first reader,
    /// shared by all others. A hub is served by one transport, so there is one encoding.
    pub fn encoded(&self, encode: impl FnOnce(&Update) -> Bytes) -> &Bytes {
        self.encoded.get_or_init(|| encode(self))
    }
}

/// What a subscriber is told.
#[derive(Debug, Clone)]
pub enum Event {
    /// Something new.
    Update(Arc<Update>),
    /// So many older updates of a topic were left out in favour of the next one (conflation).
    Skipped {
        /// The topic.
        topic: u32,
        /// How many.
        count: u64,
    },
    /// The log no longer reached back to the reader's cursor: updates up to this one are missing.
    Gap {
        /// The newest update that the log has dropped.
        through: Seq,
    },
}

/// What came at once: in one frame, one event or one response. An empty one is a poll that brought
/// nothing.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// In the order of the hub.
    pub events: Vec<Event>,
}

impl Batch {
    /// The updates among the events.
    pub fn updates(&self) -> impl Iterator<Item = &Arc<Update>> {
        self.events.iter().filter_map(|event| match event {
            Event::Update(update) => Some(update),
            Event::Skipped { .. } | Event::Gap { .. } => None,
        })
    }
}

impl From<Event> for Batch {
    fn from(event: Event) -> Self {
        Batch { events: vec![event] }
    }
}
