//! The rule: who fits, whose difference matters, who is in the class. It looks at nothing but a [`Sheet`].

use super::Kind;
use super::sheet::{Limit, Row, Sheet};
use crate::statistics::{self, Interval};
use scenario::{At, Figure};

/// What came of one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    /// In the class, and first by what is known of transports.
    Recommended,
    /// In the class, without a difference that matters.
    Same,
    /// Slower by an amount that matters, and within every limit.
    Enough,
    /// Costs more by an amount that matters.
    CostsMore,
    /// Misses a limit or a need, or did not deliver everything.
    Misses,
}

impl Word {
    /// As tables and documents have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Word::Recommended => "recommended",
            Word::Same => "same",
            Word::Enough => "enough",
            Word::CostsMore => "costs more",
            Word::Misses => "misses",
        }
    }
}

/// What two candidates differ by in one criterion: `of` minus `against`, as amounts at the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Which criterion of the sheet.
    pub criterion: usize,
    /// Mean of `of` over the rounds that both have.
    pub of: f64,
    /// Mean of `against`.
    pub against: f64,
    /// The difference with its 95 % interval.
    pub amount: Interval,
    /// What was found.
    pub found: Found,
}

/// What a difference comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// More, by an amount that matters.
    More,
    /// Less, by an amount that matters.
    Less,
    /// Nothing that matters was found.
    Nothing,
}

/// How a candidate stands against a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Met {
    /// Shown to keep to it.
    Yes,
    /// Shown to miss it.
    No,
    /// Neither is shown.
    Open,
}

/// One candidate's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its label.
    pub label: String,
    /// Which path of the sheet it was measured over.
    pub path: usize,
    /// What came of it.
    pub word: Word,
    /// How it stands against each objective, in their order.
    pub met: Vec<Met>,
    /// Whether it is in the class of its path.
    pub is_in_class: bool,
}

/// The places of all candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// In the order of the sheet.
    pub places: Vec<Place>,
}

impl Ruling {
    /// Judges a sheet, without one round if a seed is named. `order` lists transports as a tie is broken.
    #[must_use]
    pub fn of(sheet: &Sheet, order: &[&str], without: Option<u64>) -> Ruling {
        let view = View { sheet, without };
        let mut places: Vec<Place> = sheet.rows.iter().map(|row| view.place(row)).collect();
        for path in 0..sheet.paths.len() {
            view.settle(path, order, &mut places);
        }
        Ruling { places }
    }

    /// The place of this label.
    #[must_use]
    pub fn place(&self, label: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.label == label)
    }

    /// The class of a path, the recommended one first.
    #[must_use]
    pub fn class(&self, path: usize) -> Vec<&str> {
        let mut class: Vec<&Place> =
            self.places.iter().filter(|place| place.path == path && place.is_in_class).collect();
        class.sort_by_key(|place| place.word);
        class.iter().map(|place| place.label.as_str()).collect()
    }
}

/// A sheet, perhaps without one of its rounds.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub sheet: &'a Sheet,
    pub without: Option<u64>,
}

impl View<'_> {
    fn place(&self, row: &Row) -> Place {
        let limits = self.sheet.limits.iter().zip(&row.limited);
        let met: Vec<Met> = limits
            .map(|(limit, _)| limit)
            .zip(&row.limited)
            .map(|(limit, series)| series.as_ref().map_or(Met::Open, |values| self.met(limit, row, values)))
            .collect();
        let fits = row.lacks.is_empty() && row.is_whole && !met.contains(&Met::No);
        let word = if fits { Word::Same } else { Word::Misses };
        Place { label: row.label.clone(), path: row.path, word, met, is_in_class: false }
    }

    fn met(&self, limit: &Limit, row: &Row, values: &[(u64, f64)]) -> Met {
        let Some(figure) = limit.figure else { return Met::Open };
        let values = self.kept(values);
        if values.is_empty() {
            return Met::Open;
        }
        let sum = values.iter().sum::<f64>();
        let (low, high) = if is_total(figure) {
            (sum, sum)
        } else if figure.is_count() {
            let mean = sum / values.len() as f64;
            (mean, mean)
        } else if figure == Figure::IdleMemory {
            let (mean, slack) = (sum / values.len() as f64, 1.0 + self.sheet.margin);
            (mean / slack, mean * slack)
        } else if values.iter().all(|value| *value == f64::INFINITY) {
            (f64::INFINITY, f64::INFINITY)
        } else {
            let Some(interval) = statistics::mean(&values) else { return Met::Open };
            let waits = figure == Figure::Latency && !matches!(limit.at, Some(At::Beyond(_)));
            let waited = if waits { row.waited } else { 0.0 };
            (interval.low.max(0.0) * (1.0 - waited), interval.high)
        };
        match limit.limits.judge(low, high) {
            Some(true) => Met::Yes,
            Some(false) => Met::No,
            None => Met::Open,
        }
    }

    fn kept(&self, values: &[(u64, f64)]) -> Vec<f64> {
        values.iter().filter(|(seed, _)| Some(*seed) != self.without).map(|(_, value)| *value).collect()
    }

    /// Who of those that fit on a path is in its class, and what the others are.
    fn settle(&self, path: usize, order: &[&str], places: &mut [Place]) {
        let fit: Vec<&Row> = self
            .sheet
            .rows
            .iter()
            .zip(&*places)
            .filter(|(row, place)| row.path == path && place.word != Word::Misses)
            .map(|(row, _)| row)
            .collect();
        let beats = |one: &Row, two: &Row| {
            let differences = self.differences(two, one);
            differences.iter().any(|difference| difference.found == Found::More)
                && differences.iter().all(|difference| difference.found != Found::Less)
        };
        let beaten = |row: &Row| fit.iter().any(|other| other.label != row.label && beats(other, row));
        let mut class: Vec<&Row> = fit.iter().copied().filter(|row| !beaten(row)).collect();
        if class.is_empty() {
            // Each beaten by another: no order was found.
            class.clone_from(&fit);
        }
        let Some(first) = self.first(&class, order, places) else { return };
        for row in &fit {
            let is_in_class = class.iter().any(|member| member.label == row.label);
            let word = match () {
                () if row.label == first.label => Word::Recommended,
                () if is_in_class => self.word(row, &[first]),
                () => {
                    let above: Vec<&Row> = fit
                        .iter()
                        .copied()
                        .filter(|other| other.label != row.label && beats(other, row))
                        .collect();
                    self.word(row, &above)
                }
            };
            if let Some(place) = places.iter_mut().find(|place| place.label == row.label) {
                (place.word, place.is_in_class) = (word, is_in_class);
            }
        }
    }

    /// The first of a class: shown to meet every limit before others, not slower than another member, then by what is
    /// known of transports.
    fn first<'r>(&self, class: &[&'r Row], order: &[&str], places: &[Place]) -> Option<&'r Row> {
        let is_slower = |row: &&Row| {
            class.iter().filter(|other| other.label != row.label).any(|other| {
                self.differences(row, other)
                    .iter()
                    .any(|it| it.found == Found::More && !self.sheet.criteria[it.criterion].is_cost())
            })
        };
        let is_open =
            |row: &Row| places.iter().any(|place| place.label == row.label && place.met.contains(&Met::Open));
        let rank = |row: &Row| order.iter().position(|name| *name == row.transport).unwrap_or(order.len());
        class.iter().copied().min_by_key(|row| (is_slower(row), is_open(row), rank(row)))
    }

    /// What a candidate is beside these.
    fn word(&self, row: &Row, others: &[&Row]) -> Word {
        let more: Vec<bool> = others
            .iter()
            .flat_map(|other| self.differences(row, other))
            .filter(|difference| difference.found == Found::More)
            .map(|difference| self.sheet.criteria[difference.criterion].is_cost())
            .collect();
        match more.as_slice() {
            [] => Word::Same,
            costs if costs.contains(&true) => Word::CostsMore,
            _ => Word::Enough,
        }
    }

    /// What two candidates differ by, in each criterion that both have.
    pub fn differences(&self, of: &Row, against: &Row) -> Vec<Difference> {
        let criteria = 0..self.sheet.criteria.len();
        criteria.filter_map(|criterion| self.difference(criterion, of, against)).collect()
    }

    /// What two candidates differ by in one criterion. It uses nothing but these two.
    pub fn difference(&self, criterion: usize, of: &Row, against: &Row) -> Option<Difference> {
        let (ones, twos) = (of.values[criterion].as_ref().ok()?, against.values[criterion].as_ref().ok()?);
        let pairs: Vec<(f64, f64)> = ones
            .iter()
            .filter(|(seed, _)| Some(*seed) != self.without || ones.len() == 1)
            .filter_map(|(seed, one)| Some((*one, twos.iter().find(|(other, _)| other == seed)?.1)))
            .collect();
        let floor = self.sheet.criteria[criterion].floor;
        let limit = 1.0 + self.sheet.margins[criterion];
        let is_once = self.sheet.criteria[criterion].kind == Kind::Memory;
        let waits = self.sheet.criteria[criterion].figure == Figure::Latency;
        let (waited, waited_too) = if waits { (of.waited, against.waited) } else { (0.0, 0.0) };
        let mean = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / pairs.len() as f64;
        let (of, against) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let amount = amount(&pairs, is_once)?;
        let amount =
            Interval { low: amount.low - waited * of, high: amount.high + waited_too * against, ..amount };
        let (least, most) = ratio(&pairs, is_once)?;
        let found = match () {
            () if amount.low > floor && least > limit => Found::More,
            () if amount.high < -floor && most < limit.recip() => Found::Less,
            () => Found::Nothing,
        };
        Some(Difference { criterion, of, against, amount, found })
    }
}

/// Whether rounds add up: so many times in all of them together.
fn is_total(figure: Figure) -> bool {
    use Figure::{Again, Disagreements, Gaps, Lost, Reconnects};
    matches!(figure, Lost | Reconnects | Gaps | Again | Disagreements)
}

/// The difference over rounds. What is looked at once in a run stands as it is.
fn amount(pairs: &[(f64, f64)], is_once: bool) -> Option<Interval> {
    let differences: Vec<f64> = pairs.iter().map(|(of, against)| of - against).collect();
    match differences.as_slice() {
        [only] if is_once => Some(Interval { value: *only, low: *only, high: *only }),
        several => statistics::mean(several),
    }
}

/// The ends of the ratio over rounds. Against nothing, anything is more than any number of times.
fn ratio(pairs: &[(f64, f64)], is_once: bool) -> Option<(f64, f64)> {
    let (ones, twos) = (|pair: &(f64, f64)| pair.0 <= 0.0, |pair: &(f64, f64)| pair.1 <= 0.0);
    match (pairs.iter().any(ones), pairs.iter().any(twos), pairs) {
        (true, true, _) => Some((1.0, 1.0)),
        (false, true, _) => Some((f64::INFINITY, f64::INFINITY)),
        (true, false, _) => Some((0.0, 0.0)),
        (_, _, [(of, against)]) if is_once => Some((of / against, of / against)),
        _ => {
            let turned: Vec<(f64, f64)> = pairs.iter().map(|(of, against)| (*against, *of)).collect();
            statistics::paired(&turned).map(|ratio| (ratio.low, ratio.high))
        }
    }
}
