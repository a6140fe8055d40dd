//! Updates, posts and replies on one connection that carries messages both ways.
//!
//! A transport of this kind brings a codec, a stream of one direction's messages and a sink for the
//! other; what is said when is the same for all and stands here.

mod client;
mod commands;
mod server;

pub use client::client;
pub use server::{Heartbeat, SERVER_READ_BYTES, serve};

use crate::{Seq, Update};
use bytes::Bytes;
use std::sync::Arc;

/// From server to client.
#[derive(Debug, Clone)]
pub enum Down {
    /// An update of the subscription.
    Update(Arc<Update>),
    /// Updates of a topic left out before the next one.
    Skipped {
        /// The topic.
        topic: u32,
        /// How many.
        count: u64,
    },
    /// The log did not reach back to the cursor.
    Gap {
        /// The newest update that is missing.
        through: Seq,
    },
    /// The application has taken this request.
    Ack(u32),
    /// The application refused this request.
    Refused(u32, String),
    /// A part of the reply to this request.
    Part(u32, Arc<Update>),
    /// So many parts of this reply left out before the next one.
    PartSkipped(u32, u64),
    /// The log of this reply no longer had its parts through this one.
    PartGap(u32, Seq),
    /// The reply to this request is complete.
    End(u32),
    /// Nothing to say, but still here.
    Heartbeat,
}

/// From client to server. The number names the request on its connection.
#[derive(Debug, Clone)]
pub enum Up {
    /// A message for the application.
    Post(u32, Bytes),
    /// A question that is answered with a reply.
    Ask(u32, Bytes),
    /// No more of this reply.
    Stop(u32),
}
