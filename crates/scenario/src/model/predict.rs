//! The models applied to an entry of a scenario.

use super::{ShortPolling, age_long_polled, age_of_information, long_polling, long_polling_periodic, push};
use crate::{Entry, Link, Scenario, Schedule, Shape};
use options::{Carriage, Pacing};
use std::time::Duration;

/// What a model expects of an entry: a bound from below, since processing is neglected.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Mean delivery latency. Like the other latencies not known for a polling client that skips
    /// (conflation): what is skipped would have been the slowest.
    pub mean: Option<Duration>,
    /// Median delivery latency.
    pub p50: Option<Duration>,
    /// Latency that one delivery in a hundred exceeds.
    pub p99: Option<Duration>,
    /// The greatest latency.
    pub max: Option<Duration>,
    /// Updates per frame, event or response that brings any.
    pub updates_per_response: Option<f64>,
    /// Mean age of the newest update held, over time, subscribers and topics. Not known where the
    /// warm-up is too short for ages to have grown to what they are in the long run.
    pub staleness_mean: Option<Duration>,
    /// What is taken for granted, in a sentence.
    pub assumes: String,
}

/// What to expect of an entry, where a model knows.
///
/// Push and short polling are predicted for every schedule. Long polling is predicted for random
/// (Poisson) topics, and for periodic ones of one period of which each subscriber follows one, not
/// for bursts and mixtures, nor where holds expire between periodic updates. Nothing is predicted where
/// a client can't keep its polling rate, all poll at once, or the hub forgets updates between two polls.
#[must_use]
pub fn predict(scenario: &Scenario, entry: &Entry) -> Option<Prediction> {
    // Which of several it is that carries, only the run shows.
    if scenario.shape != Shape::Broadcast || !entry.fallback.is_empty() {
        return None;
    }
    let link = &entry.way.link;
    let one_way_s = entry.way.delay.as_secs_f64() + link.jitter.as_secs_f64() / 2.0;
    let mut prediction = match (entry.kind.carriage)(&entry.values) {
        Carriage::Push => Some(pushed(scenario, one_way_s)),
        Carriage::LongPoll { hold } => long_polled(scenario, one_way_s, hold.as_secs_f64()),
        // Polls in step with each other hit the schedule where they happen to.
        Carriage::ShortPoll { random_phase: false, .. } | Carriage::Whole => None,
        Carriage::ShortPoll { interval, pacing, .. } => {
            short_polled(scenario, one_way_s, interval.as_secs_f64(), pacing)
        }
    }?;
    let cycle_s = match (entry.kind.carriage)(&entry.values) {
        Carriage::ShortPoll { interval, .. } => interval.as_secs_f64() + 2.0 * one_way_s,
        Carriage::Push | Carriage::LongPoll { .. } | Carriage::Whole => 2.0 * one_way_s,
    };
    if !ages_have_settled(scenario, cycle_s) {
        prediction.staleness_mean = None;
    }
    if scenario.warm_up.as_secs_f64() < cycle_s {
        prediction.updates_per_response = None;
    }
    let polled = (entry.kind.carriage)(&entry.values) != Carriage::Push;
    if scenario.conflate && polled {
        prediction = Prediction {
            mean: None,
            p50: None,
            p99: None,
            max: None,
            updates_per_response: None,
            ..prediction
        };
        prediction.assumes.push_str("; readers skip to the newest update, so latencies are not predicted");
    }
    if !link.is_plain() {
        // Bodies only go down, so no turn of a poll is longer for them.
        let line = seconds(line_s(scenario, link));
        let later = |latency: Option<Duration>| latency.map(|latency| latency + line);
        prediction = Prediction {
            mean: later(prediction.mean),
            p50: later(prediction.p50),
            staleness_mean: later(prediction.staleness_mean),
            p99: None,
            max: None,
            ..prediction
        };
        prediction.assumes.push_str(
            "; half of the jitter and the time that a mean body takes at the link's rate count as delay, losses do not, and \
             tails are not predicted",
        );
    }
    prediction.assumes.push('.');
    Some(prediction)
}

/// How long the body of an update takes at the rate of a link, on average.
fn line_s(scenario: &Scenario, link: &Link) -> f64 {
    let bytes: f64 = scenario.topics.iter().map(|topic| topic.body.mean_bytes()).sum();
    let each = bytes / scenario.topics.len().max(1) as f64;
    link.down.map_or(0.0, |rate| each * 8.0 / rate as f64)
}

fn pushed(scenario: &Scenario, one_way_s: f64) -> Prediction {
    let latency = Some(seconds(push(one_way_s)));
    let bursts = scenario.topics.iter().any(|topic| matches!(topic.schedule, Schedule::Bursts { .. }));
    Prediction {
        mean: latency,
        p50: latency,
        p99: latency,
        max: latency,
        updates_per_response: (!bursts).then_some(1.0),
        staleness_mean: mean_age(scenario, one_way_s, None),
        assumes: floor(one_way_s, "each update leaves the server when it is due"),
    }
}

fn short_polled(scenario: &Scenario, one_way_s: f64, interval_s: f64, pacing: Pacing) -> Option<Prediction> {
    if pacing == Pacing::FixedRate && 2.0 * one_way_s > interval_s {
        return None;
    }
    let model = super::short_polling(interval_s, one_way_s, pacing);
    if forgets(scenario, model.cycle_s) {
        return None;
    }
    Some(Prediction {
        mean: Some(seconds(model.mean())),
        p50: Some(seconds(model.quantile(0.5))),
        p99: Some(seconds(model.quantile(0.99))),
        max: Some(seconds(model.max())),
        updates_per_response: polled_batch(scenario, &model),
        staleness_mean: mean_age(scenario, one_way_s, Some(model.cycle_s)),
        assumes: floor(one_way_s, "polls come at phases that have nothing to do with the updates"),
    })
}

fn polled_batch(scenario: &Scenario, model: &ShortPolling) -> Option<f64> {
    match streams(scenario) {
        Streams::Random { updates_per_s } => Some(model.updates_per_response(updates_per_s)),
        Streams::Steady { period_s } => Some((model.cycle_s / period_s).max(1.0)),
        Streams::Mixed => None,
    }
}

fn long_polled(scenario: &Scenario, one_way_s: f64, hold_s: f64) -> Option<Prediction> {
    let gap_s = 2.0 * one_way_s;
    match streams(scenario) {
        _ if forgets(scenario, gap_s) => None,
        Streams::Random { updates_per_s } => {
            Some(long_polled_random(scenario, one_way_s, hold_s, updates_per_s))
        }
        Streams::Steady { period_s } if period_s < hold_s => {
            Some(long_polled_steady(scenario, one_way_s, period_s))
        }
        Streams::Steady { .. } | Streams::Mixed => None,
    }
}

fn long_polled_random(scenario: &Scenario, one_way_s: f64, hold_s: f64, updates_per_s: f64) -> Prediction {
    let model = long_polling(updates_per_s, one_way_s, 0.0, hold_s);
    let age = |rate: f64| age_long_polled(rate, updates_per_s.max(rate), one_way_s, 0.0, hold_s);
    let ages: f64 = scenario.topics.iter().map(|topic| age(topic.schedule.rate_per_s())).sum();
    Prediction {
        mean: Some(seconds(model.mean)),
        p50: Some(seconds(model.quantile(0.5))),
        p99: Some(seconds(model.quantile(0.99))),
        max: Some(seconds(model.max)),
        updates_per_response: Some(model.updates_per_response),
        staleness_mean: Some(seconds(ages / scenario.topics.len() as f64)),
        assumes: floor(one_way_s, "a client polls again at once, every subscriber gets the mean rate"),
    }
}

fn long_polled_steady(scenario: &Scenario, one_way_s: f64, period_s: f64) -> Prediction {
    let gap_s = 2.0 * one_way_s;
    // Beyond the knee, responses follow each other at a distance of one gap: polls on a clock.
    let crowded = period_s <= gap_s && gap_s > 0.0;
    let cycle_s = if crowded { gap_s } else { 0.0 };
    Prediction {
        mean: Some(seconds(long_polling_periodic(period_s, one_way_s, 0.0))),
        p50: Some(seconds(one_way_s + 0.5 * cycle_s)),
        p99: Some(seconds(one_way_s + 0.99 * cycle_s)),
        max: Some(seconds(one_way_s + cycle_s)),
        updates_per_response: Some((cycle_s / period_s).max(1.0)),
        staleness_mean: mean_age(scenario, one_way_s, Some(cycle_s)),
        assumes: floor(one_way_s, "a client polls again at once"),
    }
}

/// What a subscriber gets, all its topics together.
enum Streams {
    /// Random instants at this rate, on average over subscribers.
    Random { updates_per_s: f64 },
    /// One update every period.
    Steady { period_s: f64 },
    /// Anything else.
    Mixed,
}

fn streams(scenario: &Scenario) -> Streams {
    let schedules = || scenario.topics.iter().map(|topic| topic.schedule);
    if schedules().all(|schedule| matches!(schedule, Schedule::Poisson { .. })) {
        let rates: f64 = schedules().map(|schedule| schedule.rate_per_s()).sum();
        let share = f64::from(scenario.subscribers.topics_each) / scenario.topics.len() as f64;
        return Streams::Random { updates_per_s: rates * share };
    }
    match scenario.topics.first().map(|topic| topic.schedule) {
        Some(first @ Schedule::Periodic { period })
            if scenario.subscribers.topics_each == 1 && schedules().all(|schedule| schedule == first) =>
        {
            Streams::Steady { period_s: period.as_secs_f64() }
        }
        _ => Streams::Mixed,
    }
}

/// Whether the log of a topic may be too short for what comes between two polls.
fn forgets(scenario: &Scenario, cycle_s: f64) -> bool {
    let rate_per_s = scenario.topics.iter().map(|topic| topic.schedule.rate_per_s()).fold(0.0, f64::max);
    rate_per_s * cycle_s > scenario.retention as f64
}

/// Whether ages in the window are what they are in the long run: no age exceeds the time since the
/// first update, and after four mean gaps all but 2 % of random ones would not.
fn ages_have_settled(scenario: &Scenario, cycle_s: f64) -> bool {
    let gap_s = |schedule: Schedule| match schedule {
        Schedule::Poisson { rate_per_s } => 4.0 / rate_per_s,
        Schedule::Periodic { period } | Schedule::Bursts { period, .. } => period.as_secs_f64(),
    };
    let longest_s = scenario.topics.iter().map(|topic| gap_s(topic.schedule)).fold(0.0, f64::max);
    scenario.warm_up.as_secs_f64() >= longest_s + cycle_s
}

fn mean_age(scenario: &Scenario, one_way_s: f64, cycle_s: Option<f64>) -> Option<Duration> {
    let ages = scenario.topics.iter().map(|topic| age_of_information(&topic.schedule, one_way_s, cycle_s));
    Some(seconds(ages.sum::<f64>() / scenario.topics.len() as f64))
}

fn floor(one_way_s: f64, besides: &str) -> String {
    let distance = match seconds(one_way_s) {
        Duration::ZERO => "the distance counts as none, so this is a floor".to_owned(),
        delay => format!("only the one-way delay of {} counts as distance", options::print_duration(delay)),
    };
    format!("Processing takes no time, {besides}, and {distance}")
}

fn seconds(value: f64) -> Duration {
    Duration::try_from_secs_f64(value).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests;
