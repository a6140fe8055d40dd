//! A process of the driver: `pushpull worker`, never typed by a person.

use crate::job::{Command, Event, Job, Role};
use crate::{crowd, server};
use anyhow::Context;
use std::io::Write;
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use tokio::sync::mpsc;
use wire::Meter;

/// Reports to whoever reads this process's standard output.
#[derive(Debug, Default)]
pub struct Reporter;

impl Reporter {
    /// Writes one event.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn send(&self, event: &Event) -> anyhow::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        let mut output = std::io::stdout().lock();
        output.write_all(&line).and_then(|()| output.flush()).context("nobody reads the events any more")
    }
}

/// Does one job from standard input.
///
/// # Errors
/// When the job can't be read or done.
pub async fn run() -> anyhow::Result<()> {
    die_with_the_parent();
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let line =
        lines.next_line().await?.context("no job on standard input: this command is the driver's own")?;
    let job: Job = serde_json::from_str(&line).context("the job can't be read")?;
    let (commands, mut received) = mpsc::channel(4);
    tokio::spawn(relay(lines, commands));
    perform(&job, &mut received).await
}

/// Does a job; commands come from `commands`, and their end is the job's.
///
/// # Errors
/// When it can't be done.
pub async fn perform(job: &Job, commands: &mut mpsc::Receiver<Command>) -> anyhow::Result<()> {
    match job.role {
        Role::Server { listen } => server::serve(job, listen, commands, &Reporter).await,
        Role::Crowd { address, crowd, crowds } => {
            crowd::load(job, address, crowd::Share { crowd, crowds }, commands, &Reporter).await
        }
    }
}

/// Passes commands on. The end of the input is the end of the process, whatever it is doing: the
/// driver is gone.
async fn relay(mut lines: Lines<BufReader<Stdin>>, commands: mpsc::Sender<Command>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let Ok(command) = serde_json::from_str(&line) else { break };
        let _ = commands.send(command).await;
    }
    std::process::exit(1);
}

/// The end of standard input ends a worker too, but not one that is stopped (SIGSTOP) or stuck.
fn die_with_the_parent() {
    #[cfg(target_os = "linux")]
    {
        // Should the kernel refuse, the end of the input remains.
        let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    }
}

/// What the sockets of a process counted.
#[must_use]
pub fn traffic(meter: &Meter) -> results::Traffic {
    let tally = meter.tally();
    results::Traffic {
        bytes_in: tally.read_bytes,
        bytes_out: tally.written_bytes,
        connections: tally.connections,
    }
}
