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
/// Polls that a server is asked in a second, of all its connections together: intervals that make more are
/// lengthened, for the same reason.
const POLLS_PER_S: u32 = 5_000;
/// But no further than this.
const RAREST: Duration = Duration::from_secs(20);
/// How long the last update may take beyond what its transport lets it wait.
const PATIENCE: Duration = Duration::from_secs(10);
/// And so many of its deliveries are made in a second, at the least, over all transports of the machine.
const DELIVERIES_PER_S: u32 = 10_000;
/// Subscribers that one client process plays.
const CROWD: u32 = 10_000;

impl Scenario {
    /// The text of a scenario that has the same transports, with so many subscribers each that receive three
    /// short updates: what an idle connection costs is looked at when all have got them.
    ///
    /// Settings that bear on what a connection holds stay: the transports', conflation and retention. There is no delay: a server does not hold what is under way elsewhere.
    #[must_use]
    pub fn idle(&self, connections: u32) -> String {
        let duration = options::print_duration;
        let ramp = Duration::from_secs(connections.into()) / ARRIVALS_PER_S;
        // What brings no updates holds no connection for them.
        let live =
            self.transports.iter().filter(|entry| (entry.kind.carriage)(&entry.values) != Carriage::Whole);
        let entries: Vec<_> = live.map(|entry| (entry, paced(entry, connections))).collect();
        let wait = |(entry, values): &(&Entry, Values)| (entry.kind.carriage)(values).longest_wait();
        let deliveries = connections.saturating_mul(UPDATES * entries.len() as u32);
        let sending = Duration::from_secs(deliveries.into()) / DELIVERIES_PER_S;
        let drain = entries.iter().map(wait).max().unwrap_or_default() + PATIENCE + sending;
        let drain = drain.min(*limits::DRAIN.end());
        let mut text = format!(
            "# What does an idle connection cost?\nseed = {}\nwarm_up = \"0s\"\nmeasure = \"{}\"\ndrain = \"{}\"\n\
             idle_connections = 0\n\n[hub]\nretention = {}\nconflate = {}\n\n\
             [subscribers]\ncount = {connections}\ncrowds = {}\nramp = \"{}\"\n\n[[topic]]\nname = \"idle\"\nevery = \"{}\"\n\
             body = \"120B\"\n",
            self.seed,
            duration(PERIOD * UPDATES),
            duration(drain),
            self.retention,
            self.conflate,
            connections.div_ceil(CROWD),
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
            // A proxy ends TLS, and holds its own memory; the server's is what is asked for.
            if entry.way.tls.is_on() && entry.way.via.is_none() {
                text.push_str("tls = true\n");
            }
        }
        text
    }
}

/// The settings of an entry. One that polls does so no more rarely than [`LONGEST_INTERVAL`], and with all of
/// its connections together no more often than [`POLLS_PER_S`].
fn paced(entry: &Entry, connections: u32) -> Values {
    let mut values = entry.values.clone();
    let carriage = |values: &Values| (entry.kind.carriage)(values);
    let Carriage::ShortPoll { interval, .. } = carriage(&values) else { return values };
    let shortest = Duration::from_secs(connections.into()) / POLLS_PER_S;
    let wanted = interval.min(LONGEST_INTERVAL).max(shortest.min(RAREST));
    if wanted == interval {
        return values;
    }
    let fits = |carriage| matches!(carriage, Carriage::ShortPoll { interval, .. } if interval == wanted);
    let durations = entry.kind.options.iter().filter(|spec| matches!(spec.kind, Kind::Duration { .. }));
    // Which of its settings is the interval, only the transport knows: the one that makes it so.
    for spec in durations {
        let mut changed = values.clone();
        changed.set(spec, Value::Duration(wanted));
        if fits(carriage(&changed)) {
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

    #[test]
    fn many_connections_poll_more_rarely_and_share_processes() {
        let interval = |connections: u32| {
            let (_, derived) = idle(connections);
            let entry = derived.transports.iter().find(|entry| entry.label == "short-polling");
            let entry = entry.expect("entered");
            match (entry.kind.carriage)(&entry.values) {
                Carriage::ShortPoll { interval, .. } => (interval.as_millis(), derived.subscribers.crowds),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(interval(1_000), (300, 1), "as the scenario says");
        assert_eq!(interval(10_000), (2_000, 1));
        assert_eq!(interval(20_000), (4_000, 2));
    }
}
