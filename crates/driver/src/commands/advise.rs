//! `pushpull advise`: a run, and of what it says the answer alone.

use super::{run, say};
use crate::cli::{AdviseArgs, RunArgs, ScenarioArgs};
use crate::run::Finished;
use crate::{card, files};
use std::process::ExitCode;

/// Runs a scenario and prints the answer.
pub async fn advise(args: &AdviseArgs) -> anyhow::Result<ExitCode> {
    let args = RunArgs {
        scenarios: vec![args.scenario.clone()],
        change: ScenarioArgs { sets: args.change.sets.clone() },
        transports: args.transports.clone(),
        rounds: args.rounds,
        vary: None,
        out: args.out.clone(),
        json: false,
        require_objectives: args.require_objectives,
        open: false,
    };
    run::run_telling(&args, answer).await
}

fn answer(_: &RunArgs, finished: &Finished) {
    say(format_args!("{}", card::card(&finished.run)));
    say(format_args!("\nreport      {}", finished.folder.join(files::REPORT).display()));
}
