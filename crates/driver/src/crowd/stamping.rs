//! Kernel stamps on the driver's clock.

use crate::clock;
use std::sync::atomic::{AtomicI64, Ordering};

/// By how much the clock of the stamps may move in a second whose stamps are used, in nanoseconds.
const MOVED_LIMIT_NS: u64 = 5_000;

/// How far the clock of the kernel's stamps is ahead of the driver's, as of the last look.
#[derive(Debug)]
pub(crate) struct Stamping {
    ahead_ns: AtomicI64,
}

impl Stamping {
    /// Looks for the first time.
    pub(crate) fn begin() -> Self {
        Stamping { ahead_ns: clock::real_ahead_ns().into() }
    }

    /// A stamp on the driver's clock.
    pub(crate) fn convert(&self, came_ns: u64) -> u64 {
        came_ns.saturating_add_signed(self.ahead_ns.load(Ordering::Relaxed).saturating_neg())
    }

    /// Looks again; whether the clocks have held still against each other since the last time.
    pub(crate) fn look(&self) -> bool {
        self.move_to(clock::real_ahead_ns())
    }

    fn move_to(&self, ahead_ns: i64) -> bool {
        self.ahead_ns.swap(ahead_ns, Ordering::Relaxed).abs_diff(ahead_ns) <= MOVED_LIMIT_NS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_is_seen_once() {
        let stamping = Stamping { ahead_ns: 1_000_000.into() };
        assert_eq!(stamping.convert(1_000_007), 7);
        assert!(stamping.move_to(1_005_000));
        assert!(!stamping.move_to(1_010_001));
        assert!(stamping.move_to(1_010_001));
        assert_eq!(stamping.convert(1_010_008), 7);
        assert!(!stamping.move_to(-3));
        assert_eq!(stamping.convert(7), 10);
    }
}
