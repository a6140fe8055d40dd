//! Flags of the commands that serve a shell.

use clap::Args;
use clap_complete::Shell;
use std::path::PathBuf;

/// `pushpull completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// `pushpull man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder in which a page of each command is put
    #[arg(value_name = "DIR")]
    pub out: PathBuf,
}
