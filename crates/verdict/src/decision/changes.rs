//! At what the answer changes: limits, numbers of users, intervals, and needs.

use super::names::{self, mid};
use super::rule::View;
use super::words::users;
use super::{Decision, Outcome, Path, Scale, Word, is_two_way, role};
use crate::claims::{self, Answer};
use crate::format;
use scenario::Role;

/// A limit that is farther away than this many times is not near.
const NEAR: f64 = 2.0;

/// Of a candidate that is not of the class, a limit is near only if it is this close.
const CLOSE: f64 = 1.1;

/// A number of users that is larger than this many times the scale is another deployment.
const FAR: f64 = 1000.0;

/// From what a change was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The run shows it.
    Measured,
    /// It is worked out from measured figures, linear in users, or from a model that the tests hold.
    Computed,
    /// It is known of the protocols.
    Known,
}

/// Something at which the answer changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is, as a sentence that begins after "The answer changes if".
    pub text: String,
    /// From what it was worked out.
    pub basis: Basis,
}

impl Basis {
    /// The word that readers see.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Basis::Measured => "measured",
            Basis::Computed => "computed",
            Basis::Known => "known",
        }
    }
}

/// All of them, nearest kinds first.
pub(super) fn of(decision: &Decision<'_>) -> Vec<Change> {
    if !matches!(decision.outcome, Outcome::Recommended | Outcome::NoneMeets) {
        return Vec::new();
    }
    let mut all = limits(decision);
    all.extend(conditions(decision));
    all.extend(intervals(decision));
    all.extend(numbers(decision));
    all.extend(models(decision));
    all.extend(needs(decision));
    all
}

/// Limits that are near what was measured.
fn limits(decision: &Decision<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, criterion) in decision.sheet.criteria.iter().enumerate() {
        let Some(limit) = criterion.limit else { continue };
        for place in &decision.ruling.places {
            let Some(amount) = decision.sheet.amount(&place.label, index) else { continue };
            let name = mid(&names::entry(decision.run, &place.label));
            let shown = criterion.print(amount);
            let misses_this = place.word == Word::Misses && amount > limit;
            let text = match place.word {
                _ if !amount.is_finite() || amount <= 0.0 => continue,
                Word::Misses
                    if misses_this && amount < limit * NEAR && misses_one(decision, &place.label) =>
                {
                    format!("the limit on {} is above {shown}: {name} then meets it", criterion.name())
                }
                Word::Misses | Word::Same => continue,
                Word::CostsMore if amount * CLOSE < limit => continue,
                _ if amount * NEAR > limit => {
                    format!("the limit on {} is below {shown}: {name} then misses it", criterion.name())
                }
                _ => continue,
            };
            changes.push(Change { text, basis: Basis::Measured });
        }
    }
    changes
}

fn misses_one(decision: &Decision<'_>, label: &str) -> bool {
    decision.held(label).is_some_and(|held| held.missed().count() == 1 && held.lacks.is_empty())
}

/// Other conditions under which a transport meets limits that it misses here, or the other way round.
fn conditions(decision: &Decision<'_>) -> Vec<Change> {
    let run = decision.run;
    if run.header.objectives.is_empty() {
        return Vec::new();
    }
    let what_ifs = run.header.entries.iter().filter(|entry| role(run, entry) == Role::WhatIf);
    let changes = what_ifs.filter_map(|entry| {
        let row = decision.sheet.rows.iter().find(|row| row.transport == entry.transport)?;
        let record = run.header.entries.iter().find(|other| other.label == row.label)?;
        let how = Path::of(run, entry).differs(run, &Path::of(run, record))?;
        let [there, here] = [&entry.label, &row.label].map(|label| decision.held(label));
        let (there, here) = (there?.missed().count() == 0, here?.missed().count() == 0);
        let name = mid(&names::transport(run, &entry.transport));
        let text = match (here, there) {
            (false, true) => format!("clients are {how}: {name} then meets every limit"),
            (true, false) => format!("clients are {how}: {name} then misses a limit"),
            _ => return None,
        };
        Some(Change { text, basis: Basis::Measured })
    });
    changes.collect()
}

/// Up to which interval short polling would meet the latency that it misses, or meets it still: by the model, the wait is
/// uniform over a cycle.
fn intervals(decision: &Decision<'_>) -> Vec<Change> {
    let run = decision.run;
    if !matches!(run.header.shape.as_str(), "" | "broadcast") {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for place in decision.ruling.places.iter().filter(|place| place.word == Word::Misses) {
        let entry = run.header.entries.iter().find(|entry| entry.label == place.label);
        let Some(entry) = entry else { continue };
        let interval = entry.options.get("interval").and_then(|text| options::duration(text).ok());
        let Some(interval) = interval else { continue };
        let one_way_ns = entry.delay_ns.unwrap_or(run.header.delay_ns) as f64;
        let needed = decision.sheet.criteria.iter().filter_map(|criterion| {
            let share = match criterion.at? {
                scenario::At::Quantile(q) => q,
                scenario::At::Mean => 0.5,
                scenario::At::Max => 1.0,
                scenario::At::Beyond(_) => return None,
            };
            let is_latency = criterion.figure == scenario::Figure::Latency;
            is_latency.then_some((criterion.limit? - one_way_ns) / share)
        });
        let Some(longest_ns) = needed.reduce(f64::min) else { continue };
        let fixed_delay = entry.options.get("pacing").is_some_and(|pacing| pacing == "fixed-delay");
        let longest_ns = if fixed_delay { longest_ns - 2.0 * one_way_ns } else { longest_ns };
        if longest_ns > 0.0 && longest_ns < interval.as_nanos() as f64 {
            let name = mid(&names::transport(run, &entry.transport));
            let text = format!(
                "the polling interval is {} or less: {name} then meets the limit, with more polls",
                format::duration_f64(longest_ns)
            );
            changes.push(Change { text, basis: Basis::Computed });
        }
    }
    changes
}

/// From how many users on a cost that does not matter here does.
fn numbers(decision: &Decision<'_>) -> Vec<Change> {
    let Some(first) = decision.recommended().first().copied() else { return Vec::new() };
    let view = View { sheet: &decision.sheet, without: None };
    let Some(lead) = decision.sheet.row(first) else { return Vec::new() };
    let scale = Scale::of(decision.run).users;
    let noun = users(decision.run).rsplit(' ').next().unwrap_or_default().to_owned();
    let mut found: Vec<(f64, String)> = Vec::new();
    let others = decision.sheet.rows.iter().filter(|row| row.path == lead.path && row.label != lead.label);
    for row in
        others.filter(|row| decision.ruling.place(&row.label).is_some_and(|place| place.word != Word::Misses))
    {
        for difference in view.differences(lead, row) {
            let criterion = &decision.sheet.criteria[difference.criterion];
            let margin = 1.0 + decision.sheet.margins[difference.criterion];
            let (of, against) = (difference.of, difference.against);
            let is_clear = of > against * margin && difference.amount.low > 0.0;
            if !criterion.is_cost() || !is_clear {
                continue;
            }
            let number = scale * criterion.floor / (of - against);
            if number > scale && number < scale * FAR {
                let name = mid(&names::entry(decision.run, &row.label));
                let what = format!("{} less {}", criterion.print(criterion.floor), criterion.name());
                found.push((
                    number,
                    format!("more than about {} {noun}: {name} then takes {what}", about(number)),
                ));
            }
        }
    }
    found.sort_by(|(one, _), (two, _)| one.total_cmp(two));
    found.into_iter().take(2).map(|(_, text)| Change { text, basis: Basis::Computed }).collect()
}

/// Two digits: no more of it repeats.
fn about(number: f64) -> String {
    let unit = 10f64.powf(number.log10().floor() - 1.0);
    format::count(((number / unit).round() * unit) as u64)
}

/// Where the models of the scenario's claims have a boundary.
fn models(decision: &Decision<'_>) -> Vec<Change> {
    let all = claims::claims(decision.run, &decision.judgement);
    let bounded =
        decision.run.header.claims.iter().zip(&all).filter(|(_, claimed)| claimed.answer == Answer::Holds);
    let changes = bounded.filter_map(|(record, claimed)| {
        let boundary = record.boundary.as_ref()?;
        let beyond = if boundary.holds_below { "above" } else { "below" };
        let at = format::tick(boundary.at_ns as f64);
        let says = claimed.says.trim_end_matches('.');
        let text = format!("{} is {beyond} {at}: \u{201c}{says}\u{201d} then no longer holds", boundary.key);
        Some(Change { text, basis: Basis::Computed })
    });
    changes.take(2).collect()
}

/// What is known of protocols and turns a choice whatever is measured.
fn needs(decision: &Decision<'_>) -> Vec<Change> {
    let run = decision.run;
    let uses = |transport: &str| {
        decision
            .recommended()
            .iter()
            .any(|label| decision.sheet.row(label).is_some_and(|row| row.transport == transport))
    };
    let fits = |transport: &str| {
        decision.sheet.rows.iter().any(|row| {
            row.transport == transport
                && decision.ruling.place(&row.label).is_some_and(|place| place.word != Word::Misses)
        })
    };
    let mut changes = Vec::new();
    let mut known = |text: &str| changes.push(Change { text: text.to_owned(), basis: Basis::Known });
    if !is_two_way(run) && !uses("websocket") && fits("websocket") {
        known("the client must speak on the same connection: WebSocket");
    }
    if uses("sse") && fits("websocket") {
        known("updates are binary: WebSocket, since SSE is text");
    }
    if uses("websocket") && fits("sse") {
        known("a proxy between cannot pass Upgrade on: SSE with POSTs");
    }
    changes
}
