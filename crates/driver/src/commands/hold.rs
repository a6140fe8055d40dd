//! Runs held against earlier ones: `pushpull compare` and `pushpull rebaseline`.

use super::scenarios::{self, Wrong};
use super::{EXIT_INTERRUPTED, interruption, say};
use crate::cli::{CompareArgs, RebaselineArgs};
use crate::run::{self, Request};
use crate::{files, found, terminal};
use anyhow::Context;
use results::Run;
use std::path::Path;
use std::process::ExitCode;
use verdict::Comparison;

/// Something became worse by more than the margin, or a published figure drifted by more.
const EXIT_WORSE: u8 = 1;

/// Holds one run against another.
pub fn compare(args: &CompareArgs) -> anyhow::Result<ExitCode> {
    let (base, new) = (files::read_run(&args.base)?, files::read_run(&args.new)?);
    let comparison = hold(&base, &new, args.fail_above)?;
    if args.json {
        say(format_args!("{}", export::comparison(&comparison)));
    } else {
        say(format_args!("{}", terminal::comparison(&comparison)));
    }
    let worse = comparison.regressions();
    if !args.json {
        worse.iter().for_each(|regression| say(format_args!("worse: {}", regression.sentence())));
    }
    Ok(if worse.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(EXIT_WORSE) })
}

fn hold(base: &Run, new: &Run, margin: Option<f64>) -> anyhow::Result<Comparison> {
    verdict::compare(base, new, margin)
        .map_err(|refusal| Wrong::new(format!("can't compare: {refusal}")).into())
}

/// Runs published scenarios again and says which of their figures drifted.
pub async fn rebaseline(args: &RebaselineArgs) -> anyhow::Result<ExitCode> {
    let mut bases = Vec::new();
    let given = args.runs.iter().map(|path| found::runs_of(path)).collect::<anyhow::Result<Vec<_>>>()?;
    for path in given.concat() {
        let base = files::read_run(&path)?;
        // Whether it can be held against anything is asked before its scenario takes its time.
        hold(&base, &base, None).with_context(|| path.display().to_string())?;
        bases.push((again(&path, &base, &args.out)?, path, base));
    }
    let interrupted = interruption();
    let mut drifted = false;
    for (request, path, base) in &bases {
        let finished = run::run(request, interrupted.clone()).await?;
        if *interrupted.borrow() {
            return Ok(ExitCode::from(EXIT_INTERRUPTED));
        }
        say(format_args!("\n{} against {}", finished.folder.display(), path.display()));
        match verdict::compare(base, &finished.run, None) {
            Ok(comparison) => drifted |= tell_drift(&comparison),
            Err(refusal) => {
                drifted = true;
                say(format_args!("can't compare: {refusal}"));
            }
        }
    }
    Ok(if drifted { ExitCode::from(EXIT_WORSE) } else { ExitCode::SUCCESS })
}

/// Prints what moved, for better or worse; whether anything did.
fn tell_drift(comparison: &Comparison) -> bool {
    say(format_args!("{}", terminal::comparison(comparison)));
    let worse = comparison.regressions();
    worse.iter().for_each(|regression| say(format_args!("worse: {}", regression.sentence())));
    let moved = comparison.contrasts.iter().filter(|contrast| contrast.differs()).count();
    match (moved, worse.is_empty()) {
        (0, true) => say(format_args!("no figure drifted")),
        (0, false) => {}
        _ => say(format_args!("{moved} figures drifted: see the last column")),
    }
    moved > 0 || !worse.is_empty()
}

/// The same run once more: its scenario is in its results file.
fn again(path: &Path, base: &Run, out: &Path) -> anyhow::Result<Request> {
    let header = &base.header;
    Ok(Request {
        scenario: scenarios::parse(&header.scenario_text, &path.display().to_string())?,
        name: header.scenario_name.clone(),
        command: header.command.clone(),
        changes: header.changes.clone(),
        out: out.to_owned(),
        folder: None,
    })
}
