//! How cost grows with the work: runs of one scenario that differ in one key.
//!
//! Such runs make a series for each transport. Where the key is how many subscribe, the series also tells what
//! one of them costs: an update to *N* subscribers that takes *c* for each reaches the median one after *N c / 2*,
//! so twice the slope of the median against *N* is *c*, of whichever side is slower.

mod findings;
mod fit;
mod kin;
mod value;

pub use fit::{Line, least_squares};
pub use value::{Quantity, Value};

use crate::{Metric, Untold, due, fan_out, metric, warnings};
use results::{EntryRecord, Run};

/// The key that says how many subscribe.
const SUBSCRIBERS: &str = "subscribers.count";
/// The setting of transports whose clients ask by clocks of their own. One that is held instead has none: its
/// client asks again as soon as it is answered.
const INTERVAL: &str = "interval";

/// Runs of one scenario that differ in one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The key.
    pub key: String,
    /// What its values are.
    pub quantity: Quantity,
    /// The runs, the smallest value first.
    pub steps: Vec<Step>,
    /// The transports, in the order of the header, without controls.
    pub series: Vec<Series>,
}

/// One of the runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its place in what was given.
    pub run: usize,
    /// The key's value in it.
    pub value: Value,
}

/// One transport over all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its label.
    pub label: String,
    /// In the order of [`Growth::steps`].
    pub points: Vec<Point>,
    /// What one subscriber costs an update, where the runs tell it.
    pub subscriber: Result<Subscriber, NoSlope>,
}

/// One transport at one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Processor time of the server's transport thread per delivery, in nanoseconds.
    pub server: Told,
    /// The same of the clients.
    pub clients: Told,
    /// Median of arrived minus due, in nanoseconds.
    pub median: Told,
    /// What the model says of the median, in nanoseconds.
    pub model_ns: Option<u64>,
    /// A delivery costs the clients more than the server: what grows with a fan-out is their work.
    pub client_limited: bool,
    /// Subscribers that an update went to, on average.
    recipients: f64,
}

/// A figure, or why there is none.
pub type Told = Result<Spread, Untold>;

/// A figure of rounds merged, and the rounds' own that lie farthest from each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Of all rounds together.
    pub value: f64,
    /// The least of a round.
    pub low: f64,
    /// The most of a round.
    pub high: f64,
    /// Something speaks against it: see [`warnings::against`] and [`due::quantile`].
    pub doubted: bool,
}

/// What one more subscriber costs each update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subscriber {
    /// Twice the slope of the median against the number of subscribers, by least squares, in nanoseconds: the mean
    /// of the rounds' own slopes.
    pub doubled_slope: Spread,
    /// How many values it goes through.
    pub points: usize,
    /// Processor time of the server per delivery at the largest of them, in nanoseconds.
    pub server_ns: f64,
    /// The same of the clients.
    pub clients_ns: f64,
    /// The clients were the slower side there, so the slope is their cost and not the server's.
    pub client_limited: bool,
}

/// Why the runs don't tell what a subscriber costs an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoSlope {
    /// It is not the number of subscribers that differs.
    OtherKey,
    /// Clients ask by a clock of their own, so an update does not go to all at once.
    Polled,
    /// Fewer than two medians can be relied on.
    TooFew,
}

impl Growth {
    /// Looks at runs as one. None unless they are of the same scenario, program and machine and differ in one key
    /// whose values are numbers, times, sizes or rates. How many connections were looked at for their memory, before
    /// the rounds, does not count: it bears on no round.
    #[must_use]
    pub fn of(runs: &[Run]) -> Option<Growth> {
        let (key, steps) = kin::steps(runs)?;
        let quantity = steps.first()?.value.quantity;
        let entries = runs.first()?.header.entries.iter().filter(|entry| entry.control_of.is_none());
        let in_order: Vec<&Run> = steps.iter().map(|step| &runs[step.run]).collect();
        let series = entries.map(|entry| series(&key, &in_order, entry)).collect();
        Some(Growth { key, quantity, steps, series })
    }

    /// What it comes to, in a few plain sentences.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        findings::of(self)
    }
}

impl std::fmt::Display for NoSlope {
    /// As a sentence without its stop.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NoSlope::OtherKey => "it is not the number of subscribers that differs",
            NoSlope::Polled => "clients ask by clocks of their own, so an update does not go to all at once",
            NoSlope::TooFew => "fewer than two of its medians can be relied on",
        })
    }
}

fn series(key: &str, runs: &[&Run], entry: &EntryRecord) -> Series {
    let points: Vec<Point> = runs.iter().map(|run| point(run, &entry.label)).collect();
    let subscriber = match key == SUBSCRIBERS {
        false => Err(NoSlope::OtherKey),
        true if polls_by_a_clock(entry) => Err(NoSlope::Polled),
        true => subscriber(runs, &entry.label, &points).ok_or(NoSlope::TooFew),
    };
    Series { label: entry.label.clone(), points, subscriber }
}

fn polls_by_a_clock(entry: &EntryRecord) -> bool {
    entry.polls && entry.options.contains_key(INTERVAL)
}

fn model_ns(run: &Run, label: &str) -> Option<u64> {
    run.header.entries.iter().find(|entry| entry.label == label)?.prediction.as_ref()?.p50_ns
}

fn point(run: &Run, label: &str) -> Point {
    Point {
        server: told(run, Metric::ServerCpu, label),
        clients: told(run, Metric::ClientCpu, label),
        median: told(run, Metric::MedianLatency, label),
        model_ns: model_ns(run, label),
        client_limited: fan_out::clients_pace_ns(run, label).is_some(),
        recipients: fan_out::recipients(run, label).unwrap_or(0.0),
    }
}

fn told(run: &Run, metric: Metric, label: &str) -> Told {
    let rounds = run.rounds_of(label);
    let whole = rounds.iter().filter(|account| account.complete);
    let values = whole.map(|account| metric.of(account)).collect::<Result<Vec<f64>, Untold>>()?;
    let (low, high) = ends(&values).ok_or(Untold::NothingDelivered)?;
    let value = metric::merged(run, metric, label).ok_or(Untold::NotAvailable)?;
    let unsupported = metric == Metric::MedianLatency && !is_supported(run, label);
    let doubted =
        unsupported || warnings::against(run, label, metric).is_some() || warnings::first_line(run).is_some();
    Ok(Spread { value, low, high, doubted })
}

/// Whether enough different updates lie beyond the median.
fn is_supported(run: &Run, label: &str) -> bool {
    let merged = run.merged(label);
    merged.is_some_and(|merged| due::quantile(&merged.account, 0.5).is_ok_and(|figure| figure.is_known()))
}

fn ends(values: &[f64]) -> Option<(f64, f64)> {
    values.iter().fold(None, |ends, value| {
        Some(ends.map_or((*value, *value), |(low, high): (f64, f64)| (low.min(*value), high.max(*value))))
    })
}

/// A line through each round's medians; rounds share nothing, so how far their slopes differ is how well the slope
/// is known.
fn subscriber(runs: &[&Run], label: &str, points: &[Point]) -> Option<Subscriber> {
    let relied_on =
        |point: &Point| point.median.is_ok_and(|median| !median.doubted) && point.recipients > 0.0;
    let chosen: Vec<(&Run, &Point)> =
        runs.iter().copied().zip(points).filter(|(_, point)| relied_on(point)).collect();
    let (_, largest) = chosen.last()?;
    let rounds = chosen.iter().map(|(run, _)| run.header.rounds).min()?;
    let slope = |round: u32| {
        let place = |(run, point): &(&Run, &Point)| {
            let account = run.rounds_of(label).into_iter().find(|account| account.round == round)?;
            let median_ns = Metric::MedianLatency.of(account).ok()?;
            account.complete.then_some((point.recipients, median_ns))
        };
        let places: Option<Vec<(f64, f64)>> = chosen.iter().map(place).collect();
        least_squares(&places?).map(|line| 2.0 * line.slope)
    };
    let slopes: Vec<f64> = (0..rounds).filter_map(slope).collect();
    let (low, high) = ends(&slopes)?;
    let value = slopes.iter().sum::<f64>() / slopes.len() as f64;
    Some(Subscriber {
        doubled_slope: Spread { value, low, high, doubted: false },
        points: chosen.len(),
        server_ns: largest.server.as_ref().ok()?.value,
        clients_ns: largest.clients.as_ref().ok()?.value,
        client_limited: largest.client_limited,
    })
}
