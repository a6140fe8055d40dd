//! One half of a run, for other programs to be pointed at: `pushpull serve` and `pushpull load`.

use super::scenarios::{self, Wrong};
use crate::certificates::Certificates;
use crate::cli::{LoadArgs, ServeArgs};
use crate::clock::{self, Alarm};
use crate::crowd::{Share, dialler, subscription};
use crate::job::{Command, Job, Role};
use crate::placement;
use crate::transports::description;
use crate::worker::{self, Closing};
use anyhow::Context;
use scenario::Scenario;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;
use wire::{Dialer, Meter};

/// Serves until Ctrl-C. Events go to standard output as JSON lines, the first with the address.
pub async fn serve(args: &ServeArgs) -> anyhow::Result<Closing> {
    let span = duration("--for", &args.span)?;
    let start_in = duration("--start-in", &args.start_in)?;
    let mut sets = args.change.sets.clone();
    sets.push(("measure".to_owned(), options::print_duration(span)));
    let mut job = job(
        &args.scenario,
        &sets,
        &args.transport,
        Role::Server { listen: vec![args.listen], succeeds: false },
    )?;
    let authority = if speaks_tls(&job)? { Some(Authority::make(&mut job)?) } else { None };
    let at_ns = clock::now_ns() + start_in.as_nanos() as u64;
    let (file, transport) = (args.scenario.display(), &args.transport);
    let trust = authority.as_ref().map(|authority| format!(" --authority {}", authority.0.display()));
    let _ = writeln!(
        std::io::stderr(),
        "pushpull: Ctrl-C ends. The first update is due in {}. To connect a crowd before that:\n  \
         pushpull load {file} --transport {transport} --start-ns {at_ns}{} --connect ADDRESS",
        args.start_in,
        trust.unwrap_or_default()
    );
    perform(&job, at_ns).await.map_err(|error| {
        let taken = |cause: &(dyn std::error::Error + 'static)| {
            cause.downcast_ref().is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::AddrInUse)
        };
        match error.chain().any(taken) {
            true => anyhow::anyhow!("{error:#}; give --listen another port, or 0 for any that is free"),
            false => error,
        }
    })
}

/// Connects, listens to the end of the schedule and prints the books.
pub async fn load(args: &LoadArgs) -> anyhow::Result<Closing> {
    if args.start_ns <= clock::now_ns() {
        let wrong = "--start-ns: that schedule has begun already, and a crowd must be connected before it does; \
                     start the server with --start-in 20s and give what it prints";
        return Err(Wrong::new(wrong).into());
    }
    let role = Role::Crowd { addresses: vec![args.connect], share: Share { crowd: 0, crowds: 1 } };
    let mut job = job(&args.scenario, &args.change.sets, &args.transport, role)?;
    if speaks_tls(&job)? {
        let file = args.authority.as_ref().ok_or_else(|| {
            Wrong::new("--authority: the scenario says TLS, so a certificate to trust is needed; the server prints its file")
        })?;
        let authority = std::fs::read_to_string(file);
        let authority = authority.with_context(|| format!("failed to read {}", file.display()))?;
        job.certificates = Some(Certificates { authority, ..Certificates::default() });
    }
    try_to_connect(&job, args.connect).await?;
    perform(&job, args.start_ns).await
}

/// Connects one subscriber and lets go of it. A crowd tries again and again, as is right in a run, and
/// would count everything as lost where there is no such server.
async fn try_to_connect(job: &Job, address: SocketAddr) -> anyhow::Result<()> {
    let (scenario, entry) = job.read()?;
    let alarm = Alarm::start()?;
    let transport = (description(entry.kind.name).build)(&entry.values);
    let dialer = dialler(job, &entry, &Meter::default())?(Dialer::new(address, Meter::default()));
    let connecting = transport.connect(dialer, subscription(&scenario, job.seed, 0), alarm.timer());
    let outcome = connecting.await.map(drop);
    alarm.stop();
    outcome.with_context(|| format!("failed to connect over {} to a server at {address}", entry.kind.name))
}

async fn perform(job: &Job, at_ns: u64) -> anyhow::Result<Closing> {
    let (commands, mut received) = mpsc::channel(2);
    commands.send(Command::Start { at_ns }).await?;
    let finishing = async {
        super::signalled().await;
        let _ = commands.send(Command::Finish).await;
        // Once more ends the program at once.
        super::signalled().await;
    };
    tokio::select! {
        outcome = worker::perform(job, &mut received) => outcome,
        () = finishing => anyhow::bail!("interrupted twice"),
    }
}

fn job(file: &Path, sets: &[(String, String)], transport: &str, role: Role) -> anyhow::Result<Job> {
    let scenario = scenarios::load(file, sets, &[transport.to_owned()])?;
    let Scenario { text, transports, seed, pin, .. } = scenario;
    let entry = transports.into_iter().next().context("the scenario enters no transport")?;
    if !entry.fallback.is_empty() || entry.way.has_packets() {
        let wrong = "a transport with `fallback` or link = \"packets\" can be run, but not served or loaded by hand: take it out \
                     with --set, or name another transport";
        return Err(Wrong::new(wrong).into());
    }
    let label = entry.label;
    let pin = placement::resolve(&pin)?;
    placement::take(role.processors(&pin))?;
    Ok(Job { scenario: text, label, seed, role, stays: false, certificates: None })
}

fn speaks_tls(job: &Job) -> anyhow::Result<bool> {
    Ok(job.read()?.1.way.tls.is_on())
}

/// A file with the certificate that clients are to trust, for as long as the server runs.
struct Authority(PathBuf);

impl Authority {
    /// Makes certificates for a server.
    fn make(job: &mut Job) -> anyhow::Result<Self> {
        let certificates = Certificates::make()?;
        let path = std::env::temp_dir().join(format!("pushpull-authority-{}.pem", std::process::id()));
        std::fs::write(&path, &certificates.authority)
            .with_context(|| format!("failed to write {}", path.display()))?;
        job.certificates = Some(certificates);
        Ok(Authority(path))
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(super) fn duration(flag: &str, text: &str) -> anyhow::Result<Duration> {
    options::duration(text).map_err(|error| Wrong::new(format!("{flag}: {error}")).into())
}
