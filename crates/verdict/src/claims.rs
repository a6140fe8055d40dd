//! Whether what a scenario claims came out, and whether transports meet what it asks of them.
//!
//! Each round gives one value, and rounds are held against each other: a check holds when the 95 % interval
//! lies wholly on the right side of every limit, and does not when it lies wholly on the wrong side of one.

pub(crate) mod measure;

use crate::statistics::Interval;
use crate::{Judgement, decision, format, warnings};
use measure::Measure;
use results::{BoundaryRecord, CheckRecord, ClaimRecord, LimitsRecord, Run};
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

    /// What came out here, as a fragment: over rounds, or all of them as one where they tell no more.
    #[must_use]
    pub fn here(&self) -> Option<String> {
        self.ours.came_out().or_else(|| Some(self.ours.print(self.ours.of_value?)))
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
            Answer::Holds => "confirmed",
            Answer::DoesNotHold => "refuted",
            Answer::CantTell => "inconclusive",
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
    if warnings::first_line(run).is_some() {
        return Some("the figures of this run are not to be used".to_owned());
    }
    decision::is_unfinished(run).then(|| "the run did not finish".to_owned())
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

impl Checked {
    /// A value in the figure's unit.
    #[must_use]
    pub fn print(&self, value: f64) -> String {
        print(self.unit, value)
    }

    /// What is asked, as a fragment: "at least 200 ms more than websocket", "at most 450 ms".
    #[must_use]
    pub fn asked(&self) -> String {
        let limit = |value: f64| match self.unit {
            _ if self.limits.are_factors => format!("{} times", format::times(value)),
            Unit::Number => value.to_string(),
            _ => self.print(value),
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
pub(crate) fn print(unit: Unit, value: f64) -> String {
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
