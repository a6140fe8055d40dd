//! `pushpull selftest`: whether this machine, and pushpull on it, can be trusted.
//!
//! First what can be known of the machine without running anything, then what theory says that runs must show: one
//! list of checks, in a short and in a thorough edition. It must never call a disturbed measurement broken, nor a
//! broken transport a disturbance: see [`sheet`].

mod checks;
mod conclusion;
mod lab;
mod machine;
mod measured;
mod print;
mod setups;
mod sheet;

use crate::cli::SelftestArgs;
use crate::commands::scenarios::Wrong;
use crate::commands::{EXIT_INTERRUPTED, interruption, say};
use checks::Check;
use conclusion::Conclusion;
use lab::{Dose, Interrupted, Lab};
use machine::Finding;
use sheet::{Outcome, Verdict};
use std::process::ExitCode;
use tokio::runtime::Runtime;

/// Looks at the machine, makes the checks, and says what follows.
///
/// # Errors
/// When a word chooses no check, or a check's scenario can't be run at all.
pub fn selftest(args: &SelftestArgs, runtime: Runtime) -> anyhow::Result<ExitCode> {
    let dose = if args.thorough { Dose::Thorough } else { Dose::Short };
    let checks = checks::chosen(dose, &args.only).map_err(|word| unknown(&word))?;
    let interrupted = runtime.block_on(async { interruption() });
    let mut lab = Lab::new(runtime, interrupted, dose, args.out.clone())?;
    match examine(&mut lab, &checks, args.json) {
        Ok((findings, outcomes)) => {
            let conclusion = Conclusion::of(&findings, &outcomes);
            if args.json {
                say(format_args!("{}", print::json(dose, &findings, &outcomes, &conclusion)));
            } else {
                say(format_args!("\n{}", conclusion.text()));
            }
            Ok(if conclusion.is_trusted() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(error) if error.is::<Interrupted>() => Ok(ExitCode::from(EXIT_INTERRUPTED)),
        Err(error) => Err(error),
    }
}

fn unknown(word: &str) -> Wrong {
    let names: String = checks::ALL.iter().map(|check| format!("\n  {}", check.name)).collect();
    Wrong::new(format!("--only: no check has `{word}` in its name; the checks are{names}"))
}

/// Everything that is found, told as it is found unless it becomes a document.
fn examine(lab: &mut Lab, checks: &[Check], quiet: bool) -> anyhow::Result<(Vec<Finding>, Vec<Outcome>)> {
    let tell = |text: String| {
        if !quiet {
            say(format_args!("{text}"));
        }
    };
    let findings = machine::findings(lab)?;
    tell(print::findings(&findings));
    let mut outcomes = Vec::new();
    for check in checks {
        let outcome = make(lab, check)?;
        tell(print::outcome(&outcome));
        outcomes.push(outcome);
    }
    Ok((findings, outcomes))
}

/// Makes a check; in the thorough edition, once more where others disturbed it.
fn make(lab: &mut Lab, check: &Check) -> anyhow::Result<Outcome> {
    let attempts = match lab.dose() {
        Dose::Short => 1,
        Dose::Thorough => 2,
    };
    for attempt in 1.. {
        lab.begin();
        if lab.dose() == Dose::Thorough {
            lab.wait_for_quiet()?;
        }
        (check.make)(lab)?;
        let outcome = lab.conclude(check.name, attempt);
        if outcome.verdict != Verdict::Inconclusive || attempt == attempts {
            return Ok(outcome);
        }
        lab.forget();
    }
    unreachable!("attempts are counted")
}
