//! `pushpull answer`: what a stored run says, without running anything.

use super::say;
use crate::cli::{AnswerArgs, AnswerFormat};
use crate::{card, files, found};
use std::path::Path;
use std::process::ExitCode;

/// Where runs are put unless somebody says otherwise.
const RESULTS: &str = "results";

/// Prints the answer of a run.
pub fn answer(args: &AnswerArgs) -> anyhow::Result<ExitCode> {
    let path = match &args.run {
        Some(path) => path.clone(),
        None => found::newest(Path::new(RESULTS))?,
    };
    let run = files::read_run(&path)?;
    match args.format {
        AnswerFormat::Text => say(format_args!("{}", card::card(&run))),
        AnswerFormat::Markdown => {
            let markdown = verdict::Decision::of(&run).markdown();
            say(format_args!("{}", markdown.trim_end()));
        }
        AnswerFormat::Json => say(format_args!("{}", ::export::answer(&run))),
    }
    Ok(ExitCode::SUCCESS)
}
