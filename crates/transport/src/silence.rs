//! Noticing that a server says nothing any more.

use crate::Error;
use futures_util::future::{BoxFuture, FutureExt};
use std::task::{Context, Poll};
use std::time::Duration;
use wire::Timer;

/// Ends a stream on which not even a heartbeat came for too long. Polls have limits for their answers;
/// this is the same for streams that are pushed.
pub struct Silence {
    timer: Timer,
    limit: Duration,
    /// Looked at when the wait is over: what is heard costs no timer.
    heard: bool,
    wait: BoxFuture<'static, ()>,
}

impl Silence {
    /// For a server that is never silent for two of its heartbeats; `patience` is for what holds a message up on its
    /// way.
    #[must_use]
    pub fn after_heartbeats(heartbeat: Duration, patience: Duration, timer: Timer) -> Self {
        let limit = heartbeat * 2 + patience;
        let wait = timer.sleep(limit);
        Silence { timer, limit, heard: false, wait }
    }

    /// Something came.
    pub fn broken(&mut self) {
        self.heard = true;
    }

    /// Resolves when nothing came for the limit, or for up to twice as long.
    pub fn poll_too_long(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        while self.wait.poll_unpin(cx).is_ready() {
            if !std::mem::take(&mut self.heard) {
                return Poll::Ready(Error::Silent(self.limit));
            }
            self.wait = self.timer.sleep(self.limit);
        }
        Poll::Pending
    }

    /// The timer that it waits through.
    #[must_use]
    pub fn timer(&self) -> &Timer {
        &self.timer
    }
}
