//! What speaks against the figures: shown before them, the same doubt once.

use crate::tables::rounds;
use results::{Run, Severity, Warning, WarningKind};
use verdict::Metric;

/// A doubt, ready to print, with all that it is about.
pub(crate) struct Entry {
    pub title: &'static str,
    pub class: &'static str,
    /// What the first of its warnings is about, or all where they say the same; may be empty.
    pub about: String,
    pub message: String,
    pub advice: String,
    /// The other warnings of this kind, where they say something else.
    pub more: Vec<String>,
}

/// The doubts, the worst first, one entry for each kind and advice.
pub(crate) fn doubts(run: &Run) -> Vec<Entry> {
    let mut groups: Vec<Vec<&Warning>> = Vec::new();
    for warning in &run.warnings {
        let key = |warning: &Warning| (warning.kind, warning.severity, warning.advice.clone());
        match groups.iter_mut().find(|group| key(group[0]) == key(warning)) {
            Some(group) => group.push(warning),
            None => groups.push(vec![warning]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].severity));
    groups.iter().map(|group| entry(group, run.header.entries.len())).collect()
}

/// How much speaks against the figures, in a line.
pub(crate) fn one_line(run: &Run) -> String {
    match doubts(run).len() {
        0 => "No warnings.".to_owned(),
        1 => "One warning.".to_owned(),
        many => format!("{many} warnings."),
    }
}

/// Whether something speaks against figures, rather than for reading them with more knowledge.
pub(crate) fn is_weighty(run: &Run) -> bool {
    run.warnings.iter().any(|warning| warning.severity > Severity::Note)
}

/// Why this figure is to be read with care, as a footnote says it; none where nothing speaks against it.
pub(crate) fn against(run: &Run, label: &str, metric: Metric) -> Option<String> {
    verdict::doubts::against(run, label, metric).map(|warning| footnote(warning.kind))
}

/// The same of a single round.
pub(crate) fn against_round(run: &Run, label: &str, round: u32, metric: Metric) -> Option<String> {
    let warning = run.warnings.iter().find(|warning| {
        warning.severity > Severity::Note
            && warning.label.as_deref().is_none_or(|about| about == label)
            && warning.round.is_none_or(|about| about == round)
            && verdict::doubts::spoils(warning.kind).contains(&metric)
    })?;
    Some(footnote(warning.kind))
}

fn footnote(kind: WarningKind) -> String {
    format!("{}: see the doubts", title(kind).to_lowercase())
}

/// Says that the run did not finish, and how far it came. None when it did.
pub(crate) fn unfinished(run: &Run) -> Option<String> {
    if run.is_complete() {
        return None;
    }
    let reason = match &run.end {
        Some(end) if !end.completed => end.reason.as_str(),
        _ if run.truncated => "its file breaks off within a line, which was left out",
        _ => "its file has no end, so it is still running or was killed",
    };
    let reason = reason.trim_end_matches('.');
    Some(format!("This run did not finish: {reason}. {} What follows is all there is.", progress(run)))
}

fn progress(run: &Run) -> String {
    let closed = run.accounts.iter().map(|account| account.round).max();
    let last = run.seconds.iter().max_by_key(|second| (second.round, second.second));
    let planned = run.header.rounds;
    match (closed, last) {
        (Some(round), _) => {
            format!("Accounts were written up to round {} of {planned}.", rounds::number(round))
        }
        (None, Some(last)) => format!(
            "No account was written; the last second on record is number {} of round {} of {planned}.",
            last.second,
            rounds::number(last.round)
        ),
        (None, None) => "Nothing was on record yet.".to_owned(),
    }
}

/// Warnings of one kind and advice, in the order of the file, of a run with so many transports.
fn entry(group: &[&Warning], all: usize) -> Entry {
    // Those that say the same stand together.
    let mut said: Vec<(&str, Vec<&Warning>)> = Vec::new();
    for warning in group {
        match said.iter_mut().find(|(message, _)| *message == warning.message) {
            Some((_, those)) => those.push(warning),
            None => said.push((&warning.message, vec![warning])),
        }
    }
    let (message, first) = &said[0];
    let more = |(message, those): &(&str, Vec<&Warning>)| match abouts(those, all) {
        about if about.is_empty() => sentence(message),
        about => format!("{about}: {}", sentence(message)),
    };
    Entry {
        title: title(group[0].kind),
        class: match group[0].severity {
            Severity::Note => "note",
            Severity::Doubt => "doubt",
            Severity::Invalid => "invalidating",
        },
        about: abouts(first, all),
        // Its first word may be a label, which is written as it is.
        message: sentence(message),
        advice: capital(&sentence(&group[0].advice)),
        more: said[1..].iter().map(more).collect(),
    }
}

/// Which transports these are about and in which rounds; those of the same rounds together.
fn abouts(warnings: &[&Warning], all: usize) -> String {
    let mut rounds_of: Vec<(Option<&str>, Vec<u32>)> = Vec::new();
    for warning in warnings {
        let label = warning.label.as_deref();
        match rounds_of.iter_mut().find(|(known, _)| *known == label) {
            Some((_, rounds)) => rounds.extend(warning.round),
            None => rounds_of.push((label, warning.round.into_iter().collect())),
        }
    }
    let mut groups: Vec<(Vec<&str>, Vec<u32>)> = Vec::new();
    for (label, mut rounds) in rounds_of {
        rounds.sort_unstable();
        match groups.iter_mut().find(|(_, known)| *known == rounds) {
            Some((labels, _)) => labels.extend(label),
            None => groups.push((label.into_iter().collect(), rounds)),
        }
    }
    let named = |(labels, rounds): &(Vec<&str>, Vec<u32>)| {
        let who = match labels.len() {
            0 => None,
            count if count == all && all > 1 => Some("every transport".to_owned()),
            _ => Some(list(labels)),
        };
        let numbers: Vec<String> = rounds.iter().map(|round| rounds::number(*round)).collect();
        let rounds = match numbers.len() {
            0 => None,
            1 => Some(format!("round {}", numbers[0])),
            _ => Some(format!("rounds {}", list(&numbers))),
        };
        who.into_iter().chain(rounds).collect::<Vec<_>>().join(", ")
    };
    groups.iter().map(named).filter(|about| !about.is_empty()).collect::<Vec<_>>().join("; ")
}

fn list(items: &[impl AsRef<str>]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Ends as a sentence does.
fn sentence(fragment: &str) -> String {
    match fragment.ends_with(['.', '!', '?']) || fragment.is_empty() {
        true => fragment.to_owned(),
        false => format!("{fragment}."),
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn title(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::PublisherLate => "Publisher late",
        WarningKind::CrowdSaturated => "Clients saturated",
        WarningKind::MachineSaturated => "Machine saturated",
        WarningKind::Books => "Books do not balance",
        WarningKind::Bytes => "Bytes do not agree",
        WarningKind::TooFewSamples => "Too few samples",
        WarningKind::SingleRound => "Only one round",
        WarningKind::Interrupted => "Interrupted",
        WarningKind::ChildDied => "A process died",
        WarningKind::Link => "The link did more than it was to",
        WarningKind::Clock => "Clock in doubt",
        WarningKind::ConnectionsMissing => "Connections missing",
        WarningKind::Unsustained => "Rate not sustained",
        WarningKind::HostBusy => "Others used the machine",
        WarningKind::ClientLimited => "Limited by the clients",
        WarningKind::Interference => "In each other's way",
        WarningKind::ControlDiffers => "The control differs",
        WarningKind::KernelStamps => "Kernel stamps were on",
        WarningKind::Environment => "Unusual machine",
        WarningKind::Other => "Doubt",
    }
}
