//! The warnings about one transport in one round.

use super::draft::{Draft, Found};
use super::sentence::Sentence;
use super::thresholds::{LATE_NS, LATE_SHARE, LINK_LATE_NS};
use super::{machine, missing, remedy};
use results::{Account, Ends, Header, Mode, Severity, Traffic, Warning, WarningKind};

/// The warnings about one transport in one round, from its closed books.
#[must_use]
pub fn of_account(header: &Header, account: &Account) -> Vec<Warning> {
    found(header, account).into_iter().map(Found::into_warning).collect()
}

/// How much of one processor the server's transport thread used in the measured window, 0 to 1. None where
/// the system does not tell. A server at its limit is no cause for a warning but a result: it is what there is to see.
#[must_use]
pub fn server_share(header: &Header, account: &Account) -> Option<f64> {
    let window_ns = Some(header.measure_ns).filter(|ns| *ns > 0)?;
    Some((account.server_costs.transport_ns? as f64 / window_ns as f64).min(1.0))
}

pub(super) fn found(header: &Header, account: &Account) -> Vec<Found> {
    let drafts = [
        books(account),
        missing::missing(header, account),
        publisher(account),
        machine::timer(header, account),
        link(header, account),
        machine::saturated(header, account),
        machine::busy(header, account),
        machine::foreign(account),
        bytes(header, account),
    ];
    // Where there are rounds apart, no figure is taken from those together.
    let is_aside = account.mode == Mode::Together && header.modes.contains(&Mode::Apart);
    let weigh = |draft: Draft| match draft.severity {
        Severity::Caution if is_aside => Draft { severity: Severity::Note, ..draft },
        _ => draft,
    };
    let place = |draft: Draft| {
        // Together, the machine was as busy for one as for all.
        let of_all = account.mode == Mode::Together
            && matches!(draft.kind, WarningKind::HostBusy | WarningKind::MachineSaturated);
        let label = (!of_all).then_some(account.label.as_str());
        weigh(draft).about(label, Some(account.round))
    };
    drafts.into_iter().flatten().map(place).collect()
}

fn books(account: &Account) -> Option<Draft> {
    let books = ledger::Books::from(account.ledger.books);
    if !books.balance() {
        let told = [books.delivered, books.superseded, books.lost, books.in_flight];
        let told = told.into_iter().fold(0, u64::saturating_add);
        let sentence = Sentence::of("of ").count(books.expected).text(" expected updates ").count(told);
        let sentence = sentence.text(" are accounted for");
        let advice = "this is a bug of pushpull's: please report it with the results file";
        return Some(Draft::invalid(WarningKind::Books, sentence, advice));
    }
    if books.early > 0 {
        return Some(early(account, books.early));
    }
    if books.damaged > 0 || books.unknown > 0 || books.overstated_skips > 0 {
        let sentence = Sentence::of("").count(books.damaged).text(" damaged bodies, ").count(books.unknown);
        let sentence = sentence.text(" unexpected updates, ").count(books.overstated_skips);
        let advice = "the transport's client or server is broken: see the delivery accounting";
        return Some(Draft::invalid(WarningKind::Books, sentence.text(" unexplained skips"), advice));
    }
    if account.published < account.planned && account.complete {
        let sentence = Sentence::of("").count(account.published).text(" of ").count(account.planned);
        let advice = "run it again on a less busy machine";
        let sentence = sentence.text(" planned updates were published");
        return Some(Draft::caution(WarningKind::PublisherLate, sentence, advice));
    }
    None
}

/// Clients that are late for everything are also late to hear when the schedule begins.
fn early(account: &Account, early: u64) -> Draft {
    let sentence = Sentence::of("").count(early).text(" updates arrived before they were scheduled");
    let advice = match machine::late_timer_ns(account) {
        Some(_) => "the test clients had no CPU time left to note the start: lower the load",
        None => "the machine's monotonic clock can't be trusted: use another machine",
    };
    Draft::invalid(WarningKind::Clock, sentence, advice)
}

fn publisher(account: &Account) -> Option<Draft> {
    let late_ns = account.lateness.quantile(0.9)?;
    let latency_ns = account.ledger.latency.quantile(0.9)?;
    (late_ns > LATE_NS && late_ns as f64 > LATE_SHARE * latency_ns as f64).then(|| {
        let sentence = Sentence::of("a tenth of the updates left more than ").time(late_ns as f64);
        let sentence = sentence.text(" late; a tenth took more than ").time(latency_ns as f64);
        let advice = "compare latencies from sent, which leave this out, or close other programs";
        Draft::caution(WarningKind::PublisherLate, sentence, advice)
    })
}

/// Whether a link did what the scenario says and nothing else.
fn link(header: &Header, account: &Account) -> Option<Draft> {
    let link = account.link.as_ref()?;
    let overflowed = link.down.overflowed + link.up.overflowed;
    if overflowed > 0 {
        let sentence =
            Sentence::of("").count(overflowed).text(" packets more than the link program holds were dropped");
        let advice = "these losses are not the scenario's: lower its rate of updates, or the link's delay";
        return Some(Draft::invalid(WarningKind::Link, sentence, advice));
    }
    let late_ns = link.lateness.quantile(0.99).filter(|late_ns| *late_ns > LINK_LATE_NS)?;
    let sentence = Sentence::of("1\u{202f}% of the packets were handed over ").time(late_ns as f64);
    let apart = remedy::apart(header, account.mode);
    let advice = match &apart {
        Some(_) => "the link program had too little CPU time: run one transport at a time",
        None => "the link program had too little CPU time: lower the load",
    };
    let sentence = sentence.text(" late or later");
    Some(Draft::caution(WarningKind::Link, sentence, advice).with(apart))
}

fn bytes(header: &Header, account: &Account) -> Option<Draft> {
    // Between two ends with a proxy the bytes are not the same: it has header fields of its own.
    let entry = header.entries.iter().find(|entry| entry.label == account.label);
    // And of a server that was killed nobody knows what it had counted.
    if account.restarts > 0 || entry.is_some_and(|entry| entry.via().is_some()) {
        return None;
    }
    let differ = |reader: &str, writer: &str, wrote: Traffic, read: Traffic| {
        let is_apart = matches!(wrote.ends(&read), Ends::Apart(_));
        let sentence = Sentence::of(format!("the {reader} read ")).count(read.bytes_in).text(" bytes of ");
        is_apart.then(|| sentence.count(wrote.bytes_out).text(format!(" that the {writer} wrote")))
    };
    let sentence = differ("clients", "server", account.server, account.clients)
        .or_else(|| differ("server", "clients", account.clients, account.server))?;
    // Where something is missing or connections broke, what was under way then explains it.
    let books = &account.ledger.books;
    let is_whole = account.complete && books.lost + books.in_flight == 0 && account.ledger.reconnects == 0;
    Some(match is_whole {
        true => {
            let advice = "one end counts wrongly: please report it with the results file";
            Draft::invalid(WarningKind::Bytes, sentence, advice)
        }
        false => {
            let advice = "connections broke with bytes under way: read bytes per update with that in mind";
            Draft::note(WarningKind::Bytes, sentence, advice)
        }
    })
}
