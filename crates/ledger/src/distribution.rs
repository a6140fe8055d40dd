//! A histogram that keeps three significant digits.

use hdrhistogram::Histogram;

/// Many values, kept whole enough to merge and to ask for any quantile. Never averaged.
///
/// Values are kept to three significant digits: a quantile is at most 0.1 % above the value that was
/// recorded. The histogram grows with its largest value, up to about 270 KB at
/// [`Distribution::MAX`], and no further.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Histogram<u64>);

impl Distribution {
    /// The largest value kept: an hour, where values are nanoseconds. Anything above is recorded as
    /// this, so that no stamp a peer sends can make a histogram grow without limit.
    pub const MAX: u64 = 3_600_000_000_000;

    /// How many samples must lie beyond a quantile before it can be known.
    pub const TAIL_SAMPLES: u64 = 10;

    /// Takes over a histogram from elsewhere, say from a results file, whatever its settings: values
    /// are rounded to three digits and cut off at [`Distribution::MAX`].
    pub fn from_hdr(histogram: &Histogram<u64>) -> Distribution {
        let mut distribution = Distribution::default();
        for bucket in histogram.iter_recorded() {
            distribution.record_n(bucket.value_iterated_to(), bucket.count_at_value());
        }
        distribution
    }

    /// The histogram inside, for those who store it.
    pub fn as_hdr(&self) -> &Histogram<u64> {
        &self.0
    }

    /// Records one value.
    pub fn record(&mut self, value: u64) {
        self.record_n(value, 1);
    }

    /// Records a value `n` times.
    pub fn record_n(&mut self, value: u64, n: u64) {
        // The library would take the value for a new minimum or maximum even if it came no times.
        if n > 0 {
            self.0.record_n(value.min(Self::MAX), n).expect("the histogram grows up to MAX");
        }
    }

    /// Adds what another one recorded: the same as having recorded all of it here.
    pub fn merge(&mut self, other: &Distribution) {
        self.0.add(&other.0).expect("the histogram grows up to MAX");
    }

    /// Forgets everything, and keeps the memory.
    pub fn clear(&mut self) {
        self.0.reset();
    }

    /// How many values were recorded.
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value that the share `q` (0 to 1, else the nearer end) of all values does not exceed, rounded
    /// up within its three digits; none when nothing was recorded.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        // The library works the rank out in floating point. Of more values than that can count, the last
        // rank may come out beyond all of them, for which it answers 0.
        if q >= 1.0 { self.max() } else { self.unless_empty(|histogram| histogram.value_at_quantile(q)) }
    }

    /// Whether at least [`Distribution::TAIL_SAMPLES`] of the values rank beyond the quantile `q`.
    ///
    /// This takes values for independent of each other. Deliveries of one update to many subscribers
    /// are not: ask [`Account::quantile`](crate::Account::quantile) about those.
    pub fn supports(&self, q: f64) -> bool {
        let rank = (q.clamp(0.0, 1.0) * self.len() as f64).ceil() as u64;
        self.len().saturating_sub(rank) >= Self::TAIL_SAMPLES
    }

    /// The mean, to three digits; none when nothing was recorded.
    pub fn mean(&self) -> Option<f64> {
        self.unless_empty(Histogram::mean)
    }

    /// The least value, rounded down within its three digits; none when nothing was recorded.
    pub fn min(&self) -> Option<u64> {
        self.unless_empty(Histogram::min)
    }

    /// The largest value, rounded up within its three digits; none when nothing was recorded.
    pub fn max(&self) -> Option<u64> {
        self.unless_empty(Histogram::max)
    }

    /// How many values lie above this one. What cannot be told from it in three digits does not.
    pub fn count_above(&self, value: u64) -> u64 {
        self.len() - self.0.count_between(0, value)
    }

    /// Points (quantile, value) for a chart with a logarithmic tail: `ticks` points for each halving
    /// of the distance to 1, the last point being the maximum.
    pub fn curve(&self, ticks: u32) -> impl Iterator<Item = (f64, u64)> {
        self.0
            .iter_quantiles(ticks.max(1))
            .map(|point| (point.quantile_iterated_to(), point.value_iterated_to()))
    }

    /// The least distribution of which at least as many values lie above any limit as in either of two:
    /// a lower bound for how many of the same things went beyond it in one of them or the other.
    pub fn envelope(&self, other: &Distribution) -> Distribution {
        let mut values: Vec<u64> = self.values().chain(other.values()).collect();
        values.sort_unstable();
        values.dedup();
        let mut envelope = Distribution::default();
        let (mut mine, mut theirs) = (0, 0);
        for value in values.into_iter().rev() {
            mine += self.count_at(value);
            theirs += other.count_at(value);
            envelope.record_n(value, mine.max(theirs) - envelope.len());
        }
        envelope
    }

    fn values(&self) -> impl Iterator<Item = u64> {
        self.0.iter_recorded().map(|bucket| bucket.value_iterated_to())
    }

    fn count_at(&self, value: u64) -> u64 {
        // Asked for a value beyond its range, the library answers for its last bucket.
        if value > self.0.max() { 0 } else { self.0.count_at(value) }
    }

    fn unless_empty<T>(&self, answer: impl FnOnce(&Histogram<u64>) -> T) -> Option<T> {
        (!self.is_empty()).then(|| answer(&self.0))
    }
}

impl Default for Distribution {
    fn default() -> Self {
        // An empty one is small, and it grows as needed.
        Distribution(Histogram::new(3).expect("three digits is within the library's range"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Distribution {
        let mut distribution = Distribution::default();
        values.iter().for_each(|&value| distribution.record(value));
        distribution
    }

    #[test]
    fn an_empty_one_answers_nothing() {
        let empty = Distribution::default();
        assert!(empty.is_empty() && !empty.supports(0.5));
        assert_eq!((empty.quantile(0.5), empty.mean(), empty.min(), empty.max()), (None, None, None, None));
        assert_eq!((empty.count_above(0), empty.curve(5).count()), (0, 0));
    }

    #[test]
    fn the_last_of_more_values_than_floating_point_counts_is_the_largest() {
        let mut distribution = Distribution::default();
        distribution.record_n(5, (1 << 62) + 1);
        distribution.record_n(7, (1 << 54) - 2);
        assert_eq!([0.5, 1.0].map(|q| distribution.quantile(q)), [Some(5), Some(7)]);
    }

    #[test]
    fn a_value_without_count_leaves_no_trace() {
        let mut distribution = of(&[5]);
        distribution.record_n(1_000_000, 0);
        assert_eq!(distribution, of(&[5]));
    }

    #[test]
    fn values_beyond_the_bound_are_cut_off_there() {
        let distribution = of(&[1, u64::MAX]);
        assert_eq!(distribution.count_above(Distribution::MAX - Distribution::MAX / 100), 1);
        assert_eq!(distribution.count_above(Distribution::MAX), 0);
        assert!(distribution.as_hdr().distinct_values() < 40_000);
    }

    #[test]
    fn a_tail_takes_ten_values_beyond() {
        let hundred = of(&(1..=100).collect::<Vec<_>>());
        assert!(hundred.supports(0.9) && !hundred.supports(0.91) && !hundred.supports(1.0));
    }

    #[test]
    fn the_curve_climbs_to_the_maximum() {
        let points: Vec<_> = of(&(1..=1000).collect::<Vec<_>>()).curve(4).collect();
        assert!(points.is_sorted());
        assert_eq!(points.last(), Some(&(1.0, 1000)));
    }

    proptest! {
        // Each case goes over all buckets many times.
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn merging_is_recording_all_in_one(
            mut left in prop::collection::vec(0..u64::MAX, 0..50), right in prop::collection::vec(0..u64::MAX >> 30, 0..50)
        ) {
            let mut merged = of(&left);
            merged.merge(&of(&right));
            left.extend(right);
            prop_assert_eq!(merged, of(&left));
        }

        #[test]
        fn storing_and_taking_over_changes_nothing(values in prop::collection::vec(0..u64::MAX >> 20, 0..50)) {
            let distribution = of(&values);
            prop_assert_eq!(Distribution::from_hdr(distribution.as_hdr()), distribution);
        }

        #[test]
        fn the_envelope_counts_the_larger_tail_everywhere(
            left in prop::collection::vec(0..100_000u64, 0..50), right in prop::collection::vec(0..u64::MAX >> 20, 0..50)
        ) {
            let (left, right) = (of(&left), of(&right));
            let envelope = left.envelope(&right);
            for limit in (0..45).step_by(4).map(|bit| 1u64 << bit) {
                prop_assert_eq!(envelope.count_above(limit), left.count_above(limit).max(right.count_above(limit)));
            }
            prop_assert_eq!(envelope.len(), left.len().max(right.len()));
            prop_assert_eq!(&envelope, &right.envelope(&left));
        }
    }
}
