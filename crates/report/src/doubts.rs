//! What speaks against the figures: shown before them.

use crate::rounds;
use results::{Run, Warning, WarningKind};

/// A warning, ready to print.
pub(crate) struct Doubt<'a> {
    pub kind: &'static str,
    /// What it is about, when it is not about everything.
    pub about: String,
    pub message: &'a str,
    pub advice: &'a str,
}

pub(crate) fn doubts(run: &Run) -> Vec<Doubt<'_>> {
    run.warnings.iter().map(doubt).collect()
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

fn doubt(warning: &Warning) -> Doubt<'_> {
    let about = match (&warning.label, warning.round) {
        (None, None) => String::new(),
        (None, Some(round)) => format!("round {}", rounds::number(round)),
        (Some(label), None) => label.clone(),
        (Some(label), Some(round)) => format!("{label}, round {}", rounds::number(round)),
    };
    Doubt { kind: title(warning.kind), about, message: &warning.message, advice: &warning.advice }
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
        WarningKind::Clock => "Clock in doubt",
        WarningKind::ConnectionsMissing => "Connections missing",
        WarningKind::Unsustained => "Rate not sustained",
        WarningKind::HostBusy => "Others used the machine",
        WarningKind::ClientLimited => "Limited by the clients",
        WarningKind::Interference => "In each other's way",
        WarningKind::ControlDiffers => "The control differs",
        WarningKind::Environment => "Unusual machine",
        WarningKind::Other => "Doubt",
    }
}
