//! How long a run takes, roughly: for `check`, for the line before a run, and for its bar.

use crate::round::lead;
use crate::{idle, lineup};
use results::Mode;
use scenario::Scenario;
use std::time::Duration;

/// What a transport's processes take to start and to end, beside those of all others at that time. Runs of one and of
/// five transports on two processors took 0.2 s and 1.1 s longer than their windows and ramps.
const EACH: Duration = Duration::from_millis(190);

/// The parts of a run, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// Looks at idle connections, one of each count.
    pub idle: Vec<Duration>,
    /// Whatever begins at one instant: a round of all transports, or of one alone.
    pub heats: Vec<Duration>,
}

impl Estimate {
    /// The parts of a scenario's run.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let modes = (0..scenario.rounds).flat_map(|round| lineup::modes_of_round(scenario.order, round));
        let heats = modes.flat_map(|mode| {
            let runners = lineup::runners(scenario, mode).len();
            let (heats, at_once) = if mode == Mode::Together { (1, runners) } else { (runners, 1) };
            std::iter::repeat_n(heat(scenario, at_once), heats)
        });
        Estimate { idle: idle::expected(scenario), heats: heats.collect() }
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.idle.iter().chain(&self.heats).sum()
    }
}

fn heat(scenario: &Scenario, at_once: usize) -> Duration {
    // The last replies begin at the end of the window.
    let reply = scenario.reply.as_ref().map(|reply| reply.think.max + reply.every * reply.chunks.max);
    let starting = lead(scenario.subscribers.count, at_once) + EACH * at_once as u32;
    starting + scenario.subscribers.ramp + scenario.warm_up + scenario.measure + reply.unwrap_or_default()
}

/// A span as a person says it: "37 s", "5 min".
#[must_use]
pub fn in_words(span: Duration) -> String {
    match (span.as_secs_f64().round() as u64, (span.as_secs_f64() / 60.0).round() as u64) {
        (0..100, _) => format!("{} s", span.as_secs_f64().round()),
        (_, minutes @ 0..100) => format!("{minutes} min"),
        _ => format!("{:.1} h", span.as_secs_f64() / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::scenarios::parse;
    use crate::shipped;

    fn shipped(name: &str, more: &str) -> Scenario {
        let text = shipped::find(name).unwrap().text;
        let question = text.find("\n\n").unwrap();
        parse(&format!("{}\n\n{more}{}", &text[..question], &text[question..]), name).unwrap()
    }

    #[test]
    fn idle_connections_take_time_too() {
        let with = Estimate::of(&shipped("dashboard", ""));
        let without = Estimate::of(&shipped("dashboard", "idle_connections = 0\n"));
        assert_eq!((with.heats.len(), &with.heats), (5, &without.heats));
        assert_eq!((with.idle.len(), without.idle.len()), (2, 0));
        // It was measured: 37.0 s, of which 4.5 s were idle connections.
        assert!((4.0..7.0).contains(&(with.total() - without.total()).as_secs_f64()), "{with:?}");
        assert!((34.0..41.0).contains(&with.total().as_secs_f64()), "{with:?}");
    }

    #[test]
    fn apart_each_transport_takes_a_heat_and_the_control_another() {
        let apart = shipped("stock-ticker", "");
        let each = apart.transports.len() + 1;
        assert_eq!(Estimate::of(&apart).heats.len(), each * apart.rounds as usize);
    }

    #[test]
    fn spans_have_the_unit_that_fits() {
        let words = [0.4, 37.2, 99.0, 130.0, 7_200.0].map(|s| in_words(Duration::from_secs_f64(s)));
        assert_eq!(words, ["0 s", "37 s", "99 s", "2 min", "2.0 h"]);
    }
}
