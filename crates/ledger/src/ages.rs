//! How much time was spent at each age.

use crate::Distribution;
use std::ops::Range;

/// Time by age, collected from stretches in which an age grows in step with the clock.
///
/// A stretch from age a to age b spends equal time at every age between them. So it is enough to note
/// where stretches begin and where they end: at any age, as much time was spent as stretches were
/// running there. That costs two steps per stretch, however long it is, and the total is exact.
#[derive(Debug)]
pub(crate) struct Ages {
    buckets: Vec<Bucket>,
    beyond_ns: u64,
}

/// The stretches that begin and end in a range of ages.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    /// Those that begin, less those that end.
    begun: i64,
    /// From each beginning to the bucket's upper end, less the same from each ending.
    rest_ns: i64,
}

impl Ages {
    /// Adds the time `from_ns..to_ns` of an update that was due at `due_ns`. Before that instant it has
    /// no age, and nothing is counted.
    pub fn add(&mut self, due_ns: u64, held_ns: Range<u64>) {
        let from_ns = held_ns.start.max(due_ns);
        if from_ns >= held_ns.end {
            return;
        }
        let (begin_ns, end_ns) = (from_ns - due_ns, held_ns.end - due_ns);
        self.step(begin_ns.min(Distribution::MAX), 1);
        self.step(end_ns.min(Distribution::MAX), -1);
        self.beyond_ns += end_ns.saturating_sub(begin_ns.max(Distribution::MAX));
    }

    /// The time spent at each age: values in nanoseconds, one count per microsecond.
    pub fn distribution(&self) -> Distribution {
        let mut distribution = Distribution::default();
        let (mut running, mut uncounted_ns) = (0, 0);
        for (index, bucket) in self.buckets.iter().enumerate() {
            let (low_ns, width_ns) = bounds(index);
            // Less than a microsecond may remain here: it is counted with the next age.
            uncounted_ns += i128::from(running) * i128::from(width_ns) + i128::from(bucket.rest_ns);
            running += bucket.begun;
            distribution.record_n(low_ns + width_ns / 2, (uncounted_ns / 1000) as u64);
            uncounted_ns %= 1000;
        }
        distribution.record_n(Distribution::MAX, (uncounted_ns as u64 + self.beyond_ns) / 1000);
        distribution
    }

    fn step(&mut self, age_ns: u64, count: i64) {
        let index = index_of(age_ns);
        let (low_ns, width_ns) = bounds(index);
        let bucket = &mut self.buckets[index];
        bucket.begun += count;
        bucket.rest_ns += count * (low_ns + width_ns - age_ns) as i64;
    }
}

impl Default for Ages {
    fn default() -> Self {
        Ages { buckets: vec![Bucket::default(); index_of(Distribution::MAX) + 1], beyond_ns: 0 }
    }
}

/// Buckets per doubling, so that each is at most a thousandth of its ages wide, as in a `Distribution`.
const PER_DOUBLING: u64 = 1024;

fn index_of(age_ns: u64) -> usize {
    let shift = (age_ns / PER_DOUBLING).checked_ilog2().unwrap_or(0);
    (u64::from(shift) * PER_DOUBLING + (age_ns >> shift)) as usize
}

/// The least age of a bucket, and its width.
fn bounds(index: usize) -> (u64, u64) {
    let index = index as u64;
    let shift = (index / PER_DOUBLING).saturating_sub(1);
    ((index - shift * PER_DOUBLING) << shift, 1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: u64 = 1_000_000;

    fn assert_close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 0.002 * expected.abs() + 2.0, "{found} instead of {expected}");
    }

    #[test]
    fn every_age_falls_into_its_bucket() {
        for age_ns in (0..41).flat_map(|bit| [0, 1, 1000].map(|more| (1u64 << bit) + more)) {
            let (low_ns, width_ns) = bounds(index_of(age_ns));
            assert!((low_ns..low_ns + width_ns).contains(&age_ns), "{age_ns}");
            assert!(width_ns * PER_DOUBLING <= age_ns.max(PER_DOUBLING), "{age_ns}");
        }
    }

    #[test]
    fn one_stretch_is_uniform() {
        let mut ages = Ages::default();
        ages.add(0, 10 * MS..30 * MS);
        let distribution = ages.distribution();
        assert_eq!(distribution.len(), 20_000);
        for (q, expected_ms) in [(0.25, 15.0), (0.5, 20.0), (0.99, 29.8)] {
            assert_close(distribution.quantile(q).unwrap() as f64, expected_ms * MS as f64);
        }
    }

    #[test]
    fn what_came_early_is_new_until_due() {
        let mut ages = Ages::default();
        ages.add(10 * MS, 4 * MS..5 * MS);
        ages.add(10 * MS, 5 * MS..12 * MS);
        assert_eq!(ages.distribution().len(), 2_000);
    }

    #[test]
    fn ages_beyond_the_bound_keep_their_time() {
        let mut ages = Ages::default();
        ages.add(0, Distribution::MAX - 5 * MS..Distribution::MAX + 7 * MS);
        ages.add(0, 3 * Distribution::MAX..3 * Distribution::MAX + MS);
        assert_eq!(ages.distribution().len(), 13_000);
    }

    proptest! {
        #[test]
        fn total_and_mean_are_those_of_the_areas(
            stretches in prop::collection::vec((0..50 * MS, 0..200 * MS, 0..100 * MS), 1..100)
        ) {
            let mut ages = Ages::default();
            let (mut total_ns, mut area) = (0u64, 0.0);
            for (due_ns, age_ns, length_ns) in stretches {
                ages.add(due_ns, due_ns + age_ns..due_ns + age_ns + length_ns);
                total_ns += length_ns;
                area += length_ns as f64 * (age_ns as f64 + length_ns as f64 / 2.0);
            }
            let distribution = ages.distribution();
            prop_assert_eq!(distribution.len(), total_ns / 1000);
            if let Some(mean) = distribution.mean() {
                let exact = area / total_ns as f64;
                prop_assert!((mean - exact).abs() <= 0.001 * exact + 1000.0, "{} instead of {}", mean, exact);
            }
        }
    }
}
