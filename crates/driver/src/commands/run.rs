//! `pushpull run`: scenarios one after the other, each once or at several values of a key.

use super::scenarios::{self, Wrong, load};
use super::{EXIT_INTERRUPTED, interruption, say};
use crate::cli::RunArgs;
use crate::run::{self, Finished, Request};
use crate::{card, files, limits, opener, terminal, via};
use results::{Run, Severity, Warning, WarningKind};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use verdict::Growth;
use verdict::growth::Value;

/// Warnings that make a run a failure: some of its figures are missing or can't be right.
const BROKEN: [WarningKind; 4] =
    [WarningKind::ChildDied, WarningKind::Books, WarningKind::Bytes, WarningKind::Clock];

/// The key whose value has no bearing on rounds, so that one run of a series is enough for it.
const IDLE: &str = "idle_connections";

/// What a scenario file comes to: one run, or several of one series.
struct Series {
    requests: Vec<Request>,
    /// How the folder of the series begins; none where there is no series.
    stem: Option<String>,
}

/// Runs everything that was asked for.
pub async fn run_all(args: &RunArgs) -> anyhow::Result<ExitCode> {
    run_telling(args, tell).await
}

/// The same, saying of each run what the caller has to say.
pub(super) async fn run_telling(
    args: &RunArgs,
    tell: impl Fn(&RunArgs, &Finished),
) -> anyhow::Result<ExitCode> {
    let mut all = plan(args)?;
    let interrupted = interruption();
    let mut code = ExitCode::SUCCESS;
    let mut page = None;
    for series in &mut all {
        let folder = series.stem.as_ref().map(|stem| files::create_folder(&args.out, stem)).transpose()?;
        let (mut runs, mut pages) = (Vec::new(), Vec::new());
        for request in &mut series.requests {
            if let Some(folder) = &folder {
                request.out.clone_from(folder);
            }
            let finished = run::run(request, interrupted.clone()).await?;
            tell(args, &finished);
            if is_broken(&finished.run) || (args.require_objectives && !meets(&finished.run)) {
                code = ExitCode::FAILURE;
            }
            page = Some(folder.as_deref().unwrap_or(&finished.folder).join(files::REPORT));
            runs.push(finished.run);
            if let Some(folder) = &folder {
                // Made anew each time, so that whatever happens next, what was measured has its page.
                let index = folder.join(files::REPORT);
                pages.push(files::relative(&finished.folder.join(files::REPORT), &index));
                files::write_whole(&index, &report::render_linked(&runs, &pages))?;
            }
            if *interrupted.borrow() {
                code = ExitCode::from(EXIT_INTERRUPTED);
                break;
            }
        }
        if let Some(folder) = &folder {
            tell_growth(args, folder, &runs);
        }
        if *interrupted.borrow() {
            break;
        }
    }
    if let Some(page) = page.filter(|_| args.open)
        && let Err(trouble) = opener::open(&page)
    {
        let _ = writeln!(std::io::stderr(), "pushpull: {} is not opened: {trouble}", page.display());
    }
    Ok(code)
}

/// All runs, each of which can be run: a mistake in the last must not cost an hour.
fn plan(args: &RunArgs) -> anyhow::Result<Vec<Series>> {
    let mut sets = args.change.sets.clone();
    sets.extend(args.rounds.map(|rounds| ("rounds".to_owned(), rounds.to_string())));
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for file in &args.scenarios {
        match &args.vary {
            None => match request(args, file, &sets, None) {
                Ok(request) => all.push(Series { requests: vec![request], stem: None }),
                Err(mistakes) => wrong.push(mistakes),
            },
            Some((key, values)) => match series(args, file, &sets, (key, values)) {
                Ok(series) => all.push(series),
                Err(mistakes) => wrong.push(mistakes),
            },
        }
    }
    if !wrong.is_empty() {
        return Err(Wrong::all(wrong).into());
    }
    for request in all.iter().flat_map(|series| &series.requests) {
        limits::check(&request.scenario)?;
        for via in request.scenario.vias_in_use() {
            via::find(via.program)?;
        }
    }
    Ok(all)
}

/// A run for each value. Idle connections are looked at in the first one alone.
fn series(
    args: &RunArgs,
    file: &Path,
    sets: &[(String, String)],
    (key, values): (&str, &[Value]),
) -> Result<Series, Wrong> {
    if sets.iter().any(|(set, _)| set == key) {
        return Err(Wrong::new(format!("--vary: `{key}` is set to one value and varied")));
    }
    let (mut requests, mut wrong) = (Vec::new(), Vec::new());
    for (place, value) in values.iter().enumerate() {
        let mut sets = sets.to_vec();
        if place > 0 && key != IDLE {
            sets.retain(|(set, _)| set != IDLE);
            sets.push((IDLE.to_owned(), "0".to_owned()));
        }
        sets.push((key.to_owned(), value.text.clone()));
        match request(args, file, &sets, Some(folder_name(key, value))) {
            Ok(request) => requests.push(request),
            Err(mistakes) => wrong.push(mistakes),
        }
    }
    if wrong.is_empty() {
        let stem = format!("{}-by-{}", run::name_of(file), key.replace('.', "-"));
        Ok(Series { requests, stem: Some(stem) })
    } else {
        Err(Wrong::all(wrong))
    }
}

fn request(
    args: &RunArgs,
    file: &Path,
    sets: &[(String, String)],
    folder: Option<String>,
) -> Result<Request, Wrong> {
    Ok(Request {
        scenario: load(file, sets, &args.transports)?,
        name: run::name_of(file),
        command: scenarios::command(file, &args.transports, sets),
        changes: scenarios::changes(&args.transports, sets),
        out: args.out.clone(),
        folder,
    })
}

/// The last part of the key and the value, without what a file's name should not hold.
fn folder_name(key: &str, value: &Value) -> String {
    let word = key.rsplit('.').next().unwrap_or(key);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    format!("{word}-{}", value.text).chars().map(plain).collect()
}

fn tell(args: &RunArgs, finished: &Finished) {
    let (report, results) = (finished.folder.join(files::REPORT), finished.folder.join(files::RESULTS));
    if args.json {
        say(format_args!("{}", ::export::json(&finished.run)));
        return;
    }
    say(format_args!("\n{}", card::card(&finished.run)));
    report::where_time_goes(&finished.run).iter().for_each(|sentence| say(format_args!("\n{sentence}")));
    if let Some(published) = terminal::published(&finished.run) {
        say(format_args!("\n{published}"));
    }
    say(format_args!("\nreport      {}\nresults     {}", report.display(), results.display()));
    say(format_args!("share       pushpull answer {} --format markdown", finished.folder.display()));
}

/// What the runs of a series say together.
fn tell_growth(args: &RunArgs, folder: &Path, runs: &[Run]) {
    if args.json {
        return;
    }
    if let Some(growth) = Growth::of(runs) {
        say(format_args!("\nHow cost grows with {}:", growth.key));
        growth.findings().iter().for_each(|finding| say(format_args!("\n{finding}")));
    }
    say(format_args!("\nall of them: {}", folder.join(files::REPORT).display()));
}

/// Whether what is recommended is shown to meet all that the scenario asks, or it asks nothing.
fn meets(run: &Run) -> bool {
    let missed = verdict::Decision::of(run).not_shown();
    for missed in &missed {
        let _ = writeln!(std::io::stderr(), "pushpull: objectives: {missed}");
    }
    missed.is_empty()
}

fn is_broken(run: &Run) -> bool {
    let broken = |warning: &Warning| warning.severity > Severity::Note && BROKEN.contains(&warning.kind);
    run.warnings.iter().any(broken)
}
