//! The clients' process: connects a part of the subscribers and keeps their books.

mod subscriber;

use crate::clock::{self, Alarm};
use crate::job::{Command, CrowdAccount, Event, Job, Second};
use crate::transports::description;
use crate::worker::{Reporter, traffic};
use anyhow::Context;
use ledger::Ledger;
use results::AccountRecord;
use scenario::{Bodies, Plan, Scenario};
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use subscriber::Subscriber;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use transport::{Subscription, Topics, Transport};
use wire::{Dialer, Meter};

/// How long after the end of the ramp the last connection may take.
const CONNECTING_LIMIT: Duration = Duration::from_secs(30);

/// Which subscribers of a scenario a process plays.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// Which crowd this is, from 0.
    pub crowd: u32,
    /// Of how many.
    pub crowds: u32,
}

impl Share {
    /// The numbers of its subscribers.
    #[must_use]
    pub fn of(self, subscribers: u32) -> Range<u32> {
        let bound = |crowd: u32| (u64::from(subscribers) * u64::from(crowd) / u64::from(self.crowds)) as u32;
        bound(self.crowd)..bound(self.crowd + 1)
    }
}

/// Plays a crowd until its books are complete, the drain is over, or it is told to finish.
///
/// # Errors
/// When the driver can't be reported to.
pub async fn load(
    job: &Job,
    address: SocketAddr,
    share: Share,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<()> {
    let (scenario, entry) = job.read()?;
    let transport: Arc<dyn Transport> = Arc::from((description(entry.kind.name).build)(&entry.values));
    let alarm = Alarm::start()?;
    let meter = Meter::default();
    let dialer = Dialer::new(address, meter.clone()).at_distance(scenario.delay, alarm.timer());
    let mut crowd = Crowd::new(&scenario, job.seed, share, alarm.clone());
    crowd.connect(&scenario, job.seed, &transport, &dialer);

    let Progress { connected, failure } = crowd.connected(&scenario).await;
    reporter.send(&Event::Subscribed { connected, failure })?;
    let Some(Command::Start { at_ns }) = commands.recv().await else { return Ok(()) };
    crowd.start(at_ns);
    let end_ns = at_ns + (scenario.warm_up + scenario.measure + scenario.drain).as_nanos() as u64;
    let ran_out = tokio::select! {
        () = crowd.run_until(at_ns, end_ns, reporter) => true,
        _ = commands.recv() => false,
    };
    let account = crowd.close(&meter, ran_out).await?;
    reporter.send(&Event::Crowd(Box::new(account)))
}

/// What the subscribers of a process share.
pub struct Books {
    ledger: Mutex<Ledger>,
    /// Updates that arrived, warm-up included.
    carried: AtomicU64,
    complete: Notify,
}

impl Books {
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // The ledger does not panic on what peers send; on a bug of ours the crowd ends anyway.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A process's subscribers and their books.
pub struct Crowd {
    books: Arc<Books>,
    alarm: Alarm,
    /// The numbers of its subscribers.
    numbers: Range<u32>,
    /// How many are connected, and the last failure.
    connected: watch::Sender<Progress>,
    tasks: JoinSet<()>,
}

/// How far a crowd's connecting has come.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// So many subscribers are connected.
    pub connected: u32,
    /// Why the last one that is not could not be.
    pub failure: Option<String>,
}

impl Crowd {
    /// Opens the books of a share of the subscribers.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64, share: Share, alarm: Alarm) -> Self {
        let numbers = share.of(scenario.subscribers.count);
        let follows = numbers.clone().map(|number| scenario.follows(seed, number)).collect();
        let plan = Arc::new(Plan::new(scenario, seed));
        let ledger = Ledger::new(plan, Arc::new(Bodies::new(seed)), follows);
        let books = Books { ledger: Mutex::new(ledger), carried: 0.into(), complete: Notify::new() };
        Crowd {
            books: Arc::new(books),
            alarm,
            numbers,
            connected: watch::channel(Progress::default()).0,
            tasks: JoinSet::new(),
        }
    }

    /// Lets the subscribers connect, each at its instant of the ramp.
    pub fn connect(
        &mut self,
        scenario: &Scenario,
        seed: u64,
        transport: &Arc<dyn Transport>,
        dialer: &Dialer,
    ) {
        let begun_ns = clock::now_ns();
        for (local, number) in self.numbers.clone().enumerate() {
            let subscriber = Subscriber {
                local,
                subscription: subscription(scenario, seed, number),
                connects_at_ns: begun_ns + scenario.connects_at(number).as_nanos() as u64,
                transport: transport.clone(),
                dialer: dialer.clone(),
                alarm: self.alarm.clone(),
                books: self.books.clone(),
                connected: self.connected.clone(),
            };
            self.tasks.spawn(subscriber.listen());
        }
    }

    /// Waits until all are connected or the time for it is over.
    pub async fn connected(&self, scenario: &Scenario) -> Progress {
        let all = self.numbers.len() as u32;
        let mut progress = self.connected.subscribe();
        let limit = scenario.subscribers.ramp + CONNECTING_LIMIT;
        let connecting = progress.wait_for(|progress| progress.connected == all);
        let _ = self.alarm.timer().at_most(limit, connecting).await;
        let Progress { connected, failure } = self.connected.borrow().clone();
        Progress { connected, failure: if connected < all { failure } else { None } }
    }

    /// Tells the ledger when the schedule begins.
    pub fn start(&self, at_ns: u64) {
        self.books.ledger().start(at_ns);
    }

    /// Reports every second until everything expected has come or `end_ns` is there.
    async fn run_until(&self, start_ns: u64, end_ns: u64, reporter: &Reporter) {
        let seconds = async {
            for second in 0_u32.. {
                self.alarm.until(start_ns + (u64::from(second) + 1) * 1_000_000_000).await;
                let latency = self.books.ledger().take_second();
                // A driver that is gone ends this process by itself.
                let _ = reporter.send(&Event::Second(Second { second, latency }));
            }
        };
        tokio::select! {
            () = seconds => {}
            () = self.over(end_ns) => {}
        }
    }

    /// Waits until everything expected has come, but not beyond `end_ns`.
    pub async fn over(&self, end_ns: u64) {
        let complete = async {
            while !self.books.ledger().is_complete() {
                self.books.complete.notified().await;
            }
        };
        tokio::select! {
            () = complete => {}
            () = self.alarm.until(end_ns) => {}
        }
    }

    /// Ends the subscribers and closes the books.
    ///
    /// # Errors
    /// When a subscriber does not let go of them, which would be a bug.
    pub async fn close(mut self, meter: &Meter, complete: bool) -> anyhow::Result<CrowdAccount> {
        let end_ns = clock::now_ns();
        let traffic = traffic(meter);
        self.tasks.shutdown().await;
        let books = Arc::into_inner(self.books).context("a subscriber outlived its crowd")?;
        let ledger = books.ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(CrowdAccount {
            ledger: AccountRecord::from(&ledger.close(end_ns)),
            carried: books.carried.into_inner(),
            traffic,
            timer_lateness: self.alarm.lateness(),
            complete,
        })
    }
}

fn subscription(scenario: &Scenario, seed: u64, number: u32) -> Subscription {
    Subscription {
        topics: Topics::new(scenario.follows(seed, number)),
        cursor: 0,
        conflate: scenario.conflate,
        phase: scenario.phase(seed, number),
    }
}
