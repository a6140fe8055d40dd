//! The server's process: publishes and serves.

use crate::clock::Alarm;
use crate::crowd::Times;
use crate::job::{Command, Event, Job, ServerAccount};
use crate::probe::Probe;
use crate::publisher::{Published, Publisher};
use crate::transports::description;
use crate::worker::Reporter;
use anyhow::Context;
use results::{Costs, Traffic};
use scenario::{Bodies, Plan, Scenario};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use transport::Hub;
use wire::{Listener, Meter};

/// Serves until it is told to finish or nobody is there to tell it.
///
/// # Errors
/// When it can't listen, or can't accept any more.
pub async fn serve(
    job: &Job,
    listen: SocketAddr,
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<ServerAccount> {
    let (scenario, entry) = job.read()?;
    let listener =
        Listener::bind(listen, meter.clone()).with_context(|| format!("failed to listen on {listen}"))?;
    let address = listener.address()?;
    let hub = Hub::new(scenario.topics.len() as u32, scenario.retention, Arc::new(()));
    let alarm = Alarm::start()?;
    let transport = (description(entry.kind.name).build)(&entry.values);
    let serving = transport.serve(listener, hub.clone(), alarm.timer());
    reporter.send(&Event::Ready { address })?;

    let plan = Arc::new(Plan::new(&scenario, job.seed));
    let directing = direct(&scenario, job.seed, (&plan, &hub), meter, commands);
    let _telling = tell(&hub);
    let (published, costs) = tokio::select! {
        outcome = serving => {
            outcome.context("the server can't accept any more")?;
            anyhow::bail!("the server ended by itself: this is a bug of pushpull's")
        }
        directed = directing => directed?,
    };
    Ok(ServerAccount {
        planned: plan.len() as u64,
        published: published.count,
        lateness: published.lateness,
        traffic: Traffic::default(),
        costs,
    })
}

/// Tells readers of news, until what is returned is dropped: in a task of its own, so that news does not wake all that
/// the server waits for.
pub(crate) fn tell(hub: &Hub) -> JoinSet<()> {
    let (mut telling, hub) = (JoinSet::new(), hub.clone());
    telling.spawn(async move { hub.fan_out().await });
    telling
}

/// Publishes from the start command on, until told to finish; what that cost is looked at while all
/// connections are still open.
async fn direct(
    scenario: &Scenario,
    seed: u64,
    (plan, hub): (&Arc<Plan>, &Hub),
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
) -> anyhow::Result<(Published, Costs)> {
    let mut begun: Option<(Publisher, Probe)> = None;
    while let Some(command) = commands.recv().await {
        match command {
            Command::Start { at_ns } => {
                let bodies = Arc::new(Bodies::new(seed));
                let probe = Probe::start(Times::new(scenario, at_ns).window_ns(), meter)?;
                let publisher = Publisher::start(hub.clone(), plan.clone(), bodies, at_ns)?;
                begun = Some((publisher, probe));
            }
            _ => break,
        }
    }
    let Some((publisher, probe)) = begun else { return Ok(Default::default()) };
    // The probe first: it looks at the publisher's thread too.
    let costs = probe.finish();
    Ok((publisher.finish(), costs))
}
