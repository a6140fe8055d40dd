//! The contract between a feed of updates and whatever carries it.
//!
//! A server publishes into a [`Hub`]: one bounded log per topic. Every [`Transport`] reads the same
//! logs through a [`Feed`] and differs only in how it carries what it read: a push transport waits
//! for the feed, long polling waits with a limit, short polling never waits. A client opens a
//! [`Subscription`] and gets the same [`Batch`]es of [`Event`]s, however they travelled.
//!
//! This crate must never open a socket, read a clock or stamp an update, and never know which
//! transports exist.

mod beat;
mod contract;
mod feed;
mod hub;
mod log;
pub mod multiplex;
pub mod settings;
mod silence;
mod subscription;
mod update;

pub use beat::Beat;
pub use contract::{
    ANSWER_LIMIT, Answer, Description, Error, MAX_POST_BYTES, Reply, Requests, Transport, Updates, Upstream,
};
pub use feed::Feed;
pub use hub::{Application, Hub, Refused, Shape};
pub use silence::Silence;
pub use subscription::{BadQuery, Subscription, Topics};
pub use update::{Batch, Event, Seq, Update};
