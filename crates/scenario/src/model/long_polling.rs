//! Long polling: the server holds each poll until there is something to answer with.

/// Long polling of updates at random (Poisson) instants, where a response brings all that is there.
///
/// Between a response and the next poll the server has nobody to answer, for one round trip and the
/// client's turnaround: the gap. What comes in a gap waits for its end, all else leaves at once. RFC
/// 6202, section 2.2, puts the mean near one transit and the worst case at three; this says how
/// much lies between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LongPolling {
    /// Updates per response that brings any.
    pub updates_per_response: f64,
    /// Mean delivery latency in seconds.
    pub mean: f64,
    /// The share of updates that come in a gap and wait.
    pub waiting_share: f64,
    /// The greatest latency in seconds.
    pub max: f64,
    gap_s: f64,
    one_way_s: f64,
}

/// `hold_s` is the longest that a poll is held before it is answered with nothing, which opens a gap
/// like any response; infinite when it never is.
///
/// With G for the gap and r for the rate, a response finds r G updates waiting on average, or else,
/// with probability exp(-r G), brings the first that comes within the hold.
#[must_use]
pub fn long_polling(updates_per_s: f64, one_way_s: f64, turnaround_s: f64, hold_s: f64) -> LongPolling {
    let gap_s = 2.0 * one_way_s + turnaround_s;
    let queued = updates_per_s * gap_s;
    let (idle, expired) = ((-queued).exp(), (-updates_per_s * hold_s).exp());
    let per_response = queued + idle * (1.0 - expired);
    LongPolling {
        updates_per_response: per_response / (1.0 - idle * expired),
        mean: one_way_s + queued * gap_s / 2.0 / per_response,
        waiting_share: queued / per_response,
        max: one_way_s + gap_s,
        gap_s,
        one_way_s,
    }
}

impl LongPolling {
    /// The latency in seconds that a share `q` (0 to 1) of deliveries stays below.
    #[must_use]
    pub fn quantile(&self, q: f64) -> f64 {
        let waits = q - (1.0 - self.waiting_share);
        self.one_way_s + if waits > 0.0 { self.gap_s * waits / self.waiting_share } else { 0.0 }
    }
}

/// Mean latency in seconds of periodic updates, for a period shorter than the hold.
///
/// A period longer than the gap always finds a poll waiting: one transit, as with push. A shorter one
/// makes a response follow every gap, and updates fall anywhere in it: half a gap on top, on average
/// over phases. So there is a knee where the period is the gap, which Pimentel and Nickerson (IEEE
/// Internet Computing 16(4), 2012) met when distance grew.
#[must_use]
pub fn long_polling_periodic(period_s: f64, one_way_s: f64, turnaround_s: f64) -> f64 {
    let gap_s = 2.0 * one_way_s + turnaround_s;
    if period_s > gap_s || gap_s == 0.0 { one_way_s } else { one_way_s + gap_s / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::super::simulation::{assert_near, long_polls, periodic, poisson};
    use super::*;

    fn compare(rate: f64, one_way: f64, turnaround: f64, hold: f64) {
        let model = long_polling(rate, one_way, turnaround, hold);
        let seen = long_polls(&poisson(rate, 400_000), one_way, turnaround, hold);
        assert_near(seen.mean(), model.mean, 0.01);
        assert_near(seen.quantile(0.5), model.quantile(0.5), 0.02);
        assert_near(seen.quantile(0.9), model.quantile(0.9), 0.02);
        assert_near(seen.quantile(0.99), model.quantile(0.99), 0.01);
        assert_near(seen.updates_per_response(), model.updates_per_response, 0.01);
        assert!(seen.quantile(1.0) <= model.max + 1e-6);
    }

    #[test]
    fn a_simulation_agrees_below_and_above_the_median_knee() {
        for rate_by_gap in [0.3, 0.567, 1.0, 3.0] {
            let gap = 2.0 * 0.1 + 0.05;
            compare(rate_by_gap / gap, 0.1, 0.05, f64::INFINITY);
        }
    }

    #[test]
    fn a_simulation_agrees_when_holds_expire() {
        compare(1.0, 0.1, 0.05, 0.5);
        compare(4.0, 0.1, 0.0, 0.2);
    }

    #[test]
    fn the_median_is_that_of_push_until_the_rate_times_the_gap_is_0_567() {
        let median = |queued: f64| long_polling(queued / 0.2, 0.1, 0.0, f64::INFINITY).quantile(0.5);
        assert_eq!(median(0.567), 0.1);
        assert!(median(0.568) > 0.1);
    }

    #[test]
    fn periodic_updates_have_a_knee_where_the_period_is_the_gap() {
        for period in [0.201, 0.3, 1.0] {
            assert_near(long_polls(&periodic(period, 10_000), 0.1, 0.0, 25.0).mean(), 0.1, 1e-6);
            assert_eq!(long_polling_periodic(period, 0.1, 0.0), 0.1);
        }
        // Periods that do not divide the gap: those that do keep the phase of the first update.
        for period in [0.2 / 1.017, 0.2 / 1.618, 0.2 / 7.03] {
            let model = long_polling_periodic(period, 0.1, 0.0);
            assert_near(long_polls(&periodic(period, 100_000), 0.1, 0.0, 25.0).mean(), model, 0.01);
        }
    }

    #[test]
    fn without_a_gap_it_is_push() {
        let model = long_polling(100.0, 0.0, 0.0, 25.0);
        assert_eq!((model.mean, model.quantile(0.99), model.updates_per_response), (0.0, 0.0, 1.0));
        assert_eq!(long_polling_periodic(0.1, 0.0, 0.0), 0.0);
    }
}
