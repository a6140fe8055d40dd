//! What the clients' own work adds where an update goes to many.
//!
//! The clients of a transport share one process, or a few, and take the deliveries of an update one after
//! the other. Where that takes longer than the server needs to send them, they set the pace.

use results::{Merged, Run};

/// A delivery to each half of the subscribers of an update, on either side, in nanoseconds.
struct Halves {
    server_ns: f64,
    clients_ns: f64,
}

/// How long half of the subscribers of an update wait for the clients' own work on it, where that is longer
/// than the server's takes. None where it is not, or the system does not tell.
pub(crate) fn clients_pace_ns(run: &Run, label: &str) -> Option<f64> {
    let halves = halves(run, &run.merged(label)?)?;
    (halves.clients_ns > halves.server_ns).then_some(halves.clients_ns)
}

/// To how many subscribers an update went, on average.
pub(crate) fn recipients(run: &Run, label: &str) -> Option<f64> {
    recipients_of(&run.merged(label)?)
}

fn recipients_of(merged: &Merged) -> Option<f64> {
    let distinct = Some(merged.account.slowest.len()).filter(|distinct| *distinct > 0)?;
    Some(merged.account.books.delivered as f64 / distinct as f64)
}

fn halves(run: &Run, merged: &Merged) -> Option<Halves> {
    let updates = Some(merged.steady.updates).filter(|updates| *updates > 0)?;
    let recipients = recipients_of(merged)?;
    let half = |spent_ns: u64| spent_ns as f64 / updates as f64 * recipients / 2.0;
    let crowds = f64::from(run.header.crowds.max(1));
    let halves = Halves {
        server_ns: half(merged.server_costs.transport_ns?),
        clients_ns: half(merged.client_costs.transport_ns?) / crowds,
    };
    // Half of the deliveries can't take much longer than half of the readers waited: then the time went elsewhere, as into
    // heartbeats and polls of those who wait for something rare.
    let median_ns = merged.account.latency.quantile(0.5)? as f64;
    (halves.server_ns.max(halves.clients_ns) <= 1.5 * median_ns).then_some(halves)
}
