//! Rates, as a scenario writes them and as sums need them.

use crate::{BodySize, Schedule};

const UNITS: [(&str, f64); 3] = [("s", 1.0), ("min", 60.0), ("h", 3_600.0)];

/// Reads `"2/s"`, `"30/min"` or `"1.5/h"` as a number per second.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let number = number.trim();
    // `f64` would also read "inf", "nan" and "1e9".
    if !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<f64>().ok().map(|number| number / seconds)
}

impl Schedule {
    /// Updates per second, on average.
    #[must_use]
    pub fn rate_per_s(&self) -> f64 {
        match self {
            Schedule::Periodic { period } => 1.0 / period.as_secs_f64(),
            Schedule::Poisson { rate_per_s } => *rate_per_s,
            Schedule::Bursts { size, period } => f64::from(*size) / period.as_secs_f64(),
        }
    }
}

impl BodySize {
    /// Bytes, on average; for the log-normal without its cut, but never above it.
    pub(crate) fn mean_bytes(&self) -> f64 {
        match *self {
            BodySize::Fixed(bytes) => bytes as f64,
            BodySize::Uniform { min, max } => (min + max) as f64 / 2.0,
            BodySize::LogNormal { median, sigma, max } => {
                (median as f64 * (sigma * sigma / 2.0).exp()).min(max as f64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_need_a_number_and_a_unit() {
        assert_eq!(parse("2/s"), Some(2.0));
        assert_eq!(parse("30/min"), Some(0.5));
        assert_eq!(parse("1.5 / s"), Some(1.5));
        for wrong in ["2", "2/", "/s", "-1/s", "inf/s", "nan/s", "1e3/s", "2/fortnight", "1.2.3/s"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
