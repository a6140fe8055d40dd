//! Which transports were faster than others in every round, and which can't be told apart.

use crate::standing::{self, Figure};
use results::Run;
use std::collections::BTreeMap;

/// Common rounds without which no order is named.
pub(crate) const MIN_ROUNDS: usize = 5;

/// By how much the slower median has to exceed the faster one, in every round.
pub(crate) const MARGIN_PERCENT: u64 = 10;

/// Transports by their medians, round against round.
pub(crate) struct Order<'a> {
    /// Rounds that all those compared closed in full.
    pub rounds: usize,
    /// Those compared, lowest medians first.
    compared: Vec<Lane<'a>>,
    /// Those left out, and why.
    pub left_out: Vec<(&'a str, String)>,
}

struct Lane<'a> {
    label: &'a str,
    /// One for each common round, in the same order for all.
    medians_ns: Vec<u64>,
}

/// Medians of the rounds that ran to their end; none for a round whose median is not known.
type Medians = BTreeMap<u32, Option<u64>>;

pub(crate) fn of<'a>(run: &Run, labels: &[&'a str]) -> Order<'a> {
    let mut left_out = Vec::new();
    let mut known: Vec<(&str, BTreeMap<u32, u64>)> = Vec::new();
    for &label in labels {
        match usable(medians(run, label)) {
            Ok(medians) => known.push((label, medians)),
            Err(why) => left_out.push((label, why)),
        }
    }
    let common = common_rounds(&known);
    let mut compared: Vec<Lane> = known
        .iter()
        .map(|(label, medians)| Lane {
            label,
            medians_ns: common.iter().map(|round| medians[round]).collect(),
        })
        .collect();
    // Who is faster in every round is faster in their sum, so no step of the order runs against it.
    compared.sort_by_key(|lane| lane.medians_ns.iter().map(|ns| u128::from(*ns)).sum::<u128>());
    Order { rounds: common.len(), compared, left_out }
}

fn medians(run: &Run, label: &str) -> Medians {
    let rounds = run.rounds_of(label).into_iter().filter(|account| account.complete);
    rounds
        .map(|account| {
            let median = standing::quantile(&(&account.ledger).into(), 0.5).ok().filter(Figure::is_known);
            (account.round, median.map(|figure| figure.value_ns))
        })
        .collect()
}

fn usable(medians: Medians) -> Result<BTreeMap<u32, u64>, String> {
    if medians.len() < MIN_ROUNDS {
        return Err(format!("it closed fewer than {MIN_ROUNDS} rounds"));
    }
    let known: Option<BTreeMap<u32, u64>> =
        medians.into_iter().map(|(round, median_ns)| Some((round, median_ns?))).collect();
    known.ok_or_else(|| "its median is not known in every round".to_owned())
}

fn common_rounds(known: &[(&str, BTreeMap<u32, u64>)]) -> Vec<u32> {
    let Some(((_, first), others)) = known.split_first() else { return Vec::new() };
    let common = |round: &&u32| others.iter().all(|(_, medians)| medians.contains_key(round));
    first.keys().filter(common).copied().collect()
}

impl<'a> Order<'a> {
    /// The labels of those compared, lowest medians first.
    pub fn labels(&self) -> Vec<&'a str> {
        self.compared.iter().map(|lane| lane.label).collect()
    }

    /// Whether there is enough to name an order.
    pub fn is_known(&self) -> bool {
        self.compared.len() >= 2 && self.rounds >= MIN_ROUNDS
    }

    /// Whether in every round all medians lay within the margin.
    pub fn is_level(&self) -> bool {
        (0..self.rounds).all(|round| {
            let medians = || self.compared.iter().map(|lane| lane.medians_ns[round]);
            let ends = medians().min().zip(medians().max());
            ends.is_none_or(|(lowest_ns, highest_ns)| !exceeds(highest_ns, lowest_ns))
        })
    }

    /// Groups between which every pair has a steady difference, lowest medians first.
    pub fn tiers(&self) -> Vec<Tier<'a>> {
        let is_step = |at: &usize| {
            self.compared[..*at]
                .iter()
                .all(|low| self.compared[*at..].iter().all(|high| low.is_steadily_below(high)))
        };
        let mut ends: Vec<usize> = (1..self.compared.len()).filter(is_step).collect();
        ends.push(self.compared.len());
        let mut start = 0;
        ends.into_iter()
            .map(|end| Tier::of(&self.compared[std::mem::replace(&mut start, end)..end]))
            .collect()
    }
}

/// Transports that no step of the order divides.
pub(crate) struct Tier<'a> {
    pub labels: Vec<&'a str>,
    /// Pairs within it that have a steady difference all the same, the lower one first.
    pub steady: Vec<[&'a str; 2]>,
    /// Pairs within it that have none.
    pub open: Vec<[&'a str; 2]>,
}

impl<'a> Tier<'a> {
    fn of(lanes: &[Lane<'a>]) -> Self {
        let pairs = lanes
            .iter()
            .enumerate()
            .flat_map(|(at, low)| lanes[at + 1..].iter().map(move |high| (low, high)));
        let (steady, open): (Vec<_>, Vec<_>) = pairs.partition(|(low, high)| low.is_steadily_below(high));
        let labels = |pairs: Vec<(&Lane<'a>, &Lane<'a>)>| {
            pairs.into_iter().map(|(low, high)| [low.label, high.label]).collect()
        };
        Tier {
            labels: lanes.iter().map(|lane| lane.label).collect(),
            steady: labels(steady),
            open: labels(open),
        }
    }
}

impl Lane<'_> {
    fn is_steadily_below(&self, other: &Lane) -> bool {
        self.medians_ns
            .iter()
            .zip(&other.medians_ns)
            .all(|(lower_ns, higher_ns)| exceeds(*higher_ns, *lower_ns))
    }
}

fn exceeds(slower_ns: u64, faster_ns: u64) -> bool {
    u128::from(slower_ns) * 100 > u128::from(faster_ns) * u128::from(100 + MARGIN_PERCENT)
}
