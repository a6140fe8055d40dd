//! The clients' process: connects a part of the subscribers and keeps their books.

mod stamping;
mod subscriber;
mod times;

pub use times::Times;

use crate::clock::{self, Alarm};
use crate::job::{Command, CrowdAccount, Event, Job, Second};
use crate::limits;
use crate::probe::Probe;
use crate::transports::description;
use crate::worker::Reporter;
use anyhow::Context;
use ledger::{Distribution, Ledger};
use results::{AccountRecord, Costs, Steady, Traffic};
use scenario::{Bodies, Plan, Scenario};
use serde::{Deserialize, Serialize};
use stamping::Stamping;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use subscriber::Subscriber;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use transport::{Subscription, Topics, Transport};
use wire::{Dialer, Meter, Stamps};

/// How long after the end of the ramp the last connection may take.
const CONNECTING_LIMIT: Duration = Duration::from_secs(30);

/// How long connections stay open after the window, so that both sides' sockets can still be asked about it.
const SETTLING: Duration = Duration::from_millis(50);

/// Which subscribers of a scenario a process plays.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
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
    (address, share): (SocketAddr, Share),
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<CrowdAccount> {
    let (scenario, entry) = job.read()?;
    let transport: Arc<dyn Transport> = Arc::from((description(entry.kind.name).build)(&entry.values));
    let alarm = Alarm::start()?;
    let dialer = Dialer::new(address, meter.clone()).at_distance(scenario.delay, alarm.timer());
    let mut crowd = Crowd::new(&scenario, job.seed, share, alarm.clone());
    crowd.connect(&scenario, job.seed, &transport, &dialer);

    let mut start = None;
    tokio::select! {
        Progress { connected, failure } = crowd.connected(&scenario) => {
            reporter.send(&Event::Subscribed { connected, failure })?;
        }
        _ = next_but_start(commands, &mut start) => anyhow::bail!("ended before all subscribers were connected"),
    }
    let at_ns = match start {
        Some(at_ns) => at_ns,
        None => match commands.recv().await {
            Some(Command::Start { at_ns }) => at_ns,
            _ => anyhow::bail!("ended before the schedule began"),
        },
    };
    crowd.start(at_ns);
    let times = Times::new(&scenario, at_ns);
    let probe = Probe::start(times.window_ns(), meter)?;
    let ran_out = tokio::select! {
        outcome = crowd.run(times, meter, reporter) => outcome.map(|()| true)?,
        _ = commands.recv() => false,
    };
    if ran_out && job.stays {
        let (complete, unknown) = {
            let ledger = crowd.books.ledger();
            (ledger.is_complete(), ledger.unknown())
        };
        reporter.send(&Event::Settled { complete, unknown })?;
        commands.recv().await;
    }
    let costs = probe.finish();
    Ok(CrowdAccount { costs, ..crowd.close(ran_out).await? })
}

/// Waits for a command other than a start, which it notes: a crowd that a person runs is told of its
/// start at once.
async fn next_but_start(commands: &mut mpsc::Receiver<Command>, start: &mut Option<u64>) -> Option<Command> {
    loop {
        match commands.recv().await {
            Some(Command::Start { at_ns }) => *start = Some(at_ns),
            other => return other,
        }
    }
}

/// What the subscribers of a process share.
pub struct Books {
    ledger: Mutex<Ledger>,
    /// Updates that arrived, warm-up included.
    carried: AtomicU64,
    complete: Notify,
    /// Told of every so many updates that arrived; a scheduled run does not ask.
    pace: Option<Pace>,
    /// Why a connection last ended or could not be opened.
    failure: Mutex<Option<String>>,
    steady: Mutex<Steady>,
    /// Where the kernel is asked when what is read had come.
    stamping: Option<Stamping>,
}

impl Books {
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Should a subscriber panic while it holds the ledger, the crowd ends with an error.
        lock(&self.ledger)
    }

    fn carried(&self, count: u64) {
        let before = self.carried.fetch_add(count, Ordering::Relaxed);
        if let Some(Pace { every, reached, .. }) = &self.pace
            && (before + count) / every > before / every
        {
            reached.notify_one();
        }
    }

    /// Ends a second of the clock that stamps are taken from.
    fn end_second_of_stamps(&self) {
        if let Some(stamping) = &self.stamping {
            self.ledger().end_second(stamping.look());
        }
    }

    pub(crate) fn failed(&self, error: &transport::Error) {
        *lock(&self.failure) = Some(error.to_string());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who wants to know of every so many updates.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    pub every: u64,
    pub reached: Arc<Notify>,
    /// From the sending to the arrival at the first subscriber, in nanoseconds.
    pub first: Arc<Mutex<Distribution>>,
}

/// A process's subscribers and their books.
pub struct Crowd {
    books: Arc<Books>,
    alarm: Alarm,
    /// The numbers of its subscribers.
    numbers: Range<u32>,
    /// How many are connected.
    connected: watch::Sender<u32>,
    tasks: JoinSet<()>,
}

/// How a crowd's connecting went.
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
        Crowd::paced(scenario, seed, share, alarm, None)
    }

    /// The same, with somebody who is told how far it has come.
    pub(crate) fn paced(
        scenario: &Scenario,
        seed: u64,
        share: Share,
        alarm: Alarm,
        pace: Option<Pace>,
    ) -> Self {
        let numbers = share.of(scenario.subscribers.count);
        let follows = numbers.clone().map(|number| scenario.follows(seed, number)).collect();
        let plan = Arc::new(Plan::new(scenario, seed));
        let mut ledger = Ledger::new(plan, Arc::new(Bodies::new(seed)), follows);
        let stamping = scenario.kernel_stamps.then(Stamping::begin);
        if stamping.is_some() {
            ledger.split();
        }
        Crowd {
            books: Arc::new(Books {
                ledger: Mutex::new(ledger),
                carried: 0.into(),
                complete: Notify::new(),
                pace,
                failure: Mutex::default(),
                steady: Mutex::default(),
                stamping,
            }),
            alarm,
            numbers,
            connected: watch::channel(0).0,
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
            let stamps = self.books.stamping.as_ref().map(|_| Stamps::default());
            let dialer = dialer.clone().from_place(limits::place(number));
            let dialer = match &stamps {
                Some(stamps) => dialer.noting(stamps.clone()),
                None => dialer,
            };
            let subscriber = Subscriber {
                local,
                stamps,
                subscription: subscription(scenario, seed, number),
                connects_at_ns: begun_ns + scenario.connects_at(number).as_nanos() as u64,
                transport: transport.clone(),
                dialer,
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
        let mut connected = self.connected.subscribe();
        let limit = scenario.subscribers.ramp + CONNECTING_LIMIT;
        let connecting = connected.wait_for(|connected| *connected == all);
        let _ = self.alarm.timer().at_most(limit, connecting).await;
        let connected = *self.connected.borrow();
        let failure = if connected < all { lock(&self.books.failure).clone() } else { None };
        Progress { connected, failure }
    }

    /// Updates that arrived so far.
    pub(crate) fn carried(&self) -> u64 {
        self.books.carried.load(Ordering::Relaxed)
    }

    /// Waits for a subscriber to break down, which is a bug of ours: they go on for ever.
    pub(crate) async fn breakdown(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Err(error)) => anyhow::anyhow!("a subscriber broke down, a bug of pushpull's: {error}"),
            _ => anyhow::anyhow!("a subscriber ended by itself: this is a bug of pushpull's"),
        }
    }

    /// Tells the ledger when the schedule begins; polls on a grid are counted from there too.
    pub fn start(&self, at_ns: u64) {
        self.alarm.set_origin(at_ns);
        self.books.end_second_of_stamps();
        self.books.ledger().start(at_ns);
    }

    /// Reports every second, until the round is over.
    async fn run(&mut self, times: Times, meter: &Meter, reporter: &Reporter) -> anyhow::Result<()> {
        let (books, alarm) = (self.books.clone(), self.alarm.clone());
        let seconds = async {
            for second in 0_u32.. {
                alarm.until(times.start_ns + (u64::from(second) + 1) * 1_000_000_000).await;
                books.end_second_of_stamps();
                let latency = books.ledger().take_second();
                reporter.offer(&Event::Second(Second { second, latency }));
            }
        };
        let window = count_window(times, meter, &books, &alarm);
        tokio::select! {
            () = seconds => Ok(()),
            (outcome, ()) = futures_util::future::join(self.over(times), window) => outcome,
        }
    }

    /// Waits until the window is over and everything expected has come, but not beyond the drain.
    ///
    /// # Errors
    /// When a subscriber broke down, which is a bug of ours.
    pub async fn over(&mut self, times: Times) -> anyhow::Result<()> {
        let (books, alarm) = (self.books.clone(), self.alarm.clone());
        let complete = async {
            // What the window shows of ages and polls is not known before its end.
            // The server reads its sockets then, and has to find them open.
            alarm.until(times.window_end_ns + SETTLING.as_nanos() as u64).await;
            while !books.ledger().is_complete() {
                books.complete.notified().await;
            }
        };
        tokio::select! {
            () = complete => Ok(()),
            () = alarm.until(times.drain_end_ns) => Ok(()),
            error = self.breakdown() => Err(error),
        }
    }

    /// Ends the subscribers and closes the books.
    ///
    /// # Errors
    /// When a subscriber does not let go of them, which would be a bug.
    pub async fn close(mut self, ran_out: bool) -> anyhow::Result<CrowdAccount> {
        let end_ns = clock::now_ns();
        self.tasks.shutdown().await;
        self.books.end_second_of_stamps();
        let books = Arc::into_inner(self.books).context("a subscriber outlived its crowd")?;
        let ledger = books.ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(CrowdAccount {
            ledger: AccountRecord::from(&ledger.close(end_ns)),
            carried: books.carried.into_inner(),
            traffic: Traffic::default(),
            steady: *lock(&books.steady),
            costs: Costs::default(),
            failure: lock(&books.failure).clone(),
            timer_lateness: self.alarm.lateness(),
            complete: ran_out,
        })
    }
}

/// Counts what is carried between the two ends of the window.
async fn count_window(times: Times, meter: &Meter, books: &Books, alarm: &Alarm) {
    let count = || (meter.tally(), books.carried.load(Ordering::Relaxed));
    alarm.until(times.window_start_ns).await;
    // Connecting is a crowd of its own, about which nothing is said.
    alarm.forget_lateness();
    let (before, carried_before) = count();
    alarm.until(times.window_end_ns).await;
    let (after, carried_after) = count();
    *lock(&books.steady) = Steady {
        bytes_in: after.read_bytes - before.read_bytes,
        bytes_out: after.written_bytes - before.written_bytes,
        updates: carried_after - carried_before,
    };
}

/// What a subscriber asks for when it connects first.
#[must_use]
pub fn subscription(scenario: &Scenario, seed: u64, number: u32) -> Subscription {
    Subscription {
        topics: Topics::new(scenario.follows(seed, number)),
        cursor: 0,
        conflate: scenario.conflate,
        phase: scenario.phase(seed, number),
    }
}
