//! `pushpull answer`: what a stored run says, without running anything.

use super::say;
use crate::cli::{AnswerArgs, AnswerFormat};
use crate::{files, found};
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
    let (question, sentences) = (&run.header.question, report::answer(&run));
    match args.format {
        AnswerFormat::Text => {
            say(format_args!("{question}"));
            sentences.iter().for_each(|sentence| say(format_args!("\n{sentence}")));
        }
        AnswerFormat::Markdown => {
            say(format_args!("**{question}**"));
            sentences.iter().for_each(|sentence| say(format_args!("\n{sentence}")));
        }
        AnswerFormat::Json => {
            let document = serde_json::json!({ "question": question, "answer": sentences });
            say(format_args!("{document:#}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
