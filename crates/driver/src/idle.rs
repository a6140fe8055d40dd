//! What idle connections cost in memory, before the rounds: all transports at once, since memory belongs to
//! processes.

use crate::certificates::Certificates;
use crate::lane::{Lane, Plan};
use crate::round::lead;
use crate::run::Race;
use crate::transports::kinds;
use crate::{clock, limits, memory, warnings};
use anyhow::ensure;
use futures_util::future::join_all;
use options::Carriage;
use results::{Idle, IdlePoint, IdleServer, Line};
use scenario::{Entry, Pin, Scenario, Subscribers};
use std::sync::Arc;
use std::time::Duration;

/// How long connections are left alone before memory is looked at. What the last update set in motion, such as
/// the next poll, is over by then.
const REST: Duration = Duration::from_millis(200);
/// How long connecting and settling may take, beyond what the scenario itself says.
const PATIENCE: Duration = Duration::from_secs(30);

impl Race<'_> {
    /// Looks at some counts of idle connections and writes down what they cost. What goes wrong is told, and
    /// left out. An interruption ends it.
    ///
    /// # Errors
    /// When the results can't be written.
    pub(crate) async fn idle(&mut self) -> anyhow::Result<()> {
        if self.scenario.idle_connections.is_empty() || memory::anonymous_bytes(None).is_none() {
            return Ok(());
        }
        let counts = match limits::idle_counts(self.scenario) {
            Ok(counts) => counts,
            Err(error) => return self.warn(Some(warnings::of_idle(None, &error))),
        };
        let kernel_before = memory::kernel_bytes();
        let mut idle = Idle::default();
        for connections in counts {
            let derived = match derived(self.scenario, connections) {
                Ok(derived) => derived,
                Err(error) => return self.warn(Some(warnings::of_idle(None, &error))),
            };
            self.progress.idle(connections, derived.subscribers.ramp);
            let mut interrupted = self.interrupted.clone();
            let measured = tokio::select! {
                measured = self.point(&derived, kernel_before) => measured,
                // Dropped lanes end their processes.
                _ = interrupted.wait_for(|interrupted| *interrupted) => return Ok(()),
            };
            let (point, failures) = match measured {
                Ok(measured) => measured,
                Err(error) => return self.warn(Some(warnings::of_idle(None, &error))),
            };
            for (label, error) in failures {
                self.warn(Some(warnings::of_idle(Some(label), &error)))?;
            }
            idle.points.push(point);
        }
        self.write(&Line::Idle(idle))
    }

    /// One count of connections, and which transports could not be looked at.
    async fn point(
        &self,
        derived: &Scenario,
        kernel_before: Option<u64>,
    ) -> anyhow::Result<(IdlePoint, Vec<Failure>)> {
        let connections = derived.subscribers.count;
        let lead = lead(derived.subscribers.count, derived.transports.len());
        let plans = plans(derived, &self.pin, self.certificates.as_ref());
        let (lanes, mut failures) =
            sorted(join_all(plans.iter().map(|plan| self.fill(plan, connections))).await);
        let at_ns = clock::now_ns() + lead.as_nanos() as u64;
        let (lanes, unsettled) = sorted(join_all(lanes.into_iter().map(|lane| settle(lane, at_ns))).await);
        failures.extend(unsettled);
        self.timer.sleep(REST).await;
        let held =
            memory::kernel_bytes().zip(kernel_before).and_then(|(now, before)| now.checked_sub(before));
        let server = |lane: &Lane| {
            Some(IdleServer { label: lane.label().to_owned(), anonymous_bytes: lane.server_bytes()? })
        };
        let servers: Vec<IdleServer> = lanes.iter().filter_map(server).collect();
        // Where a transport failed on the way, nobody knows how many of its connections are in this.
        let kernel_bytes = held.filter(|_| servers.len() == plans.len());
        // Waited for, so that the next ones find the memory that these leave.
        let _ = join_all(lanes.into_iter().map(Lane::dismiss)).await;
        Ok((IdlePoint { connections, servers, kernel_bytes }, failures))
    }

    /// Fresh processes with all their connections.
    async fn fill(&self, plan: &Plan, connections: u32) -> Result<Lane, Failure> {
        let filling = async {
            let (lane, connected) = self.open(plan).await?;
            let failure = connected.failure.as_deref().unwrap_or("nothing");
            let count = connected.count;
            ensure!(count == connections, "{count} of {connections} connected; last failure: {failure}");
            Ok(lane)
        };
        filling.await.map_err(|error| (plan.label.clone(), error))
    }
}

/// How long each look takes, roughly. None where nothing is looked at.
pub(crate) fn expected(scenario: &Scenario) -> Vec<Duration> {
    if memory::anonymous_bytes(None).is_none() {
        return Vec::new();
    }
    let counts = limits::idle_counts(scenario).unwrap_or_default().into_iter();
    let looks = counts.filter_map(|connections| derived(scenario, connections).ok());
    looks.map(|derived| expected_of(&derived)).collect()
}

fn expected_of(derived: &Scenario) -> Duration {
    // Who polls waits for the next poll; whoever else waits has the update before that.
    let polls = derived.transports.iter().map(|entry| match (entry.kind.carriage)(&entry.values) {
        Carriage::ShortPoll { interval, .. } => interval,
        _ => Duration::ZERO,
    });
    let Subscribers { count, ramp, .. } = derived.subscribers;
    let lead = lead(count, derived.transports.len());
    ramp + lead + derived.measure + polls.max().unwrap_or_default() + REST
}

/// Which transport could not be looked at, and why.
type Failure = (String, anyhow::Error);

/// Gives every connection its updates.
async fn settle(mut lane: Lane, at_ns: u64) -> Result<Lane, Failure> {
    let settling = async {
        lane.begin(at_ns).await?;
        lane.settled().await
    };
    match settling.await {
        Ok(()) => Ok(lane),
        Err(error) => Err((lane.label().to_owned(), error)),
    }
}

fn sorted(lanes: Vec<Result<Lane, Failure>>) -> (Vec<Lane>, Vec<Failure>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for lane in lanes {
        match lane {
            Ok(lane) => good.push(lane),
            Err(failure) => bad.push(failure),
        }
    }
    (good, bad)
}

/// The scenario that leaves so many connections idle.
fn derived(scenario: &Scenario, connections: u32) -> anyhow::Result<Scenario> {
    Scenario::parse(&scenario.idle(connections), &kinds()).map_err(|mistakes| {
        anyhow::anyhow!("a derived scenario is wrong, a bug of pushpull's: {}", mistakes[0])
    })
}

/// Without proxies: it is the servers' memory that is looked at.
fn plans(derived: &Scenario, pin: &Pin, certificates: Option<&Arc<Certificates>>) -> Vec<Plan> {
    let plan = |entry: &Entry| Plan {
        scenario: derived.text.clone(),
        entry: entry.label.clone(),
        label: entry.label.clone(),
        seed: derived.seed,
        pin: pin.clone(),
        stays: true,
        crowds: derived.subscribers.crowds,
        connecting: derived.subscribers.ramp + PATIENCE * 2,
        running: lead(derived.subscribers.count, derived.transports.len())
            + derived.measure
            + derived.drain
            + PATIENCE,
        certificates: certificates.filter(|_| entry.way.tls.is_on()).cloned(),
        between: None,
        has_link: false,
        chain: 1,
        hits: Vec::new(),
    };
    derived.transports.iter().map(plan).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::TransportKind;

    #[test]
    fn the_derived_scenario_of_every_transport_can_be_run() {
        let is_live = |kind: &TransportKind| {
            (kind.carriage)(&options::Values::defaults(kind.options)) != options::Carriage::Whole
        };
        let live: Vec<TransportKind> = kinds().into_iter().filter(is_live).collect();
        let entries: String =
            live.iter().map(|kind| format!("[[transport]]\nuse = \"{}\"\n", kind.name)).collect();
        let text = format!(
            "# What does it hold?\nmeasure = \"1s\"\n[subscribers]\ncount = 1\n[[topic]]\nname = \"t\"\n\
             every = \"1s\"\nbody = \"100B\"\n{entries}"
        );
        let scenario = Scenario::parse(&text, &kinds()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let pin = Pin { servers: vec![0], clients: Vec::new() };
        let plans = plans(&derived(&scenario, 50).expect("right"), &pin, None);
        assert_eq!(plans.len(), live.len());
        assert!(plans.iter().all(|plan| plan.stays && plan.crowds == 1 && plan.pin.servers == [0]));
    }
}
