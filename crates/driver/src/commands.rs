//! What each command does.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands answer on the terminal")]

mod by_hand;
mod scenarios;

use crate::cli::{CheckArgs, Cli, Command, ReportArgs, RunArgs};
use crate::run::{self, Request};
use crate::transports::TRANSPORTS;
use crate::{files, terminal, worker};
use clap::Parser;
use results::WarningKind;
use scenarios::{Wrong, load};
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// A mistake of the user's in a scenario or on the command line.
const EXIT_MISTAKE: u8 = 2;
/// Ctrl-C, as shells count it.
const EXIT_INTERRUPTED: u8 = 130;

/// The whole program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::new(error).context("failed to start")),
    };
    let code = dispatch(&cli.command, &runtime);
    // A thread that waits on standard input would otherwise hold the end back.
    runtime.shutdown_background();
    code.unwrap_or_else(|error| failed(&error))
}

fn dispatch(command: &Command, runtime: &Runtime) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(args) => runtime.block_on(run_all(args)),
        Command::Check(args) => check(args),
        Command::List => {
            list();
            Ok(ExitCode::SUCCESS)
        }
        Command::Report(args) => report(args),
        Command::Serve(args) => runtime.block_on(by_hand::serve(args)),
        Command::Load(args) => runtime.block_on(by_hand::load(args)),
        Command::Worker { .. } => runtime.block_on(worker::run()).map(|()| ExitCode::SUCCESS),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("pushpull: {error:#}");
    if error.is::<Wrong>() { ExitCode::from(EXIT_MISTAKE) } else { ExitCode::FAILURE }
}

async fn run_all(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let mut sets = args.change.sets.clone();
    sets.extend(args.rounds.map(|rounds| ("rounds".to_owned(), rounds.to_string())));
    // All are checked before the first is run: a mistake in the last must not cost an hour.
    let mut requests = Vec::new();
    let mut wrong = Vec::new();
    for file in &args.scenarios {
        match load(file, &sets, &args.transports) {
            Ok(scenario) => requests.push(Request {
                scenario,
                name: run::name_of(file),
                command: scenarios::command(file, &args.transports, &sets),
                out: args.out.clone(),
            }),
            Err(mistakes) => wrong.push(mistakes),
        }
    }
    if !wrong.is_empty() {
        return Err(Wrong::all(wrong).into());
    }
    let interrupted = interruption();
    let mut code = ExitCode::SUCCESS;
    for request in &requests {
        let finished = run::run(request, interrupted.clone()).await?;
        println!("\n{}\n\n{}", finished.run.header.question, terminal::summary(&finished.run));
        println!("\nreport:  {}", finished.folder.join(files::REPORT).display());
        println!("results: {}", finished.folder.join(files::RESULTS).display());
        if *interrupted.borrow() {
            return Ok(ExitCode::from(EXIT_INTERRUPTED));
        }
        if finished.run.warnings.iter().any(|warning| warning.kind == WarningKind::ChildDied) {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// Turns true on the first Ctrl-C or SIGTERM; the second one ends the program at once.
fn interruption() -> watch::Receiver<bool> {
    let (interrupt, interrupted) = watch::channel(false);
    tokio::spawn(async move {
        signalled().await;
        eprintln!("pushpull: closing the books; once more to end at once");
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
            Ok(scenario) => println!("{}: {}", file.display(), scenarios::describe(&scenario)),
            Err(mistakes) => wrong.push(mistakes),
        }
    }
    if wrong.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Wrong::all(wrong).into()) }
}

fn list() {
    for transport in TRANSPORTS {
        println!("{}\n    {}", transport.name, transport.summary);
        for option in transport.options {
            println!("    {} = \"{}\"  ({})", option.name, option.default, option.allowed());
            println!("        {}", option.help);
        }
        println!();
    }
}

fn report(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let runs = args.runs.iter().map(|path| files::read_run(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let out = match (&args.out, &args.runs[..]) {
        (Some(out), _) => out.clone(),
        (None, [one]) if one.is_dir() => one.join(files::REPORT),
        (None, [one]) => one.with_file_name(files::REPORT),
        (None, _) => files::REPORT.into(),
    };
    files::write_whole(&out, &::report::render(&runs))?;
    println!("{}", out.display());
    Ok(ExitCode::SUCCESS)
}
