//! The list of transports. Names, settings, validation, `pushpull transports` and reports follow from it; a
//! further transport is one crate and one line.

use scenario::TransportKind;
use std::sync::OnceLock;
use transport::Description;

/// All transports, in the order in which they are listed.
pub const TRANSPORTS: &[Description] = &[
    transport_websocket::DESCRIPTION,
    transport_sse::DESCRIPTION,
    transport_long_polling::DESCRIPTION,
    transport_short_polling::DESCRIPTION,
    transport_plain::DESCRIPTION,
    transport_tcp::DESCRIPTION,
];

/// The list of this process, where it is another one: processes of a run are started anew from this program's
/// file, and each is given the same.
static LIST: OnceLock<&[Description]> = OnceLock::new();

/// The transports of this process: all, unless the program was begun with others.
#[must_use]
pub fn list() -> &'static [Description] {
    LIST.get().copied().unwrap_or(TRANSPORTS)
}

/// Begins the program with these. Only the first call counts.
pub(crate) fn begin_with(list: &'static [Description]) {
    // A second program in one process would mix two lists.
    let _ = LIST.set(list);
}

/// What a transport can do, in the words of [`scenario::NEEDS`]: facts of the protocols, not of this code. None
/// of one that stands here under no name.
#[must_use]
pub fn abilities(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "websocket" => Some(&["live", "client_speaks_midstream", "binary"]),
        "tcp" => Some(&["live", "client_speaks_midstream", "binary"]),
        // An event is a line of text; a browser's EventSource dials again and says what it had last.
        "sse" => Some(&["live", "plain_http", "reconnects_by_itself"]),
        "long-polling" | "short-polling" => Some(&["live", "binary", "plain_http"]),
        "plain" => Some(&["binary", "plain_http"]),
        _ => None,
    }
}

/// The list as scenarios know it.
#[must_use]
pub fn kinds() -> Vec<TransportKind> {
    let kind = |description: &Description| TransportKind {
        name: description.name,
        options: description.options,
        carriage: description.carriage,
    };
    list().iter().map(kind).collect()
}

/// The transport of that name.
///
/// # Panics
/// When there is none: scenarios have been held against this list before.
#[must_use]
pub fn description(name: &str) -> &'static Description {
    let found = list().iter().find(|description| description.name == name);
    found.expect("a scenario names only transports of the list")
}

#[cfg(test)]
mod tests {
    use super::*;
    use options::{Carriage, Values};

    #[test]
    fn every_transport_says_what_it_can_do_in_words_that_scenarios_know() {
        for transport in TRANSPORTS {
            let abilities = abilities(transport.name).expect("a new transport says what it can do");
            let is_known = |ability: &&str| scenario::NEEDS.iter().any(|(need, _)| need == ability);
            assert!(abilities.iter().all(is_known), "{}: {abilities:?}", transport.name);
        }
    }

    #[test]
    fn who_polls_by_a_clock_is_known_by_a_setting() {
        // Verdicts on results files go by it: of carriages, a file knows no more than whether clients poll.
        for kind in kinds() {
            let carriage = (kind.carriage)(&Values::defaults(kind.options));
            let is_set = kind.options.iter().any(|spec| spec.name == "interval");
            assert_eq!(is_set, matches!(carriage, Carriage::ShortPoll { .. }), "{}", kind.name);
        }
    }
}
