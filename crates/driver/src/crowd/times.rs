//! When a round begins and ends.

use scenario::Scenario;
use std::ops::Range;

/// The instants of a round, on the clock.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    pub(super) start_ns: u64,
    pub(super) window_start_ns: u64,
    pub(super) window_end_ns: u64,
    pub(super) drain_end_ns: u64,
}

impl Times {
    /// Of a schedule that begins at `start_ns`.
    #[must_use]
    pub fn new(scenario: &Scenario, start_ns: u64) -> Self {
        let window_start_ns = start_ns + scenario.warm_up.as_nanos() as u64;
        let window_end_ns = window_start_ns + scenario.measure.as_nanos() as u64;
        let drain_end_ns = window_end_ns + scenario.drain.as_nanos() as u64;
        Times { start_ns, window_start_ns, window_end_ns, drain_end_ns }
    }

    /// The measured window.
    #[must_use]
    pub fn window_ns(&self) -> Range<u64> {
        self.window_start_ns..self.window_end_ns
    }
}
