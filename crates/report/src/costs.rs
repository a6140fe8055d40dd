//! What a delivery costs: the figures that table and charts share.

use results::{Costs, EntryRecord, Header, Merged, Run};

/// Nanoseconds of processor time of the server's transport for each update that arrived in the window.
pub(crate) fn server_cpu_ns(merged: &Merged) -> Option<f64> {
    each(merged.server_costs.transport_ns, merged)
}

/// The same of the clients.
pub(crate) fn client_cpu_ns(merged: &Merged) -> Option<f64> {
    each(merged.client_costs.transport_ns, merged)
}

/// Systems know how long a process ran, but split that between user and kernel by looking at each tick of
/// a clock, every 10 ms at the rarest. From here on there are a hundred looks, and a share is known to a
/// few per cent.
const SPLIT_FROM_NS: u64 = 1_000_000_000;

/// Which part of a side's processor time, all threads together, was the kernel's: 0 to 1. None also where
/// too little time was used to know.
pub(crate) fn kernel_share(costs: &Costs) -> Option<f64> {
    let (user_ns, system_ns) = costs.user_ns.zip(costs.system_ns)?;
    let all_ns = user_ns + system_ns;
    (all_ns >= SPLIT_FROM_NS).then(|| system_ns as f64 / all_ns as f64)
}

/// Why user and system time are not to be relied on, one by one; none where they are, or are not told.
pub(crate) fn split_doubt(costs: &Costs) -> Option<String> {
    costs.user_ns.zip(costs.system_ns).filter(|_| kernel_share(costs).is_none())?;
    Some("the system splits so little time by too few samples".to_owned())
}

/// TCP segments that the server sent or received for each update that arrived in the window.
pub(crate) fn segments(merged: &Merged) -> Option<f64> {
    let costs = &merged.server_costs;
    each(costs.segments_in.zip(costs.segments_out).map(|(down, up)| down + up), merged)
}

/// Bytes of the server's own memory for one more idle connection.
pub(crate) fn idle_bytes(run: &Run, label: &str) -> Option<f64> {
    run.idle.as_ref()?.per_connection(label)
}

/// Requests that each client sent per second of the window; none where an update needs no request.
pub(crate) fn requests_a_second(header: &Header, entry: &EntryRecord, merged: &Merged) -> Option<f64> {
    let client_seconds =
        header.measure_ns as f64 / 1e9 * f64::from(header.subscribers) * merged.rounds as f64;
    (entry.polls && client_seconds > 0.0).then(|| merged.account.responses as f64 / client_seconds)
}

fn each(total: Option<u64>, merged: &Merged) -> Option<f64> {
    let updates = merged.steady.updates;
    total.filter(|_| updates > 0).map(|total| total as f64 / updates as f64)
}
