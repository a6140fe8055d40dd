//! What was run, by what and where.

use crate::{ClaimRecord, Mode, ObjectiveRecord, PublishedRecord, ViaRecord};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The first line of a file. Times are in nanoseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the format: [`crate::FORMAT`] in what this crate writes.
    pub format: u32,
    /// When the run started, as RFC 3339 in UTC.
    pub started: String,
    /// The name of the scenario.
    pub scenario_name: String,
    /// The question that it answers.
    pub question: String,
    /// Its whole text, with overrides applied.
    pub scenario_text: String,
    /// The command line that repeats this run.
    pub command: String,
    /// What measured.
    pub tool: Tool,
    /// What it was measured on.
    pub machine: Machine,
    /// Round r draws from `seed + r`.
    pub seed: u64,
    /// Rounds planned.
    pub rounds: u32,
    /// What was changed on the command line, as `key = value`: in what the run differs from its scenario file.
    pub changes: Vec<String>,
    /// In what company the transports were measured. With both, each round ran once in each way.
    pub modes: Vec<Mode>,
    /// The margin of the scenario, as a part of one: smaller differences do not matter to who asks.
    pub margin: f64,
    /// On which processors servers and clients ran, in a sentence. None where the system chose.
    pub placement: Option<String>,
    /// Length of the measured window of a round.
    pub measure_ns: u64,
    /// How long the load ran before that window.
    pub warm_up_ns: u64,
    /// How long what was under way at the end of the window was waited for, at most.
    pub drain_ns: u64,
    /// One-way delay added to every client's connections, in both directions.
    pub delay_ns: u64,
    /// Whether the kernel noted when what clients read had come. Each read costs more for it, so such a run
    /// compares with others of its kind only.
    #[serde(default)]
    pub kernel_stamps: bool,
    /// Who speaks to whom, in the scenario's word. Empty in files from when there was only `broadcast`.
    #[serde(default)]
    pub shape: String,
    /// Subscribers per transport.
    pub subscribers: u32,
    /// Client processes per transport, over which the subscribers are spread.
    pub crowds: u32,
    /// Topics published.
    pub topics: u32,
    /// The transports, in the order in which a report lists them.
    pub entries: Vec<EntryRecord>,
    /// The proxies that transports may have before them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vias: Vec<ViaRecord>,
    /// What happens in every round, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disturbances: Vec<String>,
    /// What should come out, by the scenario. Empty where it says nothing. So with what follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimRecord>,
    /// What others have published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedRecord>,
    /// What a transport has to show to be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objectives: Vec<ObjectiveRecord>,
    /// What a transport has to be able to do to be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// What lies between clients and server where an entry says nothing else, as [`EntryRecord::way`]. None in files from
    /// when it was not written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<BTreeMap<String, String>>,
    /// Whether the scenario's question is no choice of a transport.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_no_choice: bool,
    /// How large the deployment is that costs are told for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ScaleRecord>,
    /// From which amount on a difference matters, where the scenario says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matters: Option<MattersRecord>,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// How large the deployment is that costs are told for. None is the scenario's own number, and the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScaleRecord {
    /// Users that are connected at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<u32>,
    /// Hours of a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_per_day: Option<f64>,
}

/// From which amount on, at the scale, a difference matters. None is the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MattersRecord {
    /// Delay, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ns: Option<f64>,
    /// Data age, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staleness_ns: Option<f64>,
    /// Server CPU, as a part of one core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_cores: Option<f64>,
    /// Server memory, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<f64>,
    /// Traffic in both directions, in bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic_bits_per_s: Option<f64>,
    /// Polling requests per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_s: Option<f64>,
}

/// Which build of this project measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its version.
    pub version: String,
    /// The git revision it was built from, where that is known.
    pub revision: Option<String>,
}

/// The machine that everything ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The operating system.
    pub os: String,
    /// Version of its kernel.
    pub kernel: String,
    /// Name of the processor.
    pub cpu_model: String,
    /// Logical processors that the run could use.
    pub cores: u32,
    /// Main memory, in bytes.
    pub memory_bytes: u64,
    /// The processor's frequency governor, where the system tells it.
    pub governor: Option<String>,
    /// TCP's congestion control, where the system tells it.
    pub congestion_control: Option<String>,
    /// Files and sockets that one process may have open.
    pub descriptor_limit: u64,
    /// What is known about this machine's timers, in a sentence. May be empty.
    pub timer_note: String,
}

/// One transport of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryRecord {
    /// What reports call it; unique in a run.
    pub label: String,
    /// Which transport it is.
    pub transport: String,
    /// One-way delay of its clients' connections, where it is another one than the header's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ns: Option<u64>,
    /// All its settings, written as in a scenario.
    pub options: BTreeMap<String, String>,
    /// What the model says that this run should show, where there is a model.
    pub prediction: Option<PredictionRecord>,
    /// Whether clients ask again for each response, so that responses are requests.
    pub polls: bool,
    /// The label of the entry that this one repeats exactly: a control. Whatever differs between the two is
    /// noise.
    pub control_of: Option<String>,
    /// Whether it is the floor that the others are held against: raw TCP, no contestant.
    pub floor: bool,
    /// What lies between its clients and its server, but for the delay, by the keys of scenarios: `tls`, `headers`, `via`.
    /// Only what is not the default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub way: BTreeMap<String, String>,
    /// What it can do whatever its figures, in the words of scenarios' needs. None in files from when that was
    /// not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abilities: Option<Vec<String>>,
    /// What it is in the decision, where the scenario says so: `candidate`, `reference` or `what-if`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl EntryRecord {
    /// The proxy before it, by its name in [`Header::vias`].
    #[must_use]
    pub fn via(&self) -> Option<&str> {
        self.way.get("via").map(String::as_str)
    }

    /// Whether its clients speak TLS.
    #[must_use]
    pub fn is_secured(&self) -> bool {
        self.way.contains_key("tls")
    }

    /// Whether it is known to be able to do this, or nobody asked.
    #[must_use]
    pub fn can(&self, need: &str) -> bool {
        self.abilities.as_ref().is_none_or(|abilities| abilities.iter().any(|ability| ability == need))
    }
}

/// What a model predicts of a transport, in nanoseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PredictionRecord {
    /// Mean of arrived minus due, where the model says. So with what follows.
    pub mean_ns: Option<u64>,
    /// Median of arrived minus due.
    pub p50_ns: Option<u64>,
    /// 99th percentile of arrived minus due.
    pub p99_ns: Option<u64>,
    /// The worst of the same.
    pub max_ns: Option<u64>,
    /// Updates per frame, event or response that carries any.
    pub updates_per_response: Option<f64>,
    /// Mean age of the newest update held. None also where the warm-up is too short for the schedule to
    /// have settled when the measured window begins.
    pub staleness_mean_ns: Option<u64>,
    /// What the model leaves out or takes for granted, in a sentence.
    pub assumes: String,
}
