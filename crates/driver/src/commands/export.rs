//! `pushpull export`: a run for other programs.

use super::say;
use crate::cli::{ExportArgs, ExportFormat};
use crate::files;
use anyhow::Context;
use results::Run;
use std::process::ExitCode;

/// Writes a run as JSON, CSV and HdrHistogram logs.
pub fn export(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let run = files::read_run(&args.run)?;
    let beside = if args.run.is_dir() { args.run.clone() } else { args.run.with_file_name("") };
    let folder = args.out.clone().unwrap_or_else(|| beside.join("export"));
    std::fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    for (name, text) in documents(&run, args.format) {
        let path = folder.join(name);
        files::write_whole(&path, &text)?;
        say(format_args!("{}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The names of files and what they hold. Names of single documents begin with the scenario's, so that those of several
/// runs fit into one folder.
fn documents(run: &Run, format: ExportFormat) -> Vec<(String, String)> {
    let name = |ending: &str| format!("{}.{ending}", run.header.scenario_name);
    match format {
        ExportFormat::Markdown => vec![(name("md"), verdict::Decision::of(run).markdown())],
        ExportFormat::Junit => vec![(name("xml"), ::export::junit(run))],
        ExportFormat::Bmf => vec![(name("bmf.json"), ::export::bencher(run))],
        ExportFormat::GithubBenchmark => vec![("github-benchmark.json".to_owned(), ::export::github(run))],
        ExportFormat::All => {
            let logs = run
                .labels()
                .map(|label| (format!("{}.hlog", label.replace(' ', "_")), results::hlog(run, label)));
            let checks = ::export::checks_csv(run).map(|checks| ("checks.csv".to_owned(), checks));
            [("summary.json".to_owned(), ::export::json(run)), ("rounds.csv".to_owned(), ::export::csv(run))]
                .into_iter()
                .chain(checks)
                .chain(logs)
                .collect()
        }
    }
}
