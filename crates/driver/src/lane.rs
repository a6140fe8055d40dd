//! One transport in one round: its server, its crowds, and what they report.

mod cable;
mod collecting;
mod idle;
mod serving;

use crate::certificates::Certificates;
use crate::crowd::Share;
use crate::job::{Command, CrowdAccount, Event, Job, Role, Second, ServerAccount};
use crate::link;
use crate::process::Process;
use crate::via::{self, Proxy};
use anyhow::Context;
use cable::Cable;
use collecting::collect;
use results::{Costs, LinkSeen, ViaSeen};
use scenario::{Hit, Pin, Via, Way};
use serving::Serving;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use wire::Timer;

/// How long a server may take to listen.
const READY_LIMIT: Duration = Duration::from_secs(20);
/// How long a process may take to close its books once it was told to or its time is over.
const CLOSING_LIMIT: Duration = Duration::from_secs(30);

/// What a lane runs.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scenario's text.
    pub scenario: String,
    /// Which of the scenario's transports, by its label there.
    pub entry: String,
    /// What results call it.
    pub label: String,
    /// From which everything is drawn.
    pub seed: u64,
    /// On which processors its processes run.
    pub pin: Pin,
    /// Whether subscribers stay connected when they have everything: see [`Lane::settled`].
    pub stays: bool,
    /// Over how many processes the subscribers are spread.
    pub crowds: u32,
    /// How long connecting may take.
    pub connecting: Duration,
    /// From the start to the end of the drain.
    pub running: Duration,
    /// What TLS needs, where its clients speak it.
    pub certificates: Option<Arc<Certificates>>,
    /// The proxy that its clients dial.
    pub between: Option<Between>,
    /// Whether clients and server are at two ends of a link of packets.
    pub has_link: bool,
    /// How many transports its clients may try.
    pub chain: usize,
    /// What happens to its server, since the start.
    pub hits: Vec<Hit>,
}

/// A proxy to be started before a server.
#[derive(Debug, Clone)]
pub struct Between {
    /// Which one.
    pub via: Via,
    /// What its clients speak.
    pub way: Way,
    /// How many they are.
    pub clients: u32,
    /// Its own folder.
    pub folder: PathBuf,
}

/// A lane's processes.
#[derive(Debug)]
pub struct Lane {
    plan: Plan,
    timer: Timer,
    cable: Option<Cable>,
    serving: Serving,
    start_ns: u64,
    /// One before each place where its server listens, where there are any.
    proxies: Vec<Proxy>,
    /// Where its clients dial, for each transport that they may try.
    addresses: Vec<SocketAddr>,
    crowds: Vec<Process>,
}

/// What all clients and the server of a lane counted together.
#[derive(Debug)]
pub struct Outcome {
    /// The crowds' accounts as one.
    pub clients: CrowdAccount,
    /// The server's.
    pub server: ServerAccount,
    /// How often its server was replaced.
    pub restarts: u32,
    /// What the proxy had noted, where there is one.
    pub via: Option<ViaSeen>,
    /// What the link had carried, where there is one.
    pub link: Option<LinkSeen>,
}

/// How connecting went.
#[derive(Debug, Clone, Default)]
pub struct Connected {
    /// So many subscribers are connected.
    pub count: u32,
    /// Why another one is not.
    pub failure: Option<String>,
}

impl Lane {
    /// Starts the server and waits until it listens.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn start(plan: Plan, timer: Timer) -> anyhow::Result<Self> {
        let cable = if plan.has_link { Some(Cable::start(&plan, &timer).await?) } else { None };
        let listen = cable.as_ref().map_or(SocketAddr::from(([127, 0, 0, 1], 0)), |_| link::SERVER);
        let namespace = cable.as_ref().map(Cable::servers);
        let listen = vec![listen; plan.chain];
        let starting = plan.server(&listen, namespace, false);
        let (server, mut addresses) =
            within(&timer, READY_LIMIT, "listen", starting).await.context("the server")?;
        let namespace = namespace.map(Path::to_owned);
        let serving = Serving::new(server, addresses.clone(), namespace, plan.hits.clone());
        let mut proxies = Vec::new();
        if let Some(between) = &plan.between {
            for address in &mut addresses {
                let proxy = between.start(&plan, (proxies.len(), *address), &timer).await?;
                *address = proxy.address();
                proxies.push(proxy);
            }
        }
        Ok(Lane { plan, timer, cable, serving, start_ns: 0, proxies, addresses, crowds: Vec::new() })
    }

    /// Starts the crowds and waits until their subscribers are connected, or can't be.
    ///
    /// # Errors
    /// When a process ends before that.
    pub async fn connect(&mut self) -> anyhow::Result<Connected> {
        for crowd in 0..self.plan.crowds {
            let share = Share { crowd, crowds: self.plan.crowds };
            let role = Role::Crowd { addresses: self.addresses.clone(), share };
            let namespace = self.cable.as_ref().map(Cable::clients);
            let starting = self.plan.process(role, namespace, self.plan.certificates.as_deref());
            self.crowds.push(
                within(&self.timer, READY_LIMIT, "start", starting).await.context("the clients' process")?,
            );
        }
        let connecting = connected(&mut self.crowds);
        tokio::select! {
            connected = within(&self.timer, self.plan.connecting, "connect", connecting) => {
                connected.context("the clients' process")
            }
            // Nobody can connect to a server that is gone.
            event = self.serving.server.event() => Err(untimely(event).context("the server")),
            error = via::ended(&mut self.proxies) => Err(error),
            error = cable::broken(&mut self.cable) => Err(error),
        }
    }

    /// Tells everybody when the schedule begins.
    ///
    /// # Errors
    /// When a process has ended.
    pub async fn begin(&mut self, at_ns: u64) -> anyhow::Result<()> {
        let start = Command::Start { at_ns };
        self.start_ns = at_ns;
        let telling = within(&self.timer, CLOSING_LIMIT, "listen", self.serving.server.tell(start));
        telling.await.context("the server")?;
        for crowd in &mut self.crowds {
            let telling = within(&self.timer, CLOSING_LIMIT, "listen", crowd.tell(start));
            telling.await.context("the clients' process")?;
        }
        Ok(())
    }

    /// Passes the seconds on until the crowds have closed their books, then ends the server.
    /// `finish` closes them early.
    ///
    /// # Errors
    /// When a process ends without its account, or is stuck.
    pub async fn run(
        mut self,
        seconds: &mpsc::Sender<(String, Second)>,
        finish: watch::Receiver<bool>,
    ) -> anyhow::Result<Outcome> {
        let limit = self.plan.running + CLOSING_LIMIT;
        let collecting = collect(&mut self.crowds, &self.plan.label, seconds, &finish);
        let clients = tokio::select! {
            clients = within(&self.timer, limit, "close its books", collecting) => clients.context("the clients' process")?,
            // Without a server there is nothing left to wait for.
            error = self.serving.attend(&self.plan, &self.timer, self.start_ns) => return Err(error),
            error = via::ended(&mut self.proxies) => return Err(error),
            error = cable::broken(&mut self.cable) => return Err(error),
        };
        let Serving { mut server, restarts, .. } = self.serving;
        let asking = async {
            server.tell(Command::Finish).await?;
            server.event().await
        };
        let event =
            within(&self.timer, CLOSING_LIMIT, "close its books", asking).await.context("the server")?;
        let Event::Server(account) = event else { anyhow::bail!("the server reported {event:?} at its end") };
        let processes = self.crowds.into_iter().chain([server]);
        let ending = futures_util::future::try_join_all(processes.map(Process::end));
        within(&self.timer, CLOSING_LIMIT, "end", ending).await?;
        let mut via = None;
        for proxy in self.proxies {
            via = Some(via::together(via, proxy.finish().await?));
        }
        let link = match self.cable {
            Some(cable) => Some(cable.finish(&self.timer).await?),
            None => None,
        };
        let mut server = *account;
        if restarts > 0 {
            // Of the ones before it nobody knows.
            server.costs = Costs::default();
            server.memory.clear();
        }
        Ok(Outcome { clients, server, restarts, via, link })
    }
}

impl Plan {
    /// A server that listens, and where.
    async fn server(
        &self,
        listen: &[SocketAddr],
        namespace: Option<&Path>,
        succeeds: bool,
    ) -> anyhow::Result<(Process, Vec<SocketAddr>)> {
        // A proxy ends TLS.
        let certificates = self.certificates.as_deref().filter(|_| self.between.is_none());
        let mut server = self
            .process(Role::Server { listen: listen.to_owned(), succeeds }, namespace, certificates)
            .await?;
        match server.event().await? {
            Event::Ready { addresses } => Ok((server, addresses)),
            event => anyhow::bail!("it reported {event:?} too early"),
        }
    }

    async fn process(
        &self,
        role: Role,
        namespace: Option<&Path>,
        certificates: Option<&Certificates>,
    ) -> anyhow::Result<Process> {
        let processors = role.processors(&self.pin).to_owned();
        let name = role.name();
        let (scenario, label) = (self.scenario.clone(), self.entry.clone());
        let certificates = certificates.cloned();
        let job = Job { scenario, label, seed: self.seed, role, stays: self.stays, certificates };
        Process::start_in(namespace, &job, name, &processors).await
    }
}

impl Between {
    /// The proxy before the so many-th place where a server listens.
    async fn start(
        &self,
        plan: &Plan,
        (place, server): (usize, SocketAddr),
        timer: &Timer,
    ) -> anyhow::Result<Proxy> {
        let mut folder = self.folder.clone().into_os_string();
        folder.push(format!("-{place}"));
        let order = via::Order {
            via: &self.via,
            way: &self.way,
            certificates: plan.certificates.as_deref(),
            clients: self.clients,
            // It stands in the servers' place, as it does in practice.
            processors: &plan.pin.servers,
            folder: Path::new(&folder),
        };
        Proxy::start(&order, server, timer).await
    }
}

fn untimely(event: anyhow::Result<Event>) -> anyhow::Error {
    match event {
        Ok(event) => anyhow::anyhow!("reported {event:?} out of turn"),
        Err(error) => error,
    }
}

async fn connected(crowds: &mut [Process]) -> anyhow::Result<Connected> {
    let mut all = Connected::default();
    for crowd in crowds {
        match crowd.event().await? {
            Event::Subscribed { connected, failure } => {
                all.count += connected;
                all.failure = all.failure.or(failure);
            }
            other => return Err(untimely(Ok(other))),
        }
    }
    Ok(all)
}

async fn within<T>(
    timer: &Timer,
    limit: Duration,
    what: &str,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    match timer.at_most(limit, work).await {
        Some(outcome) => outcome,
        None => anyhow::bail!("did not {what} within {limit:?}"),
    }
}

#[cfg(test)]
mod tests;
