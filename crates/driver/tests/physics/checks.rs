//! The checks. Times are in milliseconds; each tolerance is given with its reason.

mod polling;
mod push;
mod stopped;

use crate::lab::{Lab, Measured};

/// Runs what it needs in a lab, and holds figures against predictions there.
pub type Check = fn(&mut Lab);

/// All checks, in the order in which they run.
pub const ALL: &[(&str, Check)] = &[
    ("short polling waits half an interval", polling::short_polling),
    ("long polling at a tenth of its limit is push with a tail", polling::long_polling_sparse),
    ("long polling at its limit batches", polling::long_polling_dense),
    ("long polling has a knee where the round trip is the period", polling::the_knee),
    ("push is one transit, and WebSocket and SSE tie", push::one_transit),
    ("staleness follows from the schedule", push::staleness),
    ("a server that stands still is seen from due, not from sent", stopped::a_stopped_server),
];

/// Setting up takes two round trips, TCP's handshake and the opening request, over every transport.
fn two_round_trips_to_set_up(lab: &mut Lab, measured: &Measured, label: &str, one_way_ms: f64) {
    // Waking, accepting and answering, while others connect: 3 ms.
    let two_round_trips = 4.0 * one_way_ms;
    lab.between(
        &format!("{label}: set-up"),
        measured.setup_ms(label),
        two_round_trips,
        two_round_trips + 3.0,
    );
}

/// A scenario's text from what differs between checks.
fn scenario(delay: &str, measure: &str, subscribers: &str, topics: &str, transports: &[&str]) -> String {
    let entries: String = transports.iter().map(|entry| format!("[[transport]]\n{entry}\n\n")).collect();
    format!(
        "# A check of the physics.\n\
         seed = 7\nwarm_up = \"1s\"\nmeasure = \"{measure}\"\ndrain = \"30s\"\nstagger = \"20ms\"\n\n\
         [network]\ndelay = \"{delay}\"\n\n\
         [hub]\nretention = 4096\n\n\
         [subscribers]\nramp = \"500ms\"\n{subscribers}\n\n\
         [[topic]]\nname = \"t\"\nbody = \"100B\"\n{topics}\n\n{entries}"
    )
}
