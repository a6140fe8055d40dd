//! What the driver and its processes say to each other: one JSON object a line.
//!
//! A process reads its [`Job`] and then [`Command`]s on standard input; the end of that input is the
//! end of the process. It reports [`Event`]s on standard output.

use crate::certificates::Certificates;
use crate::crowd::Share;
use ledger::Distribution;
use results::{
    AccountRecord, CaptureSeen, Costs, ExchangeTraffic, LinkSeen, MemoryAt, Steady, Traffic, Uplink,
};
use scenario::{Entry, Pin, Scenario};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What a process is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// The scenario's text, as in the results file.
    pub scenario: String,
    /// Which transport, by its label.
    pub label: String,
    /// From which everything of this round is drawn.
    pub seed: u64,
    /// Which half.
    pub role: Role,
    /// Whether clients stay connected when they have everything, and say so, until they are told to finish.
    pub stays: bool,
    /// What TLS needs, where this half of the transport speaks it.
    pub certificates: Option<Certificates>,
}

/// Which half of a transport a process runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Publishes and serves.
    Server {
        /// Where to listen, once for each transport that clients may try; port 0 lets the kernel choose.
        listen: Vec<SocketAddr>,
        /// Whether another one was there before it: what had been due by its start it publishes at once, and is not late.
        succeeds: bool,
    },
    /// Connects a part of the subscribers.
    Crowd {
        /// The server, once for each transport that may be tried.
        addresses: Vec<SocketAddr>,
        /// Which of them this is.
        share: Share,
    },
    /// Carries packets between the two ends of a link.
    Link,
    /// Publishes the next update when a crowd says so, and serves: see `pushpull floor`.
    PacedServer {
        /// Where to listen; port 0 lets the kernel choose.
        listen: SocketAddr,
        /// Whether a loop that writes to sockets takes the transport's place.
        bare: bool,
    },
    /// Connects all subscribers and says what they have.
    PacedCrowd {
        /// The server.
        address: SocketAddr,
        /// To whom it says so.
        pacer: SocketAddr,
        /// Whether a loop that reads from sockets takes the transport's place.
        bare: bool,
    },
}

/// What a process is told while it runs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// The schedule begins at this instant of the clock.
    Start {
        /// Nanoseconds.
        at_ns: u64,
    },
    /// Close the books with what there is, report and end.
    Finish,
    /// A server that has a successor takes no more clients, ends those it has in order, and then itself.
    Drain,
    /// A paced server publishes so many updates, as fast as its crowd takes them.
    Leg(Leg),
    /// A paced crowd tells what it has used and got so far.
    Look,
}

/// A piece of a paced run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// So many updates are published.
    pub updates: u32,
    /// At most so many that the crowd has not got, on average over its subscribers; with one, the next update waits
    /// until all have the last.
    pub window: u32,
}

/// What a leg took on the server's side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegServed {
    /// From the first update to the word that all have the last one, in nanoseconds.
    pub elapsed_ns: u64,
    /// Processor time of the server's process, in nanoseconds.
    pub processor_ns: u64,
    /// Calls that wrote to subscribers' sockets.
    pub writes: u64,
}

/// What a paced crowd has used and got so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// Processor time of its process, in nanoseconds.
    pub processor_ns: u64,
    /// Updates that arrived, over all subscribers.
    pub delivered: u64,
    /// Since the last look: half of the first subscriber's updates took no longer from the sending, in nanoseconds.
    pub sent_p50_ns: Option<u64>,
}

/// What a process reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A server listens.
    Ready {
        /// Where, for each transport that clients may try.
        addresses: Vec<SocketAddr>,
    },
    /// A link is there.
    Linked(Linked),
    /// A link has ended.
    Link(Box<LinkSeen>),
    /// A crowd has tried to connect all of its subscribers.
    Subscribed {
        /// So many are connected.
        connected: u32,
        /// Why the last one that is not could not be, if any could not.
        failure: Option<String>,
    },
    /// A crowd that was to stay has been through its schedule and is still connected.
    Settled {
        /// Whether everything expected came.
        complete: bool,
        /// How many updates came that nobody expected, or before it was told of the start.
        unknown: u64,
    },
    /// A second of a crowd is over.
    Second(Second),
    /// A crowd has closed its books.
    Crowd(Box<CrowdAccount>),
    /// A server has ended.
    Server(Box<ServerAccount>),
    /// A paced server listens.
    Paced {
        /// Where.
        address: SocketAddr,
        /// Where its crowd says what it has.
        pacer: SocketAddr,
    },
    /// A leg is over.
    Served(LegServed),
    /// A paced crowd answers [`Command::Look`].
    Looked(Looked),
    /// A paced process, or one without books, ends as it should.
    Ended,
}

/// The ends of a link, as its processes find them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The namespace of servers.
    pub servers: PathBuf,
    /// The namespace of clients.
    pub clients: PathBuf,
}

/// One second of a crowd, or of several merged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Second {
    /// Whole seconds since the start.
    pub second: u32,
    /// Latencies of its deliveries, in nanoseconds.
    #[serde(with = "results::histogram")]
    pub latency: Distribution,
}

/// What a crowd has counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CrowdAccount {
    /// Its books.
    pub ledger: AccountRecord,
    /// Updates that arrived, warm-up included.
    pub carried: u64,
    /// What its sockets counted, from the first dial to the last close.
    pub traffic: Traffic,
    /// What they counted within the measured window.
    pub steady: Steady,
    /// What exchanges cost on the wire within it, where there are any.
    pub exchanges: Option<ExchangeTraffic>,
    /// How many connections were opened over each of several transports that were tried.
    pub over: BTreeMap<String, u64>,
    /// What somebody on the way could see of the first client, where it was looked at.
    pub capture: Option<CaptureSeen>,
    /// What the process cost in it.
    pub costs: Costs,
    /// Why a connection last ended or could not be opened, if any did.
    pub failure: Option<String>,
    /// How late its waits were noticed, in nanoseconds.
    #[serde(with = "results::histogram")]
    pub timer_lateness: Distribution,
    /// Whether everything expected came, or the drain was waited out.
    pub complete: bool,
}

/// What a server has counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ServerAccount {
    /// Updates of the schedule.
    pub planned: u64,
    /// Updates that were published.
    pub published: u64,
    /// Sent minus due, in nanoseconds.
    #[serde(with = "results::histogram")]
    pub lateness: Distribution,
    /// What it has to say of what clients sent.
    pub uplink: Option<Uplink>,
    /// What its sockets counted.
    pub traffic: Traffic,
    /// What the process cost in the measured window.
    pub costs: Costs,
    /// Its memory over time, where it was asked for.
    pub memory: Vec<MemoryAt>,
}

impl Role {
    /// What it is called in process lists.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Role::Server { .. } | Role::PacedServer { .. } => "server",
            Role::Crowd { .. } | Role::PacedCrowd { .. } => "crowd",
            Role::Link => "link",
        }
    }

    /// The processors that a scenario has for this half. None is any.
    #[must_use]
    pub fn processors<'a>(&self, pin: &'a Pin) -> &'a [u32] {
        match self {
            Role::Server { .. } | Role::PacedServer { .. } => &pin.servers,
            // The way is carried at the clients' expense, as where they hold back bytes themselves.
            Role::Crowd { .. } | Role::PacedCrowd { .. } | Role::Link => &pin.clients,
        }
    }
}

impl Job {
    /// Parses the scenario and finds the entry.
    ///
    /// # Errors
    /// When the text is no scenario or has no such entry: the driver checked that before.
    pub fn read(&self) -> anyhow::Result<(Scenario, Entry)> {
        let scenario = Scenario::parse(&self.scenario, &crate::transports::kinds())
            .map_err(|mistakes| anyhow::anyhow!("{}", mistakes[0]))?;
        let entry = scenario.transports.iter().find(|entry| entry.label == self.label).cloned();
        let entry = entry.ok_or_else(|| anyhow::anyhow!("the scenario enters no `{}`", self.label))?;
        Ok((scenario, entry))
    }
}
