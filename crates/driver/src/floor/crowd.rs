//! A crowd that says what it has, so that its server can go on.

use super::server::own_processor_ns;
use super::{bare, pace};
use crate::clock::{self, Alarm};
use crate::crowd::{Crowd, Pace, Path, Share, Tried};
use crate::job::{Command, Event, Job, Looked};
use crate::transports::description;
use crate::worker::Reporter;
use anyhow::ensure;
use ledger::Distribution;
use scenario::Scenario;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, mpsc};
use wire::{Dialer, Meter};

/// Plays all subscribers until told to finish; then what they got must be what they should have got.
///
/// # Errors
/// When a subscriber can't connect, something is wrong with what arrived, or the server is gone.
pub async fn load(
    job: &Job,
    (address, pacer, bare): (SocketAddr, SocketAddr, bool),
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<Event> {
    let (scenario, entry) = job.read()?;
    if bare {
        return load_bare(&scenario, (address, pacer), commands, reporter).await;
    }
    let subscribers = scenario.subscribers.count;
    let alarm = Alarm::start()?;
    let dialer = Dialer::new(address, meter.clone());
    let reached = Arc::new(Notify::new());
    let first = Arc::<Mutex<Distribution>>::default();
    let every = Pace { every: subscribers.into(), reached: reached.clone(), first: first.clone() };
    let all = Share { crowd: 0, crowds: 1 };
    let mut crowd = Crowd::paced(&scenario, job.seed, all, alarm, Some(every));
    let transport = Arc::from((description(entry.kind.name).build)(&entry.values));
    let tried = vec![Tried { name: entry.kind.name, transport, dialer: dialer.clone() }];
    let (fallback_after, reconnect) = (entry.fallback_after, entry.way.reconnect);
    crowd.connect(&scenario, job.seed, &Path { tried, fresh: dialer, fallback_after, reconnect });
    let connected = crowd.connected(&scenario).await;
    let (count, failure) = (connected.connected, connected.failure);
    ensure!(count == subscribers, "{count} of {subscribers} connected: {}", failure.unwrap_or_default());
    let mut pacer = Dialer::new(pacer, Meter::default()).dial().await?;
    // Due long before it can arrive: there is no schedule to be late for.
    crowd.start(clock::now_ns());
    reporter.send(&Event::Subscribed { connected: count, failure: None })?;
    loop {
        tokio::select! {
            () = reached.notified() => pace::say(&mut pacer, crowd.carried() / u64::from(subscribers)).await?,
            error = crowd.breakdown() => return Err(error),
            command = commands.recv() => match command {
                Some(Command::Look) => {
                    reporter.send(&looked(crowd.carried(), &first)?)?;
                }
                _ => break,
            }
        }
    }
    let account = Event::Crowd(Box::new(crowd.close(true).await?));
    Ok(account)
}

/// The loop has a thread of its own; this one answers.
async fn load_bare(
    scenario: &Scenario,
    (address, pacer): (SocketAddr, SocketAddr),
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<Event> {
    let connected = scenario.subscribers.count;
    let delivered = Arc::new(AtomicU64::new(0));
    let body = vec![0; super::BODY_BYTES];
    let frame_bytes = bare::frame(1, 0, body)?.len();
    let first = Arc::<Mutex<Distribution>>::default();
    let counts = bare::Counts { delivered: delivered.clone(), first: first.clone() };
    let crowd = bare::Crowd::connect((address, pacer), connected, frame_bytes, counts)?;
    let mut reading = tokio::task::spawn_blocking(move || crowd.read());
    reporter.send(&Event::Subscribed { connected, failure: None })?;
    loop {
        tokio::select! {
            ended = &mut reading => ended??,
            command = commands.recv() => match command {
                Some(Command::Look) => {
                    reporter.send(&looked(delivered.load(Ordering::Relaxed), &first)?)?;
                }
                _ => return Ok(Event::Ended),
            }
        }
    }
}

/// What has been used and got so far; what the first subscriber saw is told once.
fn looked(delivered: u64, first: &Mutex<Distribution>) -> anyhow::Result<Event> {
    let first = std::mem::take(&mut *first.lock().unwrap_or_else(PoisonError::into_inner));
    let (processor_ns, sent_p50_ns) = (own_processor_ns()?, first.quantile(0.5));
    Ok(Event::Looked(Looked { processor_ns, delivered, sent_p50_ns }))
}
