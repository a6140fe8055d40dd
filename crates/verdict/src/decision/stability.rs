//! Whether the answer rests on one round, and how large a difference could have hidden.

use super::rule::{Ruling, View};
use super::sheet::Sheet;
use super::{Criterion, Kind};

/// Rounds with which leaving one out leaves enough for an interval.
const LEAST_ROUNDS: usize = 4;

/// Whether the answer rests on one round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stability {
    /// There are too few rounds to leave one out.
    TooFewRounds(usize),
    /// The same classes without any one round.
    Same,
    /// Other classes without these rounds, counted from 1, and who is recommended then.
    RestsOn(Vec<(usize, Vec<String>)>),
}

impl Stability {
    /// Judges a sheet again without each of its rounds.
    #[must_use]
    pub fn of(sheet: &Sheet, order: &[&str], whole: &Ruling) -> Stability {
        if sheet.rounds.len() < LEAST_ROUNDS {
            return Stability::TooFewRounds(sheet.rounds.len());
        }
        let differing = sheet.rounds.iter().enumerate().filter_map(|(index, seed)| {
            let other = Ruling::of(sheet, order, Some(*seed));
            let paths = 0..sheet.paths.len();
            let differs = paths.clone().any(|path| other.class(path) != whole.class(path));
            let recommended =
                paths.filter_map(|path| other.class(path).first().map(|label| (*label).to_owned()));
            differs.then(|| (index + 1, recommended.collect()))
        });
        let differing: Vec<_> = differing.collect();
        if differing.is_empty() { Stability::Same } else { Stability::RestsOn(differing) }
    }

    /// In one sentence.
    #[must_use]
    pub fn said(&self) -> String {
        match self {
            Stability::TooFewRounds(1) => "One round shows nothing about stability.".to_owned(),
            Stability::TooFewRounds(rounds) => {
                format!("{rounds} rounds are too few to leave one out.")
            }
            Stability::Same => "The answer is the same without any one round.".to_owned(),
            Stability::RestsOn(rounds) => {
                let rounds: Vec<String> = rounds.iter().map(|(round, _)| round.to_string()).collect();
                let word = if rounds.len() == 1 { "round" } else { "rounds" };
                format!(
                    "The answer rests on {word} {}: without any one of them it is another answer.",
                    super::names::list(&rounds)
                )
            }
        }
    }
}

/// The largest difference between two candidates that the run would not have shown: by criterion, as an amount.
#[must_use]
pub fn unseen(sheet: &Sheet, one: &str, two: &str) -> Vec<(Criterion, f64)> {
    let (Some(one), Some(two)) = (sheet.row(one), sheet.row(two)) else { return Vec::new() };
    let view = View { sheet, without: None };
    let known = (0..sheet.criteria.len()).filter_map(|index| {
        let criterion = sheet.criteria[index];
        if matches!(criterion.kind, Kind::Memory | Kind::Requests) {
            return None;
        }
        let difference = view.difference(index, one, two)?;
        let hidden = difference.amount.low.abs().max(difference.amount.high.abs());
        Some((criterion, hidden))
    });
    known.filter(|(_, hidden)| hidden.is_finite()).collect()
}
