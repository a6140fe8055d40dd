//! What makes a run's figures doubtful.

use crate::lane::{Connected, Outcome};
use results::{Warning, WarningKind};
use scenario::Scenario;

/// A publisher that is this late at its 99th percentile is part of what is measured.
const LATE_NS: u64 = 5_000_000;

/// The doubts about one transport in one round.
#[must_use]
pub fn of_lane(round: u32, label: &str, outcome: &Outcome) -> Vec<Warning> {
    let warn = |kind, message: String, advice: &str| Warning {
        kind,
        round: Some(round),
        label: Some(label.to_owned()),
        message,
        advice: advice.to_owned(),
    };
    let mut warnings = Vec::new();
    let books = ledger::Books::from(outcome.clients.ledger.books);
    if !books.balance() {
        let message = format!("the books do not balance: {books:?}");
        warnings.push(warn(
            WarningKind::Books,
            message,
            "this is a bug of pushpull's: please report it with the results file",
        ));
    }
    if outcome.server.published < outcome.server.planned && outcome.clients.complete {
        let message = format!(
            "{} of {} planned updates were published",
            outcome.server.published, outcome.server.planned
        );
        warnings.push(warn(WarningKind::Books, message, "run it again on a machine that is less busy"));
    }
    if let Some(late_ns) = outcome.server.lateness.quantile(0.99).filter(|late_ns| *late_ns > LATE_NS) {
        let message =
            format!("one update in a hundred was sent more than {:.1} ms late", late_ns as f64 / 1e6);
        let advice =
            "compare the latencies from sent, which leave this out; close other programs or lower the load";
        warnings.push(warn(WarningKind::PublisherLate, message, advice));
    }
    if books.early > 0 {
        let message = format!("{} updates arrived before they were due", books.early);
        warnings.push(warn(WarningKind::Clock, message, "the machine's monotonic clock can't be trusted"));
    }
    warnings.extend(bytes_differ(outcome).map(|message| {
        warn(
            WarningKind::Bytes,
            message,
            "connections broke during the run, or one side counts wrongly: see the books",
        )
    }));
    warnings
}

/// What the server wrote must be what its clients read.
fn bytes_differ(outcome: &Outcome) -> Option<String> {
    let (wrote, read) = (outcome.server.traffic.bytes_out, outcome.clients.traffic.bytes_in);
    let difference = wrote.abs_diff(read);
    // What was on its way when the clients stopped reading: heartbeats and the answers to last polls.
    let allowed = 1024 + wrote / 1000;
    (difference > allowed && outcome.clients.complete)
        .then(|| format!("the server wrote {wrote} bytes, its clients read {read}"))
}

/// The doubt about a round in which not everybody was connected.
#[must_use]
pub fn of_connecting(round: u32, label: &str, scenario: &Scenario, connected: &Connected) -> Option<Warning> {
    let all = scenario.subscribers.count;
    (connected.count < all).then(|| Warning {
        kind: WarningKind::ConnectionsMissing,
        round: Some(round),
        label: Some(label.to_owned()),
        message: format!(
            "{} of {all} subscribers were connected at the start; another one said: {}",
            connected.count,
            connected.failure.as_deref().unwrap_or("nothing")
        ),
        advice: "what they missed counts as lost; give them a longer subscribers.ramp or fewer of them"
            .to_owned(),
    })
}

/// The doubt about a transport whose processes broke down.
#[must_use]
pub fn of_breakdown(round: u32, label: &str, error: &anyhow::Error) -> Warning {
    Warning {
        kind: WarningKind::ChildDied,
        round: Some(round),
        label: Some(label.to_owned()),
        message: format!("{error:#}"),
        advice: "this round has no figures for it; the others stand".to_owned(),
    }
}

/// The doubt about a run of one round.
#[must_use]
pub fn of_rounds(rounds: u32) -> Option<Warning> {
    (rounds == 1).then(|| Warning {
        kind: WarningKind::SingleRound,
        round: None,
        label: None,
        message: "there is one round: nothing tells a difference between transports from an accident"
            .to_owned(),
        advice: "run it with --rounds 5".to_owned(),
    })
}
