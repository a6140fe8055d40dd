//! `pushpull export`: a run for other programs.

use super::say;
use crate::cli::ExportArgs;
use crate::files;
use anyhow::Context;
use std::process::ExitCode;

/// Writes a run as JSON, CSV and HdrHistogram logs.
pub fn export(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let run = files::read_run(&args.run)?;
    let beside = if args.run.is_dir() { args.run.clone() } else { args.run.with_file_name("") };
    let folder = args.out.clone().unwrap_or_else(|| beside.join("export"));
    std::fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    let logs =
        run.labels().map(|label| (format!("{}.hlog", label.replace(' ', "_")), results::hlog(&run, label)));
    let documents =
        [("summary.json".to_owned(), ::export::json(&run)), ("rounds.csv".to_owned(), ::export::csv(&run))];
    let checks = ::export::checks_csv(&run).map(|checks| ("checks.csv".to_owned(), checks));
    for (name, text) in documents.into_iter().chain(checks).chain(logs) {
        let path = folder.join(name);
        files::write_whole(&path, &text)?;
        say(format_args!("{}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}
