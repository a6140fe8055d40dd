//! What the three HTTP transports share, so that none differs by accident: how a request names topics
//! and cursor, how a client's messages go up, and the polling protocol that long and short polling
//! speak alike.
//!
//! It is no transport and must never decide how an update comes down: that is what they differ in.

pub mod down;
pub mod poll_body;
pub mod polling;
mod pool;
mod replies;
pub mod up;

pub use pool::Pool;
