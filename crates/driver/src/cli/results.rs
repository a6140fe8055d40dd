//! Flags of the commands that read results.

use super::values;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `pushpull report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Results files, folders of runs, or folders that hold such folders
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Where to write the page: a file that ends in .html, or a folder that is there. Default is the folder that was
    /// given, or the working folder where several were
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `pushpull open`
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// A report, a results file, or a folder of one or more runs; default is the newest run in `--out`
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,
    /// The folder in which the newest run is looked for
    #[arg(long, value_name = "DIR", default_value = "results", conflicts_with = "run")]
    pub out: PathBuf,
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
    #[arg(long, value_name = "PERCENT", value_parser = values::percentage)]
    pub fail_above: Option<f64>,
    /// Print a JSON document instead of a table
    #[arg(long)]
    pub json: bool,
}

/// `pushpull export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The run: its folder or results file
    pub run: PathBuf,
    /// The folder in which the files are put; default is `export` beside the results file
    #[arg(long, alias = "to", value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ExportFormat::All)]
    pub format: ExportFormat,
}

/// What `export` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// JSON, CSV and HdrHistogram logs
    All,
    /// The answer as Markdown
    Markdown,
    /// Objectives and claims as JUnit test cases
    Junit,
    /// Figures with bounds, for Bencher
    Bmf,
    /// Figures for github-action-benchmark, customSmallerIsBetter
    GithubBenchmark,
}
