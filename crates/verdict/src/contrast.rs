//! Two things, one metric: by how much they differ, and what that says.

use crate::statistics::{self, Finding, Ratio};
use crate::{Metric, Untold, format};
use results::Account;

/// One thing held against another by one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// By what.
    pub metric: Metric,
    /// What it is held against.
    pub base: String,
    /// What is held against it.
    pub other: String,
    /// The value of the base, its geometric mean over the rounds compared. None where one is not known.
    pub base_value: Option<f64>,
    /// The value of the other.
    pub other_value: Option<f64>,
    /// How many times the base the other is, or why that is not known.
    pub ratio: Result<Ratio, Untold>,
    /// The margin that it was judged by, as a part of one.
    pub margin: f64,
    /// What the ratio says by that margin.
    pub finding: Finding,
}

impl Contrast {
    /// Holds round against round: those that ran to their end on both sides and drew from the same seed.
    #[must_use]
    pub fn paired(
        metric: Metric,
        margin: f64,
        base: (&str, &[&Account]),
        other: (&str, &[&Account]),
    ) -> Self {
        let rounds: Vec<(&Account, &Account)> = whole(base.1)
            .filter_map(|one| whole(other.1).find(|two| two.seed == one.seed).map(|two| (one, two)))
            .collect();
        let value = |account: &&Account| metric.of(account);
        let values = |side: Vec<&Account>| side.iter().map(value).collect::<Result<Vec<f64>, Untold>>();
        let (ones, twos): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
        let (ones, twos) = (values(ones), values(twos));
        let ratio = |ones: &[f64], twos: &[f64]| {
            let pairs: Vec<(f64, f64)> = ones.iter().copied().zip(twos.iter().copied()).collect();
            statistics::paired(&pairs)
        };
        Contrast::of(metric, margin, (base.0, ones), (other.0, twos), ratio)
    }

    /// Holds all rounds that ran to their end against all of the other's.
    #[must_use]
    pub fn unpaired(
        metric: Metric,
        margin: f64,
        base: (&str, &[&Account]),
        other: (&str, &[&Account]),
    ) -> Self {
        let values = |side: &[&Account]| {
            whole(side).map(|account| metric.of(account)).collect::<Result<Vec<f64>, Untold>>()
        };
        let (ones, twos) = (values(base.1), values(other.1));
        Contrast::of(metric, margin, (base.0, ones), (other.0, twos), statistics::unpaired)
    }

    fn of(
        metric: Metric,
        margin: f64,
        base: (&str, Result<Vec<f64>, Untold>),
        other: (&str, Result<Vec<f64>, Untold>),
        ratio: impl Fn(&[f64], &[f64]) -> Option<Ratio>,
    ) -> Self {
        let mean = |side: &Result<Vec<f64>, Untold>| statistics::geometric_mean(side.as_ref().ok()?);
        let (base_value, other_value) = (mean(&base.1), mean(&other.1));
        let known = base.1.and_then(|ones| Ok((ones, other.1?)));
        let ratio = known.and_then(|(ones, twos)| ratio(&ones, &twos).ok_or(Untold::TooFewRounds));
        Contrast {
            metric,
            base: base.0.to_owned(),
            other: other.0.to_owned(),
            base_value,
            other_value,
            finding: ratio.as_ref().map_or(Finding::CantTell, |ratio| ratio.finding(margin)),
            ratio,
            margin,
        }
    }

    /// The same, seen from the other side.
    #[must_use]
    pub fn inverse(&self) -> Contrast {
        Contrast {
            metric: self.metric,
            base: self.other.clone(),
            other: self.base.clone(),
            base_value: self.other_value,
            other_value: self.base_value,
            ratio: self.ratio.map(|ratio| ratio.inverse()),
            margin: self.margin,
            finding: self.finding.inverse(),
        }
    }

    /// The same, judged by another margin.
    #[must_use]
    pub fn by(&self, margin: f64) -> Contrast {
        let finding = self.ratio.as_ref().map_or(Finding::CantTell, |ratio| ratio.finding(margin));
        Contrast { margin, finding, ..self.clone() }
    }

    /// Whether a difference was found beyond the margin.
    #[must_use]
    pub fn differs(&self) -> bool {
        matches!(self.finding, Finding::Lower | Finding::Higher)
    }

    /// The ratio and its interval, as in `1.28 [1.27, 1.29]`; a dash where it is not known.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.ratio {
            Ok(ratio) => format!(
                "{} [{}, {}]",
                format::number(ratio.ratio),
                format::number(ratio.low),
                format::number(ratio.high)
            ),
            Err(_) => format::NONE.to_owned(),
        }
    }

    /// The finding in words, as a fragment: "higher", "lower", "no difference beyond 10 %", "can't tell".
    #[must_use]
    pub fn said(&self) -> String {
        match self.finding {
            Finding::Lower => "lower".to_owned(),
            Finding::Higher => "higher".to_owned(),
            Finding::NoDifference => format!("no difference beyond {}", format::part(self.margin)),
            Finding::CantTell => "can't tell".to_owned(),
        }
    }
}

fn whole<'a>(rounds: &[&'a Account]) -> impl Iterator<Item = &'a Account> {
    rounds.iter().copied().filter(|account| account.complete)
}
