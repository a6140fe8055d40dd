//! What did not arrive, connections that ended, and what that has to do with.

use super::draft::Draft;
use super::sentence::Sentence;
use super::{machine, remedy};
use results::{Account, EntryRecord, Header, WarningKind};

/// How a connection's last words begin where the server, or what stands before it, said no.
pub const REFUSED: &str = "refused: ";

/// And where there was no answer at all.
pub const SILENT: &str = "no answer within ";

pub(super) fn missing(header: &Header, account: &Account) -> Option<Draft> {
    let books = account.ledger.books;
    if books.lost.saturating_add(books.in_flight) > 0 && account.complete {
        let unconnected = books.delivered == 0 && account.ledger.never_connected > 0;
        return Some(match unconnected && account.ledger.reconnects == 0 {
            true => nobody(header, account),
            false => some(header, account),
        });
    }
    (account.ledger.reconnects > 0).then(|| again(header, account))
}

/// What stands before the server of this entry, by its program's name.
pub(super) fn proxy<'a>(header: &'a Header, label: &str) -> Option<&'a str> {
    let via = entry(header, label)?.via()?;
    Some(header.vias.iter().find(|known| known.name == via).map_or(via, |known| known.program.as_str()))
}

fn entry<'a>(header: &'a Header, label: &str) -> Option<&'a EntryRecord> {
    header.entries.iter().find(|entry| entry.label == label)
}

const UNBUFFER: &str = "turn the proxy's response buffering off, or send X-Accel-Buffering: no";

/// Why connections could not be opened, and what to do about it.
pub(super) fn unopened(header: &Header, label: &str, failure: Option<&str>) -> &'static str {
    let is_upgrade = entry(header, label).is_some_and(|entry| entry.transport == "websocket");
    let begins = |words: &str| failure.is_some_and(|failure| failure.starts_with(words));
    match (proxy(header, label).is_some(), begins(REFUSED), begins(SILENT)) {
        (true, true, _) if is_upgrade => {
            "let the proxy forward Upgrade and Connection, or use another transport"
        }
        (true, true, _) => "the proxy refuses this transport: change its setup, or use another transport",
        (true, _, true) => UNBUFFER,
        (true, ..) => "see what the proxy logged: it does not let this transport through",
        (false, true, _) => "the server refuses these connections: see its limits",
        (false, ..) => "see why the connections fail; a longer subscribers.ramp spreads them",
    }
}

/// Nothing arrived, because no connection stayed open for long enough.
fn nobody(header: &Header, account: &Account) -> Draft {
    let sentence = match proxy(header, &account.label) {
        Some(program) => Sentence::of(format!("no connection through {program}, so nothing arrived")),
        None => Sentence::of("no connection was opened, so nothing arrived"),
    };
    let failure = account.failure.as_deref();
    let advice = unopened(header, &account.label, failure);
    Draft::caution(WarningKind::Unsustained, sentence, advice).after(failure)
}

/// A part did not arrive.
fn some(header: &Header, account: &Account) -> Draft {
    let books = account.ledger.books;
    let share = (books.lost.saturating_add(books.in_flight)) as f64 / books.expected.max(1) as f64;
    let part = |words: String| Sentence::of("").share(share).text(words);
    let draft = |words: &str, advice: &str| {
        Draft::caution(WarningKind::Unsustained, part(format!(" of the updates {words}")), advice)
    };
    let (failure, drain) = (account.failure.as_deref(), remedy::longer_drain(header));
    let only_late = books.lost == 0;
    if let Some(program) = proxy(header, &account.label) {
        return match () {
            () if only_late => draft(&format!("were still held back by {program} at the end"), UNBUFFER),
            () if account.ledger.reconnects > 0 => {
                let advice = "keep heartbeats shorter than the proxy's timeout, or lengthen hub.retention";
                draft(&format!("were lost where {program} cut connections"), advice).after(failure)
            }
            () => draft(&format!("were lost behind {program}"), "see what the proxy logged").after(failure),
        };
    }
    if !header.disturbances.is_empty() {
        return match () {
            () if only_late => {
                draft("were on their way when recovery ran out of time", "lengthen the drain").with(drain)
            }
            () => {
                let advice = "lengthen hub.retention if no update may be missed";
                draft("were lost: the interruption outlasted the server's log", advice)
            }
        };
    }
    if let Some(short) = machine::shortage(header, account) {
        let words = format!("did not arrive in time: {short} had no CPU time left");
        return match machine::is_disturbed(account) {
            true => draft(&words, machine::QUIET),
            false => draft(&words, "lower the load").with(remedy::half_the_load(header)),
        };
    }
    let drops = account.link.as_ref().is_some_and(|link| {
        [link.down, link.up].into_iter().any(|packets| packets.lost + packets.dropped > 0)
    });
    match () {
        () if only_late && drops => {
            draft("were still being sent again at the end, over a link with losses", "lengthen the drain")
                .with(drain)
        }
        () if only_late => {
            draft("were still on their way at the end", "lengthen the drain: this one was too short")
                .with(drain)
        }
        () if account.ledger.reconnects > 0 || failure.is_some() => {
            let advice = "see why connections end; a longer hub.retention lets clients catch up";
            draft("were lost when connections ended", advice).after(failure)
        }
        () => {
            draft("were lost", "lengthen hub.retention: the server's log was shorter than a reader was late")
        }
    }
}

/// All arrived, but over new connections.
fn again(header: &Header, account: &Account) -> Draft {
    let sentence =
        Sentence::of("").count(account.ledger.reconnects).text(" connections had to be opened again");
    let behind = proxy(header, &account.label).is_some();
    // Where connections are broken on purpose, that is what is looked at.
    if !header.disturbances.is_empty() {
        let advice = "the scenario breaks them: the table of what broke has the times";
        return Draft::note(WarningKind::ConnectionsMissing, sentence, advice);
    }
    let failure = account.failure.as_deref();
    if behind {
        let advice = "keep heartbeats and holds shorter than the proxy's timeout";
        return Draft::note(WarningKind::ConnectionsMissing, sentence, advice).after(failure);
    }
    let advice = match machine::shortage(header, account) {
        Some(_) if machine::is_disturbed(account) => machine::QUIET,
        Some(_) => "CPU time ran out, so clients gave up: lower the load",
        None => "their updates came late or twice: see why connections ended",
    };
    Draft::caution(WarningKind::ConnectionsMissing, sentence, advice).after(failure)
}
