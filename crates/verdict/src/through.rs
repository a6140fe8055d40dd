//! Who comes through what stands between.

use crate::sentences::list;
use results::{EntryRecord, Run, ViaRecord};

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

/// A sentence for each proxy that transports stand behind, in the order of the header.
pub(crate) fn sentences(run: &Run) -> Vec<String> {
    run.header.vias.iter().filter_map(|via| sentence(run, via)).collect()
}

fn sentence(run: &Run, via: &ViaRecord) -> Option<String> {
    let behind = |entry: &&EntryRecord| {
        entry.via() == Some(via.name.as_str()) && !entry.floor && entry.control_of.is_none()
    };
    let passages = run.header.entries.iter().filter(behind);
    let passages: Vec<Passage> = passages.filter_map(|entry| Passage::of(run, &entry.label)).collect();
    let (free, stopped): (Vec<&Passage>, Vec<&Passage>) =
        passages.iter().partition(|passage| passage.is_free());
    let free: Vec<&str> = free.iter().map(|passage| passage.label.as_str()).collect();
    let who = format!("{} ({}, {})", via.name, via.program, via.setup);
    let stopped: Vec<String> = stopped.iter().map(|passage| stopped_in_words(passage)).collect();
    Some(match (free.as_slice(), stopped.as_slice()) {
        ([], []) => return None,
        ([_], []) => format!("{} gets through {who}.", list(&free)),
        (all, []) => format!("All {} get through {who}: {}.", all.len(), list(&free)),
        ([], stopped) => format!("Nobody gets through {who}: {}.", list(stopped)),
        (some, stopped) => format!(
            "{} of {} get through {who}: {}. {}.",
            some.len(),
            some.len() + stopped.len(),
            list(some),
            stopped.join("; ")
        ),
    })
}

fn stopped_in_words(passage: &Passage) -> String {
    let why = passage.failure.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    match passage.connected {
        0 => format!("{} does not{why}", passage.label),
        _ if passage.connected == passage.clients => {
            format!("{} connects, and nothing that was due came over it{why}", passage.label)
        }
        some => format!("{} does with {some} of {} connections{why}", passage.label, passage.clients),
    }
}
