//! The one way to wait.

use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What a [`Timer`] rings through. The driver implements it and records how late it rings.
pub trait Alarm: Send + Sync {
    /// Rings after `span`, counted from this call.
    fn after(&self, span: Duration) -> BoxFuture<'static, ()>;

    /// Rings at the next instant of the grid `offset + n * period`. All grids of an alarm have one
    /// origin, so that equal offsets ring together. An instant that has passed is not made up for.
    fn on_grid(&self, period: Duration, offset: Duration) -> BoxFuture<'static, ()>;

    /// Rings `then` after something was done that takes so long and has to wait for its turn: it begins now, or when the
    /// one before it was done, and rings no sooner than that one. An alarm that does not say better lets each begin at
    /// once.
    fn in_turn(&self, turn: &mut Turn, takes: Duration, then: Duration) -> BoxFuture<'static, ()> {
        let _ = turn;
        self.after(takes + then)
    }
}

/// How far those have come that take turns, in the terms of their alarm; none has begun where all is 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct Turn {
    /// When the last one is done.
    pub done: u64,
    /// When it rings.
    pub rings: u64,
}

/// Waits without telling the time.
#[derive(Clone)]
pub struct Timer(Arc<dyn Alarm>);

impl Timer {
    /// A timer that rings through `alarm`.
    pub fn new(alarm: Arc<dyn Alarm>) -> Self {
        Timer(alarm)
    }

    /// Waits for `span`, counted from this call (not from the first poll).
    pub fn sleep(&self, span: Duration) -> BoxFuture<'static, ()> {
        self.0.after(span)
    }

    /// Waits for the next instant of the grid `offset + n * period`.
    pub fn tick(&self, period: Duration, offset: Duration) -> BoxFuture<'static, ()> {
        self.0.on_grid(period, offset)
    }

    /// Waits for a turn: see [`Alarm::in_turn`].
    pub fn in_turn(&self, turn: &mut Turn, takes: Duration, then: Duration) -> BoxFuture<'static, ()> {
        self.0.in_turn(turn, takes, then)
    }

    /// Awaits `work`, but not for longer than `limit`: `None` says that the time was up.
    pub async fn at_most<T>(&self, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
        let work = std::pin::pin!(work);
        match futures_util::future::select(work, self.sleep(limit)).await {
            futures_util::future::Either::Left((value, _)) => Some(value),
            futures_util::future::Either::Right(((), _)) => None,
        }
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Timer")
    }
}
