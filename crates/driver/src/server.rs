//! The server's process: publishes, relays, answers and serves.

mod answers;
pub(crate) mod board;

use crate::clock::Alarm;
use crate::crowd::Times;
use crate::job::{Command, Event, Job, ServerAccount};
use crate::probe::{Looked, Probe};
use crate::publisher::{self, Publisher, Writer};
use crate::transports::description;
use crate::worker::Reporter;
use answers::Answers;
use anyhow::Context;
use board::Board;
use results::{DistributionRecord, Traffic, Uplink};
use scenario::{Bodies, Entry, Plan, Replies, Scenario, Tls, What};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use transport::Hub;
use wire::{Door, Listener, Meter, ServerTls, Timer};

/// Serves until it is told to finish or nobody is there to tell it.
///
/// # Errors
/// When it can't listen, or can't accept any more.
pub async fn serve(
    job: &Job,
    (listen, succeeds): (&[SocketAddr], bool),
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<ServerAccount> {
    let (scenario, entry) = job.read()?;
    let listeners = listeners(job, &scenario, &entry, listen, meter)?;
    let addresses = listeners.iter().map(Listener::address).collect::<Result<_, _>>()?;
    let answers = Replies::new(&scenario, job.seed).map(|plan| {
        let is_binary = scenario.reply.as_ref().is_some_and(|reply| reply.binary);
        Answers::start_thread(plan, job.seed, is_binary)
    });
    let board = Arc::new(Board::new(&scenario, job.seed, answers.transpose()?));
    let hub = Hub::of_shape(hub_shape(&scenario), board.clone());
    board.relay_to(&hub);
    let alarm = Alarm::start()?;
    let doors = listeners.iter().map(Listener::door).collect();
    // A successor lets nobody in before its log is as long as the other one's was: whose cursor it did not know yet would be
    // told of a gap that is none.
    let is_open = Arc::new(Notify::new());
    if !succeeds {
        is_open.notify_one();
    }
    let transports: Vec<_> =
        entry.chain().map(|(kind, values)| (description(kind.name).build)(&values)).collect();
    let serving = async {
        is_open.notified().await;
        let each = transports.iter().zip(listeners);
        let serve = each.map(|(transport, listener)| transport.serve(listener, hub.clone(), alarm.timer()));
        // None of them ends but with an error.
        futures_util::future::select_all(serve.map(Box::pin)).await.0
    };
    reporter.send(&Event::Ready { addresses })?;

    let (is_open, timer) = (is_open.clone(), alarm.timer());
    let directing = Directing { scenario: &scenario, seed: job.seed, succeeds, is_open, doors, timer };
    let directing = directing.direct((&board, &hub), meter, commands);
    let _telling = tell(&hub);
    let directed = tokio::select! {
        outcome = serving => {
            outcome.context("the server can't accept any more")?;
            anyhow::bail!("the server ended by itself: this is a bug of pushpull's")
        }
        directed = directing => directed?,
    };
    Ok(directed)
}

/// Opens what each transport that clients may try listens on.
fn listeners(
    job: &Job,
    scenario: &Scenario,
    entry: &Entry,
    listen: &[SocketAddr],
    meter: &Meter,
) -> anyhow::Result<Vec<Listener>> {
    // Where servers replace each other, two are there at once for a moment.
    let shares = scenario.disturbances.iter().any(|one| one.what == What::Deploy);
    let bind = if shares { Listener::bind_shared } else { Listener::bind };
    let open = |address: &SocketAddr| {
        let listener =
            bind(*address, meter.clone()).with_context(|| format!("failed to listen on {address}"))?;
        let listener = match &job.certificates {
            None => listener,
            Some(certificates) => {
                let resumes = entry.way.tls == Tls::Resuming;
                let tls = ServerTls::new(&certificates.certificate, &certificates.key, resumes);
                listener.secured(tls.context("failed to set up TLS")?, Meter::default())
            }
        };
        match &entry.way.congestion_control {
            None => Ok(listener),
            Some(algorithm) => listener.controlling_congestion(algorithm).context("failed to choose it"),
        }
    };
    listen.iter().map(open).collect()
}

/// One topic for each of the scenario's; of those that may not be conflated, every update counts.
fn hub_shape(scenario: &Scenario) -> transport::Shape {
    let whole = (0..).zip(&scenario.topics).filter(|(_, topic)| !topic.conflate).map(|(number, _)| number);
    transport::Shape::new(scenario.topics.len() as u32, scenario.retention).in_full(whole)
}

/// Tells readers of news, until what is returned is dropped: in a task of its own, so that news does not wake all that
/// the server waits for.
pub(crate) fn tell(hub: &Hub) -> JoinSet<()> {
    let (mut telling, hub) = (JoinSet::new(), hub.clone());
    telling.spawn(async move { hub.fan_out().await });
    telling
}

/// How long a server that has a successor gives its connections to end.
const LEAVING: Duration = Duration::from_secs(1);

/// What a server's schedule follows from.
struct Directing<'a> {
    scenario: &'a Scenario,
    seed: u64,
    succeeds: bool,
    /// Told when clients may be let in.
    is_open: Arc<Notify>,
    doors: Vec<Door>,
    timer: Timer,
}

impl Directing<'_> {
    /// Publishes from the start command on, until told to finish; what that cost is looked at while all
    /// connections are still open.
    async fn direct(
        self,
        (board, hub): (&Arc<Board>, &Hub),
        meter: &Meter,
        commands: &mut mpsc::Receiver<Command>,
    ) -> anyhow::Result<ServerAccount> {
        let Directing { scenario, seed, succeeds, is_open, doors, timer } = self;
        let plan = Arc::new(Plan::new(scenario, seed));
        let mut begun: Option<(Option<Publisher>, Probe)> = None;
        while let Some(command) = commands.recv().await {
            match command {
                Command::Start { at_ns } => {
                    board.start(at_ns);
                    let probe =
                        Probe::start(Times::new(scenario, at_ns).window_ns(), meter, scenario.memory_every)?;
                    let publishes = !scenario.relays() && !scenario.shape.asks();
                    let publisher = publishes.then(|| {
                        let bodies = Writer::new(scenario, Bodies::new(seed), board.clone());
                        let done = if succeeds { publisher::catch_up(hub, &plan, &bodies, at_ns) } else { 0 };
                        is_open.notify_one();
                        Publisher::start(hub.clone(), plan.clone(), bodies, (at_ns, done))
                    });
                    begun = Some((publisher.transpose()?, probe));
                }
                Command::Drain => {
                    doors.iter().for_each(Door::close);
                    hub.close();
                    timer.sleep(LEAVING).await;
                    break;
                }
                _ => break,
            }
        }
        let (publisher, looked) = match begun {
            // The probe first: it looks at the publisher's thread too.
            Some((publisher, probe)) => (publisher, probe.finish()),
            None => (None, Looked::default()),
        };
        Ok(account(scenario, &plan, board, publisher, looked))
    }
}

/// What came of it, whoever made what came down.
fn account(
    scenario: &Scenario,
    plan: &Plan,
    board: &Board,
    publisher: Option<Publisher>,
    looked: Looked,
) -> ServerAccount {
    let published = publisher.map(Publisher::finish).unwrap_or_default();
    let answered = board.answers.as_ref().map(Answers::finish);
    let posts = board.close().map(Box::new);
    let for_nothing = answered.as_ref().map(|answered| DistributionRecord(answered.for_nothing.clone()));
    let stopped = answered.as_ref().map(|answered| DistributionRecord(answered.stopped.clone()));
    let has_any = posts.is_some() || answered.is_some();
    let uplink = has_any.then_some(Uplink { posts, for_nothing, stopped });
    let (planned, published, lateness) = match answered {
        // How many chunks are made turns on when their readers stop them.
        Some(answered) => (answered.chunks, answered.chunks, answered.lateness),
        None if scenario.relays() => (board.relayed(), board.relayed(), published.lateness),
        None => (plan.len() as u64, published.count, published.lateness),
    };
    let Looked { costs, memory } = looked;
    ServerAccount { planned, published, lateness, uplink, traffic: Traffic::default(), costs, memory }
}
