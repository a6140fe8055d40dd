//! The answer in sentences, by a rule that is printed below them.

use crate::standing::Standing;
use crate::{columns, format, standing};
use ledger::Books;
use results::Run;

/// How the sentences come about, for the reader to check.
pub(crate) const RULE: &str = "How this was worded: \u{201c}everything\u{201d} means that no update that was due \
    for a subscriber is missing from what it got. Transports are named in the order of their medians, all \
    rounds merged. An order is called steady only between neighbours whose medians came out that way in every \
    round that both closed, each time with enough updates behind them. Raw TCP is the floor and stays out \
    of it. ~ marks a figure with too few updates behind it, or too much missing from it.";

/// A few plain sentences; never empty.
pub(crate) fn sentences(run: &Run, standings: &[Standing]) -> Vec<String> {
    let mut contestants: Vec<&Standing> =
        standings.iter().filter(|standing| !standing.entry.floor && standing.merged.is_some()).collect();
    if contestants.is_empty() {
        return vec![
            "No round of any transport was closed, so there is nothing to answer with yet.".to_owned(),
        ];
    }
    let mut sentences = vec![delivery(&contestants)];
    contestants.retain(|standing| standing.quantile(0.5).is_some());
    contestants.sort_by_key(|standing| standing.quantile(0.5).map(|quantile| quantile.value_ns));
    sentences.extend(latency(&contestants));
    sentences.push(rounds(run, &contestants));
    sentences
}

fn delivery(contestants: &[&Standing]) -> String {
    let books: Vec<(&str, Books)> = contestants
        .iter()
        .filter_map(|standing| Some((standing.label(), standing.merged.as_ref()?.account.books)))
        .collect();
    let (whole, partial): (Vec<_>, Vec<_>) =
        books.into_iter().partition(|(_, books)| books.expected > 0 && books.delivered == books.expected);
    let mut parts = Vec::new();
    if !whole.is_empty() {
        let labels: Vec<String> = whole.iter().map(|(label, _)| (*label).to_owned()).collect();
        parts.push(format!("{} delivered everything that was due", list(&labels)));
    }
    parts.extend(partial.iter().map(|(label, books)| shortfall(label, books)));
    parts.join("; ") + "."
}

fn shortfall(label: &str, books: &Books) -> String {
    if books.expected == 0 {
        return format!("nothing was due over {label}");
    }
    let reach = format::percent(books.delivered, books.expected);
    let rest = match () {
        () if books.delivered.saturating_add(books.superseded) == books.expected => {
            ", and skipped the rest in favour of newer updates, as the scenario allows"
        }
        () => "",
    };
    format!("{label} delivered {reach} of what was due{rest}")
}

fn latency(contestants: &[&Standing]) -> Option<String> {
    if contestants.is_empty() {
        return None;
    }
    let over = |q: f64| {
        let each: Vec<String> = contestants
            .iter()
            .map(|standing| {
                format!(
                    "{} over {}",
                    columns::latency(standing.quantile(q).as_ref()).text(),
                    standing.label()
                )
            })
            .collect();
        list(&each)
    };
    Some(format!(
        "Counted from when it was due, half of what arrived took at most {}; 99 of 100 of them took at most {}.",
        over(0.5),
        over(0.99)
    ))
}

fn rounds(run: &Run, contestants: &[&Standing]) -> String {
    let closed =
        contestants.iter().filter_map(|standing| standing.merged.as_ref()).map(|merged| merged.rounds).max();
    if closed.unwrap_or(0) <= 1 {
        return "One round names no winner: it can't tell a difference between transports from an accident \
                of this run."
            .to_owned();
    }
    let pairs: Vec<Pair> = contestants.windows(2).map(|pair| Pair::of(run, pair[0], pair[1])).collect();
    match steady_rounds(&pairs) {
        _ if pairs.is_empty() => "There is no second transport to compare it with.".to_owned(),
        Some(rounds) => {
            let labels: Vec<String> =
                contestants.iter().map(|standing| standing.label().to_owned()).collect();
            format!(
                "In all {rounds} rounds the medians came in the same order, lowest first: {}.",
                list(&labels)
            )
        }
        None => format!("Round by round: {}.", pairs.iter().map(Pair::say).collect::<Vec<_>>().join("; ")),
    }
}

/// Two transports whose merged medians stand next to each other.
struct Pair<'a> {
    lower: &'a str,
    higher: &'a str,
    /// Rounds that both closed in full, with medians that can be trusted; else none.
    rounds: usize,
    /// Whether the medians came in this order in each of them.
    steady: bool,
}

impl<'a> Pair<'a> {
    fn of(run: &Run, lower: &'a Standing, higher: &'a Standing) -> Self {
        let (lower, higher) = (lower.label(), higher.label());
        let medians = common_medians(run, lower, higher);
        let steady = medians.iter().all(|(lower_ns, higher_ns)| lower_ns < higher_ns);
        Pair { lower, higher, rounds: medians.len(), steady }
    }

    fn say(&self) -> String {
        let Pair { lower, higher, rounds, steady } = self;
        match () {
            () if *rounds < 2 => format!("too few rounds or updates to order {lower} and {higher}"),
            () if *steady => {
                format!("in all {rounds} rounds the median of {lower} was lower than that of {higher}")
            }
            () => format!(
                "between {lower} and {higher} the order of medians did not hold in all {rounds} rounds"
            ),
        }
    }
}

/// Over how many rounds every pair kept its order, if all of them did and over equally many.
fn steady_rounds(pairs: &[Pair]) -> Option<usize> {
    let rounds = pairs.first()?.rounds;
    let steady = pairs.iter().all(|pair| pair.steady && pair.rounds == rounds);
    (steady && rounds >= 2).then_some(rounds)
}

/// Both medians of every round that both transports closed in full; none if one can't be trusted.
fn common_medians(run: &Run, left: &str, right: &str) -> Vec<(u64, u64)> {
    let rights = run.rounds_of(right);
    let mut medians = Vec::new();
    for account in run.rounds_of(left) {
        let other = rights.iter().find(|other| other.round == account.round);
        let Some(other) = other.filter(|other| other.complete && account.complete) else { continue };
        let median = |account: &results::Account| {
            let median = standing::quantile(&ledger::Account::from(&account.ledger), 0.5)?;
            median.is_known().then_some(median.value_ns)
        };
        match (median(account), median(other)) {
            (Some(left_ns), Some(right_ns)) => medians.push((left_ns, right_ns)),
            _ => return Vec::new(),
        }
    }
    medians
}

fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
