//! How much transports that ran at once were in each other's way, as far as one can tell from inside.

use results::{Account, Costs, Mode, Run};

/// How long a delivery of this transport waited for a processor, as a share of its median latency: the
/// median over its rounds in the run's mode. None where the system does not tell, or nothing arrived.
///
/// A delivery takes one wake-up of the server and one of the client, and each may have to queue for a
/// processor. Processor time per second would not show it: a machine can be idle on average and crowded
/// whenever an update is due.
pub(crate) fn waiting_share(run: &Run, label: &str) -> Option<f64> {
    let rounds = run.rounds_of(label).into_iter().filter(|account| account.complete);
    let mut shares: Vec<f64> = rounds.filter_map(share).collect();
    shares.sort_by(f64::total_cmp);
    shares.get(shares.len() / 2).copied()
}

/// By how much waiting may have lengthened the median, as a part of what it would be without. None in a
/// run whose transports had the machine for themselves.
pub(crate) fn inflation(run: &Run, label: &str) -> Option<f64> {
    let had_company = run.mode() == Mode::Together && run.header.entries.len() > 1;
    let share = had_company.then(|| waiting_share(run, label))??;
    Some(if share < 1.0 { share / (1.0 - share) } else { f64::INFINITY })
}

fn share(account: &Account) -> Option<f64> {
    let median_ns = account.ledger.latency.quantile(0.5).filter(|ns| *ns > 0)?;
    let waited_ns = per_wake_up(&account.server_costs)? + per_wake_up(&account.client_costs)?;
    Some(waited_ns / median_ns as f64)
}

fn per_wake_up(costs: &Costs) -> Option<f64> {
    let wake_ups = costs.voluntary_switches.filter(|count| *count > 0)?;
    Some(costs.run_queue_ns? as f64 / wake_ups as f64)
}
