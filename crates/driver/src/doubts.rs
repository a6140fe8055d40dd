//! What makes a run's figures doubtful.

use crate::lane::{Connected, Outcome};
use results::{Ends, Severity, Traffic, Warning, WarningKind};
use scenario::Scenario;

/// A publisher that sends a tenth of its updates later than this share of what a tenth of the deliveries
/// exceeds, and than a millisecond, is part of what is measured.
const LATE_SHARE: f64 = 0.25;
const LATE_NS: u64 = 1_000_000;
/// Clients whose waits are noticed so late are short of processor time.
const TIMER_LATE_NS: u64 = 10_000_000;

/// The doubts about one transport in one round.
#[must_use]
pub fn of_lane(round: u32, label: &str, outcome: &Outcome) -> Vec<Warning> {
    let found = [books(outcome), missing(outcome), publisher(outcome), crowd(outcome), bytes(outcome)];
    let warn = |(kind, message, advice): Doubt| Warning {
        kind,
        severity: severity(kind),
        round: Some(round),
        label: Some(label.to_owned()),
        message,
        advice: advice.to_owned(),
    };
    found.into_iter().flatten().map(warn).collect()
}

type Doubt = (WarningKind, String, &'static str);

fn books(outcome: &Outcome) -> Option<Doubt> {
    let books = ledger::Books::from(outcome.clients.ledger.books);
    if !books.balance() {
        let advice = "this is a bug of pushpull's: please report it with the results file";
        return Some((WarningKind::Books, format!("the books do not balance: {books:?}"), advice));
    }
    if books.early > 0 {
        let message = format!("{} updates arrived before they were due", books.early);
        return Some((WarningKind::Clock, message, "the machine's monotonic clock can't be trusted"));
    }
    let odd = books.damaged + books.unknown + books.overstated_skips;
    if odd > 0 {
        let message = format!(
            "{} damaged bodies, {} updates that nobody expected, {} skips that nothing explains",
            books.damaged, books.unknown, books.overstated_skips
        );
        return Some((
            WarningKind::Books,
            message,
            "the transport's client or server is broken: see the books",
        ));
    }
    if outcome.server.published < outcome.server.planned && outcome.clients.complete {
        let (published, planned) = (outcome.server.published, outcome.server.planned);
        let message = format!("{published} of {planned} planned updates were published");
        return Some((WarningKind::PublisherLate, message, "run it again on a machine that is less busy"));
    }
    None
}

/// What did not arrive, and why connections ended.
fn missing(outcome: &Outcome) -> Option<Doubt> {
    let books = outcome.clients.ledger.books;
    let failure = outcome.clients.failure.as_deref().unwrap_or("nothing");
    if books.lost + books.in_flight > 0 && outcome.clients.complete {
        let message = format!(
            "{} of {} were lost and {} had not arrived when the drain was over; a connection last said: {failure}",
            books.lost, books.expected, books.in_flight
        );
        let advice =
            "latencies are those of what arrived: lower the load, or lengthen hub.retention or drain";
        return Some((WarningKind::Unsustained, message, advice));
    }
    let reconnects = outcome.clients.ledger.reconnects;
    (reconnects > 0).then(|| {
        let message = format!("{reconnects} connections had to be opened again; one last said: {failure}");
        (WarningKind::ConnectionsMissing, message, "their updates came late or twice: see the books")
    })
}

fn publisher(outcome: &Outcome) -> Option<Doubt> {
    let late_ns = outcome.server.lateness.quantile(0.9)?;
    let latency_ns = outcome.clients.ledger.latency.quantile(0.9)?;
    (late_ns > LATE_NS && late_ns as f64 > LATE_SHARE * latency_ns as f64).then(|| {
        let message = format!(
            "a tenth of its updates was sent more than {:.1} ms late, and a tenth took more than {:.1} ms to arrive",
            late_ns as f64 / 1e6,
            latency_ns as f64 / 1e6
        );
        let advice =
            "compare the latencies from sent, which leave this out; close other programs or lower the load";
        (WarningKind::PublisherLate, message, advice)
    })
}

fn crowd(outcome: &Outcome) -> Option<Doubt> {
    let late_ns = outcome.clients.timer_lateness.quantile(0.99).filter(|late_ns| *late_ns > TIMER_LATE_NS)?;
    let message =
        format!("its clients noticed their own waits {:.1} ms late (99th percentile)", late_ns as f64 / 1e6);
    let advice = "the clients are short of processor time: lower the load or raise subscribers.crowds";
    Some((WarningKind::CrowdSaturated, message, advice))
}

fn bytes(outcome: &Outcome) -> Option<Doubt> {
    let advice = "connections broke during the run, or one side counts wrongly: see the books";
    let (server, clients) = (outcome.server.traffic, outcome.clients.traffic);
    let differ = |what: &str, writer: Traffic, reader: Traffic| {
        matches!(writer.ends(&reader), Ends::Apart(_))
            .then(|| format!("{what} were written {} bytes, and read {}", writer.bytes_out, reader.bytes_in))
    };
    let message =
        differ("to the clients", server, clients).or_else(|| differ("to the server", clients, server))?;
    Some((WarningKind::Bytes, message, advice))
}

/// The doubt about a round in which not everybody was connected.
#[must_use]
pub fn of_connecting(round: u32, label: &str, scenario: &Scenario, connected: &Connected) -> Option<Warning> {
    let all = scenario.subscribers.count;
    (connected.count < all).then(|| Warning {
        kind: WarningKind::ConnectionsMissing,
        severity: severity(WarningKind::ConnectionsMissing),
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
        severity: severity(WarningKind::ChildDied),
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
        severity: severity(WarningKind::SingleRound),
        round: None,
        label: None,
        message: "there is one round: nothing tells a difference between transports from an accident"
            .to_owned(),
        advice: "run it with --rounds 5".to_owned(),
    })
}

fn severity(kind: WarningKind) -> Severity {
    match kind {
        WarningKind::Books | WarningKind::Bytes | WarningKind::Clock => Severity::Invalid,
        WarningKind::SingleRound => Severity::Note,
        _ => Severity::Doubt,
    }
}
