//! Flags of the commands that say how far figures can be trusted.

use clap::Args;
use std::path::PathBuf;

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
