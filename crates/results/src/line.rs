//! The lines of a file.

use crate::{Account, Header, Idle, Mode};
use serde::{Deserialize, Serialize};

/// One line of a results file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// What was run, by what and where. Always the first line, and only there.
    Header(Box<Header>),
    /// What one transport did in one second: for watching, never for figures.
    Second(Second),
    /// The closed books of one transport in one round.
    Account(Box<Account>),
    /// What idle connections cost the servers in memory. At most one.
    Idle(Idle),
    /// What speaks against some of the figures.
    Warning(Warning),
    /// What the last stored run of the same scenario answered. At most one.
    Previous(Previous),
    /// How the run came to its end. Absent when it was killed.
    End(End),
}

/// What the last stored run of the same scenario, with the same changes, answered by the rule of this version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// When it started, as RFC 3339 in UTC.
    pub started: String,
    /// The labels of its classes, what it recommended first.
    pub class: Vec<String>,
    /// Its answer in one line.
    pub headline: String,
}

/// One second of one transport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// Which round, from 0.
    pub round: u32,
    /// Whether the others ran at the same time.
    pub mode: Mode,
    /// Which transport, by its label.
    pub label: String,
    /// Whole seconds since the start of the round's schedule.
    pub second: u32,
    /// Updates that arrived in it.
    pub delivered: u64,
    /// Median of arrived minus due, in nanoseconds. None when nothing arrived.
    pub p50_ns: Option<u64>,
    /// 99th percentile of the same, in nanoseconds.
    pub p99_ns: Option<u64>,
    /// The worst of the same, in nanoseconds.
    pub max_ns: Option<u64>,
}

/// What speaks against some figures, with what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What sort of warning.
    pub kind: WarningKind,
    /// How much it takes away.
    pub severity: Severity,
    /// The round that it is about, from 0. None when it is about all of them.
    pub round: Option<u32>,
    /// The transport that it is about. None when it is about all of them.
    pub label: Option<String>,
    /// What was seen, in a sentence with its numbers, that fits a line.
    pub message: String,
    /// What the reader can do about it.
    pub advice: String,
}

/// How much a warning takes away from the figures that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something to know. The figures stand.
    Note,
    /// Figures are to be read with care: reports grey them. Older files call it `doubt`.
    #[serde(alias = "doubt")]
    Caution,
    /// Figures are not to be used at all: reports say so before anything else.
    Invalid,
}

/// The sorts of warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// The publisher sent later than due.
    PublisherLate,
    /// The clients' process had no processor time to spare.
    CrowdSaturated,
    /// The machine as a whole had none to spare.
    MachineSaturated,
    /// Programs that do not belong to the run used much of the machine.
    HostBusy,
    /// A delivery costs the clients more than the server, so the time of a fan-out is theirs.
    ClientLimited,
    /// Transports that ran at the same time were in each other's way.
    Interference,
    /// The same transport, entered twice, differs from itself by more than the margin.
    ControlDiffers,
    /// The kernel noted when what clients read had come, which costs them something with each read.
    KernelStamps,
    /// The machine is set up in a way that other machines often are not.
    Environment,
    /// Expected is not what the books account for.
    Books,
    /// The server and its clients counted different numbers of bytes.
    Bytes,
    /// Too few distinct updates beyond a quantile to know it.
    TooFewSamples,
    /// One round: nothing tells a difference from an accident.
    SingleRound,
    /// The run was stopped before its end.
    Interrupted,
    /// A process of the run ended before its work was done.
    ChildDied,
    /// A link of packets did more than the scenario says.
    Link,
    /// Updates arrived before they were due, or a timer fired too early or far too late.
    Clock,
    /// Fewer connections than subscribers.
    ConnectionsMissing,
    /// The backlog grew for as long as the load lasted.
    Unsustained,
    /// A kind that a newer version of this format added; message and advice still say what it is.
    #[serde(other)]
    Other,
}

/// How a run came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Whether every planned round was run. A transport that broke down in one has no account of it.
    pub completed: bool,
    /// Why it ended, as a fragment that fits after "this run did not finish: " where it did not.
    pub reason: String,
    /// From the start of the run to here, in nanoseconds.
    pub elapsed_ns: u64,
}

/// The line as it stands in the file, with its line feed.
///
/// # Panics
/// Never: every line has string keys and values that JSON can carry.
#[must_use]
pub fn write_line(line: &Line) -> String {
    let mut text = serde_json::to_string(line).expect("a line is made of strings, numbers and lists");
    text.push('\n');
    text
}
