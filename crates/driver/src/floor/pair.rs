//! A server and its crowd, each in a process of its own.

use super::BODY_BYTES;
use crate::job::{Command, CrowdAccount, Event, Job, Leg, LegServed, Looked, Role};
use crate::process::Process;
use anyhow::{Context, bail, ensure};
use scenario::Pin;
use std::net::SocketAddr;
use std::time::Duration;
use wire::Timer;

/// Updates that a pair can carry in its life. Each is due a microsecond after the last: long before it can
/// be sent, so that whatever is said of being late means nothing.
pub(super) const PLANNED: u32 = 400_000;

/// This part of a leg, and so many updates at least, go before it and do not count.
const WARM_UP_PART: u32 = 5;
const WARM_UP_LEAST: u32 = 10;

/// How long a leg may take: many times what it is made to.
const LIMIT: Duration = Duration::from_secs(60);

/// Who runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runner {
    /// The transport.
    pub name: &'static str,
    /// What a reader calls it.
    pub label: String,
    /// Which halves are bare loops.
    pub bare: Bare,
}

/// The halves of a pair that are bare loops.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bare {
    /// Who writes.
    pub server: bool,
    /// Who reads.
    pub crowd: bool,
}

/// What a leg took, on both sides.
#[derive(Debug, Clone, Copy, Default)]
pub struct LegTook {
    /// As the server said.
    pub served: LegServed,
    /// Processor time of the crowd, in nanoseconds.
    pub crowd_ns: u64,
    /// Updates that arrived, over all subscribers.
    pub delivered: u64,
    /// Of the first subscriber's updates, half took no longer from the sending, in nanoseconds.
    pub sent_p50_ns: Option<u64>,
}

/// Two processes, connected.
pub struct Pair {
    server: Process,
    crowd: Process,
    subscribers: u64,
    published: u64,
    timer: Timer,
}

impl Pair {
    /// Starts and connects both.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn start(runner: &Runner, subscribers: u32, pin: &Pin, timer: Timer) -> anyhow::Result<Self> {
        let job = |role| Job {
            scenario: scenario(runner.name, subscribers),
            label: runner.name.to_owned(),
            seed: 1,
            role,
            stays: true,
            certificates: None,
        };
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let serving = job(Role::PacedServer { listen, bare: runner.bare.server });
        let mut server = Process::start(&serving, "server", &pin.servers).await?;
        let Event::Paced { address, pacer } = server.event().await.context("the server")? else {
            bail!("the server reported something else than where it listens")
        };
        let crowding = job(Role::PacedCrowd { address, pacer, bare: runner.bare.crowd });
        let mut crowd = Process::start(&crowding, "crowd", &pin.clients).await?;
        tokio::select! {
            event = crowd.event() => match event.context("the clients' process")? {
                Event::Subscribed { .. } => {}
                other => bail!("the clients' process reported {other:?} too early"),
            },
            event = server.event() => bail!("the server reported {:?} too early", event.context("the server")?),
        }
        Ok(Pair { server, crowd, subscribers: subscribers.into(), published: 0, timer })
    }

    /// The numbers of its processes in the system.
    pub fn workers(&self) -> Vec<u32> {
        [&self.server, &self.crowd].into_iter().filter_map(Process::id).collect()
    }

    /// Runs a leg, after some updates that do not count: whoever ran before has left the processor's caches
    /// full of other things, and a pair that follows itself would have an advantage.
    ///
    /// # Errors
    /// When a process ends, or not everything arrived.
    pub async fn leg(&mut self, leg: Leg) -> anyhow::Result<LegTook> {
        self.publish(Leg { updates: (leg.updates / WARM_UP_PART).max(WARM_UP_LEAST), ..leg }).await?;
        self.publish(leg).await
    }

    /// What is lost would be waited for for ever: a leg has a limit.
    async fn publish(&mut self, leg: Leg) -> anyhow::Result<LegTook> {
        let Ok(took) = self.timer.clone().at_most(LIMIT, self.publish_all(leg)).await.ok_or(()) else {
            let due = (self.published + u64::from(leg.updates)) * self.subscribers;
            let delivered = self.look().await?.delivered;
            bail!("{delivered} of {due} updates arrived within {LIMIT:?}");
        };
        took
    }

    async fn publish_all(&mut self, leg: Leg) -> anyhow::Result<LegTook> {
        let before = self.look().await?;
        self.server.tell(Command::Leg(leg)).await?;
        let served = tokio::select! {
            event = self.server.event() => match event.context("the server")? {
                Event::Served(served) => served,
                other => bail!("the server reported {other:?} out of turn"),
            },
            event = self.crowd.event() => bail!("the clients' process: {:?}", event?),
        };
        let after = self.look().await?;
        self.published += u64::from(leg.updates);
        let delivered = after.delivered - before.delivered;
        let due = u64::from(leg.updates) * self.subscribers;
        ensure!(delivered == due, "{delivered} of {due} updates arrived");
        let crowd_ns = after.processor_ns - before.processor_ns;
        Ok(LegTook { served, crowd_ns, delivered, sent_p50_ns: after.sent_p50_ns })
    }

    async fn look(&mut self) -> anyhow::Result<Looked> {
        self.crowd.tell(Command::Look).await?;
        match self.crowd.event().await.context("the clients' process")? {
            Event::Looked(looked) => Ok(looked),
            other => bail!("the clients' process reported {other:?} out of turn"),
        }
    }

    /// Ends both, and looks at the books.
    ///
    /// # Errors
    /// When something did not arrive exactly once, in order and whole.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.crowd.tell(Command::Finish).await?;
        match self.crowd.event().await.context("the clients' process")? {
            Event::Crowd(account) => check(&account, self.published * self.subscribers)?,
            Event::Ended => {}
            other => bail!("the clients' process reported {other:?} at its end"),
        }
        // A server whose crowd is gone has nothing left to say.
        self.server.kill().await?;
        self.crowd.kill().await
    }
}

/// What was never published was due all the same, and is no loss.
fn check(account: &CrowdAccount, due: u64) -> anyhow::Result<()> {
    let books = account.ledger.books;
    let wrong = [books.duplicated, books.reordered, books.damaged, books.unknown, books.superseded];
    ensure!(
        books.delivered == due && wrong == [0; 5],
        "the books do not balance: {due} updates were published to subscribers, and this came: {books:?}"
    );
    Ok(())
}

fn scenario(name: &str, subscribers: u32) -> String {
    let ramp_ms = subscribers / 4;
    format!(
        "# How fast does it go?\nwarm_up = \"0s\"\nmeasure = \"{PLANNED}us\"\n[hub]\nretention = 1024\n\
         [subscribers]\ncount = {subscribers}\nramp = \"{ramp_ms}ms\"\n\
         [[topic]]\nname = \"t\"\nevery = \"1us\"\nbody = \"{BODY_BYTES}B\"\n\
         [[transport]]\nuse = \"{name}\"\n"
    )
}
