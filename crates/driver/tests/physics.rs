//! What theory says a run must show, held against runs of the real binary: `pushpull selftest --thorough`.
//!
//! Runs alone and optimised: `cargo test --release` runs one test binary after the other. Words on the command line
//! choose checks by their names.

#![expect(clippy::print_stdout, reason = "a test harness speaks")]

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    if cfg!(debug_assertions) {
        println!("physics: not run in an unoptimised build; use `cargo test --release`");
        return ExitCode::SUCCESS;
    }
    let words = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let status = Command::new(env!("CARGO_BIN_EXE_pushpull"))
        .args(["selftest", "--thorough"])
        .args(words.map(|word| format!("--only={word}")))
        .status()
        .expect("the program starts");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
