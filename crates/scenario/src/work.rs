//! What the clients and the server of a scenario do with each other, beyond what the server publishes.

use crate::{BodySize, Schedule};
use std::time::Duration;

/// The shape of the work: who speaks to whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The server publishes to the subscribers of its topics. `"broadcast"`, the default.
    #[default]
    Broadcast,
    /// Members of rooms post, and the server relays to all members, in one order for all; or it publishes what
    /// came of their posts. `"rooms"`.
    Rooms,
    /// A client asks, the server answers with chunks on a schedule, and the client may stop it. `"reply"`.
    Reply,
    /// One question, one answer, over a fresh connection and over a kept one in turn. `"exchange"`.
    Exchange,
    /// Many clients report, and now and then the server tells one of them something. `"telemetry"`.
    Telemetry,
    /// Each client speaks and hears at a rate of its own, at once. `"duplex"`.
    Duplex,
}

impl Shape {
    /// All of them, with their words.
    pub const ALL: [(&'static str, Shape); 6] = [
        ("broadcast", Shape::Broadcast),
        ("rooms", Shape::Rooms),
        ("reply", Shape::Reply),
        ("exchange", Shape::Exchange),
        ("telemetry", Shape::Telemetry),
        ("duplex", Shape::Duplex),
    ];

    /// The word behind `shape =`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Shape::ALL.iter().find(|(_, shape)| *shape == self).map_or("broadcast", |(name, _)| name)
    }

    /// The shape of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Shape> {
        Shape::ALL.iter().find(|(name, _)| *name == word).map(|(_, shape)| *shape)
    }

    /// Whether clients ask, and what comes down are replies.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Shape::Reply | Shape::Exchange)
    }
}

/// One stream of messages that every client sends.
#[derive(Debug, Clone, PartialEq)]
pub struct PostStream {
    /// Its name in the scenario.
    /// Key `name`, has to be said.
    pub name: String,
    /// When each client's messages are due.
    /// Keys `every`, `poisson`, `burst`, as of a topic.
    pub schedule: Schedule,
    /// How long they are.
    /// Key `body`, has to be said.
    pub body: BodySize,
    /// Who gets them.
    /// Key `to`, `"room"` (the default in rooms) or `"server"`.
    pub to: PostTo,
    /// Whether a member that fell behind gets only the newest of them in its room.
    /// Key `conflate`, default `false`.
    pub conflate: bool,
}

/// Who gets what a client posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostTo {
    /// The members of its room, its author too.
    Room,
    /// The server alone.
    Server,
}

/// Questions and what is answered: of [`Shape::Reply`] and [`Shape::Exchange`].
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyWork {
    /// When each client's questions are due. They do not wait for earlier replies.
    /// Keys `every` or `poisson`.
    pub schedule: Schedule,
    /// How long a question is.
    /// Key `question`, has to be said.
    pub question: BodySize,
    /// From the question's arrival to the first chunk.
    /// Key `think`, a time or `{ uniform = [..] }`; in an exchange `work`.
    pub think: Span,
    /// How many chunks a reply has; 1 in an exchange.
    /// Key `chunks`, a number or `{ uniform = [..] }`.
    pub chunks: Count,
    /// From one chunk to the next.
    /// Key `every_chunk`.
    pub every: Duration,
    /// How long the chunks are.
    /// Key `body` (`answer` in an exchange): sizes as of a topic, or `{ growing = ["1KiB", "40KiB"] }`.
    pub body: ChunkSize,
    /// The share of replies whose reader stops them, at a time uniform over the chunks.
    /// Key `interrupted`, default `"0%"`.
    pub interrupted: f64,
    /// Whether chunks are bytes rather than text.
    /// Key `binary`, default `false`.
    pub binary: bool,
    /// How much sound a chunk holds, where replies are played.
    /// Key `sound`.
    pub sound: Option<Duration>,
    /// How much sound a player collects before it begins.
    /// Key `start_buffer`, default one chunk.
    pub start_buffer: Duration,
}

/// A time, or any between two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Least.
    pub min: Duration,
    /// Most.
    pub max: Duration,
}

/// A number, or any between two ends, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Least.
    pub min: u32,
    /// Most.
    pub max: u32,
}

/// How long the chunks of a reply are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChunkSize {
    /// Each for itself.
    Each(BodySize),
    /// From the first to the last in equal steps, in bytes.
    Growing {
        /// The first.
        first: usize,
        /// The last.
        last: usize,
    },
}

/// Who follows a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followers {
    /// Anybody, as `subscribers.topics` says.
    Anybody,
    /// The members of this room.
    Room(u32),
    /// This subscriber alone.
    One(u32),
}

/// Where a topic's updates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The server publishes them.
    Server,
    /// The room's members post them: the number of the [`PostStream`].
    Members(u32),
}
