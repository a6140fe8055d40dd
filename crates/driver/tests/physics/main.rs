//! What theory says a run must show, held against runs of the real binary.
//!
//! Runs alone and optimised: `cargo test --release` runs one test binary after the other. A check first
//! waits a little for the machine to be quiet. One that finds it busy with something else says
//! *inconclusive* and is run once more; twice in a row is a failure. Every check prints what it measured beside what was predicted.

#![expect(clippy::print_stdout, reason = "a test harness speaks")]

mod checks;
mod host;
mod lab;

use lab::{Lab, Verdict};
use std::process::ExitCode;

fn main() -> ExitCode {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if cfg!(debug_assertions) {
        println!("physics: not run in an unoptimised build; use `cargo test --release`");
        return ExitCode::SUCCESS;
    }
    let chosen = checks::ALL
        .iter()
        .filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str())));
    let (mut passed, mut failed) = (0, 0);
    for (name, check) in chosen {
        if holds(name, *check) { passed += 1 } else { failed += 1 }
    }
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn holds(name: &str, check: fn(&mut Lab)) -> bool {
    for attempt in 1..=2 {
        host::wait_for_quiet();
        let mut lab = Lab::new();
        check(&mut lab);
        let (verdict, lines) = lab.verdict();
        println!("\n{name} (attempt {attempt})\n{}", lines.join("\n"));
        match verdict {
            Verdict::Holds => {
                println!("  holds");
                return true;
            }
            Verdict::Broken => {
                println!("  BROKEN");
                return false;
            }
            Verdict::Inconclusive(evidence) => println!("  inconclusive: {evidence}"),
        }
    }
    println!("  FAILED: inconclusive twice in a row");
    false
}
