//! Who runs in a round, and in what company.

use results::Mode;
use scenario::{Order, Scenario};

/// A transport of the scenario under the label of its books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runner {
    /// Which of the scenario's transports.
    pub entry: usize,
    /// What results call it.
    pub label: String,
    /// The label of the entry that it repeats, if it is the control.
    pub control_of: Option<String>,
}

/// In what company the transports of a scenario run.
#[must_use]
pub fn modes(order: Order) -> Vec<Mode> {
    match order {
        Order::Together => vec![Mode::Together],
        Order::Apart => vec![Mode::Apart],
        Order::Both => vec![Mode::Together, Mode::Apart],
    }
}

/// The same for one round: with both, what comes first takes turns.
#[must_use]
pub fn modes_of_round(order: Order, round: u32) -> Vec<Mode> {
    let mut modes = modes(order);
    if round % 2 == 1 {
        modes.reverse();
    }
    modes
}

/// Who runs in a mode: apart from each other, one transport runs twice, as the control.
#[must_use]
pub fn runners(scenario: &Scenario, mode: Mode) -> Vec<Runner> {
    let entries = scenario.transports.iter().enumerate();
    let mut runners: Vec<Runner> =
        entries.map(|(entry, it)| Runner { entry, label: it.label.clone(), control_of: None }).collect();
    let original = runners.iter().find(|runner| runner.label == scenario.control).cloned();
    if let (Mode::Apart, Some(original)) = (mode, original) {
        // No label of a scenario holds a space, so this one is free.
        let label = format!("{} again", original.label);
        runners.push(Runner { entry: original.entry, label, control_of: Some(original.label) });
    }
    runners
}

/// Everybody whom a run has books of.
#[must_use]
pub fn all(scenario: &Scenario) -> Vec<Runner> {
    // Whoever runs together runs apart too.
    let modes = modes(scenario.order).into_iter();
    modes.map(|mode| runners(scenario, mode)).max_by_key(Vec::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(order: &str) -> Scenario {
        let text = format!(
            "# Which?\nmeasure = \"1s\"\norder = \"{order}\"\ncontrol = \"sse\"\n[subscribers]\ncount = 1\n\
             [[topic]]\nname = \"a\"\nevery = \"1s\"\nbody = \"99B\"\n[[transport]]\nuse = \"websocket\"\n\
             [[transport]]\nuse = \"sse\"\n[[transport]]\nuse = \"tcp\"\n"
        );
        Scenario::parse(&text, &crate::transports::kinds()).unwrap()
    }

    #[test]
    fn one_runs_twice_where_they_run_apart() {
        let labels = |order| all(&scenario(order)).into_iter().map(|runner| runner.label).collect::<Vec<_>>();
        assert_eq!(labels("together"), ["websocket", "sse", "tcp"]);
        let repeated = ["websocket", "sse", "tcp", "sse again"];
        assert_eq!(
            (labels("apart"), labels("both")),
            (repeated.map(str::to_owned).to_vec(), labels("apart"))
        );
        let control = runners(&scenario("both"), Mode::Apart).pop().unwrap();
        assert_eq!((control.entry, control.control_of.as_deref()), (1, Some("sse")));
        assert_eq!(runners(&scenario("both"), Mode::Together).len(), 3);
    }

    #[test]
    fn with_both_they_take_turns_in_going_first() {
        assert_eq!(modes_of_round(Order::Both, 0), [Mode::Together, Mode::Apart]);
        assert_eq!(modes_of_round(Order::Both, 1), [Mode::Apart, Mode::Together]);
        assert_eq!(modes_of_round(Order::Apart, 1), [Mode::Apart]);
    }
}
