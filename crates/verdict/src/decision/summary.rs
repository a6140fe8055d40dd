//! The sentences behind a headline.

use super::names::{self, list, mid, sentence_case};
use super::words::{is_felt, noun, unusable, users};
use super::{Criterion, Decision, Kind, Outcome, Path, SUMMARY_WORDS, Word, is_two_way, role};
use crate::{format, known};
use results::{EntryRecord, Run};
use scenario::{At, Figure, Role};

/// Values nearer to each other than this are told as one range.
const TOGETHER: f64 = 1.2;

/// At most as many words as fit: what is left out stands on the page below.
pub(super) fn sentences(decision: &Decision<'_>) -> Vec<String> {
    let always = |sentences: Vec<String>| sentences.into_iter().map(|sentence| vec![sentence]).collect();
    let all: Vec<Vec<String>> = match decision.outcome {
        Outcome::Recommended => recommended(decision),
        Outcome::NoneMeets => always(missing(decision).into_iter().collect()),
        Outcome::OneRound => always(speeds(decision, 0).into_iter().chain(missing(decision)).collect()),
        Outcome::NoChoice | Outcome::Alone => always(measured(decision)),
        Outcome::Invalid | Outcome::Unfinished | Outcome::NothingClosed => {
            always(unusable(decision).into_iter().collect())
        }
    };
    let mut words = count(&decision.headline());
    let mut fits = |sentence: &String| {
        let fits = words + count(sentence) <= SUMMARY_WORDS;
        words += if fits { count(sentence) } else { 0 };
        fits
    };
    all.into_iter().filter_map(|ways| ways.into_iter().find(&mut fits)).collect()
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Each sentence with shorter ways to say it, the most important ones first.
fn recommended(decision: &Decision<'_>) -> Vec<Vec<String>> {
    let one = |sentence: String| vec![sentence];
    let mut said: Vec<Vec<String>> = Vec::new();
    if decision.sheet.paths.len() == 1 {
        said.extend(speeds(decision, 0).into_iter().map(one));
    }
    said.extend(streaming(decision).map(one));
    said.extend(stopping(decision).map(one));
    // Which path a cost is of would need a word for each: with several, the table has them.
    let costs = if decision.sheet.paths.len() == 1 { costs(decision) } else { Vec::new() };
    said.extend(costs.into_iter().map(one));
    said.extend(hint(decision).map(one));
    said.extend(reason(decision).map(one));
    said.extend(
        missing(decision).map(|long| std::iter::once(long).chain(missing_in_short(decision)).collect()),
    );
    said.extend(what_ifs(decision).into_iter().take(2).map(one));
    said
}

/// The first two figures that a user feels, over all candidates of a path that fit.
fn speeds(decision: &Decision<'_>, path: usize) -> Vec<String> {
    let felt = decision.sheet.criteria.iter().filter(|criterion| is_felt(criterion.kind)).take(2);
    let said: Vec<String> = felt.filter_map(|criterion| speed(decision, path, criterion)).collect();
    // Of whom it is told, the first sentence says.
    let who =
        said.first().and_then(|first| Some(first[first.find(" over ")?..first.rfind(" (")?].to_owned()));
    let shorter = |(index, sentence): (usize, &String)| match &who {
        Some(who) if index > 0 && who.matches(" over ").count() == 1 => {
            sentence.replace(who.as_str(), " over each")
        }
        _ => sentence.clone(),
    };
    said.iter().enumerate().map(shorter).collect()
}

fn speed(decision: &Decision<'_>, path: usize, criterion: &Criterion) -> Option<String> {
    let labels: Vec<&str> = decision
        .ruling
        .places
        .iter()
        .filter(|place| place.path == path && place.word != Word::Misses)
        .map(|place| place.label.as_str())
        .collect();
    let groups = groups(decision, &labels, criterion);
    if groups.is_empty() {
        return None;
    }
    let at = criterion.at.map(quantile).unwrap_or_default();
    let limit = criterion.limit.map(|limit| format!("limit {}", criterion.print(limit)));
    let bracket: Vec<String> =
        [at, limit.unwrap_or_default()].into_iter().filter(|text| !text.is_empty()).collect();
    let bracket = if bracket.is_empty() { String::new() } else { format!(" ({})", bracket.join(", ")) };
    let said = match criterion.kind {
        Kind::Count => format!("{}: {}{bracket}.", noun(criterion.figure), groups.join(", ")),
        _ if noun(criterion.figure).ends_with("takes") || noun(criterion.figure).ends_with("of") => {
            format!("{} {}{bracket}.", noun(criterion.figure), groups.join(", "))
        }
        _ => format!("{} after {}{bracket}.", noun(criterion.figure), groups.join(", ")),
    };
    Some(said)
}

/// "at p98" of a quantile.
fn quantile(at: At) -> String {
    match at {
        At::Quantile(0.5) => "median".to_owned(),
        at => at.print(scenario::Unit::Time),
    }
}

/// "1.1 to 1.3 ms over SSE and WebSocket", "501 ms over short polling".
fn groups(decision: &Decision<'_>, labels: &[&str], criterion: &Criterion) -> Vec<String> {
    let amount = |label: &&str| decision.amount(label, criterion);
    let mut values: Vec<(&str, f64)> =
        labels.iter().filter_map(|label| Some((*label, amount(label)?))).collect();
    values.sort_by(|(_, one), (_, two)| one.total_cmp(two));
    let mut groups: Vec<Vec<(&str, f64)>> = Vec::new();
    for value in values {
        match groups.last_mut() {
            Some(group) if value.1 <= group[0].1 * TOGETHER || value.1 - group[0].1 < criterion.floor => {
                group.push(value);
            }
            _ => groups.push(vec![value]),
        }
    }
    groups.iter().map(|group| one_group(decision, group, criterion)).collect()
}

fn one_group(decision: &Decision<'_>, group: &[(&str, f64)], criterion: &Criterion) -> String {
    let [least, most] = [group[0].1, group[group.len() - 1].1].map(|value| criterion.print(value));
    let value = range(&least, &most);
    let names: Vec<String> = group.iter().map(|(label, _)| mid(&names::entry(decision.run, label))).collect();
    format!("{value} over {}", list(&names))
}

/// "1.1 to 1.3 ms": the unit once where it is the same.
fn range(least: &str, most: &str) -> String {
    if least == most {
        return least.to_owned();
    }
    match (least.split_once('\u{202f}'), most.split_once('\u{202f}')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number} to {most}"),
        _ => format!("{least} to {most}"),
    }
}

/// What candidates that fit cost at the scale, and who costs more.
fn costs(decision: &Decision<'_>) -> Vec<String> {
    let fit: Vec<&str> = decision
        .ruling
        .places
        .iter()
        .filter(|place| place.word != Word::Misses)
        .map(|place| place.label.as_str())
        .collect();
    let dear: Vec<&str> = decision
        .ruling
        .places
        .iter()
        .filter(|place| place.word == Word::CostsMore)
        .map(|place| place.label.as_str())
        .collect();
    let rest: Vec<&str> = fit.iter().copied().filter(|label| !dear.contains(label)).collect();
    let mut said: Vec<String> = cheap(decision, &rest).into_iter().collect();
    said.extend(dear.iter().filter_map(|label| {
        let detail = decision.detail(label);
        (!detail.is_empty()).then(|| format!("{} costs more: {detail}.", names::entry(decision.run, label)))
    }));
    said
}

fn cheap(decision: &Decision<'_>, labels: &[&str]) -> Option<String> {
    let costs = decision.sheet.criteria.iter().filter(|criterion| criterion.is_cost());
    let mut all_free = true;
    let mut parts = Vec::new();
    for criterion in costs {
        let amounts: Vec<f64> = labels.iter().filter_map(|label| decision.amount(label, criterion)).collect();
        let Some(most) = amounts.iter().copied().reduce(f64::max) else { continue };
        all_free &= most < criterion.floor;
        let least = amounts.iter().copied().fold(most, f64::min);
        if criterion.kind != Kind::Requests || most >= criterion.floor {
            parts.push((criterion, least, most));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let who = match labels {
        [] => return None,
        [only] => sentence_case(&names::entry(decision.run, only)),
        few if few.len() < 4 => {
            let names: Vec<String> =
                few.iter().map(|label| mid(&names::entry(decision.run, label))).collect();
            sentence_case(&list(&names))
        }
        _ => "Candidates that fit".to_owned(),
    };
    let (is, takes) = if labels.len() == 1 { ("is", "takes") } else { ("are", "take") };
    let each = if labels.len() == 1 { "" } else { " each" };
    let users = users(decision.run);
    if all_free {
        let most: Vec<String> = parts.iter().map(|(criterion, _, most)| criterion.print(*most)).collect();
        return Some(format!("{who} {is} nearly free for {users}: at most {}{each}.", list(&most)));
    }
    let ranges: Vec<String> = parts
        .iter()
        .map(|(criterion, least, most)| {
            let ends = range(&criterion.print(*least), &criterion.print(*most));
            if criterion.kind == Kind::Requests { format!("{ends} polling requests") } else { ends }
        })
        .collect();
    Some(format!("{who} {takes} {} for {users}{each}.", list(&ranges)).replace(" each.", ", each."))
}

/// Which candidates miss what, in one sentence: those that need the fewest words first.
fn missing(decision: &Decision<'_>) -> Option<String> {
    let places = decision.ruling.places.iter().filter(|place| place.word == Word::Misses);
    let said = places.filter_map(|place| {
        let detail = decision.detail(&place.label);
        let name = mid(&names::in_tables(decision.run, &place.label));
        (!detail.is_empty()).then(|| format!("{name} ({detail})"))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| format!("Not enough: {}.", said.join(", ")))
}

/// The same without what they miss.
fn missing_in_short(decision: &Decision<'_>) -> Option<String> {
    let places = decision.ruling.places.iter().filter(|place| place.word == Word::Misses);
    let names: Vec<String> = places.map(|place| mid(&names::in_tables(decision.run, &place.label))).collect();
    (!names.is_empty()).then(|| format!("Not enough: {}.", list(&names)))
}

/// By what a recommended stream passes a proxy that buffers responses unless it is told not to.
fn hint(decision: &Decision<'_>) -> Option<String> {
    let run = decision.run;
    let is_told = decision.recommended().iter().any(|label| {
        run.header.entries.iter().any(|entry| {
            entry.label == *label
                && entry.via().is_some()
                && entry.options.get("proxy-hint").is_some_and(|hint| hint != "off")
        })
    });
    is_told.then(|| format!("SSE passes because its response says {}.", known::NO_BUFFERING))
}

/// Why the recommended one comes first among those that perform the same.
fn reason(decision: &Decision<'_>) -> Option<String> {
    let path = 0;
    let class = decision.ruling.class(path);
    let [first, others @ ..] = class.as_slice() else { return None };
    let is_tie =
        others.iter().any(|label| decision.ruling.place(label).is_some_and(|place| place.word == Word::Same));
    let transport = &decision.sheet.row(first)?.transport;
    let reason = known::reason(transport, is_two_way(decision.run));
    (is_tie && !reason.is_empty()).then(|| format!("Known, not measured: {reason}"))
}

/// What streaming is worth, where the run has the reply in one piece beside it.
fn streaming(decision: &Decision<'_>) -> Option<String> {
    let run = decision.run;
    let whole = run
        .header
        .entries
        .iter()
        .find(|entry| entry.transport == "plain" && role(run, entry) == Role::Reference)?;
    let recommended = decision.recommended();
    let first = recommended.first()?;
    let figure = match run.header.shape.as_str() {
        "reply" => Figure::FirstChunk,
        _ => return None,
    };
    let criterion = median(figure);
    let [with, without] = [*first, whole.label.as_str()].map(|label| decision.amount(label, &criterion));
    Some(format!(
        "Streaming pays: the first part comes after {} in place of {} (medians).",
        format::duration_f64(with?),
        format::duration_f64(without?)
    ))
}

/// How soon a stop takes effect.
fn stopping(decision: &Decision<'_>) -> Option<String> {
    let class: Vec<&str> = decision.class();
    let groups = groups(decision, &class, &median(Figure::Stop));
    let said = match (groups.as_slice(), class.len()) {
        ([], _) => return None,
        ([all], 2..) => format!("{} over each", &all[..all.find(" over ").unwrap_or(all.len())]),
        (several, _) => several.join(", "),
    };
    Some(format!("A stop reaches the server after {said} (median)."))
}

fn median(figure: Figure) -> Criterion {
    let at = Some(At::Quantile(0.5));
    Criterion { kind: Kind::Delay, figure, at, factor: 1.0, floor: 1e6, limit: None }
}

/// What other conditions made of the same transport, by the first figure that a user feels.
pub(super) fn what_ifs(decision: &Decision<'_>) -> Vec<String> {
    let run = decision.run;
    let Some(criterion) = decision.sheet.criteria.iter().find(|criterion| criterion.kind == Kind::Delay)
    else {
        return Vec::new();
    };
    let mut others: Vec<&EntryRecord> = run
        .header
        .entries
        .iter()
        .filter(|entry| !entry.floor && entry.control_of.is_none() && role(run, entry) != Role::Candidate)
        .collect();
    others.sort_by_key(|entry| role(run, entry) != Role::WhatIf);
    let said = others.into_iter().filter_map(|entry| {
        let base = beside(decision, entry)?;
        let how = differs(run, entry, base)?;
        let of = |label: &str| decision.amount(label, criterion);
        let (here, there) = (of(&entry.label)?, of(&base.label)?);
        let name = names::transport(run, &entry.transport);
        let at = criterion.at.map(quantile).unwrap_or_default();
        Some(format!(
            "{}: {} over {} in place of {} ({at}).",
            sentence_case(&how),
            criterion.print(here),
            mid(&name),
            criterion.print(there)
        ))
    });
    said.collect()
}

/// The candidate that an entry is set beside: of the same transport, on the same path if there is one.
fn beside<'a>(decision: &Decision<'a>, entry: &EntryRecord) -> Option<&'a EntryRecord> {
    let run = decision.run;
    let is_alike = |other: &&EntryRecord| {
        let place = decision.ruling.place(&other.label);
        other.transport == entry.transport && place.is_some_and(|place| place.word != Word::Misses)
    };
    let mut alike: Vec<&EntryRecord> = run.header.entries.iter().filter(is_alike).collect();
    alike.sort_by_key(|other| Path::of(run, other) != Path::of(run, entry));
    alike.first().copied()
}

/// In what an entry differs from another one of its transport: in its path, else in its settings.
fn differs(run: &Run, entry: &EntryRecord, base: &EntryRecord) -> Option<String> {
    if let Some(how) = Path::of(run, entry).differs(run, &Path::of(run, base)) {
        return Some(how);
    }
    let other = entry.options.iter().filter(|(name, value)| base.options.get(*name) != Some(value));
    let other: Vec<String> = other.map(|(name, value)| format!("{name} = {value}")).collect();
    (!other.is_empty()).then(|| format!("with {}", list(&other)))
}

/// What there is to say where nothing is chosen: the checks of the first claim, else the delays.
fn measured(decision: &Decision<'_>) -> Vec<String> {
    let Some(claimed) = super::finding(decision) else { return speeds(decision, 0) };
    let checks = claimed.checks.iter().filter_map(|check| {
        let came_out = check.came_out()?;
        let name = names::among_all(decision.run, &check.of);
        Some(format!("{name}, {}: {came_out} ({}).", check.measure, check.asked()))
    });
    checks.collect()
}
