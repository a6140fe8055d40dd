//! Whether what a scenario claims came out, and whether transports meet what it asks of them.
//!
//! Each round gives one value, and rounds are held against each other: a check holds when the 95 % interval
//! lies wholly on the right side of every limit, and does not when it lies wholly on the wrong side of one.

use crate::figures::Told;
use crate::statistics::{self, Interval};
use crate::{Judgement, Untold, doubts, format, interference, rule};
use results::{Account, BoundaryRecord, CheckRecord, ClaimRecord, LimitsRecord, Mode, Run};
use scenario::{At, Figure, Limits, Unit};

/// What came of a claim, a check or an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is so.
    Holds,
    /// It is not so.
    DoesNotHold,
    /// Too little is known to say.
    CantTell,
}

/// A claim, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The sentence.
    pub says: String,
    /// Whether all checks hold, one does not, or else.
    pub answer: Answer,
    /// What it rests on.
    pub checks: Vec<Checked>,
    /// Where a model says that it begins or ceases to hold, in a sentence.
    pub boundary: Option<String>,
    /// What theory says of it, in the scenario's words.
    pub model: Option<String>,
}

/// A check, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What was looked at, as in "p99 of latency".
    pub measure: String,
    /// Which figure. None where this version does not know it.
    pub figure: Option<Figure>,
    /// In what its values count.
    pub unit: Unit,
    /// Whose figure it is.
    pub of: String,
    /// Whom it is held against.
    pub against: Option<String>,
    /// Between what it has to lie.
    pub limits: Limits,
    /// Its value, rounds merged. None where it is not known; so with the next.
    pub of_value: Option<f64>,
    /// The value that it is held against.
    pub against_value: Option<f64>,
    /// The figure, difference or ratio over rounds, and how well it is known.
    pub shown: Option<Interval>,
    /// What came of it.
    pub answer: Answer,
    /// Why it can't be told, if so.
    pub why: Option<String>,
}

/// All claims of a run.
#[must_use]
pub fn claims(run: &Run, judgement: &Judgement) -> Vec<Claimed> {
    let unusable = unusable(run);
    run.header.claims.iter().map(|claim| claimed(run, judgement, claim, unusable.as_deref())).collect()
}

/// A published figure beside what came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Who, where and when.
    pub source: String,
    /// The figure in words.
    pub says: String,
    /// What is different here.
    pub differs: String,
    /// Its value.
    pub value: f64,
    /// What was looked at here.
    pub ours: Checked,
}

/// What others published, in the scenario's order.
#[must_use]
pub fn published(run: &Run, judgement: &Judgement) -> Vec<Beside> {
    let unusable = unusable(run);
    let beside = |record: &results::PublishedRecord| Beside {
        source: record.source.clone(),
        says: record.says.clone(),
        differs: record.differs.clone(),
        value: record.value,
        ours: check(run, judgement, &record.check, unusable.as_deref()),
    };
    run.header.published.iter().map(beside).collect()
}

impl Beside {
    /// The published value, as ours is printed.
    #[must_use]
    pub fn theirs(&self) -> String {
        match (self.ours.limits.are_factors, &self.ours.against) {
            (true, _) => format!("\u{d7}{}", format::number(self.value)),
            (false, Some(_)) => format!("{} more", self.ours.print(self.value)),
            (false, None) => self.ours.print(self.value),
        }
    }

    /// How many times theirs ours is; none where one of them is not known, or nothing.
    #[must_use]
    pub fn times(&self) -> Option<f64> {
        let ours = self.ours.shown.map(|shown| shown.value).or(self.ours.of_value)?;
        (self.value != 0.0 && ours.is_finite()).then(|| ours / self.value)
    }
}

impl Answer {
    /// One word that stands for it where machines read.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Answer::Holds => "holds",
            Answer::DoesNotHold => "does-not-hold",
            Answer::CantTell => "cant-tell",
        }
    }

    /// What a reader sees of a claim.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Answer::Holds => "holds",
            Answer::DoesNotHold => "does not hold",
            Answer::CantTell => "can\u{2019}t be told",
        }
    }

    fn of(within: Option<bool>) -> Answer {
        match within {
            Some(true) => Answer::Holds,
            Some(false) => Answer::DoesNotHold,
            None => Answer::CantTell,
        }
    }
}

/// Why no figure of the run may decide anything, if so.
pub(crate) fn unusable(run: &Run) -> Option<String> {
    if doubts::first_line(run).is_some() {
        return Some("the figures of this run are not to be used".to_owned());
    }
    rule::is_unfinished(run).then(|| "the run did not finish".to_owned())
}

fn claimed(run: &Run, judgement: &Judgement, claim: &ClaimRecord, unusable: Option<&str>) -> Claimed {
    let checks: Vec<Checked> =
        claim.checks.iter().map(|record| check(run, judgement, record, unusable)).collect();
    let answers = || checks.iter().map(|check| check.answer);
    let answer = match () {
        () if answers().any(|answer| answer == Answer::DoesNotHold) => Answer::DoesNotHold,
        () if checks.is_empty() || answers().any(|answer| answer == Answer::CantTell) => Answer::CantTell,
        () => Answer::Holds,
    };
    Claimed {
        says: claim.says.clone(),
        answer,
        checks,
        boundary: claim.boundary.as_ref().map(boundary),
        model: claim.model.clone(),
    }
}

fn boundary(record: &BoundaryRecord) -> String {
    let (here, there) = if record.holds_below { ("below", "above") } else { ("above", "below") };
    let at = format::duration(record.at_ns);
    format!("By the model it holds {here} {} = {at} and not {there} it.", record.key)
}

/// Looks at one figure of one transport, alone or against another's.
pub(crate) fn check(
    run: &Run,
    judgement: &Judgement,
    record: &CheckRecord,
    unusable: Option<&str>,
) -> Checked {
    let LimitsRecord { are_factors, at_least, at_most } = record.limits;
    let figure = Figure::parse(&record.figure);
    let unit = figure.map_or(Unit::Number, |figure| figure.facts().unit);
    let at = record.at.as_deref().map(|at| At::parse(at, unit).ok_or(())).transpose();
    let mut checked = Checked {
        measure: measure(record, figure),
        figure,
        unit: figure.map_or(unit, |figure| figure.unit(at.unwrap_or(None))),
        of: record.of.clone(),
        against: record.against.clone(),
        limits: Limits { are_factors, at_least, at_most },
        of_value: None,
        against_value: None,
        shown: None,
        answer: Answer::CantTell,
        why: None,
    };
    let (Some(figure), Ok(at)) = (figure, at) else {
        checked.why = Some(format!("this version does not know the figure {}", measure(record, None)));
        return checked;
    };
    let found = Measure { run, judgement, figure, at }.look(&mut checked);
    checked.why = match (unusable, found) {
        (Some(why), _) => Some(why.to_owned()),
        (None, Err(why)) => Some(why),
        (None, Ok(known)) => {
            checked.shown = Some(known.shown);
            checked.answer = Answer::of(checked.limits.judge(known.low, known.high));
            (checked.answer == Answer::CantTell).then(|| known.why_not())
        }
    };
    checked
}

fn measure(record: &CheckRecord, figure: Option<Figure>) -> String {
    let name = figure.map_or(record.figure.as_str(), |figure| figure.facts().title);
    match &record.at {
        None => name.to_owned(),
        Some(at) if at.starts_with("beyond ") => format!("share of {name} {at}"),
        Some(at) => format!("{at} of {name}"),
    }
}

/// A value with all that is known against it.
struct Known {
    /// As the rounds have it.
    shown: Interval,
    /// The same ends, with what the run shows of its own noise.
    low: f64,
    high: f64,
}

impl Known {
    fn plain(shown: Interval) -> Known {
        Known { shown, low: shown.low, high: shown.high }
    }

    fn why_not(&self) -> String {
        if (self.low, self.high) == (self.shown.low, self.shown.high) {
            "the limit lies within what the rounds leave open".to_owned()
        } else {
            "the limit lies within what the rounds and this run\u{2019}s own noise leave open".to_owned()
        }
    }
}

/// One figure, read in one way.
struct Measure<'a> {
    run: &'a Run,
    judgement: &'a Judgement,
    figure: Figure,
    at: Option<At>,
}

impl Measure<'_> {
    fn look(&self, checked: &mut Checked) -> Result<Known, String> {
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
    fn rounds(&self, label: &str) -> Result<Vec<(u64, f64)>, String> {
        let whole = |account: &&&Account| account.complete;
        let rounds = self.run.rounds_of(label);
        let value = |account: &&Account| {
            let value = Told::of_round(self.run, account).value(self.figure, self.at);
            value.map(|value| (account.seed, value)).map_err(|why| about(label, in_words(why)))
        };
        rounds.iter().filter(whole).map(value).collect()
    }

    fn alone(&self, label: &str, merged: f64) -> Result<Known, String> {
        if self.figure.is_count() {
            return Ok(Known::plain(Interval { value: merged, low: merged, high: merged }));
        }
        if self.figure == Figure::IdleMemory {
            return Ok(self.once(merged, |value, sign| value * self.slack().powi(sign)));
        }
        let values: Vec<f64> = self.rounds(label)?.into_iter().map(|(_, value)| value).collect();
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
        let (ones, twos) = (self.rounds(of)?, self.rounds(against)?);
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
    fn waited(&self, label: &str) -> f64 {
        let had_company = self.run.mode() == Mode::Together && self.run.header.entries.len() > 1;
        if self.figure != Figure::Latency || !had_company || matches!(self.at, Some(At::Beyond(_))) {
            return 0.0;
        }
        interference::waiting_share(self.run, label).unwrap_or(0.0).min(1.0)
    }

    /// By how much the control differs from what it repeats, where that is found to be more than the margin:
    /// as a part of one, or in the figure's unit.
    fn noise(&self, are_factors: bool) -> f64 {
        let mut entries = self.run.header.entries.iter();
        let control = entries.find_map(|entry| Some((entry.label.as_str(), entry.control_of.as_deref()?)));
        let known = control.and_then(|(control, original)| {
            let pairs = paired(&self.rounds(original).ok()?, &self.rounds(control).ok()?);
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

impl Checked {
    /// A value in the figure's unit.
    #[must_use]
    pub fn print(&self, value: f64) -> String {
        print(self.unit, value)
    }

    /// What is asked, as a fragment: "at least 200 ms more than websocket", "at most 450 ms".
    #[must_use]
    pub fn asked(&self) -> String {
        let limit = |value: f64| {
            if self.limits.are_factors {
                format!("{} times", format::times(value))
            } else {
                self.print(value)
            }
        };
        let what = match (self.limits.at_least, self.limits.at_most) {
            (Some(least), Some(most)) => format!("{} to {}", limit(least), limit(most)),
            (Some(least), None) => format!("at least {}", limit(least)),
            (None, Some(most)) => format!("at most {}", limit(most)),
            (None, None) => "anything".to_owned(),
        };
        match &self.against {
            Some(against) if self.limits.are_factors => format!("{what} that of {against}"),
            Some(against) => format!("{what} more than {against}"),
            None => what,
        }
    }

    /// What came out, as a fragment: "×1.28 [1.27, 1.29]", "251 ms more [249 ms, 253 ms]".
    #[must_use]
    pub fn came_out(&self) -> Option<String> {
        let Interval { value, low, high } = self.shown?;
        if self.limits.are_factors {
            let [value, low, high] = [value, low, high].map(format::number);
            return Some(format!("\u{d7}{value} [{low}, {high}]"));
        }
        let more = match &self.against {
            Some(_) if value < 0.0 => " less",
            Some(_) => " more",
            None => "",
        };
        let sign = if more == " less" { -1.0 } else { 1.0 };
        let ends = if sign < 0.0 { [-high, -low] } else { [low, high] };
        let value = self.print(value * sign);
        Some(if low == high {
            format!("{value}{more}")
        } else {
            format!("{value}{more} [{}, {}]", self.print(ends[0]), self.print(ends[1]))
        })
    }

    /// How far what came out is from the nearest limit, in its unit: positive on the right side.
    #[must_use]
    pub fn to_spare(&self) -> Option<f64> {
        let value = self.shown?.value;
        let least = self.limits.at_least.map(|least| value - least);
        let most = self.limits.at_most.map(|most| most - value);
        [least, most].into_iter().flatten().reduce(f64::min)
    }

    /// The same as a part of the limit; none where the limit is zero.
    #[must_use]
    pub fn share_to_spare(&self) -> Option<f64> {
        let value = self.shown?.value;
        // All of something, as none of it, is met or missed, and never nearly.
        let is_bound = |limit: f64| limit == 0.0 || (self.unit == Unit::Share && limit == 1.0);
        let part =
            |limit: f64, spare: f64| (!is_bound(limit) && value.is_finite()).then(|| spare / limit.abs());
        let least = self.limits.at_least.and_then(|least| part(least, value - least));
        let most = self.limits.at_most.and_then(|most| part(most, most - value));
        [least, most].into_iter().flatten().reduce(f64::min)
    }
}

/// A value, with its unit.
fn print(unit: Unit, value: f64) -> String {
    if value < 0.0 {
        return format!("\u{2212}{}", print(unit, -value));
    }
    match unit {
        _ if value == f64::INFINITY => "never".to_owned(),
        Unit::Time => format::duration_f64(value),
        Unit::Bytes => format::bytes(value),
        Unit::Share => format::part(value),
        Unit::Number => format::number(value),
    }
}
