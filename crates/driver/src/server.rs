//! The server's process: publishes and serves.

use crate::clock::Alarm;
use crate::job::{Command, Event, Job, ServerAccount};
use crate::publisher::{Published, Publisher};
use crate::transports::description;
use crate::worker::{Reporter, traffic};
use anyhow::Context;
use scenario::{Bodies, Plan};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;
use transport::Hub;
use wire::{Listener, Meter};

/// Serves until it is told to finish or nobody is there to tell it.
///
/// # Errors
/// When it can't listen, or can't accept any more.
pub async fn serve(
    job: &Job,
    listen: SocketAddr,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<()> {
    let (scenario, entry) = job.read()?;
    let meter = Meter::default();
    let listener =
        Listener::bind(listen, meter.clone()).with_context(|| format!("failed to listen on {listen}"))?;
    let address = listener.address()?;
    let hub = Hub::new(scenario.topics.len() as u32, scenario.retention, Arc::new(()));
    let alarm = Alarm::start()?;
    let transport = (description(entry.kind.name).build)(&entry.values);
    let serving = transport.serve(listener, hub.clone(), alarm.timer());
    reporter.send(&Event::Ready { address })?;

    let plan = Arc::new(Plan::new(&scenario, job.seed));
    let directing = direct(job.seed, &plan, hub.clone(), commands);
    let published = tokio::select! {
        outcome = serving => return outcome.context("the server can't accept any more"),
        () = hub.fan_out() => unreachable!("a fan-out goes on for ever"),
        published = directing => published?,
    };
    let account = ServerAccount {
        planned: plan.len() as u64,
        published: published.count,
        lateness: published.lateness,
        traffic: traffic(&meter),
    };
    reporter.send(&Event::Server(Box::new(account)))
}

/// Publishes from the start command on, until told to finish.
async fn direct(
    seed: u64,
    plan: &Arc<Plan>,
    hub: Hub,
    commands: &mut mpsc::Receiver<Command>,
) -> anyhow::Result<Published> {
    let mut publisher: Option<Publisher> = None;
    while let Some(command) = commands.recv().await {
        match command {
            Command::Start { at_ns } => {
                let bodies = Arc::new(Bodies::new(seed));
                publisher = Some(Publisher::start(hub.clone(), plan.clone(), bodies, at_ns)?);
            }
            Command::Finish => break,
        }
    }
    Ok(publisher.map(Publisher::finish).unwrap_or_default())
}
