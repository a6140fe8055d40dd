//! A check's figure, over rounds.

use super::Checked;
use crate::figures::Told;
use crate::statistics::{self, Interval};
use crate::{Judgement, Untold, interference};
use results::{Mode, Run};
use scenario::{At, Figure, Unit};

/// A value with all that is known against it.
pub(crate) struct Known {
    /// As the rounds have it.
    pub shown: Interval,
    /// The same ends, with what the run shows of its own noise.
    pub low: f64,
    pub high: f64,
}

impl Known {
    fn plain(shown: Interval) -> Known {
        Known { shown, low: shown.low, high: shown.high }
    }

    pub fn why_not(&self) -> String {
        if (self.low, self.high) == (self.shown.low, self.shown.high) {
            "the limit lies within what the rounds leave open".to_owned()
        } else {
            "the limit lies within what the rounds and this run\u{2019}s own noise leave open".to_owned()
        }
    }
}

/// One figure, read in one way.
pub(crate) struct Measure<'a> {
    pub run: &'a Run,
    pub judgement: &'a Judgement,
    pub figure: Figure,
    pub at: Option<At>,
}

impl Measure<'_> {
    pub fn look(&self, checked: &mut Checked) -> Result<Known, String> {
        let of = checked.of.as_str();
        let of_value = self.merged(of).map_err(|why| about(of, why));
        checked.of_value = of_value.clone().ok();
        let Some(against) = checked.against.as_deref() else { return self.alone(of, of_value?) };
        let against_value = self.merged(against).map_err(|why| about(against, why));
        checked.against_value = against_value.clone().ok();
        self.pair((of, of_value?), (against, against_value?), checked.limits.are_factors)
    }

    /// All rounds as one.
    fn merged(&self, label: &str) -> Result<f64, String> {
        let merged = self.run.merged(label).filter(|merged| merged.complete);
        let merged = merged.ok_or_else(|| "no round of it was closed".to_owned())?;
        Told::of_rounds(self.run, label, &merged).value(self.figure, self.at).map_err(in_words)
    }

    /// Its rounds, each with its seed.
    pub fn series(&self, label: &str) -> Result<Vec<(u64, f64)>, String> {
        series(self.run, label, &[(self.figure, self.at)]).remove(0)
    }

    fn alone(&self, label: &str, merged: f64) -> Result<Known, String> {
        if self.figure.is_count() {
            return Ok(Known::plain(Interval { value: merged, low: merged, high: merged }));
        }
        if self.figure == Figure::IdleMemory {
            return Ok(self.once(merged, |value, sign| value * self.slack().powi(sign)));
        }
        let values: Vec<f64> = self.series(label)?.into_iter().map(|(_, value)| value).collect();
        let shown = interval(&values, statistics::mean)?;
        let most = if self.figure.unit(self.at) == Unit::Share { 1.0 } else { f64::INFINITY };
        // No figure is negative, and no share more than all.
        let shown = Interval { low: shown.low.max(0.0), high: shown.high.min(most), ..shown };
        Ok(Known { low: shown.low * (1.0 - self.waited(label)), ..Known::plain(shown) })
    }

    fn pair(
        &self,
        (of, of_value): (&str, f64),
        (against, against_value): (&str, f64),
        are_factors: bool,
    ) -> Result<Known, String> {
        let apart = |of: f64, against: f64| if are_factors { of / against } else { of - against };
        let merged = apart(of_value, against_value);
        if self.figure.is_count() && !are_factors {
            return Ok(Known::plain(Interval { value: merged, low: merged, high: merged }));
        }
        if self.figure == Figure::IdleMemory {
            let slack = self.slack();
            let widened =
                |_: f64, sign| apart(of_value * slack.powi(sign), against_value * slack.powi(-sign));
            return Ok(self.once(merged, widened));
        }
        let (ones, twos) = (self.series(of)?, self.series(against)?);
        let pairs = paired(&ones, &twos);
        let shown = contrast(&pairs, are_factors)?;
        let noise = self.noise(are_factors);
        let (waited, waited_too) = (self.waited(of), self.waited(against));
        Ok(if are_factors {
            let (low, high) = (shown.low * (1.0 - waited), shown.high / (1.0 - waited_too).max(0.0));
            Known { shown, low: low / (1.0 + noise), high: high * (1.0 + noise) }
        } else {
            let (low, high) = (shown.low - waited * of_value, shown.high + waited_too * against_value);
            Known { shown, low: low - noise, high: high + noise }
        })
    }

    /// What is looked at once in a run has no interval over rounds; the scenario's margin takes its place.
    fn once(&self, value: f64, widened: impl Fn(f64, i32) -> f64) -> Known {
        Known::plain(Interval { value, low: widened(value, -1), high: widened(value, 1) })
    }

    fn slack(&self) -> f64 {
        1.0 + self.run.header.margin
    }

    /// What share of this transport's latency may have been waiting for a processor among transports that ran at
    /// once: alone it might be that much less.
    pub fn waited(&self, label: &str) -> f64 {
        let had_company = self.run.mode() == Mode::Together && self.run.header.entries.len() > 1;
        if self.figure != Figure::Latency || !had_company || matches!(self.at, Some(At::Beyond(_))) {
            return 0.0;
        }
        interference::waiting_share(self.run, label).unwrap_or(0.0).min(1.0)
    }

    /// By how much the control differs from what it repeats, where that is found to be more than the margin:
    /// as a part of one, or in the figure's unit.
    pub fn noise(&self, are_factors: bool) -> f64 {
        let mut entries = self.run.header.entries.iter();
        let control = entries.find_map(|entry| Some((entry.label.as_str(), entry.control_of.as_deref()?)));
        let known = control.and_then(|(control, original)| {
            let pairs = paired(&self.series(original).ok()?, &self.series(control).ok()?);
            let ratio = statistics::paired(&pairs)?;
            let differs =
                ratio.low > 1.0 + self.judgement.margin || ratio.high < 1.0 / (1.0 + self.judgement.margin);
            if !differs {
                return None;
            }
            let difference = contrast(&pairs, false).ok()?;
            Some(if are_factors { ratio.reach() } else { difference.low.abs().max(difference.high.abs()) })
        });
        known.unwrap_or(0.0)
    }
}

/// The values of several figures in a transport's rounds, each with the round's seed. A round is read once for all of
/// them; the first one without a value says why there are none.
pub(crate) fn series(
    run: &Run,
    label: &str,
    figures: &[(Figure, Option<At>)],
) -> Vec<Result<Vec<(u64, f64)>, String>> {
    let mut all = vec![Ok(Vec::new()); figures.len()];
    for account in run.rounds_of(label).into_iter().filter(|account| account.complete) {
        let told = Told::of_round(run, account);
        for (series, (figure, at)) in all.iter_mut().zip(figures) {
            let Ok(values) = series else { continue };
            match told.value(*figure, *at) {
                Ok(value) => values.push((account.seed, value)),
                Err(why) => *series = Err(about(label, in_words(why))),
            }
        }
    }
    all
}

/// Rounds of both that drew from the same seed.
fn paired(ones: &[(u64, f64)], twos: &[(u64, f64)]) -> Vec<(f64, f64)> {
    let same =
        |(seed, one): &(u64, f64)| twos.iter().find(|(other, _)| other == seed).map(|(_, two)| (*one, *two));
    ones.iter().filter_map(same).collect()
}

fn contrast(pairs: &[(f64, f64)], are_factors: bool) -> Result<Interval, String> {
    if !are_factors {
        let differences: Vec<f64> = pairs.iter().map(|(of, against)| of - against).collect();
        return interval(&differences, statistics::mean);
    }
    if pairs.len() < 2 {
        return Err(in_words(Untold::TooFewRounds));
    }
    if pairs.iter().any(|(of, against)| *of <= 0.0 || *against <= 0.0) {
        return Err("one of them was zero in some round, and zero has no ratio".to_owned());
    }
    let turned: Vec<(f64, f64)> = pairs.iter().map(|(of, against)| (*against, *of)).collect();
    let ratio = statistics::paired(&turned)
        .ok_or_else(|| "in some round more than the share beyond it never arrived".to_owned())?;
    Ok(Interval { value: ratio.ratio, low: ratio.low, high: ratio.high })
}

fn interval(values: &[f64], of: impl Fn(&[f64]) -> Option<Interval>) -> Result<Interval, String> {
    match values {
        [] => Err("no round was closed".to_owned()),
        [_] => Err("one round tells no difference from an accident".to_owned()),
        several if several.iter().all(|value| *value == f64::INFINITY) => {
            Ok(Interval { value: f64::INFINITY, low: f64::INFINITY, high: f64::INFINITY })
        }
        several => {
            of(several).ok_or_else(|| "in some rounds more than the share beyond it never arrived".to_owned())
        }
    }
}

fn about(label: &str, why: String) -> String {
    format!("{label}: {why}")
}

fn in_words(why: Untold) -> String {
    match why {
        Untold::TooFewUpdates => "too little lies beyond it for it to be known".to_owned(),
        Untold::Nothing => "nothing of the kind happened".to_owned(),
        other => other.to_string(),
    }
}
