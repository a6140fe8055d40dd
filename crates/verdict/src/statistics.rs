//! How much two figures differ, over rounds.
//!
//! The unit of replication is the round, never the update: updates of one round share their processes,
//! their ports and whatever else happened at that time, so a million of them are still one observation of
//! how the transports differ. Latencies and costs vary by factors, so everything is done on logarithms.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Half of what an interval leaves out lies beyond this quantile: 95 % lies within.
const UPPER: f64 = 0.975;

/// How many times as much one thing is as another, and how well that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The geometric mean over rounds.
    pub ratio: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// How many rounds it rests on: of the side that has fewer, where they are not paired.
    pub rounds: usize,
    /// Whether round was held against round.
    pub paired: bool,
}

/// What a ratio says, given a margin below which differences do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// Lower by more than the margin.
    Lower,
    /// Higher by more than the margin.
    Higher,
    /// Whatever difference there is lies within the margin.
    NoDifference,
    /// Too little is known to say one of the others.
    CantTell,
}

impl Ratio {
    /// Judges by a margin, as a part of one. It is symmetric for ratios: with 10 %, beyond it lies what is
    /// above 1.1 or below 1/1.1. Without a limit nothing can be told. Only an interval that lies wholly beyond or wholly within says anything.
    #[must_use]
    pub fn finding(&self, margin: f64) -> Finding {
        let limit = 1.0 + margin.max(0.0);
        if !limit.is_finite() {
            Finding::CantTell
        } else if self.low > limit {
            Finding::Higher
        } else if self.high < limit.recip() {
            Finding::Lower
        } else if self.low >= limit.recip() && self.high <= limit {
            Finding::NoDifference
        } else {
            Finding::CantTell
        }
    }

    /// The same, seen from the other side.
    #[must_use]
    pub fn inverse(&self) -> Ratio {
        Ratio { ratio: self.ratio.recip(), low: self.high.recip(), high: self.low.recip(), ..*self }
    }

    /// The margin that just covers the whole interval, as a part of one.
    #[must_use]
    pub fn reach(&self) -> f64 {
        self.high.max(self.low.recip()) - 1.0
    }

    fn of(log_ratio: f64, half_width: f64, rounds: usize, paired: bool) -> Option<Ratio> {
        let ends = [log_ratio, log_ratio - half_width, log_ratio + half_width].map(f64::exp);
        let [ratio, low, high] = ends;
        ends.iter().all(|end| end.is_finite() && *end > 0.0).then_some(Ratio {
            ratio,
            low,
            high,
            rounds,
            paired,
        })
    }
}

impl Finding {
    /// One word that stands for it where machines read.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Finding::Lower => "lower",
            Finding::Higher => "higher",
            Finding::NoDifference => "no-difference",
            Finding::CantTell => "cant-tell",
        }
    }

    /// The same finding, seen from the other side.
    #[must_use]
    pub fn inverse(self) -> Finding {
        match self {
            Finding::Lower => Finding::Higher,
            Finding::Higher => Finding::Lower,
            same => same,
        }
    }
}

/// How many times `a` its `b` is, from rounds in which both were measured: pairs of (a, b).
///
/// None for fewer than two rounds, and where a value is not a positive number: leaving out the rounds that
/// went wrong would judge by those that went well.
#[must_use]
pub fn paired(rounds: &[(f64, f64)]) -> Option<Ratio> {
    let logs = logs(rounds.iter().flat_map(|(a, b)| [*a, *b]))?;
    let differences: Vec<f64> = logs.chunks(2).map(|pair| pair[1] - pair[0]).collect();
    let sample = Sample::of(&differences)?;
    let half_width = student(sample.count - 1.0)? * sample.error().sqrt();
    Ratio::of(sample.mean, half_width, rounds.len(), true)
}

/// How many times `a` its `b` is, from rounds that have nothing in common (Welch 1947).
///
/// None for fewer than two rounds on a side, and where a value is not a positive number.
#[must_use]
pub fn unpaired(a: &[f64], b: &[f64]) -> Option<Ratio> {
    let (from, to) = (Sample::of(&logs(a.iter().copied())?)?, Sample::of(&logs(b.iter().copied())?)?);
    let error = from.error() + to.error();
    // Without any spread the formula has no answer, and none is needed.
    let half_width = if error > 0.0 {
        let parts = [from, to].map(|side| side.error().powi(2) / (side.count - 1.0));
        student(error.powi(2) / parts.iter().sum::<f64>())? * error.sqrt()
    } else {
        0.0
    };
    Ratio::of(to.mean - from.mean, half_width, a.len().min(b.len()), false)
}

/// A mean over rounds, and how well it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The mean over rounds; of a ratio the geometric one.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
}

/// The mean of rounds with its 95 % interval (Student's t). None for fewer than two rounds, and where a value
/// is no finite number.
#[must_use]
pub fn mean(rounds: &[f64]) -> Option<Interval> {
    let sample =
        Sample::of(rounds).filter(|sample| sample.mean.is_finite() && sample.variance.is_finite())?;
    let half_width = student(sample.count - 1.0)? * sample.error().sqrt();
    Some(Interval { value: sample.mean, low: sample.mean - half_width, high: sample.mean + half_width })
}

/// The geometric mean; none of nothing, and where a value is not a positive number.
#[must_use]
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    let logs = logs(values.iter().copied())?;
    (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Sample {
    fn of(values: &[f64]) -> Option<Sample> {
        if values.len() < 2 {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Some(Sample { count, mean, variance })
    }

    /// The variance of the mean.
    fn error(&self) -> f64 {
        self.variance / self.count
    }
}

fn logs(values: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    values.map(|value| (value.is_finite() && value > 0.0).then(|| value.ln())).collect()
}

/// How many standard errors the half of a 95 % interval is wide.
pub(crate) fn student(freedom: f64) -> Option<f64> {
    StudentsT::new(0.0, 1.0, freedom).ok().map(|student| student.inverse_cdf(UPPER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_has_the_interval_of_the_text_book() {
        // Mean 3, deviation 1.5811, so half of it is 2.776 x 1.5811 / sqrt(5).
        let found = mean(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert!((found.low - 1.0368).abs() < 1e-3 && (found.high - 4.9632).abs() < 1e-3, "{found:?}");
        assert_eq!(mean(&[0.0; 5]), Some(Interval { value: 0.0, low: 0.0, high: 0.0 }));
        assert_eq!((mean(&[1.0]), mean(&[1.0, f64::INFINITY])), (None, None));
    }

    #[test]
    fn quantiles_are_those_of_the_printed_tables() {
        for (freedom, expected) in
            [(1.0, 12.706), (2.0, 4.303), (4.0, 2.776), (9.0, 2.262), (30.0, 2.042), (1000.0, 1.962)]
        {
            let found = student(freedom).unwrap();
            assert!((found - expected).abs() < 0.001, "{found} for {freedom} degrees of freedom");
        }
        // What Welch's formula asks for lies between those.
        assert!((2.262..2.776).contains(&student(6.5).unwrap()));
    }

    #[test]
    fn an_interval_by_hand() {
        // Log ratios 0.1, 0.2, 0.3: mean 0.2, deviation 0.1, so 0.2 ± 4.303 x 0.1 / sqrt 3.
        let rounds = [0.1_f64, 0.2, 0.3].map(|log| (5.0, 5.0 * log.exp()));
        let ratio = paired(&rounds).unwrap();
        let close = |found: f64, log: f64| (found.ln() - log).abs() < 1e-3;
        assert!(
            close(ratio.ratio, 0.2) && close(ratio.low, -0.0484) && close(ratio.high, 0.4484),
            "{ratio:?}"
        );
        assert_eq!((ratio.rounds, ratio.paired), (3, true));
        let back = paired(&rounds.map(|(a, b)| (b, a))).unwrap();
        assert!((back.ratio - ratio.inverse().ratio).abs() < 1e-12);
        assert!((back.low - ratio.inverse().low).abs() < 1e-12);
    }

    #[test]
    fn one_round_and_what_is_no_positive_number_say_nothing() {
        assert_eq!(paired(&[(1.0, 2.0)]), None);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(paired(&[(1.0, 2.0), (1.0, 2.0), (1.0, bad)]), None);
            assert_eq!(unpaired(&[1.0, 2.0], &[bad, 1.0]), None);
            assert_eq!(geometric_mean(&[bad]), None);
        }
        assert_eq!((unpaired(&[1.0], &[1.0, 2.0]), geometric_mean(&[])), (None, None));
    }

    #[test]
    fn without_spread_the_interval_is_a_point() {
        let ratio = paired(&[(100.0, 127.0); 3]).unwrap();
        assert!((ratio.low - 1.27).abs() < 1e-12 && (ratio.high - 1.27).abs() < 1e-12);
        let ratio = unpaired(&[100.0; 3], &[127.0; 3]).unwrap();
        assert!((ratio.low - 1.27).abs() < 1e-12 && (ratio.high - 1.27).abs() < 1e-12);
    }

    #[test]
    fn findings_need_the_whole_interval() {
        let ratio = |low, high| Ratio { ratio: 1.0, low, high, rounds: 5, paired: true };
        let cases = [
            (1.11, 1.2, Finding::Higher),
            (1.09, 1.2, Finding::CantTell),
            (0.92, 1.09, Finding::NoDifference),
            (0.90, 1.09, Finding::CantTell),
            (0.5, 0.90, Finding::Lower),
            (0.5, 2.0, Finding::CantTell),
        ];
        for (low, high, expected) in cases {
            assert_eq!(ratio(low, high).finding(0.1), expected, "{low} to {high}");
            assert_eq!(ratio(low, high).inverse().finding(0.1), expected.inverse(), "{low} to {high}");
        }
        assert_eq!(ratio(1.0, 1.0).finding(0.0), Finding::NoDifference);
        assert_eq!(ratio(1.0, 9.0).finding(f64::INFINITY), Finding::CantTell);
        assert!((ratio(0.8, 1.1).reach() - 0.25).abs() < 1e-12);
    }
}
