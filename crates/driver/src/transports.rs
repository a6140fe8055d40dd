//! The list of transports. Names, settings, validation, `pushpull list` and reports follow from it; a
//! further transport is one crate and one line.

use scenario::TransportKind;
use transport::Description;

/// All transports, in the order in which they are listed.
pub const TRANSPORTS: &[Description] = &[
    transport_websocket::DESCRIPTION,
    transport_sse::DESCRIPTION,
    transport_long_polling::DESCRIPTION,
    transport_short_polling::DESCRIPTION,
    transport_tcp::DESCRIPTION,
];

/// The list as scenarios know it.
#[must_use]
pub fn kinds() -> Vec<TransportKind> {
    let kind = |description: &Description| TransportKind {
        name: description.name,
        options: description.options,
        carriage: description.carriage,
    };
    TRANSPORTS.iter().map(kind).collect()
}

/// The transport of that name.
///
/// # Panics
/// When there is none: scenarios have been held against this list before.
#[must_use]
pub fn description(name: &str) -> &'static Description {
    let found = TRANSPORTS.iter().find(|description| description.name == name);
    found.expect("a scenario names only transports of the list")
}
