//! Who comes through what stands between.

use results::Run;

/// What came of one transport behind a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Which transport, by its label.
    pub label: String,
    /// Clients that had a connection, over all closed rounds.
    pub connected: u64,
    /// All of them.
    pub clients: u64,
    /// Whether anything that was due came to them.
    pub delivers: bool,
    /// Why one of the others had none, if that is known.
    pub failure: Option<String>,
}

impl Passage {
    /// Of one transport, whatever stands before it; none where no round of it was closed.
    #[must_use]
    pub fn of(run: &Run, label: &str) -> Option<Passage> {
        let rounds = run.rounds_of(label);
        let closed = rounds.iter().filter(|account| account.complete);
        let mut passage =
            Passage { label: label.to_owned(), connected: 0, clients: 0, delivers: false, failure: None };
        for account in closed {
            let clients = u64::from(run.header.subscribers);
            passage.clients += clients;
            passage.connected += clients.saturating_sub(account.ledger.never_connected);
            passage.delivers |= account.ledger.books.delivered > 0;
            passage.failure = passage.failure.or_else(|| account.failure.clone());
        }
        (passage.clients > 0).then_some(passage)
    }

    /// Whether everybody had a connection, and something came over them.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.connected == self.clients && self.delivers
    }
}
