//! A process of the driver: `pushpull worker`, never typed by a person.

use crate::job::{Command, Event, Job, Role};
use crate::{crowd, floor, link, server};
use anyhow::Context;
use std::ffi::OsString;
use std::io::Write;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use tokio::sync::mpsc;
use wire::Meter;

/// Events that may wait to be written. Behind a reader that has stopped, seconds are left out rather
/// than that the measuring waits.
const WAITING_EVENTS: usize = 64;

/// Reports to whoever reads this process's standard output, from a thread of its own.
#[derive(Debug)]
pub struct Reporter {
    lines: SyncSender<Vec<u8>>,
    thread: JoinHandle<std::io::Result<()>>,
}

impl Reporter {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has none to give.
    pub fn start() -> std::io::Result<Self> {
        let (lines, waiting) = sync_channel::<Vec<u8>>(WAITING_EVENTS);
        let write = move || {
            waiting.iter().try_for_each(|line| {
                let mut output = std::io::stdout().lock();
                output.write_all(&line).and_then(|()| output.flush())
            })
        };
        let thread = std::thread::Builder::new().name("reporter".to_owned()).spawn(write)?;
        Ok(Reporter { lines, thread })
    }

    /// Reports an event that must not be missing.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn send(&self, event: &Event) -> anyhow::Result<()> {
        self.lines.send(line(event)?).map_err(|_| anyhow::anyhow!("nobody reads the events any more"))
    }

    /// Reports an event, unless too many are waiting already.
    pub fn offer(&self, event: &Event) {
        if let Ok(line) = line(event) {
            let _ = self.lines.try_send(line);
        }
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn finish(self) -> anyhow::Result<()> {
        drop(self.lines);
        match self.thread.join() {
            Ok(written) => written.context("nobody reads the events any more"),
            Err(_) => anyhow::bail!("the thread that writes events broke down"),
        }
    }
}

fn line(event: &Event) -> anyhow::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    Ok(line)
}

/// A job that is done but for its last report, which counts what the sockets carried to their very
/// end: it is made when the runtime, and every task with a socket in it, is gone.
#[derive(Debug)]
pub struct Closing {
    account: Event,
    meter: Meter,
    reporter: Reporter,
}

impl Closing {
    /// A crowd's books, for a person.
    #[must_use]
    pub fn books(&self) -> Option<String> {
        let Event::Crowd(account) = &self.account else { return None };
        let (ledger, books) = (&account.ledger, account.ledger.books);
        let ms = |q: f64| {
            ledger.latency.quantile(q).map_or("-".to_owned(), |ns| format!("{:.2} ms", ns as f64 / 1e6))
        };
        Some(format!(
            "expected {}: delivered {}, superseded {}, lost {}, in flight {}\n\
             duplicated {}, reordered {}, damaged {}, unknown {}\n\
             from due to arrival: p50 {}, p99 {}, max {}",
            books.expected,
            books.delivered,
            books.superseded,
            books.lost,
            books.in_flight,
            books.duplicated,
            books.reordered,
            books.damaged,
            books.unknown,
            ms(0.5),
            ms(0.99),
            ms(1.0)
        ))
    }

    /// Reports.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn report(mut self) -> anyhow::Result<()> {
        let traffic = traffic(&self.meter);
        match &mut self.account {
            Event::Crowd(account) => account.traffic = traffic,
            Event::Server(account) => account.traffic = traffic,
            _ => {}
        }
        self.reporter.send(&self.account)?;
        self.reporter.finish()
    }
}

/// Does one job from standard input.
///
/// # Errors
/// When the job can't be read or done.
pub async fn run() -> anyhow::Result<Closing> {
    die_with_the_parent();
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let line =
        lines.next_line().await?.context("no job on standard input: this command is the driver's own")?;
    let job: Job = serde_json::from_str(&line).context("the job can't be read")?;
    let (commands, mut received) = mpsc::channel(4);
    tokio::spawn(relay(lines, commands));
    perform(&job, &mut received).await
}

/// Does a job; commands come from `commands`.
///
/// # Errors
/// When it can't be done.
pub async fn perform(job: &Job, commands: &mut mpsc::Receiver<Command>) -> anyhow::Result<Closing> {
    let (reporter, meter) = (Reporter::start()?, Meter::default());
    let account = match job.role.clone() {
        Role::Server { listen, succeeds } => {
            let account = server::serve(job, (&listen, succeeds), &meter, commands, &reporter).await?;
            Event::Server(Box::new(account))
        }
        Role::Crowd { addresses, share } => {
            let account = crowd::load(job, (&addresses, share), &meter, commands, &reporter).await?;
            Event::Crowd(Box::new(account))
        }
        Role::Link => link::serve(job, commands, &reporter).await?,
        Role::PacedServer { listen, bare } => {
            floor::server::serve(job, (listen, bare), &meter, commands, &reporter).await?
        }
        Role::PacedCrowd { address, pacer, bare } => {
            floor::crowd::load(job, (address, pacer, bare), &meter, commands, &reporter).await?
        }
    };
    Ok(Closing { account, meter, reporter })
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

/// Becomes another program, which ends when the driver does, however that ends. Comes back only with an error.
pub fn become_program(program: &[OsString]) -> anyhow::Error {
    die_with_the_parent();
    let [name, arguments @ ..] = program else { return anyhow::anyhow!("no program to become") };
    let mut command = std::process::Command::new(name);
    command.args(arguments);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        anyhow::Error::new(error).context(format!("failed to start {}", name.display()))
    }
    #[cfg(not(unix))]
    anyhow::anyhow!("this system can't put {} between clients and servers", name.display())
}

/// The end of standard input ends a worker too, but not one that is stopped (SIGSTOP) or stuck.
fn die_with_the_parent() {
    #[cfg(target_os = "linux")]
    {
        // Should the kernel refuse, the end of the input remains.
        let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
    }
}

fn traffic(meter: &Meter) -> results::Traffic {
    let tally = meter.tally();
    results::Traffic {
        bytes_in: tally.read_bytes,
        bytes_out: tally.written_bytes,
        connections: tally.connections,
    }
}
