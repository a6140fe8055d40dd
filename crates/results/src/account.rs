//! The closed books of one transport in one round, as they are written down.

use crate::{
    CaptureSeen, Costs, ExchangeTraffic, HostLoad, LinkSeen, MemoryAt, PostsRecord, RecoveryRecord,
    RelayedRecord, RepliesRecord, SplitRecord, Uplink, ViaSeen, histogram,
};
use ledger::Distribution;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One transport in one round. Times are in nanoseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Which round, from 0.
    pub round: u32,
    /// Whether the others ran at the same time.
    pub mode: Mode,
    /// Which transport, by its label.
    pub label: String,
    /// What the round's schedule was drawn from.
    pub seed: u64,
    /// The common start, on the machine's monotonic clock: comparable within one boot only.
    pub start_ns: u64,
    /// What the clients have to report.
    pub ledger: AccountRecord,
    /// The publisher's sent minus due.
    #[serde(with = "histogram")]
    pub lateness: Distribution,
    /// How late the clients' timer woke those who waited on it.
    #[serde(with = "histogram")]
    pub timer_lateness: Distribution,
    /// Updates that the schedule holds, warm-up included.
    pub planned: u64,
    /// Updates that were appended to the hub, warm-up included.
    pub published: u64,
    /// Updates that reached clients over the bytes of `server` and `clients`, warm-up included.
    pub carried: u64,
    /// What the measured window alone cost: what a cost per update is worked out from.
    pub steady: Steady,
    /// What the server's sockets counted, from the first connection to the last close.
    pub server: Traffic,
    /// What the clients' sockets counted, over the same time.
    pub clients: Traffic,
    /// What the server cost in the measured window.
    pub server_costs: Costs,
    /// What the clients cost in the measured window.
    pub client_costs: Costs,
    /// How busy the machine was in the measured window, where the system tells.
    pub host: Option<HostLoad>,
    /// What the server has to say of what clients sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uplink: Option<Uplink>,
    /// What exchanges cost on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchanges: Option<ExchangeTraffic>,
    /// How often its server was killed or replaced in the round. What servers counted is of the last one then.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u32,
    /// What the proxy before it had noted, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<ViaSeen>,
    /// What its link carried, where IP packets were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkSeen>,
    /// How many connections were opened over each of several transports that its clients might try. Empty where there
    /// was only one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub over: BTreeMap<String, u64>,
    /// What somebody on the way could see of its first client, where it was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<CaptureSeen>,
    /// The server's memory over time, where it was looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory: Vec<MemoryAt>,
    /// Why a client's connection last ended or could not be opened, if any did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Whether the round ran to its end. One that did not counts only where there is no other.
    pub complete: bool,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// In what company a transport was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// All transports at once.
    Together,
    /// One after the other.
    Apart,
}

/// What one side's sockets counted, above TCP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Bytes read.
    pub bytes_in: u64,
    /// Bytes written.
    pub bytes_out: u64,
    /// Connections, counted when they opened.
    pub connections: u64,
}

/// Whether one side read what the other wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// To the byte.
    Agree,
    /// But for so many bytes that were on their way when connections closed.
    UnderWay(u64),
    /// They are so many bytes apart, and nothing explains it.
    Apart(u64),
}

impl Traffic {
    /// A client hangs up when its books are complete, perhaps with its next request just written: one
    /// per connection, and a bare client's request is no longer than this.
    const LAST_MESSAGE_BYTES: u64 = 256;

    /// Holds what this side wrote against what the other side read.
    #[must_use]
    pub fn ends(&self, reader: &Traffic) -> Ends {
        let off = self.bytes_out.abs_diff(reader.bytes_in);
        let under_way = self.connections * Self::LAST_MESSAGE_BYTES;
        match off {
            0 => Ends::Agree,
            _ if self.bytes_out > reader.bytes_in && off <= under_way => Ends::UnderWay(off),
            _ => Ends::Apart(off),
        }
    }
}

/// What went over the clients' sockets between the beginning and the end of the measured window, above
/// TCP: neither the set-up of connections nor the warm-up is in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steady {
    /// Bytes that the clients' sockets read in that time.
    pub bytes_in: u64,
    /// Bytes that the clients' sockets wrote in that time.
    pub bytes_out: u64,
    /// Updates that arrived in that time.
    pub updates: u64,
    /// Bytes that were read and written above TLS, where there is TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<(u64, u64)>,
}

/// A [`ledger::Account`] that can be written down; it also travels between the driver's processes.
///
/// A damaged histogram is an error of reading, so what has been read always converts back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// Where everything went.
    pub books: BooksRecord,
    /// Arrived minus due, in nanoseconds.
    #[serde(with = "histogram")]
    pub latency: Distribution,
    /// Arrived minus sent, in nanoseconds.
    #[serde(with = "histogram")]
    pub sent_latency: Distribution,
    /// For each update, the latency of whoever got it last, in nanoseconds.
    #[serde(with = "histogram")]
    pub slowest: Distribution,
    /// Age of the newest update held, in nanoseconds, one count per microsecond of holding it.
    #[serde(with = "histogram")]
    pub staleness: Distribution,
    /// From the dial to the first response, in nanoseconds.
    #[serde(with = "histogram")]
    pub setup: Distribution,
    /// The part of it until TCP's handshake was over. Empty in files from before it was looked at.
    #[serde(default, with = "histogram")]
    pub setup_tcp: Distribution,
    /// The part of it that TLS's handshake took. Empty where there was none.
    #[serde(default, with = "histogram")]
    pub setup_tls: Distribution,
    /// For each subscriber that got anything, from when the first update of its topics was due to the first that it got.
    /// Empty in files from before it was looked at.
    #[serde(default, with = "histogram")]
    pub first_update: Distribution,
    /// Updates per frame, event or response that carried any.
    #[serde(with = "histogram")]
    pub batch: Distribution,
    /// Frames, events or responses, with or without updates.
    pub responses: u64,
    /// Those without.
    pub empty_responses: u64,
    /// Subscribers that never got a connection.
    pub never_connected: u64,
    /// Connections that the driver opened again.
    pub reconnects: u64,
    /// Where the deliveries' time went. None where the kernel was not asked when what was read had come, as in
    /// files from before that could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<SplitRecord>,
    /// For each update of one topic that came to one subscriber: due and arrived, in nanoseconds since the window began.
    /// None where nothing came, and in files from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Vec<(u64, u64)>>,
    /// What the clients sent. None where they send nothing. So with what follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posts: Option<PostsRecord>,
    /// What members of rooms had of each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relayed: Option<RelayedRecord>,
    /// How subscribers came back from what happened to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<RecoveryRecord>,
    /// What became of questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replies: Option<RepliesRecord>,
}

/// A [`ledger::Books`] that can be written down; see there for what each count means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the ledger defines these words, and one definition is enough")]
pub struct BooksRecord {
    pub expected: u64,
    pub delivered: u64,
    pub superseded: u64,
    pub lost: u64,
    pub in_flight: u64,
    pub duplicated: u64,
    pub reordered: u64,
    pub damaged: u64,
    pub unknown: u64,
    pub early: u64,
    pub overstated_skips: u64,
    pub gaps: u64,
}

impl From<&ledger::Account> for AccountRecord {
    fn from(account: &ledger::Account) -> Self {
        // Taken apart in full, so that a field the ledger gains can't be forgotten here.
        let ledger::Account {
            books,
            latency,
            sent_latency,
            slowest,
            staleness,
            setup,
            setup_tcp,
            setup_tls,
            first_update,
            batch,
            responses,
            empty_responses,
            never_connected,
            reconnects,
            split,
            trace,
            posts,
            relayed,
            recovery,
            replies,
        } = account.clone();
        AccountRecord {
            books: books.into(),
            latency,
            sent_latency,
            slowest,
            staleness,
            setup,
            setup_tcp,
            setup_tls,
            first_update,
            batch,
            responses,
            empty_responses,
            never_connected,
            reconnects,
            split: split.map(SplitRecord::from),
            trace: trace.map(|trace| trace.came),
            posts: posts.map(PostsRecord),
            relayed: relayed.map(RelayedRecord),
            recovery: recovery.map(RecoveryRecord),
            replies: replies.map(RepliesRecord),
        }
    }
}

impl From<&AccountRecord> for ledger::Account {
    fn from(record: &AccountRecord) -> Self {
        let AccountRecord {
            books,
            latency,
            sent_latency,
            slowest,
            staleness,
            setup,
            setup_tcp,
            setup_tls,
            first_update,
            batch,
            responses,
            empty_responses,
            never_connected,
            reconnects,
            split,
            trace,
            posts,
            relayed,
            recovery,
            replies,
        } = record.clone();
        ledger::Account {
            books: books.into(),
            latency,
            sent_latency,
            slowest,
            staleness,
            setup,
            setup_tcp,
            setup_tls,
            first_update,
            batch,
            responses,
            empty_responses,
            never_connected,
            reconnects,
            split: split.map(ledger::Split::from),
            trace: trace.map(|came| ledger::Trace { came }),
            posts: posts.map(|record| record.0),
            relayed: relayed.map(|record| record.0),
            recovery: recovery.map(|record| record.0),
            replies: replies.map(|record| record.0),
        }
    }
}

/// Both directions between two structs with the same fields.
macro_rules! convert_books {
    ($($field:ident),*) => {
        impl From<ledger::Books> for BooksRecord {
            fn from(ledger::Books { $($field),* }: ledger::Books) -> Self {
                BooksRecord { $($field),* }
            }
        }

        impl From<BooksRecord> for ledger::Books {
            fn from(BooksRecord { $($field),* }: BooksRecord) -> Self {
                ledger::Books { $($field),* }
            }
        }
    };
}

convert_books!(
    expected,
    delivered,
    superseded,
    lost,
    in_flight,
    duplicated,
    reordered,
    damaged,
    unknown,
    early,
    overstated_skips,
    gaps
);
