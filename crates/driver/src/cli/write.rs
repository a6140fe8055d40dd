//! Flags of the commands that help to write a scenario.

use super::ScenarioArgs;
use clap::Args;
use std::path::PathBuf;

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
