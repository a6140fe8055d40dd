//! The command line.

mod answer;
mod by_hand;
mod results;
mod shell;
mod trust;
mod values;
mod write;

pub use answer::{AdviseArgs, AnswerArgs, AnswerFormat, CapacityArgs, RunArgs, ScenarioArgs};
pub use by_hand::{LoadArgs, ServeArgs};
pub use results::{CompareArgs, ExportArgs, ExportFormat, OpenArgs, ReportArgs};
pub use shell::{CompletionsArgs, ManArgs};
pub use trust::{FloorArgs, RebaselineArgs, SelftestArgs};
pub use write::{CheckArgs, InitArgs, ListArgs, ScenariosArgs};

use crate::help;
use crate::paint::Color;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Which transport should carry a live feature, and what does it cost? The same workload over WebSocket, Server-Sent
/// Events, long polling and short polling, measured on this machine.
#[derive(Debug, Parser)]
#[command(name = "pushpull", version, max_term_width = 100, after_help = help::EXAMPLES, after_long_help = help::LONG)]
pub struct Cli {
    /// Colour in what is printed; `auto` is colour in a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do. Each command that is not hidden stands in one group of [`help::GROUPS`].
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measurement of scenarios; a results file and an HTML report of each
    #[command(after_help = help::RUN)]
    Run(RunArgs),
    /// Answer of a stored run; nothing is run
    #[command(after_help = help::ANSWER)]
    Answer(AnswerArgs),
    /// Measurement of one scenario, with its answer alone
    #[command(after_help = help::ADVISE)]
    Advise(AdviseArgs),
    /// Subscribers that one server carries over each transport, by doubling and bisection
    #[command(after_help = help::CAPACITY)]
    Capacity(CapacityArgs),
    /// New scenario from a few answers, by questions or by flags
    #[command(after_help = help::INIT)]
    Init(InitArgs),
    /// Mistakes, load and duration of scenarios, without a run
    #[command(after_help = help::CHECK)]
    Check(CheckArgs),
    /// Shipped scenarios: the list, or the text of one
    #[command(after_help = help::SCENARIOS)]
    Scenarios(ScenariosArgs),
    /// Transports and their settings
    #[command(alias = "list")]
    Transports(ListArgs),
    /// Figures for claims and objectives
    Figures(ListArgs),
    /// HTML page of stored runs
    #[command(after_help = help::REPORT)]
    Report(ReportArgs),
    /// Report of the newest run, or of a given one, in a browser
    #[command(after_help = help::OPEN)]
    Open(OpenArgs),
    /// Comparison of two runs; exit code 1 where something became worse
    #[command(after_help = help::COMPARE)]
    Compare(CompareArgs),
    /// JSON, CSV and HdrHistogram logs of a run, for other programs
    #[command(after_help = help::EXPORT)]
    Export(ExportArgs),
    /// Checks of this machine, and of pushpull on it, against predictions
    #[command(after_help = help::SELFTEST)]
    Selftest(SelftestArgs),
    /// Full speed of every transport beside raw TCP; no latencies
    #[command(after_help = help::FLOOR)]
    Floor(FloorArgs),
    /// Published runs again, and which of their figures drifted
    #[command(after_help = help::REBASELINE)]
    Rebaseline(RebaselineArgs),
    /// Server of a scenario over one transport, for curl, a browser or a profiler
    #[command(after_help = help::SERVE)]
    Serve(ServeArgs),
    /// Subscribers of a scenario against a server that `serve` started
    #[command(after_help = help::LOAD)]
    Load(LoadArgs),
    /// Completions for a shell
    #[command(after_help = help::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Manual pages
    #[command(after_help = help::MAN)]
    Man(ManArgs),
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
