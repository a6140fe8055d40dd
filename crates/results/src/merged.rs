//! Several rounds as one.

use crate::{Account, Costs, ExchangeTraffic, Steady, Traffic, Uplink};
use ledger::Distribution;

/// The rounds of one transport that ran to their end, or those cut short where there are no others:
/// histograms merged, counts added.
#[derive(Debug, Clone)]
pub struct Merged {
    /// How many rounds it is made of.
    pub rounds: usize,
    /// How many rounds were cut short and are not in it.
    pub left_out: usize,
    /// What the clients have to report.
    pub account: ledger::Account,
    /// The publisher's sent minus due, in nanoseconds.
    pub lateness: Distribution,
    /// How late the clients' timer woke those who waited on it, in nanoseconds.
    pub timer_lateness: Distribution,
    /// Updates that the schedules hold.
    pub planned: u64,
    /// Updates that were appended to the hub.
    pub published: u64,
    /// Updates that reached clients, warm-up included.
    pub carried: u64,
    /// What the servers' sockets counted.
    pub server: Traffic,
    /// What the clients' sockets counted.
    pub clients: Traffic,
    /// What went over the clients' sockets in the measured windows.
    pub steady: Steady,
    /// What the servers cost in the measured windows.
    pub server_costs: Costs,
    /// What the clients cost in the measured windows.
    pub client_costs: Costs,
    /// What the servers have to say of what clients sent.
    pub uplink: Option<Uplink>,
    /// What exchanges cost on the wire.
    pub exchanges: Option<ExchangeTraffic>,
    /// How often servers were replaced. What servers counted is of the last ones then.
    pub restarts: u32,
    /// Whether these rounds ran to their end. If not, none of this transport did.
    pub complete: bool,
}

impl Merged {
    pub(crate) fn of(rounds: &[&Account]) -> Option<Self> {
        let complete: Vec<&Account> = rounds.iter().copied().filter(|round| round.complete).collect();
        let chosen = if complete.is_empty() { rounds } else { &complete };
        let (first, others) = chosen.split_first()?;
        let mut merged = Merged {
            rounds: chosen.len(),
            left_out: rounds.len() - chosen.len(),
            account: (&first.ledger).into(),
            lateness: first.lateness.clone(),
            timer_lateness: first.timer_lateness.clone(),
            planned: first.planned,
            published: first.published,
            carried: first.carried,
            steady: first.steady,
            server: first.server,
            clients: first.clients,
            server_costs: first.server_costs,
            client_costs: first.client_costs,
            uplink: first.uplink.clone(),
            exchanges: first.exchanges,
            restarts: first.restarts,
            complete: first.complete,
        };
        for round in others {
            merged.add(round);
        }
        Some(merged)
    }

    fn add(&mut self, round: &Account) {
        self.account.merge_round(&(&round.ledger).into());
        self.restarts += round.restarts;
        self.lateness.merge(&round.lateness);
        self.timer_lateness.merge(&round.timer_lateness);
        self.planned += round.planned;
        self.published += round.published;
        self.carried += round.carried;
        self.steady.add(round.steady);
        self.server.add(round.server);
        self.clients.add(round.clients);
        self.server_costs.add_round(&round.server_costs);
        self.client_costs.add_round(&round.client_costs);
        match (&mut self.uplink, &round.uplink) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (none, theirs) => *none = none.take().or_else(|| theirs.clone()),
        }
        match (&mut self.exchanges, &round.exchanges) {
            (Some(mine), Some(theirs)) => mine.add(theirs),
            (none, theirs) => *none = none.or(*theirs),
        }
    }
}

impl Steady {
    fn add(&mut self, other: Steady) {
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        self.updates += other.updates;
        let sum = |(mine, theirs): ((u64, u64), (u64, u64))| (mine.0 + theirs.0, mine.1 + theirs.1);
        self.plain = self.plain.zip(other.plain).map(sum);
    }
}

impl Traffic {
    pub(crate) fn add(&mut self, other: Traffic) {
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        self.connections += other.connections;
    }
}
