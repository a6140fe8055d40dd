//! What transports are compared by: one value per transport and round.

use crate::{due, format, statistics};
use results::{Account, Costs, Run};
use std::fmt;

/// A figure of which every round gives one. Of all of them, less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Median of arrived minus due, in nanoseconds, of what was due.
    MedianLatency,
    /// 99th percentile of the same, where enough different updates lie beyond it.
    TailLatency,
    /// Processor time of the server's transport thread per update that arrived, in nanoseconds.
    ServerCpu,
    /// The same of the clients.
    ClientCpu,
    /// Bytes that the server sent per update that arrived.
    Bytes,
    /// Mean age of the newest update held, in nanoseconds.
    Staleness,
    /// Median of the time from the dial to the first response, in nanoseconds.
    SetUp,
}

/// Why there is no value, or no ratio of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Untold {
    /// Nothing arrived.
    NothingDelivered,
    /// So much is missing that the quantile lies within it.
    NeverArrived,
    /// Too few different updates lie beyond the quantile.
    TooFewUpdates,
    /// The system does not tell it.
    NotAvailable,
    /// It is zero, and zero has no ratio.
    Zero,
    /// Nothing of the kind happened.
    Nothing,
    /// They have fewer than two rounds in common.
    TooFewRounds,
}

impl Metric {
    /// All of them, in the order in which they are reported.
    pub const ALL: [Metric; 7] = [
        Metric::MedianLatency,
        Metric::TailLatency,
        Metric::ServerCpu,
        Metric::ClientCpu,
        Metric::Bytes,
        Metric::Staleness,
        Metric::SetUp,
    ];

    /// Its value in one round: nanoseconds, or bytes.
    ///
    /// # Errors
    /// When the round does not tell it.
    pub fn of(self, account: &Account) -> Result<f64, Untold> {
        let value = match self {
            Metric::MedianLatency => latency(account, 0.5).map(|figure| figure.value_ns as f64),
            Metric::TailLatency => match latency(account, 0.99)? {
                figure if figure.is_known() => Ok(figure.value_ns as f64),
                _ => Err(Untold::TooFewUpdates),
            },
            Metric::ServerCpu => cpu(&account.server_costs, account.steady.updates),
            Metric::ClientCpu => cpu(&account.client_costs, account.steady.updates),
            Metric::Bytes => each(account.steady.bytes_in, account.steady.updates),
            Metric::Staleness => account.ledger.staleness.mean().ok_or(Untold::NothingDelivered),
            Metric::SetUp => account.ledger.setup.quantile(0.5).map(|ns| ns as f64).ok_or(Untold::Nothing),
        };
        value.and_then(|value| if value > 0.0 { Ok(value) } else { Err(Untold::Zero) })
    }

    /// What it is called, in mid-sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Metric::MedianLatency => "median latency",
            Metric::TailLatency => "99th percentile of latency",
            Metric::ServerCpu => "server processor time per delivery",
            Metric::ClientCpu => "client processor time per delivery",
            Metric::Bytes => "bytes per update",
            Metric::Staleness => "mean staleness",
            Metric::SetUp => "median set-up time",
        }
    }

    /// One word that stands for it where machines read.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Metric::MedianLatency => "p50",
            Metric::TailLatency => "p99",
            Metric::ServerCpu => "server-cpu",
            Metric::ClientCpu => "client-cpu",
            Metric::Bytes => "bytes",
            Metric::Staleness => "staleness",
            Metric::SetUp => "set-up",
        }
    }

    /// A value of it, with its unit.
    #[must_use]
    pub fn print(self, value: f64) -> String {
        match self {
            Metric::Bytes => format::bytes(value),
            _ => format::duration_f64(value),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Untold {
    /// As a fragment that fits after "not known: ".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Untold::NothingDelivered => due::NOTHING_DELIVERED,
            Untold::NeverArrived => due::NEVER_ARRIVED,
            Untold::TooFewUpdates => "in some round too few different updates lie beyond it",
            Untold::NotAvailable => "the system does not tell it",
            Untold::Zero => "it was zero in some round",
            Untold::Nothing => "nothing of the kind happened in some round",
            Untold::TooFewRounds => "they have fewer than two rounds in common",
        })
    }
}

/// What tables show of a transport: rounds merged. Transports are told apart by their rounds.
pub(crate) fn merged(run: &Run, metric: Metric, label: &str) -> Option<f64> {
    let merged = run.merged(label)?;
    let each = |amount: u64| {
        let updates = merged.steady.updates;
        (updates > 0).then(|| amount as f64 / updates as f64)
    };
    match metric {
        Metric::MedianLatency => {
            due::quantile(&merged.account, 0.5).ok().map(|figure| figure.value_ns as f64)
        }
        Metric::ServerCpu => each(merged.server_costs.transport_ns?),
        Metric::Bytes => each(merged.steady.bytes_in),
        _ => {
            let rounds = run.rounds_of(label).into_iter().filter(|account| account.complete);
            let values: Option<Vec<f64>> = rounds.map(|account| metric.of(account).ok()).collect();
            statistics::geometric_mean(&values?)
        }
    }
}

fn latency(account: &Account, q: f64) -> Result<due::Figure, Untold> {
    due::quantile(&(&account.ledger).into(), q).map_err(|why| match why {
        due::NEVER_ARRIVED => Untold::NeverArrived,
        _ => Untold::NothingDelivered,
    })
}

fn cpu(costs: &Costs, updates: u64) -> Result<f64, Untold> {
    costs.transport_ns.ok_or(Untold::NotAvailable).and_then(|spent_ns| each(spent_ns, updates))
}

fn each(amount: u64, updates: u64) -> Result<f64, Untold> {
    if updates == 0 { Err(Untold::NothingDelivered) } else { Ok(amount as f64 / updates as f64) }
}
