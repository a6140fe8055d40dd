//! A server that publishes the next update when its crowd has got the last.

use super::bare;
use super::pace::Pacer;
use crate::clock::{self, Alarm};
use crate::job::{Command, Event, Job, Leg, LegServed};
use crate::transports::description;
use crate::worker::Reporter;
use anyhow::Context;
use bytes::Bytes;
use scenario::{Bodies, Plan};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;
use transport::Hub;
use wire::{Listener, Meter};

/// Serves legs until it is told to finish.
///
/// # Errors
/// When it can't listen, or its crowd is gone.
pub async fn serve(
    job: &Job,
    (listen, bare): (SocketAddr, bool),
    meter: &Meter,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<Event> {
    if bare {
        return serve_bare(job, listen, commands, reporter).await;
    }
    let (scenario, entry) = job.read()?;
    let pacing = Listener::bind(listen, Meter::default()).context("failed to listen")?;
    let listener = Listener::bind(listen, meter.clone()).context("failed to listen")?;
    reporter.send(&Event::Paced { address: listener.address()?, pacer: pacing.address()? })?;
    let hub = Hub::new(scenario.topics.len() as u32, scenario.retention, Arc::new(()));
    let alarm = Alarm::start()?;
    let transport = (description(entry.kind.name).build)(&entry.values);
    let _telling = crate::server::tell(&hub);
    let serving = transport.serve(listener, hub.clone(), alarm.timer());
    let (plan, bodies) = (Plan::new(&scenario, job.seed), Bodies::new(job.seed));
    let publish = |seq: u64| {
        let planned = plan.get(seq).context("the plan is at its end")?;
        hub.publish(planned.topic, Bytes::from(bodies.write(planned, clock::now_ns())));
        Ok(())
    };
    let directing = async {
        let mut crowd = Pacer::new(pacing.accept().await?);
        let mut published = 0;
        while let Some(Command::Leg(leg)) = commands.recv().await {
            let before = meter.tally().writes;
            let mut served = self::leg(leg, &mut published, &mut crowd, publish).await?;
            served.writes = meter.tally().writes - before;
            reporter.send(&Event::Served(served))?;
        }
        anyhow::Ok(Event::Ended)
    };
    tokio::select! {
        outcome = serving => {
            outcome.context("the server can't accept any more")?;
            anyhow::bail!("the server ended by itself: this is a bug of pushpull's")
        }
        ended = directing => ended,
    }
}

async fn leg(
    leg: Leg,
    published: &mut u64,
    pacer: &mut Pacer,
    publish: impl Fn(u64) -> anyhow::Result<()>,
) -> anyhow::Result<LegServed> {
    let last = *published + u64::from(leg.updates);
    let (begun_ns, used_ns) = (clock::now_ns(), own_processor_ns()?);
    loop {
        while *published < last && *published < pacer.complete() + u64::from(leg.window) {
            *published += 1;
            publish(*published)?;
        }
        if pacer.complete() == last {
            break;
        }
        pacer.more().await?;
    }
    Ok(LegServed {
        elapsed_ns: clock::now_ns() - begun_ns,
        processor_ns: own_processor_ns()? - used_ns,
        writes: 0,
    })
}

/// The loop does not share its process with anything, so it may block the runtime's only thread.
async fn serve_bare(
    job: &Job,
    listen: SocketAddr,
    commands: &mut mpsc::Receiver<Command>,
    reporter: &Reporter,
) -> anyhow::Result<Event> {
    let (scenario, _) = job.read()?;
    let door = bare::Door::open(listen)?;
    let (address, pacer) = door.addresses()?;
    reporter.send(&Event::Paced { address, pacer })?;
    let mut server = door.admit(scenario.subscribers.count)?;
    let (plan, bodies) = (Plan::new(&scenario, job.seed), Bodies::new(job.seed));
    let frame = |seq: u64| {
        let planned = plan.get(seq).context("the plan is at its end")?;
        bare::frame(seq, planned.topic, bodies.write(planned, clock::now_ns()))
    };
    while let Some(Command::Leg(leg)) = commands.recv().await {
        let (begun_ns, used_ns) = (clock::now_ns(), own_processor_ns()?);
        let writes = server.leg(leg, frame)?;
        let elapsed_ns = clock::now_ns() - begun_ns;
        let processor_ns = own_processor_ns()? - used_ns;
        reporter.send(&Event::Served(LegServed { elapsed_ns, processor_ns, writes }))?;
    }
    Ok(Event::Ended)
}

/// Processor time of this process, in nanoseconds.
pub(super) fn own_processor_ns() -> anyhow::Result<u64> {
    clock::processor_ns(std::process::id()).context("this system does not tell what a process uses")
}
