//! Short polling: the client asks on a clock of its own.

use options::Pacing;

/// Short polling with a random phase between the clock of the client and the updates.
///
/// An update waits for the next poll to reach the server, which takes any time up to one cycle with
/// equal chances, and then makes one transit. That holds for every schedule, as long as phases are
/// random: with one subscriber and an interval that is a multiple of the updates' period, everything
/// hangs on the one phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShortPolling {
    /// The time from poll to poll, in seconds.
    pub cycle_s: f64,
    /// One transit, in seconds.
    pub one_way_s: f64,
}

/// The cycle is the interval at a fixed rate; counted from the answer, a round trip comes on top.
/// The time that the server takes is neglected. At a fixed rate the round trip has to be shorter than
/// the interval, or the client can't keep its rate.
#[must_use]
pub fn short_polling(interval_s: f64, one_way_s: f64, pacing: Pacing) -> ShortPolling {
    let cycle_s = match pacing {
        Pacing::FixedRate => interval_s,
        Pacing::FixedDelay => interval_s + 2.0 * one_way_s,
    };
    ShortPolling { cycle_s, one_way_s }
}

impl ShortPolling {
    /// Mean delivery latency in seconds.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The latency in seconds that a share `q` (0 to 1) of deliveries stays below.
    #[must_use]
    pub fn quantile(&self, q: f64) -> f64 {
        q * self.cycle_s + self.one_way_s
    }

    /// The greatest latency in seconds.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.quantile(1.0)
    }

    /// The share of polls that bring nothing, when updates come at random (Poisson) instants.
    #[must_use]
    pub fn empty_share(&self, updates_per_s: f64) -> f64 {
        (-updates_per_s * self.cycle_s).exp()
    }

    /// Updates per poll that brings any, when updates come at random instants.
    #[must_use]
    pub fn updates_per_response(&self, updates_per_s: f64) -> f64 {
        updates_per_s * self.cycle_s / (1.0 - self.empty_share(updates_per_s))
    }
}

#[cfg(test)]
mod tests {
    use super::super::simulation::{assert_near, poisson, short_polls};
    use super::*;

    #[test]
    fn a_simulation_agrees_for_both_pacings() {
        for pacing in [Pacing::FixedRate, Pacing::FixedDelay] {
            let model = short_polling(1.0, 0.1, pacing);
            let seen = short_polls(&poisson(0.7, 200_000), 1.0, 0.1, pacing);
            assert_near(seen.mean(), model.mean(), 0.01);
            assert_near(seen.quantile(0.5), model.quantile(0.5), 0.01);
            assert_near(seen.quantile(0.99), model.quantile(0.99), 0.01);
            assert_near(seen.updates_per_response(), model.updates_per_response(0.7), 0.01);
            assert_near(seen.empty_share(), model.empty_share(0.7), 0.01);
            assert!(seen.quantile(1.0) <= model.max() + 1e-6);
        }
    }
}
