//! What each transport has to show of what was due.

use results::{EntryRecord, Run};

/// How much of what was due a transport delivered, over the rounds of the run's mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Which transport.
    pub label: String,
    /// Rounds that it closed.
    pub closed: u32,
    /// Rounds that the run began.
    pub started: u32,
    /// Updates due, times their subscribers, in the rounds that it closed.
    pub expected: u64,
    /// Of those, what arrived.
    pub delivered: u64,
    /// Of those, what was skipped in favour of something newer, as the scenario allows.
    pub superseded: u64,
}

impl Reach {
    /// Of one transport.
    #[must_use]
    pub fn of(run: &Run, label: &str) -> Reach {
        let rounds = run.rounds_of(label);
        let closed = rounds.iter().filter(|account| account.complete);
        let mut reach = Reach {
            label: label.to_owned(),
            closed: 0,
            started: run.rounds_started(),
            expected: 0,
            delivered: 0,
            superseded: 0,
        };
        for account in closed {
            let books = &account.ledger.books;
            reach.closed += 1;
            reach.expected += books.expected;
            reach.delivered += books.delivered;
            reach.superseded = reach.superseded.saturating_add(books.superseded);
        }
        reach
    }

    /// Whether every round was closed, and nothing is missing but what was skipped.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.closed >= self.started && !self.is_short() && self.closed > 0
    }

    /// Whether something is missing in the rounds that were closed, or nothing arrived.
    #[must_use]
    pub fn is_short(&self) -> bool {
        let accounted = self.delivered.saturating_add(self.superseded);
        self.closed > 0 && (self.delivered == 0 || accounted != self.expected)
    }

    /// The share of what was due and not skipped that arrived, 0 to 1; none where nothing was due.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let due = self.expected.saturating_sub(self.superseded);
        (due > 0).then(|| self.delivered as f64 / due as f64)
    }
}

/// The transports that a verdict is about: neither the floor nor a repetition of another one, nor what carries no
/// live updates, unless what is carried is single exchanges.
pub fn contestants(run: &Run) -> impl Iterator<Item = &EntryRecord> {
    let is_exchange = run.header.shape == "exchange";
    let stands_in = move |entry: &&EntryRecord| is_exchange || entry.can("live");
    run.header.entries.iter().filter(|entry| !entry.floor && entry.control_of.is_none()).filter(stands_in)
}
