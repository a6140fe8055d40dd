//! What a shell knows of the program: `pushpull completions` and `pushpull man`.

use crate::cli::{CompletionsArgs, ManArgs};
use crate::help;
use anyhow::Context;
use std::io::Write;
use std::process::ExitCode;

/// Prints completions.
pub fn completions(args: &CompletionsArgs) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "pushpull", &mut text);
    // A reader that has gone away has seen enough.
    let _ = std::io::stdout().write_all(&text);
    ExitCode::SUCCESS
}

/// Writes a page of the program and of each command.
pub fn man(args: &ManArgs) -> anyhow::Result<ExitCode> {
    let folder = args.out.display();
    std::fs::create_dir_all(&args.out).with_context(|| format!("failed to make {folder}"))?;
    clap_mangen::generate_to(help::command(), &args.out)
        .with_context(|| format!("failed to write in {folder}"))?;
    super::say(format_args!("{folder}"));
    Ok(ExitCode::SUCCESS)
}
