//! Flags of the commands that help to write a scenario.

use super::ScenarioArgs;
use crate::init::{self, Kind};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// `pushpull init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// What the feature is; `dashboard` if nobody says
    #[arg(value_name = "KIND", value_enum)]
    pub kind: Option<Kind>,
    /// Everybody who uses it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    pub users: Option<u32>,
    /// What comes to each user, or from each device, such as 2/s or 30/min
    #[arg(long, value_name = "RATE", value_parser = init::rate)]
    pub updates: Option<f64>,
    /// How late it may be, such as 500ms
    #[arg(long, value_name = "TIME", value_parser = init::limit)]
    pub limit: Option<Duration>,
    /// From a client to the server and back, such as 80ms
    #[arg(long, value_name = "TIME", value_parser = init::rtt)]
    pub rtt: Option<Duration>,
    /// Clients of a dashboard, notifications or a ticker send something too
    #[arg(long)]
    pub clients_send: bool,
    /// The file that is written; it must not be there. Default is standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `pushpull check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Scenarios by file or by name
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub change: ScenarioArgs,
}

/// `pushpull scenarios`
#[derive(Debug, Args)]
pub struct ScenariosArgs {
    /// The scenario whose text is printed; without a name all are listed
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Print the list as a JSON document
    #[arg(long, conflicts_with = "name")]
    pub json: bool,
}

/// `pushpull transports` and `pushpull figures`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print a JSON document
    #[arg(long)]
    pub json: bool,
}
