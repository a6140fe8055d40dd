//! One block: fresh processes for everybody, and each contestant between two legs of the floor.

use super::pair::{LegTook, Pair, Runner};
use super::{Outcome, Request};
use crate::host::Reading;
use crate::job::Leg;
use anyhow::Context;
use scenario::Pin;
use std::time::Duration;
use wire::Timer;

/// Others may use this share of the machine; beyond it the legs are run again.
const FOREIGN_LIMIT: f64 = 0.05;
/// How often legs are run again.
const REPEATS: u32 = 3;
/// Updates of a leg, at least and at most: all legs of the floor's life in a block have to fit into its plan, with
/// their warm-ups, and repeated as often as may be.
const UPDATES: std::ops::RangeInclusive<u32> = 20..=2_000;

/// When the next update is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// When all subscribers have the last.
    Lockstep,
    /// When fewer than the request's window are under way.
    Window,
}

impl Mode {
    /// Both.
    pub const ALL: [Mode; 2] = [Mode::Lockstep, Mode::Window];

    fn window(self, request: &Request) -> u32 {
        match self {
            Mode::Lockstep => 1,
            Mode::Window => request.window,
        }
    }
}

/// What one side of a block shows.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Updates delivered in a second, over all subscribers.
    pub deliveries_per_s: f64,
    /// Processor time of the server per delivery, in microseconds.
    pub server_us: f64,
    /// Processor time of the crowd per delivery, in microseconds.
    pub crowd_us: f64,
    /// Updates per call that wrote them.
    pub per_write: f64,
    /// From the sending to the first subscriber, the mean of the legs' medians, in microseconds. Only where each
    /// update comes alone: of those that come together, a loop and a crowd would tell of different ones.
    pub one_way_us: Option<f64>,
}

/// A contestant in one mode: for each block, the floor's figures and its own.
#[derive(Debug)]
pub struct Measured {
    /// What a reader calls it.
    pub label: String,
    /// When the next update was published.
    pub mode: Mode,
    /// One entry a block.
    pub blocks: Vec<(Figures, Figures)>,
}

/// Nothing yet, for everybody but the floor.
pub(super) fn empty(runners: &[Runner]) -> Vec<Measured> {
    let of_mode = |mode| {
        let contestants = runners.iter().skip(1);
        contestants.map(move |runner| Measured { label: runner.label.clone(), mode, blocks: Vec::new() })
    };
    Mode::ALL.into_iter().flat_map(of_mode).collect()
}

/// Runs a block and enters what it found.
pub(super) async fn run(
    outcome: &mut Outcome,
    runners: &[Runner],
    (pin, timer): (&Pin, &Timer),
    number: u32,
) -> anyhow::Result<()> {
    let mut pairs = Vec::new();
    // Nobody always starts first.
    for place in (0..runners.len()).map(|turn| (turn + number as usize) % runners.len()) {
        let runner = &runners[place];
        let starting = Pair::start(runner, outcome.request.subscribers, pin, timer.clone());
        pairs.push((place, starting.await.with_context(|| runner.label.clone())?));
    }
    pairs.sort_by_key(|(place, _)| *place);
    let mut pairs: Vec<Pair> = pairs.into_iter().map(|(_, pair)| pair).collect();
    let workers: Vec<u32> = pairs.iter().flat_map(Pair::workers).collect();
    let [floor, contestants @ ..] = &mut pairs[..] else { return Ok(()) };
    for mode in Mode::ALL {
        let window = mode.window(&outcome.request);
        let floor_leg = calibrate(floor, window, outcome.request.leg).await.context("the floor")?;
        for turn in 0..contestants.len() {
            // Nobody always follows the same one.
            let place = (turn + number as usize) % contestants.len();
            let label = &runners[place + 1].label;
            let mut sides = [(&mut *floor, floor_leg), {
                let leg = calibrate(&mut contestants[place], window, outcome.request.leg).await?;
                (&mut contestants[place], leg)
            }];
            let measuring = measure(&mut sides, number % 2 == 1, &workers, outcome);
            let figures = measuring.await.with_context(|| label.clone())?;
            let measured = outcome.measured.iter_mut().find(|one| one.mode == mode && one.label == *label);
            measured.context("everybody has a place")?.blocks.push(figures);
        }
    }
    for (pair, runner) in pairs.into_iter().zip(runners) {
        pair.end().await.with_context(|| runner.label.clone())?;
    }
    Ok(())
}

/// Floor, contestant, contestant, floor, or the other way round; again while others use the machine, a few times
/// at most.
async fn measure(
    sides: &mut [(&mut Pair, Leg); 2],
    turned: bool,
    workers: &[u32],
    outcome: &mut Outcome,
) -> anyhow::Result<(Figures, Figures)> {
    let (outer, inner) = if turned { (1, 0) } else { (0, 1) };
    let mut attempt = 0;
    loop {
        let before = Reading::now(workers);
        let mut took: [Vec<LegTook>; 2] = Default::default();
        for place in [outer, inner, inner, outer] {
            let (pair, leg) = &mut sides[place];
            took[place].push(pair.leg(*leg).await?);
        }
        let [mut floor, mut own] = took.map(|legs| figures(&legs));
        if sides[0].1.window > 1 {
            (floor.one_way_us, own.one_way_us) = (None, None);
        }
        let load = before.zip(Reading::now(workers)).and_then(|(before, now)| now.since(&before));
        if load.is_none_or(|load| load.foreign_share() <= FOREIGN_LIMIT) {
            return Ok((floor, own));
        }
        if attempt == REPEATS {
            outcome.disturbed += 1;
            return Ok((floor, own));
        }
        attempt += 1;
        outcome.repeated += 1;
    }
}

/// Finds out how many updates fill a leg. It warms up what the legs will use, too.
async fn calibrate(pair: &mut Pair, window: u32, span: Duration) -> anyhow::Result<Leg> {
    let updates = window.max(*UPDATES.start());
    let took = pair.leg(Leg { updates, window }).await?;
    let each_ns = (took.served.elapsed_ns / u64::from(updates)).max(1);
    let fitting = u32::try_from(span.as_nanos() as u64 / each_ns).unwrap_or(u32::MAX);
    Ok(Leg { updates: fitting.clamp(updates, (*UPDATES.end()).max(updates)), window })
}

fn figures(legs: &[LegTook]) -> Figures {
    let sum = |pick: fn(&LegTook) -> u64| legs.iter().map(pick).sum::<u64>() as f64;
    let delivered = sum(|leg| leg.delivered);
    Figures {
        deliveries_per_s: delivered / (sum(|leg| leg.served.elapsed_ns) / 1e9),
        server_us: sum(|leg| leg.served.processor_ns) / 1e3 / delivered,
        crowd_us: sum(|leg| leg.crowd_ns) / 1e3 / delivered,
        per_write: delivered / sum(|leg| leg.served.writes),
        one_way_us: legs
            .iter()
            .map(|leg| leg.sent_p50_ns)
            .sum::<Option<u64>>()
            .map(|ns| ns as f64 / 1e3 / legs.len() as f64),
    }
}
