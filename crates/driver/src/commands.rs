//! What each command does.

mod advise;
mod by_hand;
mod export;
mod floor;
mod hold;
mod run;
pub(crate) mod scenarios;

use crate::cli::{CheckArgs, Cli, Command, ReportArgs};
use crate::transports::{self, TRANSPORTS};
use crate::{files, link, placement, selftest, worker};
use clap::Parser;
use scenarios::{Wrong, load};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use transport::Description;

/// A mistake of the user's in a scenario or on the command line.
const EXIT_MISTAKE: u8 = 2;
/// Ctrl-C, as shells count it.
pub(crate) const EXIT_INTERRUPTED: u8 = 130;

/// The whole program.
#[must_use]
pub fn main() -> ExitCode {
    main_with(TRANSPORTS)
}

/// The whole program with another list of transports: those who write one, or break one on purpose, get runs,
/// reports and the self-test for it. The program's `main` must do nothing else: its processes are started from the
/// same file.
#[must_use]
pub fn main_with(list: &'static [Description]) -> ExitCode {
    transports::begin_with(list);
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::new(error).context("failed to start")),
    };
    dispatch(&cli.command, runtime).unwrap_or_else(|error| failed(&error))
}

fn dispatch(command: &Command, runtime: Runtime) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(args) => runtime.block_on(run::run_all(args)),
        Command::Advise(args) => runtime.block_on(advise::advise(args)),
        Command::Capacity(args) => runtime.block_on(crate::capacity::capacity(args)),
        Command::Check(args) => check(args),
        Command::Selftest(args) => selftest::selftest(args, runtime),
        Command::List => {
            list();
            Ok(ExitCode::SUCCESS)
        }
        Command::Report(args) => report(args),
        Command::Compare(args) => hold::compare(args),
        Command::Rebaseline(args) => runtime.block_on(hold::rebaseline(args)),
        Command::Floor(args) => runtime.block_on(floor::floor(args)),
        Command::Export(args) => export::export(args),
        Command::Serve(args) => close(runtime.block_on(by_hand::serve(args)), runtime),
        Command::Load(args) => {
            let closing = runtime.block_on(by_hand::load(args));
            if let Some(books) = closing.as_ref().ok().and_then(worker::Closing::books) {
                let _ = writeln!(std::io::stderr(), "\n{books}");
            }
            close(closing, runtime)
        }
        Command::Guard { pin, program } => {
            placement::take(pin)?;
            Err(worker::become_program(program))
        }
        Command::Worker { join, pin, .. } => {
            // Before anything starts a thread, so that each stays where this one is.
            placement::take(pin)?;
            join.as_deref().map_or(Ok(()), link::join)?;
            close(runtime.block_on(worker::run()), runtime)
        }
    }
}

/// Ends the runtime and all tasks in it, then makes the last report. A thread that waits on standard
/// input is left behind.
fn close(closing: anyhow::Result<worker::Closing>, runtime: Runtime) -> anyhow::Result<ExitCode> {
    runtime.shutdown_background();
    closing?.report().map(|()| ExitCode::SUCCESS)
}

/// Prints a line. A reader that has gone away (`| head`) must not end a run.
pub(crate) fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn failed(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "pushpull: {error:#}");
    if error.is::<Wrong>() { ExitCode::from(EXIT_MISTAKE) } else { ExitCode::FAILURE }
}

/// Turns true on the first Ctrl-C or SIGTERM; the second one ends the program at once.
pub(crate) fn interruption() -> watch::Receiver<bool> {
    let (interrupt, interrupted) = watch::channel(false);
    tokio::spawn(async move {
        signalled().await;
        let _ = writeln!(std::io::stderr(), "pushpull: closing the books; once more to end at once");
        let _ = interrupt.send(true);
        signalled().await;
        std::process::exit(i32::from(EXIT_INTERRUPTED));
    });
    interrupted
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signalled() {
    let _ = tokio::signal::ctrl_c().await;
}

fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut wrong = Vec::new();
    for file in &args.scenarios {
        match load(file, &args.change.sets, &[]) {
            Ok(scenario) => say(format_args!("{}: {}", file.display(), scenarios::describe(&scenario))),
            Err(mistakes) => wrong.push(mistakes),
        }
    }
    if wrong.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Wrong::all(wrong).into()) }
}

fn list() {
    for transport in transports::list() {
        say(format_args!("{}\n    {}", transport.name, transport.summary));
        for option in transport.options {
            say(format_args!("    {} = \"{}\"  ({})", option.name, option.default, option.allowed()));
            say(format_args!("        {}", option.help));
        }
        say(format_args!(""));
    }
}

fn report(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    // A shell's `results/*` finds other things too.
    let (paths, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.runs.iter().partition(|path| args.runs.len() == 1 || files::may_be_run(path));
    for other in others {
        let _ = writeln!(std::io::stderr(), "pushpull: {} is no run, so it is left out", other.display());
    }
    let runs = paths.iter().map(|path| files::read_run(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let out = match (&args.out, &args.runs[..]) {
        (Some(out), _) => out.clone(),
        (None, [one]) if one.is_dir() => one.join(files::REPORT),
        (None, [one]) => one.with_file_name(files::REPORT),
        (None, _) => files::REPORT.into(),
    };
    files::write_whole(&out, &::report::render(&runs))
        .map_err(|error| anyhow::anyhow!("{error:#}; --out FILE writes it elsewhere"))?;
    say(format_args!("{}", out.display()));
    Ok(ExitCode::SUCCESS)
}
