//! When a server has to say that it is still there.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use wire::Timer;

/// Is due whenever a whole period has passed in which nothing was said. A connection on which something
/// is said now and then needs no heartbeat, so it gets none; a held poll that is answered needs none either.
pub struct Beat {
    every: Duration,
    timer: Timer,
    wait: BoxFuture<'static, ()>,
    spoke: bool,
}

impl Beat {
    /// Periods of this length, the first from now on. Silence lasts less than two of them.
    #[must_use]
    pub fn new(every: Duration, timer: Timer) -> Self {
        Beat { every, wait: timer.sleep(every), timer, spoke: false }
    }

    /// Something was said.
    pub fn spoke(&mut self) {
        self.spoke = true;
    }

    /// Ready when a heartbeat is due.
    pub fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.wait.poll_unpin(cx));
            self.wait = self.timer.sleep(self.every);
            if !std::mem::take(&mut self.spoke) {
                // The new wait must know whom to wake; the beat itself is due in any case.
                let _ = self.wait.poll_unpin(cx);
                return Poll::Ready(());
            }
        }
    }

    /// Waits until a heartbeat is due.
    pub async fn due(&mut self) {
        std::future::poll_fn(|cx| self.poll_due(cx)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Waker;
    use wire::Alarm;

    /// Rings at once for so many waits, then never again.
    struct Periods(AtomicU32);

    impl Alarm for Periods {
        fn after(&self, _: Duration) -> BoxFuture<'static, ()> {
            match self.0.load(Ordering::Relaxed) {
                0 => Box::pin(std::future::pending()),
                left => {
                    self.0.store(left - 1, Ordering::Relaxed);
                    Box::pin(std::future::ready(()))
                }
            }
        }

        fn on_grid(&self, _: Duration, _: Duration) -> BoxFuture<'static, ()> {
            unreachable!("heartbeats follow no grid")
        }
    }

    fn due_after(periods: u32, spoke: bool) -> bool {
        let timer = Timer::new(Arc::new(Periods(AtomicU32::new(periods))));
        let mut beat = Beat::new(Duration::from_secs(15), timer);
        if spoke {
            beat.spoke();
        }
        beat.poll_due(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn a_period_in_which_something_was_said_needs_no_heartbeat_and_the_next_does() {
        assert!(due_after(1, false));
        assert!(!due_after(1, true));
        assert!(due_after(2, true));
        assert!(!due_after(0, false));
    }
}
