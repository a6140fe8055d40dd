//! The upright axis: latency, linear or logarithmic.

/// From the lowest to the highest latency, in nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub is_log: bool,
    low_ns: f64,
    high_ns: f64,
}

/// A spread beyond this leaves the smaller values flat on the ground of a linear axis.
const LINEAR_SPREAD: f64 = 20.0;

/// A logarithm needs something above zero, and no clock here tells less apart.
const LEAST_NS: f64 = 100.0;

impl Axis {
    /// An axis with room for all of these; none when there are none.
    pub fn over(latencies_ns: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = latencies_ns
            .map(|ns| ns.max(LEAST_NS))
            .fold((f64::INFINITY, 0.0_f64), |(low, high), ns| (low.min(ns), high.max(ns)));
        if !low.is_finite() {
            return None;
        }
        let axis = match high / low > LINEAR_SPREAD {
            true => Axis { is_log: true, low_ns: low / 1.4, high_ns: high * 1.4 },
            false => Axis { is_log: false, low_ns: 0.0, high_ns: high * 1.1 },
        };
        Some(axis)
    }

    /// Whether a latency has a place on it.
    pub fn shows(&self, latency_ns: f64) -> bool {
        (self.low_ns..=self.high_ns).contains(&latency_ns)
    }

    /// How high a latency stands, from 0 to 1.
    pub fn height(&self, latency_ns: f64) -> f64 {
        match self.is_log {
            true => (latency_ns.max(LEAST_NS) / self.low_ns).ln() / (self.high_ns / self.low_ns).ln(),
            false => (latency_ns - self.low_ns) / (self.high_ns - self.low_ns),
        }
    }

    /// Round latencies along it, in nanoseconds.
    pub fn ticks_ns(&self) -> Vec<f64> {
        if !self.is_log {
            let step = self.step_ns();
            return (0..).map(|k| f64::from(k) * step).take_while(|tick| *tick <= self.high_ns).collect();
        }
        let decades = (self.high_ns / self.low_ns).log10();
        let digits: &[f64] = if decades > 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let first = self.low_ns.log10().floor() as i32;
        let powers = (first..).map(|power| 10f64.powi(power)).take_while(|power| *power <= self.high_ns);
        powers
            .flat_map(|power| digits.iter().map(move |digit| digit * power))
            .filter(|tick| (self.low_ns..=self.high_ns).contains(tick))
            .collect()
    }

    /// About five steps of 1, 2 or 5 times a power of ten.
    fn step_ns(&self) -> f64 {
        let rough = self.high_ns / 5.0;
        let power = 10f64.powf(rough.log10().floor());
        let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough);
        factor.unwrap_or(10.0) * power
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_spread_is_linear_and_starts_at_nothing() {
        let axis = Axis::over([1e6, 4.4e6].into_iter()).unwrap();
        assert!(!axis.is_log);
        assert!(axis.shows(0.0) && !axis.shows(1e7));
        assert_eq!(axis.ticks_ns(), [0.0, 1e6, 2e6, 3e6, 4e6]);
    }

    #[test]
    fn a_wide_spread_is_logarithmic_and_keeps_all_within() {
        let axis = Axis::over([0.0, 1e6, 9e8].into_iter()).unwrap();
        assert!(axis.is_log);
        for ns in [0.0, 1e6, 9e8] {
            assert!((0.0..=1.0).contains(&axis.height(ns)), "{ns}");
        }
        assert!(axis.ticks_ns().len() >= 2);
    }

    #[test]
    fn nothing_has_no_axis() {
        assert_eq!(Axis::over(std::iter::empty()), None);
    }
}
