//! One round: every transport gets fresh processes, ports and connections.

use crate::clock;
use crate::host;
use crate::job::Second;
use crate::lane::{Between, Lane, Outcome, Plan};
use crate::lineup::{self, Runner};
use crate::progress::Stage;
use crate::run::Race;
use crate::warnings;
use futures_util::future::join_all;
use results::{Account, HostLoad, Line, Mode};
use scenario::Entry;
use std::time::Duration;
use tokio::sync::mpsc;

/// Between the last connection and the start, so that everybody has been told when it is.
const LEAD: Duration = Duration::from_millis(150);
/// And so much more for each subscriber of each transport: a crowd of ten thousand that polls has no time to
/// hear of it at once.
const LEAD_EACH: Duration = Duration::from_micros(20);

/// Between the last connection of so many and the start.
pub(crate) fn lead(subscribers: u32, transports: usize) -> Duration {
    LEAD + LEAD_EACH * subscribers * transports as u32
}

/// Which of the run's heats: a round, and whether its transports run at the same time.
#[derive(Debug, Clone, Copy)]
struct Heat {
    round: u32,
    mode: Mode,
}

impl Race<'_> {
    /// Runs one round of all transports, as the scenario's order says.
    ///
    /// # Errors
    /// When the results can't be written.
    pub(crate) async fn round(&mut self, round: u32) -> anyhow::Result<()> {
        for mode in lineup::modes_of_round(self.scenario.order, round) {
            let runners = lineup::runners(self.scenario, mode);
            let order = order(runners.len(), round).into_iter();
            let plans: Vec<Plan> = order.map(|place| self.plan(round, &runners[place])).collect();
            let at_once = if mode == Mode::Together { plans.len() } else { 1 };
            for plans in plans.chunks(at_once) {
                if !self.is_interrupted() {
                    self.heat(Heat { round, mode }, plans).await?;
                }
            }
        }
        Ok(())
    }

    /// Runs some transports at once, in the order of their offsets.
    async fn heat(&mut self, heat: Heat, plans: &[Plan]) -> anyhow::Result<()> {
        let Heat { round, .. } = heat;
        let alone = if let [plan] = plans { Some(plan.label.as_str()) } else { None };
        self.progress.stage(round, alone, Stage::Connecting);
        let mut interrupted = self.interrupted.clone();
        let started = tokio::select! {
            started = join_all(plans.iter().map(|plan| self.open(plan))) => started,
            // Dropped lanes end their processes.
            _ = interrupted.wait_for(|interrupted| *interrupted) => return Ok(()),
        };
        let mut lanes = Vec::new();
        for (place, (plan, lane)) in plans.iter().zip(started).enumerate() {
            match lane {
                Ok((lane, connected)) => {
                    let (count, failure) = (connected.count, connected.failure.as_deref());
                    let warning =
                        verdict::warnings::of_connecting(&self.header, round, &plan.label, count, failure);
                    self.warn(warning)?;
                    lanes.push((place, lane));
                }
                Err(error) => self.warn(Some(warnings::of_breakdown(round, &plan.label, &error)))?,
            }
        }
        let lead = lead(self.scenario.subscribers.count, plans.len());
        let start_ns = clock::now_ns() + lead.as_nanos() as u64;
        self.progress.stage(round, alone, Stage::Running);
        self.progress.begun(start_ns, lanes.iter().filter_map(|(_, lane)| lane.server_id()).collect());
        let offset = |place: usize| self.scenario.stagger.as_nanos() as u64 * place as u64;
        // What all windows have in common: when the first is over, its processes end.
        let shared_ns = host::shared(self.scenario, start_ns, offset(plans.len() - 1));
        let workers = lanes.iter().flat_map(|(_, lane)| lane.workers()).collect();
        let watching = host::watch(self.timer.clone(), shared_ns, workers);
        let (seconds, received) = mpsc::channel(64);
        let running = lanes.into_iter().map(|(place, mut lane)| {
            let (seconds, finish) = (seconds.clone(), self.interrupted.clone());
            let at_ns = start_ns + offset(place);
            async move {
                let outcome = async {
                    lane.begin(at_ns).await?;
                    lane.run(&seconds, finish).await
                };
                (place, at_ns, outcome.await)
            }
        });
        let running = host::beside(watching, join_all(running));
        drop(seconds);
        let (host, outcomes) = self.write_seconds(heat, received, running).await?;
        for (place, at_ns, outcome) in outcomes {
            let plan = &plans[place];
            match outcome {
                Ok(outcome) => self.enter(heat, plan, at_ns, host, &outcome)?,
                Err(error) => self.warn(Some(warnings::of_breakdown(round, &plan.label, &error)))?,
            }
        }
        Ok(())
    }

    pub(crate) async fn open(&self, plan: &Plan) -> anyhow::Result<(Lane, crate::lane::Connected)> {
        let mut lane = Lane::start(plan.clone(), self.timer.clone()).await?;
        let connected = lane.connect().await?;
        Ok((lane, connected))
    }

    fn plan(&self, round: u32, runner: &Runner) -> Plan {
        let scenario = self.scenario;
        let entry = &scenario.transports[runner.entry];
        Plan {
            scenario: scenario.text.clone(),
            entry: entry.label.clone(),
            label: runner.label.clone(),
            seed: scenario.seed.wrapping_add(u64::from(round)),
            pin: self.pin.clone(),
            stays: false,
            crowds: scenario.subscribers.crowds,
            connecting: scenario.subscribers.ramp + Duration::from_secs(60),
            running: lead(scenario.subscribers.count, scenario.transports.len() + 1)
                + scenario.stagger * 32
                + scenario.warm_up
                + scenario.measure
                + scenario.drain,
            certificates: self.certificates.clone().filter(|_| entry.way.tls.is_on()),
            chain: entry.chain().count(),
            has_link: entry.way.has_packets(),
            hits: scenario.hits_of_server(scenario.seed.wrapping_add(u64::from(round))),
            between: entry.way.via.as_ref().and_then(|name| self.between(name, entry, round, runner)),
        }
    }

    fn between(&self, name: &str, entry: &Entry, round: u32, runner: &Runner) -> Option<Between> {
        let via = self.scenario.vias.iter().find(|via| via.name == name)?;
        let folder =
            self.folder_path().join(format!("{name}-before-{}-{round}", runner.label.replace(' ', "-")));
        Some(Between {
            via: via.clone(),
            way: entry.way.clone(),
            clients: self.scenario.subscribers.count,
            folder,
        })
    }

    /// Writes the seconds down as they come, until the lanes are done.
    async fn write_seconds<T>(
        &mut self,
        Heat { round, mode }: Heat,
        mut received: mpsc::Receiver<(String, Second)>,
        running: impl Future<Output = T>,
    ) -> anyhow::Result<T> {
        let mut running = std::pin::pin!(running);
        let mut outcome = None;
        // The channel ends with the last lane, when all its seconds have been taken.
        loop {
            tokio::select! {
                ended = &mut running, if outcome.is_none() => outcome = Some(ended),
                second = received.recv() => {
                    let Some((label, second)) = second else { break };
                    self.progress.second(&label, &second.latency);
                    self.write(&Line::Second(results::Second {
                        round,
                        mode,
                        label,
                        second: second.second,
                        delivered: second.latency.len(),
                        p50_ns: second.latency.quantile(0.5),
                        p99_ns: second.latency.quantile(0.99),
                        max_ns: second.latency.max(),
                    }))?;
                }
            }
        }
        match outcome {
            Some(outcome) => Ok(outcome),
            None => Ok(running.await),
        }
    }

    fn enter(
        &mut self,
        Heat { round, mode }: Heat,
        plan: &Plan,
        start_ns: u64,
        host: Option<HostLoad>,
        outcome: &Outcome,
    ) -> anyhow::Result<()> {
        let account = Account {
            round,
            mode,
            label: plan.label.clone(),
            seed: plan.seed,
            start_ns,
            ledger: outcome.clients.ledger.clone(),
            lateness: outcome.server.lateness.clone(),
            timer_lateness: outcome.clients.timer_lateness.clone(),
            planned: outcome.server.planned,
            published: outcome.server.published,
            carried: outcome.clients.carried,
            steady: outcome.clients.steady,
            server: outcome.server.traffic,
            clients: outcome.clients.traffic,
            server_costs: outcome.server.costs,
            client_costs: outcome.clients.costs,
            host,
            uplink: outcome.server.uplink.clone(),
            exchanges: outcome.clients.exchanges,
            restarts: outcome.restarts,
            via: outcome.via.clone(),
            link: outcome.link.clone(),
            over: outcome.clients.over.clone(),
            capture: outcome.clients.capture.clone(),
            memory: outcome.server.memory.clone(),
            failure: outcome.clients.failure.clone(),
            complete: outcome.clients.complete,
        };
        for warning in verdict::warnings::of_account(&self.header, &account) {
            self.warn(Some(warning))?;
        }
        self.closed += 1;
        self.write(&Line::Account(Box::new(account)))
    }
}

/// In which order the entries start, or run: a Williams design (Williams 1949), in which over the rounds
/// each goes first as often as any other, and follows each other one as often.
fn order(entries: usize, round: u32) -> Vec<usize> {
    let (turn, block) = (round as usize % entries, round as usize / entries);
    let zigzag =
        (0..entries).map(|place| if place % 2 == 0 { place / 2 } else { entries - place.div_ceil(2) });
    let mut order: Vec<usize> = zigzag.map(|entry| (entry + turn) % entries).collect();
    // With an odd number of entries neighbours are balanced only with the mirror image of each row.
    if entries % 2 == 1 && block % 2 == 1 {
        order.reverse();
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn each_goes_first_and_follows_each_other_equally_often() {
        for (entries, rounds) in [(1, 1), (2, 2), (4, 4), (5, 10), (6, 6), (7, 14)] {
            let (mut first, mut follows) = (BTreeMap::new(), BTreeMap::new());
            for round in 0..rounds {
                let order = order(entries, round);
                *first.entry(order[0]).or_insert(0) += 1;
                order.windows(2).for_each(|pair| *follows.entry((pair[0], pair[1])).or_insert(0) += 1);
            }
            let all_alike = |counts: Vec<&i32>| counts.windows(2).all(|pair| pair[0] == pair[1]);
            assert_eq!(first.len(), entries);
            assert!(all_alike(first.values().collect()), "{first:?}");
            assert_eq!(follows.len(), entries * (entries - 1));
            assert!(all_alike(follows.values().collect()), "{follows:?}");
        }
    }
}
