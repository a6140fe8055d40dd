//! A scenario that leaves connections idle, derived from one that a person wrote.

use crate::{Entry, Scenario, limits};
use options::{Carriage, Kind, Value, Values};
use std::fmt::Write;
use std::time::Duration;

/// Updates that each connection receives before it is left alone: enough for buffers that grow with the first
/// use to have grown.
const UPDATES: u32 = 3;
/// The time between two of them.
const PERIOD: Duration = Duration::from_millis(200);
/// Subscribers that connect in a second, per transport.
const ARRIVALS_PER_S: u32 = 1_000;
/// Longer polling intervals are shortened to this. How often a client asks changes nothing about what its
/// connection holds between two questions, and how long everybody waits for the last update.
const LONGEST_INTERVAL: Duration = Duration::from_secs(1);
/// How long the last update may take beyond what its transport lets it wait.
const PATIENCE: Duration = Duration::from_secs(10);

impl Scenario {
    /// The text of a scenario that has the same transports, with so many subscribers each that receive three
    /// short updates: what an idle connection costs is looked at when all have got them.
    ///
    /// Settings that bear on what a connection holds stay: the transports', conflation and retention. There is no delay: a server does not hold what is under way elsewhere.
    #[must_use]
    pub fn idle(&self, connections: u32) -> String {
        let duration = options::print_duration;
        let ramp = Duration::from_secs(connections.into()) / ARRIVALS_PER_S;
        let entries: Vec<_> = self.transports.iter().map(|entry| (entry, hastened(entry))).collect();
        let wait = |(entry, values): &(&Entry, Values)| (entry.kind.carriage)(values).longest_wait();
        let drain = entries.iter().map(wait).max().unwrap_or_default() + PATIENCE;
        let drain = drain.min(*limits::DRAIN.end());
        let mut text = format!(
            "# What does an idle connection cost?\nseed = {}\nwarm_up = \"0s\"\nmeasure = \"{}\"\ndrain = \"{}\"\n\
             idle_connections = 0\n\n[hub]\nretention = {}\nconflate = {}\n\n\
             [subscribers]\ncount = {connections}\nramp = \"{}\"\n\n[[topic]]\nname = \"idle\"\nevery = \"{}\"\n\
             body = \"120B\"\n",
            self.seed,
            duration(PERIOD * UPDATES),
            duration(drain),
            self.retention,
            self.conflate,
            duration(ramp),
            duration(PERIOD),
        );
        for (entry, values) in entries {
            // Writing to a text can't fail.
            let _ =
                write!(text, "\n[[transport]]\nuse = \"{}\"\nlabel = \"{}\"\n", entry.kind.name, entry.label);
            for (name, value) in values.iter() {
                let _ = writeln!(text, "{name} = \"{}\"", value.print());
            }
        }
        text
    }
}

/// The settings of an entry, with the interval of one that polls no longer than [`LONGEST_INTERVAL`].
fn hastened(entry: &Entry) -> Values {
    let mut values = entry.values.clone();
    let carriage = |values: &Values| (entry.kind.carriage)(values);
    if !matches!(carriage(&values), Carriage::ShortPoll { interval, .. } if interval > LONGEST_INTERVAL) {
        return values;
    }
    let shortest = |carriage| matches!(carriage, Carriage::ShortPoll { interval: LONGEST_INTERVAL, .. });
    let durations = entry.kind.options.iter().filter(|spec| matches!(spec.kind, Kind::Duration { .. }));
    // Which of its settings is the interval, only the transport knows: the one that makes it so.
    for spec in durations {
        let mut changed = values.clone();
        changed.set(spec, Value::Duration(LONGEST_INTERVAL));
        if shortest(carriage(&changed)) {
            values = changed;
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::LONGEST_INTERVAL;
    use crate::testing::{parse, text};
    use crate::{Plan, Scenario};
    use options::Carriage;

    const MORE: &str = "\n[[transport]]\nuse = \"long-polling\"\nhold = \"28s\"\n\n[[transport]]\nuse = \"short-polling\"\n\
                        label = \"slow\"\ninterval = \"20s\"\npacing = \"fixed-delay\"\n\n[[transport]]\n\
                        use = \"short-polling\"\ninterval = \"300ms\"\n";

    fn idle(connections: u32) -> (Scenario, Scenario) {
        let base = parse(&(text("poisson = \"400/s\"\ncount = 30") + MORE));
        let derived = parse(&base.idle(connections));
        (base, derived)
    }

    #[test]
    fn everybody_gets_three_updates_whatever_the_seed() {
        let (_, derived) = idle(500);
        assert_eq!(derived.subscribers.count, 500);
        for seed in 0..200 {
            let plan = Plan::new(&derived, seed);
            assert_eq!(plan.iter().filter(|update| plan.in_window(update)).count(), 3);
            assert_eq!(plan.len(), 3);
        }
    }

    #[test]
    fn transports_stay_as_they_are_but_for_long_intervals() {
        let (base, derived) = idle(1);
        let labels = |scenario: &Scenario| -> Vec<String> {
            scenario.transports.iter().map(|entry| entry.label.clone()).collect()
        };
        assert_eq!(labels(&derived), labels(&base));
        let carriage = |scenario: &Scenario, label: &str| {
            let entry = scenario.transports.iter().find(|entry| entry.label == label).expect("entered");
            (entry.kind.carriage)(&entry.values)
        };
        for label in ["websocket", "long-polling", "short-polling"] {
            assert_eq!(carriage(&derived, label), carriage(&base, label));
        }
        let (slow, was) = (carriage(&derived, "slow"), carriage(&base, "slow"));
        let Carriage::ShortPoll { pacing, random_phase, .. } = was else { panic!("{was:?}") };
        assert_eq!(slow, Carriage::ShortPoll { interval: LONGEST_INTERVAL, pacing, random_phase });
    }
}
