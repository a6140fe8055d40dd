//! The command line.

use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use verdict::growth::Value;

/// Measures which transport should carry a live feature, and what it costs: the same workload over
/// WebSocket, Server-Sent Events, long polling and short polling, on this machine.
///
/// Exit codes: 0 done; 1 the run, a part of it or the command failed, a comparison found something worse, an objective
/// is not shown to be met where `--objectives` asks for that, or the self-test something that can't be trusted; 2 a mistake in a scenario or on the command line, or runs that can't be
/// compared; 130 interrupted, with what was measured kept.
#[derive(Debug, Parser)]
#[command(name = "pushpull", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run scenarios; each leaves a results file and an HTML report
    Run(RunArgs),
    /// Run a scenario and print just the answer: what to use, what that costs, and what would change it
    Advise(AdviseArgs),
    /// How many subscribers a server carries over each transport, and what gives way beyond: doubles, then bisects
    Capacity(CapacityArgs),
    /// Check scenarios without running them
    Check(CheckArgs),
    /// Whether this machine, and pushpull on it, can be trusted: what is known of the machine, and measurements
    /// against predictions; exits with 1 where something can't be trusted
    Selftest(SelftestArgs),
    /// List the transports with their settings
    List,
    /// Render a report from a results file, or one page from several
    Report(ReportArgs),
    /// Hold a run against an earlier one; exits with 1 where something became worse
    Compare(CompareArgs),
    /// Run published results again, and say which of their figures drifted
    Rebaseline(RebaselineArgs),
    /// Drive every transport as fast as it goes, and hold it against raw TCP
    Floor(FloorArgs),
    /// Write a run as JSON, CSV and HdrHistogram logs, for other programs
    Export(ExportArgs),
    /// Serve a scenario over one transport, for curl, a browser or a profiler
    Serve(ServeArgs),
    /// Connect a scenario's subscribers to a server; their books go to standard error, JSON to standard
    /// output
    Load(LoadArgs),
    /// Another program of a run, which ends with it
    #[command(hide = true)]
    Guard {
        /// The processors that it may run on; all if none is named.
        #[arg(hide = true, long, value_delimiter = ',')]
        pin: Vec<u32>,
        /// The program and what it is told.
        #[arg(hide = true, last = true, required = true)]
        program: Vec<OsString>,
    },
    /// A process of a run; reads its job from standard input
    #[command(hide = true)]
    Worker {
        /// The network namespace that it belongs to.
        #[arg(hide = true, long)]
        join: Option<PathBuf>,
        /// The processors that it may run on; all if none is named.
        #[arg(hide = true, long, value_delimiter = ',')]
        pin: Vec<u32>,
        /// For people who look at process lists.
        #[arg(hide = true)]
        names: Vec<String>,
    },
}

/// Which scenario, and what to change in it.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// Change a key of the scenario, such as measure=10s, subscribers.count=500, topic.cpu.every=1s or
    /// transport.short-polling.interval=250ms; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub sets: Vec<(String, String)>,
}

/// `pushpull run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Scenario files, run one after the other
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
    #[arg(long, value_name = "KEY=A,B", value_parser = key_values)]
    pub vary: Option<(String, Vec<Value>)>,
    /// The folder in which each run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,
    /// Print what the run says as a JSON document instead of a table
    #[arg(long)]
    pub json: bool,
    /// Exit with 1 unless a transport is recommended that is shown to meet every objective of its scenario
    #[arg(long)]
    pub objectives: bool,
}

/// `pushpull advise`
#[derive(Debug, Args)]
pub struct AdviseArgs {
    /// The scenario file
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
    #[arg(long)]
    pub objectives: bool,
}

/// `pushpull capacity`
#[derive(Debug, Args)]
pub struct CapacityArgs {
    /// The scenario file; its objectives say what has to hold
    #[arg(value_name = "SCENARIO")]
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// Only these transports, as of `run`
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub transports: Vec<String>,
    /// With how many subscribers to begin; the scenario's number if none is given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub from: Option<u32>,
    /// More are not tried
    #[arg(long, value_name = "N", default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub most: u32,
    /// Runs of each transport at the most
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=40))]
    pub steps: u32,
    /// The folder in which the search gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,
}

/// `pushpull check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scenario files
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub change: ScenarioArgs,
}

/// `pushpull selftest`
#[derive(Debug, Args)]
pub struct SelftestArgs {
    /// All checks, scenarios for each, and once more what others disturbed: three minutes
    #[arg(long)]
    pub thorough: bool,
    /// Only checks whose names have this word, whatever the edition; may be repeated
    #[arg(long, value_name = "WORD")]
    pub only: Vec<String>,
    /// Keep every run of the checks, with its report, in a folder of its own in this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

/// `pushpull report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Results files, or the folders of runs
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Where to write the page: beside the results file if there is one run, else report.html in this
    /// folder
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `pushpull compare`
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The earlier run: its folder or results file
    pub base: PathBuf,
    /// The later run
    pub new: PathBuf,
    /// Count as worse only what is found to be worse by more than this; default is the margin of the earlier
    /// run's scenario
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    pub fail_above: Option<f64>,
    /// Print a JSON document instead of a table
    #[arg(long)]
    pub json: bool,
}

/// `pushpull rebaseline`
#[derive(Debug, Args)]
pub struct RebaselineArgs {
    /// Published runs, or folders of them
    #[arg(value_name = "RUN", default_value = "results/published")]
    pub runs: Vec<PathBuf>,
    /// The folder in which each new run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub out: PathBuf,
}

/// `pushpull floor`
#[derive(Debug, Args)]
pub struct FloorArgs {
    /// How often everything is repeated, with fresh processes; two are needed for an interval
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub blocks: u32,
    /// How many subscribers get each update
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub subscribers: u32,
    /// Updates that may be under way where the next does not wait for all to have the last
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(2..=256))]
    pub window: u32,
    /// About how long a transport runs at a time; each runs twice in a block, and so does the floor
    #[arg(long, value_name = "TIME", default_value = "500ms")]
    pub leg: String,
    /// Only these transports, by name
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub transports: Vec<String>,
    /// Print a JSON document, with the figures of every block, instead of tables
    #[arg(long)]
    pub json: bool,
}

/// `pushpull export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The run: its folder or results file
    pub run: PathBuf,
    /// Where to write; default is the folder `export` beside the results file
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

/// `pushpull serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The scenario file
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// The transport, by label or name
    #[arg(long)]
    pub transport: String,
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How long to publish, in place of the scenario's measured window
    #[arg(long = "for", value_name = "TIME", default_value = "1h")]
    pub span: String,
    /// How long to wait before the first update is due, so that a crowd can connect
    #[arg(long, value_name = "TIME", default_value = "0s")]
    pub start_in: String,
}

/// `pushpull load`
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// The scenario file, the same that the server serves
    pub scenario: PathBuf,
    #[command(flatten)]
    pub change: ScenarioArgs,
    /// The transport, by label or name
    #[arg(long)]
    pub transport: String,
    /// The server's address
    #[arg(long, value_name = "ADDRESS")]
    pub connect: SocketAddr,
    /// The certificate to trust, PEM, where the scenario says TLS; the server prints its file
    #[arg(long, value_name = "FILE")]
    pub authority: Option<PathBuf>,
    /// The start that the server printed, on this machine's monotonic clock
    #[arg(long, value_name = "NANOSECONDS")]
    pub start_ns: u64,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("needed is KEY=VALUE, such as measure=10s".to_owned()),
    }
}

/// A key and at least two different values of it, all of a kind.
fn key_values(text: &str) -> Result<(String, Vec<Value>), String> {
    const NEEDED: &str = "needed is KEY=A,B,..., such as subscribers.count=10,100,1000";
    let (key, list) = key_value(text).map_err(|_| NEEDED.to_owned())?;
    let mut values = Vec::<Value>::new();
    for text in list.split(',').map(str::trim) {
        let Some(value) = Value::parse(text) else {
            return Err(format!(
                "`{text}` is no value that can grow: needed are numbers, times, sizes or rates, such as 10, 250ms, \
                 4KiB or 40/s"
            ));
        };
        if let Some(other) = values.iter().find(|other| other.quantity != value.quantity) {
            return Err(format!("`{}` and `{text}` are not of one kind", other.text));
        }
        if let Some(other) = values.iter().find(|other| other.number == value.number) {
            return Err(format!("`{}` and `{text}` are the same", other.text));
        }
        values.push(value);
    }
    if values.len() < 2 { Err(format!("one value shows no growth: {NEEDED}")) } else { Ok((key, values)) }
}

/// A share such as 10%, as a part of one.
fn percentage(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    match number {
        Ok(percent) if (0.0..=400.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("needed is a percentage from 0% to 400%, such as 10%".to_owned()),
    }
}
