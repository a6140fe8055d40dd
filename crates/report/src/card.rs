//! The first screen of a page: the answer, the table that it is read from, and at what it changes.

use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Mark};
use crate::chart::look::Look;
use crate::chart::marker;
use crate::format;
use crate::standing::Standing;
use crate::table::Cell;
use results::Run;
use verdict::decision::{Change, Column, Criterion, Kind, Mark as Word, TableRow, names};
use verdict::{Decision, Outcome, known};

/// What the first screen prints.
pub(crate) struct Card {
    pub when: String,
    pub conditions: String,
    pub headline: String,
    pub sentences: Vec<String>,
    /// How stable the answer is.
    pub stability: Vec<String>,
    /// Which differences the run would not have shown.
    pub unseen: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub changes: Vec<Change>,
    pub what_ifs: Vec<String>,
    /// What is known of the transports of the class, a line each.
    pub known: Vec<(String, Vec<(&'static str, &'static str)>)>,
    /// The lines that make a proxy of the run pass streams on.
    pub proxies: Vec<(String, String)>,
    pub markdown: String,
}

/// A row of the decision table.
pub(crate) struct Row {
    pub swatch: String,
    pub row: TableRow,
}

impl Row {
    /// The name, as it stands in a table.
    pub fn name(&self) -> String {
        names::sentence_case(&self.row.name)
    }

    /// The class of its word.
    pub fn class(&self) -> &'static str {
        match self.row.mark {
            Word::Good => "ok",
            Word::Fair => "fair",
            Word::Bad => "bad",
            Word::None => "dim",
        }
    }

    pub fn is_pick(&self) -> bool {
        self.row.word == "recommended"
    }

    pub fn word(&self) -> String {
        format!("{} {}", self.row.mark.sign(), names::sentence_case(&self.row.word)).trim().to_owned()
    }
}

pub(crate) fn of(run: &Run, decision: &Decision<'_>, standings: &[Standing]) -> Card {
    let table = decision.table();
    let swatch = |label: &str| {
        let standing = standings.iter().find(|standing| standing.label() == label);
        standing.map(|standing| marker::swatch(standing.look)).unwrap_or_default()
    };
    Card {
        when: format::date(&run.header.started),
        conditions: decision.conditions(),
        headline: decision.headline(),
        // The reason stands above the answer.
        sentences: if decision.outcome == Outcome::Invalid { Vec::new() } else { decision.summary() },
        stability: decision.stability(),
        unseen: decision.unseen(),
        columns: table.columns,
        rows: table.rows.into_iter().map(|row| Row { swatch: swatch(&row.label), row }).collect(),
        changes: decision.changes(),
        what_ifs: decision.what_ifs(),
        known: known_facts(decision),
        proxies: proxies(run),
        markdown: decision.markdown(),
    }
}

/// Of the transports in the class, the facts that the scenario's needs make decisive, or the first ones.
fn known_facts(decision: &Decision<'_>) -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    const SHOWN: usize = 3;
    if decision.outcome != Outcome::Recommended {
        return Vec::new();
    }
    let needs = &decision.run.header.needs;
    let is_needed =
        |fact: &&known::Fact| fact.needs.iter().any(|need| needs.iter().any(|other| other == need));
    let mut facts: Vec<&known::Fact> = known::FACTS.iter().filter(is_needed).collect();
    let rest = ["reconnect", "connections", "proxies", "headers"];
    for key in rest {
        if facts.iter().all(|fact| fact.key != key) {
            facts.extend(known::FACTS.iter().find(|fact| fact.key == key));
        }
    }
    facts.truncate(SHOWN);
    let mut transports: Vec<&str> = Vec::new();
    for label in decision.class() {
        let transport = decision.sheet.row(label).map(|row| row.transport.as_str());
        transports.extend(transport.filter(|transport| !transports.contains(transport)));
    }
    let line = |transport: &&str| {
        let at = known::TRANSPORTS.iter().position(|known| known == transport)?;
        let cells = facts.iter().map(|fact| (fact.title, fact.cells[at])).collect();
        Some((names::transport(decision.run, transport), cells))
    };
    transports.iter().take(SHOWN).filter_map(line).collect()
}

fn proxies(run: &Run) -> Vec<(String, String)> {
    let mut programs: Vec<&str> = run.header.vias.iter().map(|via| via.program.as_str()).collect();
    programs.dedup();
    let lines = |program: &&str| {
        let lines = known::lines_for(program);
        (!lines.is_empty()).then(|| ((*program).to_owned(), lines.join("\n")))
    };
    programs.iter().filter_map(lines).collect()
}

/// What each transport costs at the scale, with the amount from which on a difference matters.
pub(crate) fn costs(decision: &Decision<'_>, standings: &[Standing]) -> Vec<Lanes> {
    let criteria = decision.sheet.criteria.iter().filter(|criterion| criterion.is_cost());
    criteria.filter_map(|criterion| cost(decision, standings, criterion)).collect()
}

fn cost(decision: &Decision<'_>, standings: &[Standing], criterion: &Criterion) -> Option<Lanes> {
    let (unit, quantity, title) = match criterion.kind {
        Kind::Cpu => (0.01, Quantity::Number, "Server CPU, % of a core"),
        Kind::Memory => (1024.0 * 1024.0, Quantity::Number, "Server memory, MiB"),
        Kind::Traffic => (1e6, Quantity::Number, "Traffic, Mbit/s"),
        _ => (1.0, Quantity::Number, "Polling requests, 1/s"),
    };
    let amount = |label: &str| decision.amount(label, criterion);
    let drawn: Vec<&Standing> = crate::standing::without_controls(standings)
        .filter(|standing| !(criterion.kind == Kind::Requests && standing.look == Look::Aside))
        .collect();
    let known = drawn.iter().filter_map(|standing| amount(standing.label())).collect::<Vec<_>>();
    if known.iter().all(|amount| *amount <= 0.0) {
        return None;
    }
    let entries = drawn.iter().map(|standing| {
        let value = amount(standing.label());
        Entry {
            label: standing.name().to_owned(),
            look: standing.look,
            marks: value.map(|value| Mark::Bar(value / unit)).into_iter().collect(),
            cell: value
                .map_or_else(|| Cell::missing("not measured"), |value| Cell::plain(criterion.print(value))),
        }
    });
    let entries: Vec<Entry> = entries.collect();
    let floor = criterion.floor / unit;
    // A floor that is far beyond everything would press the bars flat: then the words say so.
    let most = known.iter().copied().fold(0.0, f64::max) / unit;
    let is_near = floor < most * 8.0;
    let axis = Axis::from_zero(quantity, lanes::values(&entries).chain(is_near.then_some(floor)))?;
    let backdrop = if is_near { Backdrop::Matters(floor) } else { Backdrop::Nothing };
    let reading = match is_near {
        true => String::new(),
        false => {
            format!("All far below {}, from which on a difference matters.", criterion.print(criterion.floor))
        }
    };
    Some(lanes::lanes(title, reading, &axis, backdrop, entries))
}
