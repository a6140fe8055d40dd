//! What the HTTP transports share, so that none differs by accident: how a request names topics
//! and cursor, how a client's messages go up, and the polling protocol that long and short polling
//! speak alike.
//!
//! It is no transport and must never decide how an update comes down: that is what they differ in.

pub mod down;
mod outbox;
pub mod poll_body;
pub mod polling;
mod pool;
mod replies;
pub mod up;

pub use outbox::Outbox;
pub use pool::Pool;

use futures_util::StreamExt;
use transport::Updates;

/// What a client without a subscription hears: nothing, and no connection is opened for it.
#[must_use]
pub fn nothing() -> Updates {
    futures_util::stream::pending().boxed()
}
