//! What can be done about a shortage, as something to add to the command line.

use results::{Header, Mode};

/// Lets each transport have the machine for itself, where it had not.
pub(super) fn apart(header: &Header, mode: Mode) -> Option<String> {
    let shares = mode == Mode::Together && header.entries.len() > 1 && !header.modes.contains(&Mode::Apart);
    shares.then(|| "--set order=apart".to_owned())
}

/// More processes of clients, where there are processors for them.
pub(super) fn crowds(header: &Header) -> Option<String> {
    let more = header.crowds.max(1).saturating_mul(2);
    // The servers have half of the processors.
    (more <= header.machine.cores / 2).then(|| format!("--set subscribers.crowds={more}"))
}

/// Half of the subscribers.
pub(super) fn half_the_load(header: &Header) -> Option<String> {
    let half = header.subscribers / 2;
    (half > 0).then(|| format!("--set subscribers.count={half}"))
}

/// Twice the drain: what comes then was late, and what does not is lost.
pub(super) fn longer_drain(header: &Header) -> Option<String> {
    let doubled_ms = header.drain_ns.saturating_mul(2) / 1_000_000;
    match doubled_ms {
        0 => None,
        whole if whole % 1_000 == 0 => Some(format!("--set drain={}s", whole / 1_000)),
        ms => Some(format!("--set drain={ms}ms")),
    }
}
