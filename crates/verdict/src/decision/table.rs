//! The table that a decision is read from: one row an entry, at most six figures, limits in the head, amounts at scale.

use super::criterion::{Criterion, Kind};
use super::{Decision, Met, Word, names, role, words};
use crate::claims::print;
use crate::{Reach, format};
use results::EntryRecord;
use scenario::{At, Figure, Role, Unit};

/// Most figures that a row has.
const FIGURES: usize = 6;

/// A decision, as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its figures.
    pub columns: Vec<Column>,
    /// Candidates first, path by path, then references and what-ifs.
    pub rows: Vec<TableRow>,
}

/// The head of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it is.
    pub head: String,
    /// Its limit, or the scale of its amounts.
    pub sub: String,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its label.
    pub label: String,
    /// Its transport.
    pub transport: String,
    /// What prose calls it.
    pub name: String,
    /// What it is in the decision.
    pub role: Role,
    /// The network path it was measured over, where the run has candidates on several, or another one than theirs.
    pub path: Option<String>,
    /// Its word, or what it is no candidate as.
    pub word: String,
    /// Whether the word is a good one, a bad one or neither.
    pub mark: Mark,
    /// Why, as a fragment; may be empty.
    pub why: String,
    /// Its figures.
    pub cells: Vec<Cell>,
}

/// What a word comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It may be used.
    Good,
    /// It may be used, at a price.
    Fair,
    /// It does not do.
    Bad,
    /// It is no choice.
    None,
}

/// One figure of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The figure, with its unit.
    pub text: String,
    /// Whether it misses a limit.
    pub is_missed: bool,
}

impl Mark {
    /// A sign that stands for it where there is no colour.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Good => "\u{2713}",
            Mark::Fair => "~",
            Mark::Bad => "\u{2717}",
            Mark::None => "",
        }
    }
}

/// What a column shows.
enum Shown {
    /// An objective, by its place.
    Objective(usize),
    /// A cost or delay.
    Criterion(Criterion),
}

/// The table of a decision.
#[must_use]
pub fn of(decision: &Decision<'_>) -> Table {
    let shown = columns(decision);
    let rows = rows(decision);
    let rows: Vec<TableRow> = rows.into_iter().map(|entry| row(decision, entry, &shown)).collect();
    Table { columns: shown.iter().map(|shown| head(decision, shown)).collect(), rows }
}

/// Limits first, then the median delay where no limit shows it, then costs.
fn columns(decision: &Decision<'_>) -> Vec<Shown> {
    let objectives = decision.run.header.objectives.len().min(3);
    let mut shown: Vec<Shown> = (0..objectives).map(Shown::Objective).collect();
    let criteria = &decision.sheet.criteria;
    if let Some(first) = criteria.iter().find(|criterion| criterion.kind == Kind::Delay) {
        let asked = decision.run.header.objectives.iter().any(|objective| {
            Figure::parse(&objective.figure) == Some(first.figure) && objective.at.as_deref() == Some("p50")
        });
        if !asked && first.at.is_some() {
            shown.push(Shown::Criterion(Criterion { at: Some(At::Quantile(0.5)), limit: None, ..*first }));
        }
        if objectives == 0 {
            shown.push(Shown::Criterion(*first));
        }
    }
    let has = |criterion: &Criterion| {
        let known = decision.sheet.rows.iter().any(|row| {
            let amount = decision.amount(&row.label, criterion);
            amount.is_some_and(|amount| amount > 0.0)
        });
        known || criterion.kind == Kind::Cpu
    };
    let costs = criteria.iter().filter(|criterion| criterion.is_cost()).filter(|criterion| has(criterion));
    shown.extend(costs.copied().map(Shown::Criterion));
    shown.truncate(FIGURES);
    shown
}

/// Candidates, then the entries that are none, raw TCP last.
fn rows<'a>(decision: &Decision<'a>) -> Vec<&'a EntryRecord> {
    let run = decision.run;
    let entries = run.header.entries.iter().filter(|entry| entry.control_of.is_none());
    let mut rows: Vec<&EntryRecord> = entries.collect();
    rows.sort_by_key(|entry| {
        let place = decision.ruling.place(&entry.label);
        let path = place.map_or(usize::MAX, |place| place.path);
        let is_ranked = decision.outcome == super::Outcome::Recommended;
        let word = place.filter(|_| is_ranked).map_or(Word::Misses, |place| place.word);
        (role(run, entry) != Role::Candidate, entry.floor, role(run, entry) == Role::WhatIf, path, word)
    });
    rows
}

fn head(decision: &Decision<'_>, shown: &Shown) -> Column {
    let scale = words::users(decision.run);
    match shown {
        Shown::Objective(index) => {
            let objective = &decision.run.header.objectives[*index];
            let held = decision.held.first().map(|held| &held.objectives[*index]);
            let limit = held.map(|checked| checked.asked().replace("at most", "limit")).unwrap_or_default();
            Column { head: words::heading(&objective.figure, objective.at.as_deref()), sub: limit }
        }
        Shown::Criterion(criterion) if criterion.is_cost() => {
            let head = match criterion.kind {
                Kind::Cpu => "Server CPU",
                Kind::Memory => "Memory",
                Kind::Traffic => "Traffic",
                _ => "Polls",
            };
            Column { head: head.to_owned(), sub: scale }
        }
        Shown::Criterion(criterion) => {
            let at = criterion.at.map(|at| at.print(Unit::Time));
            Column { head: words::heading(criterion.figure.facts().name, at.as_deref()), sub: String::new() }
        }
    }
}

fn row(decision: &Decision<'_>, entry: &EntryRecord, shown: &[Shown]) -> TableRow {
    let run = decision.run;
    let label = entry.label.as_str();
    let role = role(run, entry);
    let (word, mark) = word(decision, entry);
    let cells = shown.iter().map(|shown| cell(decision, label, shown)).collect();
    let usual = super::Path::usual(run);
    TableRow {
        label: label.to_owned(),
        transport: entry.transport.clone(),
        name: names::in_tables(run, label),
        role,
        path: super::Path::of(run, entry).differs(run, &usual),
        word,
        mark,
        why: decision.detail(label),
        cells,
    }
}

fn word(decision: &Decision<'_>, entry: &EntryRecord) -> (String, Mark) {
    let role = role(decision.run, entry);
    let Some(place) = decision.ruling.place(&entry.label) else {
        let said = if entry.floor { "baseline" } else { role.name() };
        return (said.to_owned(), Mark::None);
    };
    let is_ranked = decision.outcome == super::Outcome::Recommended;
    match place.word {
        Word::Misses => ("misses".to_owned(), Mark::Bad),
        _ if !is_ranked => ("not ranked".to_owned(), Mark::None),
        word @ (Word::Recommended | Word::Same | Word::Enough) => (word.key().to_owned(), Mark::Good),
        word @ Word::CostsMore => (word.key().to_owned(), Mark::Fair),
    }
}

fn cell(decision: &Decision<'_>, label: &str, shown: &Shown) -> Cell {
    match shown {
        Shown::Objective(index) => {
            let checked = decision.held(label).map(|held| &held.objectives[*index]);
            let value = checked.and_then(|checked| Some((checked, checked.shown.map(|shown| shown.value)?)));
            let text = value
                .map_or_else(|| unknown(decision, label), |(checked, value)| limited(checked.unit, value));
            let met = decision.ruling.place(label).and_then(|place| place.met.get(*index).copied());
            let missed = checked.is_some_and(|checked| checked.answer == crate::Answer::DoesNotHold);
            Cell { text, is_missed: met.map_or(missed, |met| met == Met::No) }
        }
        Shown::Criterion(criterion) => {
            let amount = decision.amount(label, criterion);
            let text = amount.map_or_else(|| format::NONE.to_owned(), |amount| short(criterion, amount));
            Cell { text, is_missed: false }
        }
    }
}

/// What stands where a limited figure has no value: nothing arrived, or too little is known.
fn unknown(decision: &Decision<'_>, label: &str) -> String {
    let reach = Reach::of(decision.run, label);
    if reach.closed > 0 && reach.delivered == 0 { "never".to_owned() } else { format::NONE.to_owned() }
}

pub(super) fn limited(unit: Unit, value: f64) -> String {
    match unit {
        // A share that is almost nothing is not worth three digits.
        Unit::Share if value > 0.0 && value < 1e-4 => "<0.01\u{202f}%".to_owned(),
        Unit::Number if value >= 100.0 => format::count(value.round() as u64),
        Unit::Number if value.fract() == 0.0 => format::count(value as u64),
        Unit::Number if value < 10.0 => format!("{value:.1}"),
        unit => print(unit, value),
    }
}

/// "of a core" is said once, in the head.
fn short(criterion: &Criterion, amount: f64) -> String {
    criterion.print(amount).replace(" of a core", " core")
}
