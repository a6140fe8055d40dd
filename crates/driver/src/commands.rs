//! What each command does.

mod advise;
mod answer;
mod by_hand;
mod export;
mod floor;
mod hold;
mod lists;
mod reports;
mod run;
pub(crate) mod scenarios;
mod shell;

use crate::cli::{CheckArgs, Cli, Command};
use crate::transports::{self, TRANSPORTS};
use crate::{help, init, link, paint, placement, selftest, worker};
use clap::{ColorChoice, FromArgMatches};
use scenarios::{Wrong, load};
use std::io::Write;
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
    let matches = help::coloured(colour_of_help(std::env::args())).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    paint::begin(cli.color);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::new(error).context("failed to start")),
    };
    dispatch(&cli.command, runtime).unwrap_or_else(|error| failed(&error))
}

/// `--color`, before the command line is understood: help and mistakes are printed while it is read.
fn colour_of_help(words: impl Iterator<Item = String>) -> ColorChoice {
    let words: Vec<String> = words.collect();
    let split = words.windows(2).find(|pair| pair[0] == "--color").map(|pair| pair[1].as_str());
    let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
    match split.or(joined) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

fn dispatch(command: &Command, runtime: Runtime) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(args) => runtime.block_on(run::run_all(args)),
        Command::Answer(args) => answer::answer(args),
        Command::Advise(args) => runtime.block_on(advise::advise(args)),
        Command::Capacity(args) => runtime.block_on(crate::capacity::capacity(args)),
        Command::Check(args) => check(args),
        Command::Selftest(args) => selftest::selftest(args, runtime),
        Command::Init(args) => init::init(args),
        Command::Scenarios(args) => lists::scenarios(args),
        Command::Transports(args) => Ok(lists::transports(args)),
        Command::Figures(args) => Ok(lists::figures(args)),
        Command::Report(args) => reports::report(args),
        Command::Open(args) => reports::open(args),
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
        Command::Completions(args) => Ok(shell::completions(args)),
        Command::Man(args) => shell::man(args),
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
            Ok(scenario) => {
                let file = paint::bold(file.display());
                say(format_args!("{file}: {}", scenarios::describe(&scenario)));
            }
            Err(mistakes) => wrong.push(mistakes),
        }
    }
    if wrong.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Wrong::all(wrong).into()) }
}
