//! The clients' process: connects a part of the subscribers and keeps their books.

mod books;
mod connecting;
pub(crate) mod dialled;
mod disturbing;
mod inquiry;
mod opening;
mod outbox;
mod stamping;
mod subscriber;
mod times;
mod way;
mod window;

pub use times::Times;

use crate::clock::{self, Alarm};
use crate::job::{Command, CrowdAccount, Event, Job, Second};
use crate::probe::Probe;
use crate::transports::description;
use crate::worker::Reporter;
use anyhow::Context;
pub(crate) use books::Pace;
use books::{Book, Books, lock};
pub use connecting::{Path, Tried};
use disturbing::Disturbing;
use results::{AccountRecord, Costs, Traffic};
use scenario::{Bodies, By, Plan, Replies, Scenario};
use serde::{Deserialize, Serialize};
use stamping::Stamping;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use transport::{Subscription, Topics};
pub(crate) use way::dialler;
use wire::{Capture, Dialer, Meter};

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
    (addresses, share): (&[SocketAddr], Share),
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<CrowdAccount> {
    let (scenario, entry) = job.read()?;
    let alarm = Alarm::start()?;
    let plain = Meter::default();
    let way = dialler(job, &entry, &plain)?;
    let distance = way::distance(&entry.way, job.seed);
    let dialer =
        |address, meter| way(Dialer::new(address, meter).at_distance(distance.clone(), alarm.timer()));
    // Exchanges over connections of their own are counted apart, and with all others too.
    let fresh = meter.part();
    let mut crowd = Crowd::new(&scenario, job.seed, share, alarm.clone());
    let tried = entry.chain().zip(addresses).map(|((kind, values), address)| Tried {
        name: kind.name,
        transport: Arc::from((description(kind.name).build)(&values)),
        dialer: dialer(*address, meter.clone()),
    });
    let path = Path {
        tried: tried.collect(),
        fresh: dialer(addresses[0], fresh.clone()),
        fallback_after: entry.fallback_after,
        reconnect: entry.way.reconnect,
    };
    crowd.connect(&scenario, job.seed, &path);

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
    let probe = Probe::start(times.window_ns(), meter, None)?;
    let ran_out = tokio::select! {
        outcome = crowd.run(times, (meter, &fresh, &plain), reporter) => outcome.map(|()| true)?,
        _ = commands.recv() => false,
    };
    if ran_out && job.stays {
        let (complete, unknown) = {
            let book = crowd.books.book();
            (book.is_complete(), book.unknown())
        };
        reporter.send(&Event::Settled { complete, unknown })?;
        commands.recv().await;
    }
    let costs = probe.finish().costs;
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

/// A process's subscribers and their books.
pub struct Crowd {
    books: Arc<Books>,
    alarm: Alarm,
    /// The numbers of its subscribers.
    numbers: Range<u32>,
    bodies: Arc<Bodies>,
    /// What they ask, where they do.
    replies: Option<Arc<Replies>>,
    /// What happens to them, where anything does.
    disturbing: Option<Arc<Disturbing>>,
    /// What they post, where they do.
    posts: Option<Arc<Plan>>,
    /// What somebody on the way sees of the first of all, where that is asked.
    capture: Option<Capture>,
    /// How many are connected.
    connected: watch::Sender<u32>,
    /// How many are, or have been refused so often that nobody waits for them.
    settled: watch::Sender<u32>,
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
        let bodies = Arc::new(Bodies::new(seed));
        let stamping = scenario.kernel_stamps.then(Stamping::begin);
        let replies = Replies::new(scenario, seed).map(Arc::new);
        let posts =
            (!scenario.posts.is_empty()).then(|| Arc::new(Plan::of_posts(scenario, seed, By::Author)));
        let disturbing = Disturbing::new(scenario, seed, &numbers).map(Arc::new);
        let book = match &replies {
            Some(plan) => Book::Replies(Box::new(opening::asking(scenario, plan, &bodies, &numbers))),
            None => {
                let mut ledger = opening::updates(scenario, seed, &bodies, &numbers, posts.as_ref());
                if stamping.is_some() {
                    ledger.split();
                }
                if let Some(disturbing) = &disturbing {
                    ledger.recover(disturbing.affected());
                }
                Book::Updates(Box::new(ledger))
            }
        };
        Crowd {
            books: Arc::new(Books::new(book, pace, stamping)),
            alarm,
            numbers,
            bodies,
            replies,
            disturbing,
            posts,
            capture: scenario.is_looked_at().then(Capture::default),
            connected: watch::channel(0).0,
            settled: watch::channel(0).0,
            tasks: JoinSet::new(),
        }
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
        self.books.book().start(at_ns);
        self.books.start_ns.send_replace(Some(at_ns));
    }

    /// Reports every second, until the round is over.
    async fn run(
        &mut self,
        times: Times,
        meters: (&Meter, &Meter, &Meter),
        reporter: &Reporter,
    ) -> anyhow::Result<()> {
        let (books, alarm) = (self.books.clone(), self.alarm.clone());
        let seconds = async {
            for second in 0_u32.. {
                alarm.until(times.start_ns + (u64::from(second) + 1) * 1_000_000_000).await;
                books.end_second_of_stamps();
                let latency = books.book().take_second();
                reporter.offer(&Event::Second(Second { second, latency }));
            }
        };
        let window = window::count(times, meters, &books, &alarm);
        let disturbing = self.disturbing.clone();
        let happening = async {
            if let Some(disturbing) = disturbing {
                disturbing.happen(times.start_ns, &books, &alarm).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = seconds => Ok(()),
            () = happening => Ok(()),
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
            while !books.book().is_complete() {
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
        let book = books.book.into_inner().unwrap_or_else(PoisonError::into_inner);
        let account = book.close(end_ns);
        let mut exchanges = *lock(&books.exchanges);
        if let (Some(exchanges), Some(replies)) = (&mut exchanges, &account.replies) {
            (exchanges.cold_exchanges, exchanges.warm_exchanges) = (replies.cold.len(), replies.warm.len());
        }
        Ok(CrowdAccount {
            ledger: AccountRecord::from(&account),
            exchanges,
            carried: books.carried.into_inner(),
            traffic: Traffic::default(),
            steady: *lock(&books.steady),
            over: books.over.into_inner().unwrap_or_else(PoisonError::into_inner),
            capture: self.capture.as_ref().map(way::seen),
            costs: Costs::default(),
            failure: lock(&books.failure).clone(),
            timer_lateness: self.alarm.lateness(),
            complete: ran_out,
        })
    }
}

/// What a subscriber asks for when it connects first.
#[must_use]
pub fn subscription(scenario: &Scenario, seed: u64, number: u32) -> Subscription {
    if scenario.shape.asks() {
        return Subscription { phase: scenario.phase(seed, number), ..Subscription::none() };
    }
    Subscription {
        topics: Topics::new(scenario.follows(seed, number)),
        cursor: 0,
        conflate: scenario.conflate || scenario.posts.iter().any(|stream| stream.conflate),
        phase: scenario.phase(seed, number),
    }
}
