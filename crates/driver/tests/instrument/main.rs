//! How much of what pushpull reports is its own: the real binary held against a bare ping-pong, against what
//! tcpdump sees of the same run, and against its own schedule.
//!
//! Runs alone and optimised, as the physics tests do, and like them says *inconclusive* of a machine that
//! others use; twice in a row is a failure. These are the only tests that assert microseconds: each bound is a
//! promise of what the instrument adds, and says so beside it. Needs Linux; what needs tcpdump and root is
//! left out without them, unless `CI` is set.

#![expect(clippy::print_stdout, reason = "a test harness speaks")]

#[cfg(target_os = "linux")]
mod bare;
#[cfg(target_os = "linux")]
mod bench;
#[cfg(target_os = "linux")]
mod capture;
#[cfg(target_os = "linux")]
mod checks;
#[cfg(target_os = "linux")]
mod host;

use std::process::ExitCode;

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    println!("instrument: left out, it needs Linux");
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(half) = bare::half(&arguments) {
        half();
        return ExitCode::SUCCESS;
    }
    if cfg!(debug_assertions) {
        println!("instrument: not run in an unoptimised build; use `cargo test --release`");
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
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

#[cfg(target_os = "linux")]
fn holds(name: &str, check: checks::Check) -> bool {
    for attempt in 1..=2 {
        host::wait_for_quiet();
        let mut bench = bench::Bench::new();
        check(&mut bench);
        let (verdict, lines) = bench.verdict();
        println!("\n{name} (attempt {attempt})\n{}", lines.join("\n"));
        match verdict {
            bench::Verdict::Holds => {
                println!("  holds");
                return true;
            }
            // Microseconds are easily disturbed: what is broken is looked at once more.
            bench::Verdict::Broken => println!("  BROKEN"),
            bench::Verdict::Inconclusive(evidence) => println!("  inconclusive: {evidence}"),
        }
    }
    println!("  FAILED: twice in a row");
    false
}
