//! Flags of the commands that answer a question.

use super::values;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use verdict::growth::Value;

/// Which scenario, and what to change in it.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// Change a key of the scenario, such as measure=10s, subscribers.count=500, topic.cpu.every=1s or
    /// transport.short-polling.interval=250ms; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = values::key_value)]
    pub sets: Vec<(String, String)>,
}

/// `pushpull run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Scenarios by file or by name, run one after the other
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// Only these transports, by label or name; one that the scenario does not enter joins with its
    /// default settings
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub transports: Vec<String>,
    /// How often everything is repeated
    #[arg(long, value_name = "N")]
    pub rounds: Option<u32>,
    /// Run each scenario once for every value of a key, such as subscribers.count=10,100,1000, and make one page of
    /// it: how cost grows with the key
    #[arg(long, value_name = "KEY=A,B", value_parser = values::key_values)]
    pub vary: Option<(String, Vec<Value>)>,
    /// The folder in which each run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,
    /// Print what the run says as a JSON document instead of a table
    #[arg(long)]
    pub json: bool,
    /// Exit with 1 unless a transport is recommended that is shown to meet every objective of its scenario
    #[arg(long, alias = "objectives")]
    pub require_objectives: bool,
    /// Open the report in a browser at the end
    #[arg(long)]
    pub open: bool,
}

/// `pushpull advise`
#[derive(Debug, Args)]
pub struct AdviseArgs {
    /// The scenario by file or by name
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// Only these transports, as of `run`
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub transports: Vec<String>,
    /// How often everything is repeated; one round names no winner
    #[arg(long, value_name = "N")]
    pub rounds: Option<u32>,
    /// The folder in which the run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,
    /// Exit with 1 unless a transport is recommended that is shown to meet every objective
    #[arg(long, alias = "objectives")]
    pub require_objectives: bool,
}

/// `pushpull capacity`
#[derive(Debug, Args)]
pub struct CapacityArgs {
    /// The scenario by file or by name; its objectives are what has to be met
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// Only these transports, as of `run`
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub transports: Vec<String>,
    /// Subscribers of the first run; default is the scenario's number
    #[arg(long, alias = "from", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub start: Option<u32>,
    /// Upper bound of subscribers
    #[arg(long, alias = "most", value_name = "N", default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub max: u32,
    /// Upper bound of runs per transport
    #[arg(long, alias = "steps", value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=40))]
    pub max_runs: u32,
    /// The folder in which the search gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,
}

/// `pushpull answer`
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// The run: its folder or results file; default is the newest in `results`
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,
    /// What the answer is written in
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// What an answer is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// Paragraphs for a terminal
    Text,
    /// Paragraphs for a document or a chat
    Markdown,
    /// A document for a program
    Json,
}
