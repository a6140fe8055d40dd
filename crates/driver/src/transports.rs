//! The list of transports. Names, settings, validation, `pushpull list` and reports follow from it; a
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
    fn who_polls_by_a_clock_is_known_by_a_setting() {
        // Verdicts on results files go by it: of carriages, a file knows no more than whether clients poll.
        for kind in kinds() {
            let carriage = (kind.carriage)(&Values::defaults(kind.options));
            let is_set = kind.options.iter().any(|spec| spec.name == "interval");
            assert_eq!(is_set, matches!(carriage, Carriage::ShortPoll { .. }), "{}", kind.name);
        }
    }
}
