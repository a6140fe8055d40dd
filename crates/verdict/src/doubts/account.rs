//! The doubts about one transport in one round.

use super::Doubt;
use super::thresholds::{
    BUSY_SHARE, FOREIGN_DOUBT, LATE_NS, LATE_SHARE, LINK_LATE_NS, SATURATED_SHARE, TIMER_LATE_NS,
};
use crate::format;
use results::{Account, Ends, Header, Mode, Severity, Traffic, Warning, WarningKind};

/// The doubts about one transport in one round, from its closed books.
#[must_use]
pub fn of_account(header: &Header, account: &Account) -> Vec<Warning> {
    let found = [
        books(account),
        missing(header, account),
        publisher(account),
        timer(account),
        link(account),
        saturated(header, account),
        busy(account),
        foreign(account),
        bytes(header, account),
    ];
    // Where there are rounds apart, no figure is taken from those together.
    let is_aside = account.mode == Mode::Together && header.modes.contains(&Mode::Apart);
    let weigh = |doubt: Doubt| match doubt.severity {
        Severity::Doubt if is_aside => Doubt { severity: Severity::Note, ..doubt },
        _ => doubt,
    };
    let warn = |doubt: Doubt| {
        // Together, the machine was as busy for one as for all.
        let of_all = account.mode == Mode::Together
            && matches!(doubt.kind, WarningKind::HostBusy | WarningKind::MachineSaturated);
        let label = (!of_all).then_some(account.label.as_str());
        weigh(doubt).about(label, Some(account.round))
    };
    found.into_iter().flatten().map(warn).collect()
}

/// How much of one processor the server's transport thread used in the measured window, 0 to 1. None where
/// the system does not tell. A server at its limit is no doubt but a result: it is what there is to see.
#[must_use]
pub fn server_share(header: &Header, account: &Account) -> Option<f64> {
    let window_ns = Some(header.measure_ns).filter(|ns| *ns > 0)?;
    Some((account.server_costs.transport_ns? as f64 / window_ns as f64).min(1.0))
}

fn books(account: &Account) -> Option<Doubt> {
    let invalid = |kind, message, advice| Some(Doubt::new(kind, Severity::Invalid, message, advice));
    let books = ledger::Books::from(account.ledger.books);
    if !books.balance() {
        let advice = "this is a bug of pushpull's: please report it with the results file";
        return invalid(WarningKind::Books, format!("the books do not balance: {books:?}"), advice);
    }
    if books.early > 0 {
        let message = format!("{} updates arrived before they were due", books.early);
        return invalid(WarningKind::Clock, message, "the machine's monotonic clock can't be trusted");
    }
    if books.damaged > 0 || books.unknown > 0 || books.overstated_skips > 0 {
        let message = format!(
            "{} damaged bodies, {} updates that nobody expected, {} skips that nothing explains",
            books.damaged, books.unknown, books.overstated_skips
        );
        let advice = "the transport's client or server is broken: see the books";
        return invalid(WarningKind::Books, message, advice);
    }
    if account.published < account.planned && account.complete {
        let message = format!("{} of {} planned updates were published", account.published, account.planned);
        let advice = "run it again on a machine that is less busy";
        return Some(Doubt::new(WarningKind::PublisherLate, Severity::Doubt, message, advice));
    }
    None
}

/// Whether a link did what the scenario says and nothing else.
fn link(account: &Account) -> Option<Doubt> {
    let link = account.link.as_ref()?;
    let overflowed = link.down.overflowed + link.up.overflowed;
    if overflowed > 0 {
        let message = format!(
            "{overflowed} packets were dropped because more was under way than the link's program holds"
        );
        let advice = "lower the load or the delay: these losses are not the scenario's";
        return Some(Doubt::new(WarningKind::Link, Severity::Invalid, message, advice));
    }
    let late_ns = link.lateness.quantile(0.99).filter(|late_ns| *late_ns > LINK_LATE_NS)?;
    let message =
        format!("one in a hundred packets was handed over {} late, or later", format::duration(late_ns));
    let advice = "the link's program had too little processor time: lower the load, or run transports apart";
    Some(Doubt::new(WarningKind::Link, Severity::Doubt, message, advice))
}

/// What did not arrive, and connections that ended.
fn missing(header: &Header, account: &Account) -> Option<Doubt> {
    let books = account.ledger.books;
    if books.lost.saturating_add(books.in_flight) > 0 && account.complete {
        let message = format!(
            "{} of {} were lost and {} had not arrived when the drain was over",
            books.lost, books.expected, books.in_flight
        );
        if books.delivered == 0 && account.ledger.never_connected > 0 && account.ledger.reconnects == 0 {
            let advice = "nobody had a connection for long enough to get anything: see what stands between";
            return Some(Doubt::new(WarningKind::Unsustained, Severity::Doubt, message, advice));
        }
        // Where something is made to happen, that is what lost it.
        let advice = if header.disturbances.is_empty() {
            "lower the load, or lengthen hub.retention or drain; quantiles of latency count what never arrived as \
             infinitely late, means leave it out"
        } else {
            "what happened outlasted the log, or the drain: see what broke, and lengthen hub.retention or drain if \
             nothing may be missed; quantiles of latency count what never arrived as infinitely late, means leave it out"
        };
        return Some(Doubt::new(WarningKind::Unsustained, Severity::Doubt, message, advice));
    }
    let reconnects = account.ledger.reconnects;
    (reconnects > 0).then(|| {
        let message = format!("{reconnects} connections had to be opened again");
        let advice = "their updates came late or twice: see the books";
        // Where connections are broken on purpose, that is what is looked at.
        let entry = header.entries.iter().find(|entry| entry.label == account.label);
        let is_meant = !header.disturbances.is_empty() || entry.is_some_and(|entry| entry.via().is_some());
        let severity = if is_meant { Severity::Note } else { Severity::Doubt };
        Doubt::new(WarningKind::ConnectionsMissing, severity, message, advice)
    })
}

fn publisher(account: &Account) -> Option<Doubt> {
    let late_ns = account.lateness.quantile(0.9)?;
    let latency_ns = account.ledger.latency.quantile(0.9)?;
    (late_ns > LATE_NS && late_ns as f64 > LATE_SHARE * latency_ns as f64).then(|| {
        let message = format!(
            "a tenth of its updates was sent more than {} late, and a tenth took more than {} to arrive",
            format::duration(late_ns),
            format::duration(latency_ns)
        );
        let advice =
            "compare the latencies from sent, which leave this out; close other programs or lower the load";
        Doubt::new(WarningKind::PublisherLate, Severity::Doubt, message, advice)
    })
}

const SPARE_CLIENTS: &str =
    "the clients are short of processor time: lower the load or raise subscribers.crowds";

fn timer(account: &Account) -> Option<Doubt> {
    let late_ns = account.timer_lateness.quantile(0.99).filter(|late_ns| *late_ns > TIMER_LATE_NS)?;
    let message =
        format!("its clients noticed their own waits {} late (99th percentile)", format::duration(late_ns));
    Some(Doubt::new(WarningKind::CrowdSaturated, Severity::Doubt, message, SPARE_CLIENTS))
}

fn saturated(header: &Header, account: &Account) -> Option<Doubt> {
    let crowds = header.crowds.max(1);
    let window_ns = header.measure_ns as f64 * f64::from(crowds);
    let share = account.client_costs.transport_ns? as f64 / window_ns;
    (window_ns > 0.0 && share > SATURATED_SHARE).then(|| {
        let message = format!(
            "its clients used {} of the processor time that {} can use",
            format::part(share.min(1.0)),
            match crowds {
                1 => "their one process".to_owned(),
                crowds => format!("their {crowds} processes"),
            }
        );
        Doubt::new(WarningKind::CrowdSaturated, Severity::Doubt, message, SPARE_CLIENTS)
    })
}

fn busy(account: &Account) -> Option<Doubt> {
    let share = account.host?.busy_share();
    (share > BUSY_SHARE).then(|| {
        let message = format!("{} of the machine's processor time was in use", format::part(share));
        let advice = "everybody had to wait for a processor: lower the load, or run on a larger machine";
        Doubt::new(WarningKind::MachineSaturated, Severity::Doubt, message, advice)
    })
}

fn foreign(account: &Account) -> Option<Doubt> {
    let share = account.host?.foreign_share();
    (share > FOREIGN_DOUBT).then(|| {
        let message = format!(
            "programs that do not belong to the run, or other guests of the same host, used {} of the machine's \
            processor time",
            format::part(share)
        );
        let advice = "close other programs, or wait until the machine is quiet, and run it again";
        Doubt::new(WarningKind::HostBusy, Severity::Doubt, message, advice)
    })
}

fn bytes(header: &Header, account: &Account) -> Option<Doubt> {
    // Between two ends with a proxy the bytes are not the same: it has header fields of its own.
    let entry = header.entries.iter().find(|entry| entry.label == account.label);
    // And of a server that was killed nobody knows what it had counted.
    if account.restarts > 0 || entry.is_some_and(|entry| entry.via().is_some()) {
        return None;
    }
    let advice = "connections broke during the run, or one side counts wrongly: see the books";
    let differ = |what: &str, writer: Traffic, reader: Traffic| {
        matches!(writer.ends(&reader), Ends::Apart(_))
            .then(|| format!("{what} were written {} bytes, and read {}", writer.bytes_out, reader.bytes_in))
    };
    let message = differ("to the clients", account.server, account.clients)
        .or_else(|| differ("to the server", account.clients, account.server))?;
    // Where something is missing or connections broke, what was under way then explains it.
    let books = &account.ledger.books;
    let is_whole = account.complete && books.lost + books.in_flight == 0 && account.ledger.reconnects == 0;
    let severity = if is_whole { Severity::Invalid } else { Severity::Note };
    Some(Doubt::new(WarningKind::Bytes, severity, message, advice))
}
