//! When a server has to say that it is still there.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use wire::Timer;

/// Is due before nothing was said for a whole period, so that whoever allows for as much never finds silence. A
/// connection on which something is said now and then needs no heartbeat, so it gets none; a held poll that is
/// answered needs none either.
///
/// Without a clock nobody knows when something was said, only in which half of a period. So after something else
/// than a heartbeat, one is due half a period early at the most.
pub struct Beat {
    half: Duration,
    timer: Timer,
    wait: BoxFuture<'static, ()>,
    spoke: bool,
    /// Halves without a word, since something was said.
    quiet: u32,
    /// Whether the last thing that was said was said at the end of a half: it was a heartbeat.
    is_exact: bool,
    /// Whether the wait is over already.
    rang: bool,
}

impl Beat {
    /// Periods of this length, the first from now on.
    #[must_use]
    pub fn new(every: Duration, timer: Timer) -> Self {
        let half = every / 2;
        Beat { half, wait: timer.sleep(half), timer, spoke: false, quiet: 0, is_exact: true, rang: false }
    }

    /// Something was said.
    pub fn spoke(&mut self) {
        self.spoke = true;
    }

    /// Ready when a heartbeat is due.
    pub fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if !std::mem::take(&mut self.rang) {
                ready!(self.wait.poll_unpin(cx));
            }
            self.wait = self.timer.sleep(self.half);
            if std::mem::take(&mut self.spoke) {
                (self.quiet, self.is_exact) = (0, false);
                continue;
            }
            self.quiet += 1;
            if self.quiet == 2 || !self.is_exact {
                (self.quiet, self.is_exact) = (0, true);
                // The new wait must know whom to wake; the beat itself is due in any case.
                self.rang = self.wait.poll_unpin(cx).is_ready();
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
    struct Halves(AtomicU32);

    impl Alarm for Halves {
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

    fn due_after(halves: u32, spoke: bool) -> bool {
        let timer = Timer::new(Arc::new(Halves(AtomicU32::new(halves))));
        let mut beat = Beat::new(Duration::from_secs(15), timer);
        if spoke {
            beat.spoke();
        }
        beat.poll_due(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn a_whole_period_after_a_heartbeat_and_less_after_something_else() {
        assert!(!due_after(1, false) && due_after(2, false));
        // It was said at any time of the first half: a period later the third one would not be over.
        assert!(!due_after(1, true) && due_after(2, true));
        assert!(!due_after(0, false));
    }

    #[test]
    fn heartbeats_are_a_whole_period_apart() {
        let timer = Timer::new(Arc::new(Halves(AtomicU32::new(6))));
        let mut beat = Beat::new(Duration::from_secs(15), timer);
        let mut due = || beat.poll_due(&mut Context::from_waker(Waker::noop())).is_ready();
        assert_eq!([due(), due(), due(), due()], [true, true, true, false]);
    }
}
