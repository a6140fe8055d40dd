//! An axis: from a value to a place, linear or logarithmic, with round values along it.

use crate::format;

/// What the values are, and so which of them are round and how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// In nanoseconds.
    Time,
    Bytes,
    /// Without a unit.
    Number,
    /// Of one value to another: 1 is the same.
    Ratio,
}

/// From the lowest to the highest value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub is_log: bool,
    quantity: Quantity,
    low: f64,
    high: f64,
}

/// A round value, and where it stands, from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub value: f64,
    pub at: f64,
    pub text: String,
}

/// A spread beyond this leaves the smaller values flat on the ground of a linear axis.
const LINEAR_SPREAD: f64 = 20.0;

/// Bytes in a KiB.
const KIB: f64 = 1024.0;

impl Axis {
    /// An axis with room for all of these, logarithmic where they lie far apart; none when there are none.
    pub fn over(quantity: Quantity, values: impl Iterator<Item = f64>) -> Option<Self> {
        let least = quantity.least();
        let (low, high) = ends(values.map(|value| value.max(least)))?;
        let axis = match high / low > LINEAR_SPREAD {
            true => Axis { is_log: true, quantity, low: low / 1.4, high: high * 1.4 },
            false => Axis { is_log: false, quantity, low: 0.0, high: high * 1.1 },
        };
        Some(axis)
    }

    /// A linear axis from nothing, since a bar's length means something only there.
    pub fn from_zero(quantity: Quantity, values: impl Iterator<Item = f64>) -> Option<Self> {
        let (_, high) = ends(values)?;
        Some(Axis { is_log: false, quantity, low: 0.0, high: high.max(quantity.least()) * 1.06 })
    }

    /// A logarithmic axis around one, so that twice and half are equally far from it.
    pub fn of_ratios(values: impl Iterator<Item = f64>) -> Option<Self> {
        let (low, high) = ends(values.filter(|ratio| *ratio > 0.0))?;
        let (low, high) = (low.min(0.9) / 1.05, high.max(1.1) * 1.05);
        Some(Axis { is_log: true, quantity: Quantity::Ratio, low, high })
    }

    /// The highest value that has a place on it.
    pub fn end(&self) -> f64 {
        self.high
    }

    /// Whether a value has a place on it.
    pub fn shows(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Where a value stands, from 0 to 1.
    pub fn place(&self, value: f64) -> f64 {
        match self.is_log {
            true => (value.max(self.quantity.least()) / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        }
    }

    /// Round values along it, the lowest first.
    pub fn ticks(&self) -> Vec<Tick> {
        let values = if self.is_log { self.powers() } else { self.steps() };
        let tick = |value: f64| Tick { value, at: self.place(value), text: self.text(value) };
        values.into_iter().map(tick).collect()
    }

    /// Linear or logarithmic, for whoever reads it.
    pub fn scale(&self) -> &'static str {
        if self.is_log { "logarithmic" } else { "linear" }
    }

    /// About four steps of 1, 2 or 5 times a power of ten.
    fn steps(&self) -> Vec<f64> {
        let unit = self.unit();
        let rough = self.high / unit / 4.5;
        let power = 10f64.powf(rough.log10().floor());
        let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= rough);
        let step = factor.unwrap_or(10.0) * power * unit;
        (0..).map(|k| f64::from(k) * step).take_while(|tick| *tick <= self.high).collect()
    }

    fn powers(&self) -> Vec<f64> {
        let decades = (self.high / self.low).log10();
        let digits: &[f64] = match decades {
            _ if decades > 3.0 => &[1.0],
            _ if decades > 0.7 => &[1.0, 2.0, 5.0],
            _ => &[1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 8.0, 9.0],
        };
        let unit = self.unit();
        let first = (self.low / unit).log10().floor() as i32;
        let powers = (first..).map(|power| 10f64.powi(power) * unit).take_while(|power| *power <= self.high);
        let all: Vec<f64> = powers
            .flat_map(|power| digits.iter().map(move |digit| digit * power))
            .filter(|tick| self.shows(*tick))
            .collect();
        // Over very many decades every power would be too many.
        let stride = (all.len() / 8 + 1).max(1);
        all.into_iter().step_by(stride).collect()
    }

    /// What the round values are multiples of.
    fn unit(&self) -> f64 {
        match self.quantity {
            Quantity::Bytes if self.high >= 10_000.0 * KIB => KIB * KIB,
            Quantity::Bytes if self.high >= 10_000.0 => KIB,
            _ => 1.0,
        }
    }

    fn text(&self, value: f64) -> String {
        match self.quantity {
            Quantity::Time => format::tick(value),
            Quantity::Bytes if self.unit() > KIB => format!("{}\u{202f}MiB", short(value / KIB / KIB)),
            Quantity::Bytes if self.unit() > 1.0 => format!("{}\u{202f}KiB", short(value / KIB)),
            Quantity::Bytes => format!("{}\u{202f}B", short(value)),
            Quantity::Number => short(value),
            Quantity::Ratio => format!("×{}", short(value)),
        }
    }
}

impl Quantity {
    /// A logarithm needs something above zero; less than this is nothing.
    fn least(self) -> f64 {
        match self {
            // No clock here tells less apart.
            Quantity::Time => 100.0,
            Quantity::Bytes => 1.0,
            Quantity::Number | Quantity::Ratio => 0.01,
        }
    }
}

/// Without the zeros that a round number ends with behind its point.
fn short(value: f64) -> String {
    let number = format::number(value);
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number,
    }
}

fn ends(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.filter(|value| value.is_finite());
    finite.fold(None, |ends, value| {
        Some(ends.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(axis: &Axis) -> Vec<f64> {
        axis.ticks().into_iter().map(|tick| tick.value).collect()
    }

    #[test]
    fn a_small_spread_is_linear_and_starts_at_nothing() {
        let axis = Axis::over(Quantity::Time, [1e6, 4.4e6].into_iter()).unwrap();
        assert!(!axis.is_log);
        assert!(axis.shows(0.0) && !axis.shows(1e7));
        assert_eq!(values(&axis), [0.0, 2e6, 4e6]);
    }

    #[test]
    fn a_wide_spread_is_logarithmic_and_keeps_all_within() {
        let axis = Axis::over(Quantity::Time, [0.0, 1e6, 9e8].into_iter()).unwrap();
        assert!(axis.is_log);
        for ns in [0.0, 1e6, 9e8] {
            assert!((0.0..=1.0).contains(&axis.place(ns)), "{ns}");
        }
        assert!((2..=9).contains(&axis.ticks().len()), "{:?}", axis.ticks());
    }

    #[test]
    fn bars_start_at_nothing_however_far_apart_they_are() {
        let axis = Axis::from_zero(Quantity::Number, [1.0, 5_000.0].into_iter()).unwrap();
        assert_eq!((axis.is_log, axis.place(0.0)), (false, 0.0));
    }

    #[test]
    fn large_sizes_are_round_in_their_own_unit() {
        let axis = Axis::from_zero(Quantity::Bytes, [20_000.0].into_iter()).unwrap();
        assert_eq!(values(&axis), [0.0, 5_120.0, 10_240.0, 15_360.0, 20_480.0]);
        assert_eq!(axis.ticks()[1].text, "5\u{202f}KiB");
        let axis = Axis::over(Quantity::Bytes, [8e6, 240e6].into_iter()).unwrap();
        assert_eq!(axis.ticks().last().unwrap().text, "200\u{202f}MiB");
    }

    #[test]
    fn one_has_a_place_on_every_axis_of_ratios() {
        let axis = Axis::of_ratios([1.02, 1.3].into_iter()).unwrap();
        assert!(axis.shows(1.0) && values(&axis).contains(&1.0), "{:?}", axis.ticks());
        let half = axis.place(1.0) - axis.place(0.95);
        assert!((axis.place(1.0 / 0.95) - axis.place(1.0) - half).abs() < 1e-9);
    }

    #[test]
    fn nothing_has_no_axis() {
        assert_eq!(Axis::over(Quantity::Time, std::iter::empty()), None);
        assert_eq!(Axis::from_zero(Quantity::Bytes, [f64::NAN].into_iter()), None);
    }
}
