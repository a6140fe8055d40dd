//! Where a claim about latencies begins or ceases to hold, as the models see it.

use super::{Prediction, predict};
use crate::figure::{At, Figure};
use crate::{Check, Claim, Scenario, Shape, limits};
use options::{Kind, Value};
use std::time::Duration;

/// A value of a key on whose two sides a claim fares differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    /// The key.
    pub key: String,
    /// The value.
    pub at: Duration,
    /// Whether the claim holds below it; else above.
    pub holds_below: bool,
}

/// Looked at between the ends of a key: the first is its least value, each other so many times the one before.
const STEPS: u32 = 200;
const HALVINGS: u32 = 40;
/// Nothing shorter is looked at but zero: below it processing matters, which models leave out.
const SHORTEST: Duration = Duration::from_micros(100);

/// The boundary nearest to the value that the scenario has, for a claim that names a key. None where the
/// models do not know, or the claim fares alike everywhere.
#[must_use]
pub fn boundary(scenario: &Scenario, claim: &Claim) -> Option<Boundary> {
    let key = claim.boundary.clone()?;
    if scenario.shape != Shape::Broadcast {
        return None;
    }
    let (own, least, most) = range(scenario, &key)?;
    let fares = |value: Duration| holds(&with(scenario, &key, value), claim);
    let grid = grid(least, most);
    let crossing = |pair: &[Duration]| {
        let (one, two) = (fares(pair[0])?, fares(pair[1])?);
        (one != two).then_some((pair[0], pair[1], one))
    };
    let crossings = grid.windows(2).filter_map(crossing);
    let (low, high, holds_below) = crossings.min_by_key(|(low, _, _)| low.abs_diff(own))?;
    let (mut low, mut high) = (low, high);
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2;
        if fares(middle)? == holds_below { low = middle } else { high = middle }
    }
    Some(Boundary { key, at: high, holds_below })
}

/// Whether the key can be asked about.
pub(crate) fn is_key(scenario_labels: &[&str], key: &str) -> bool {
    key == "network.delay" || split(key).is_some_and(|(label, _)| scenario_labels.contains(&label))
}

/// `transport.LABEL.delay` or `transport.LABEL.interval`.
fn split(key: &str) -> Option<(&str, &str)> {
    let (label, setting) = key.strip_prefix("transport.")?.rsplit_once('.')?;
    matches!(setting, "delay" | "interval").then_some((label, setting))
}

fn range(scenario: &Scenario, key: &str) -> Option<(Duration, Duration, Duration)> {
    let delays = (*limits::DELAY.start(), *limits::DELAY.end());
    let Some((label, setting)) = split(key) else { return Some((scenario.way.delay, delays.0, delays.1)) };
    let entry = scenario.transports.iter().find(|entry| entry.label == label)?;
    if setting == "delay" {
        return Some((entry.way.delay, delays.0, delays.1));
    }
    let spec = entry.kind.options.iter().find(|spec| spec.name == setting)?;
    match spec.kind {
        Kind::Duration { min, max } => Some((entry.values.duration(setting), min, max)),
        Kind::Size { .. } | Kind::Choice(_) => None,
    }
}

fn with(scenario: &Scenario, key: &str, value: Duration) -> Scenario {
    let mut changed = scenario.clone();
    match split(key) {
        // Who has a delay of its own keeps it.
        None => {
            let usual = scenario.way.delay;
            changed.way.delay = value;
            let follows = changed.transports.iter_mut().filter(|entry| entry.way.delay == usual);
            follows.for_each(|entry| entry.way.delay = value);
        }
        Some((label, setting)) => {
            for entry in changed.transports.iter_mut().filter(|entry| entry.label == label) {
                match entry.kind.options.iter().find(|spec| spec.name == setting) {
                    Some(spec) if setting != "delay" => entry.values.set(spec, Value::Duration(value)),
                    _ => entry.way.delay = value,
                }
            }
        }
    }
    changed
}

fn grid(least: Duration, most: Duration) -> Vec<Duration> {
    let first = least.max(SHORTEST).as_secs_f64();
    let factor = (most.as_secs_f64() / first).powf(1.0 / f64::from(STEPS));
    let others = (0..=STEPS).map(|step| Duration::from_secs_f64(first * factor.powi(step as i32)));
    others.filter(|value| *value <= most).collect()
}

/// Whether all of its checks pass by the models; none where one of them is not known to them.
fn holds(scenario: &Scenario, claim: &Claim) -> Option<bool> {
    let checks: Option<Vec<bool>> = claim.checks.iter().map(|check| passes(scenario, check)).collect();
    checks.map(|checks| checks.into_iter().all(|passes| passes))
}

fn passes(scenario: &Scenario, check: &Check) -> Option<bool> {
    let value_ns = |label: &str| {
        let entry = scenario.transports.iter().find(|entry| entry.label == label)?;
        predicted(&predict(scenario, entry)?, check).map(|value| value.as_nanos() as f64)
    };
    let of = value_ns(&check.of)?;
    let shown = match &check.against {
        None => of,
        Some(other) if check.limits.are_factors => match value_ns(other)? {
            // Nothing is no distance that something could be a multiple of.
            0.0 => return None,
            other => of / other,
        },
        Some(other) => of - value_ns(other)?,
    };
    check.limits.judge(shown, shown)
}

fn predicted(prediction: &Prediction, check: &Check) -> Option<Duration> {
    match (check.figure, check.at) {
        (Figure::Latency, Some(At::Mean)) => prediction.mean,
        (Figure::Latency, Some(At::Max)) => prediction.max,
        (Figure::Latency, Some(At::Quantile(0.5))) => prediction.p50,
        (Figure::Latency, Some(At::Quantile(0.99))) => prediction.p99,
        (Figure::Staleness, Some(At::Mean)) => prediction.staleness_mean,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::parse;

    fn boundary_of(delay: &str, claim: &str) -> Option<Boundary> {
        let scenario = parse(&format!(
            "# Which?\nwarm_up = \"9s\"\nmeasure = \"9s\"\n[network]\ndelay = \"{delay}\"\n[subscribers]\ncount = 5\n[[topic]]\nname = \"x\"\n\
             every = \"250ms\"\nbody = \"64B\"\n[[transport]]\nuse = \"websocket\"\n[[transport]]\nuse = \"long-polling\"\n\
             [[transport]]\nuse = \"short-polling\"\ninterval = \"500ms\"\n[[claim]]\nsays = \"x\"\n{claim}\n"
        ));
        boundary(&scenario, &scenario.claims[0])
    }

    #[test]
    fn long_polling_is_push_up_to_a_delay_of_half_the_period() {
        let claim = "boundary = \"network.delay\"\nchecks = [{ figure = \"latency\", at = \"p99\", of = \"long-polling\", \
                     against = \"websocket\", at_most = \"1.2x\" }]";
        let found = boundary_of("20ms", claim).unwrap();
        assert!(
            found.holds_below && found.at.abs_diff(Duration::from_millis(125)) < Duration::from_micros(10),
            "{found:?}"
        );
    }

    #[test]
    fn an_interval_of_a_second_waits_half_of_it() {
        let claim = "boundary = \"transport.short-polling.interval\"\nchecks = [{ figure = \"latency\", at = \"mean\", \
                     of = \"short-polling\", at_most = \"520ms\" }]";
        let found = boundary_of("20ms", claim).unwrap();
        assert!(
            found.holds_below && found.at.abs_diff(Duration::from_secs(1)) < Duration::from_micros(10),
            "{found:?}"
        );
    }

    #[test]
    fn no_boundary_is_made_up() {
        let check = |figure| {
            format!(
                "boundary = \"network.delay\"\nchecks = [{{ figure = \"{figure}\", of = \"websocket\", at_most = \"1h\" }}]"
            )
        };
        assert_eq!(boundary_of("20ms", &check("latency")), None);
        assert_eq!(boundary_of("20ms", &check("set-up")), None);
    }
}
