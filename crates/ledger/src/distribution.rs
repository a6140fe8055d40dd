//! A histogram that keeps three significant digits.

use hdrhistogram::Histogram;

/// Many values, kept whole enough to merge and to ask for any quantile. Never averaged.
#[derive(Debug, Clone)]
pub struct Distribution(Histogram<u64>);

impl Default for Distribution {
    fn default() -> Self {
        // Three significant digits, growing as needed: an empty one is small.
        Distribution(Histogram::new(3).expect("three digits is within the library's range"))
    }
}
