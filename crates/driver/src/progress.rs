//! What a person sees while a run goes on: a bar over the whole run in a terminal, plain lines elsewhere.

mod bar;

use crate::clock;
use crate::commands::scenarios::describe;
use crate::estimate::Estimate;
use bar::Bar;
use ledger::Distribution;
use results::{Warning, WarningKind};
use scenario::Scenario;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::sync::watch;

/// Shows how far a run has come, on standard error.
#[derive(Debug)]
pub struct Progress {
    shown: Shown,
    rounds: u32,
    steps: Steps,
    warnings: u32,
    /// The sorts of warning that there were.
    kinds: BTreeSet<WarningKind>,
    begun: Option<watch::Sender<Option<Begun>>>,
}

/// Where it is shown.
#[derive(Debug)]
enum Shown {
    /// A terminal.
    Bar(Box<Bar>),
    /// A file or a pipe.
    Lines,
    /// Nowhere.
    Not,
}

/// A schedule that has a beginning.
#[derive(Debug, Clone, Default)]
pub struct Begun {
    /// When it begins, on the clock.
    pub start_ns: u64,
    /// The servers' numbers in the system.
    pub servers: Vec<u32>,
}

/// What a round is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Starting processes and connecting subscribers.
    Connecting,
    /// The schedule runs.
    Running,
}

impl Progress {
    /// A display for a whole run, which begins with what the run is and how long it takes.
    #[must_use]
    pub fn new(scenario: &Scenario, name: &str) -> Self {
        tell(&format!("{name}: {}", describe(scenario)));
        let estimate = Estimate::of(scenario);
        let shown = match std::io::stderr().is_terminal() {
            true => Shown::Bar(Box::new(Bar::new(estimate.total()))),
            false => Shown::Lines,
        };
        Progress { shown, ..Progress::nowhere(scenario, estimate) }
    }

    /// Shows nothing, and tells `begun` of every schedule that begins.
    #[must_use]
    pub fn silent(scenario: &Scenario, begun: watch::Sender<Option<Begun>>) -> Self {
        Progress { begun: Some(begun), ..Progress::nowhere(scenario, Estimate::of(scenario)) }
    }

    fn nowhere(scenario: &Scenario, estimate: Estimate) -> Self {
        Progress {
            shown: Shown::Not,
            rounds: scenario.rounds,
            steps: Steps { estimate, idle: 0, heats: 0 },
            warnings: 0,
            kinds: BTreeSet::new(),
            begun: None,
        }
    }

    /// A schedule begins, for these servers.
    pub fn begun(&self, start_ns: u64, servers: Vec<u32>) {
        if let Some(begun) = &self.begun {
            let _ = begun.send(Some(Begun { start_ns, servers }));
        }
    }

    /// A round has reached a stage, of one transport or of all of them.
    pub fn stage(&mut self, round: u32, alone: Option<&str>, stage: Stage) {
        let (this, all) = (round + 1, self.rounds);
        let what = match stage {
            Stage::Connecting => "connecting",
            Stage::Running => "running",
        };
        let what = alone.map_or_else(|| what.to_owned(), |label| format!("{label} {what}"));
        let step = (stage == Stage::Connecting).then(|| self.steps.heat());
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.name(format!("round {this}/{all}"));
                if let Some((before, span)) = step {
                    bar.begin(clock::now_ns(), before, span);
                }
            }
            Shown::Lines => tell(&format!("round {this} of {all}: {what}")),
            Shown::Not => {}
        }
    }

    /// What idle connections cost is being looked at, with so many for each transport, which come over `ramp`.
    pub fn idle(&mut self, connections: u32, ramp: Duration) {
        let (before, span) = self.steps.idle();
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.name(format!("{connections} idle connections"));
                bar.begin(clock::now_ns(), before, span);
            }
            Shown::Lines => {
                let span = if ramp.as_secs() > 1 { format!(", which takes {ramp:?}") } else { String::new() };
                tell(&format!("memory of idle connections: {connections} connections each{span}"));
            }
            Shown::Not => {}
        }
    }

    /// What a transport delivered in a second.
    pub fn second(&mut self, label: &str, latency: &Distribution) {
        if let Shown::Bar(bar) = &mut self.shown {
            bar.second(label, latency);
        }
    }

    /// There is a reason to look at something twice. Where lines are kept, each sort of it is told once: the report
    /// has all of them.
    pub fn warn(&mut self, warning: &Warning) {
        let line = self.count(warning);
        match &mut self.shown {
            Shown::Bar(bar) => bar.warned(self.warnings),
            Shown::Lines => line.iter().for_each(|line| tell(line)),
            Shown::Not => {}
        }
    }

    /// Counts a warning; the line that tells it, if it is the first of its sort.
    fn count(&mut self, warning: &Warning) -> Option<String> {
        self.warnings += 1;
        let whose = warning.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        let line = || format!("warning: {whose}{}; {}", warning.message, warning.advice);
        self.kinds.insert(warning.kind).then(line)
    }

    /// The run is over.
    pub fn finish(&mut self) {
        match &mut self.shown {
            Shown::Bar(bar) => bar.finish(),
            Shown::Lines => {}
            Shown::Not => return,
        }
        let is_told = matches!(self.shown, Shown::Lines) && self.warnings as usize == self.kinds.len();
        if self.warnings > 0 && !is_told {
            tell(&format!("{}: the report has all of them", counted(self.warnings)));
        }
    }
}

/// How many warnings.
fn counted(warnings: u32) -> String {
    if warnings == 1 { "1 warning".to_owned() } else { format!("{warnings} warnings") }
}

/// Somebody who no longer listens must not end a run.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// How far a run has come in what it was expected to take.
#[derive(Debug)]
struct Steps {
    estimate: Estimate,
    idle: usize,
    heats: usize,
}

impl Steps {
    /// The next look at idle connections: what came before it, and how long it takes.
    fn idle(&mut self) -> (Duration, Duration) {
        let part = part(&self.estimate.idle, self.idle);
        self.idle += 1;
        part
    }

    /// The next heat. What was left out of the looks before it is passed over.
    fn heat(&mut self) -> (Duration, Duration) {
        let (before, span) = part(&self.estimate.heats, self.heats);
        self.heats += 1;
        (self.estimate.idle.iter().sum::<Duration>() + before, span)
    }
}

fn part(parts: &[Duration], place: usize) -> (Duration, Duration) {
    (parts.iter().take(place).sum(), parts.get(place).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_each_other_over_the_whole_run() {
        let seconds = |list: &[u64]| list.iter().map(|s| Duration::from_secs(*s)).collect::<Vec<_>>();
        let estimate = Estimate { idle: seconds(&[1, 2]), heats: seconds(&[5, 5]) };
        let mut steps = Steps { estimate: estimate.clone(), idle: 0, heats: 0 };
        let got = [steps.idle(), steps.idle(), steps.heat(), steps.heat()];
        let got = got.map(|(before, span)| (before.as_secs(), span.as_secs()));
        assert_eq!(got, [(0, 1), (1, 2), (3, 5), (8, 5)]);
        let (before, span) = steps.heat();
        assert_eq!((before, span), (estimate.total(), Duration::ZERO), "one too many is the end");
        let mut steps = Steps { estimate, idle: 0, heats: 0 };
        assert_eq!(steps.heat().0, Duration::from_secs(3), "idle connections were left out");
    }

    #[test]
    fn each_sort_of_warning_is_a_line_once() {
        let text = crate::shipped::find("smoke").expect("shipped").text;
        let scenario = crate::commands::scenarios::parse(text, "smoke").expect("right");
        let mut progress = Progress::silent(&scenario, watch::channel(None).0);
        let warning = |kind, label: &str| Warning {
            kind,
            severity: results::Severity::Caution,
            round: Some(0),
            label: Some(label.to_owned()),
            message: "late".to_owned(),
            advice: "wait".to_owned(),
        };
        let first = progress.count(&warning(WarningKind::PublisherLate, "sse"));
        assert_eq!(first.as_deref(), Some("warning: sse: late; wait"));
        assert_eq!(progress.count(&warning(WarningKind::PublisherLate, "tcp")), None);
        assert!(progress.count(&warning(WarningKind::Clock, "tcp")).is_some());
        assert_eq!((progress.warnings, progress.kinds.len()), (3, 2));
    }

    #[test]
    fn one_is_one() {
        assert_eq!((counted(1), counted(2)), ("1 warning".to_owned(), "2 warnings".to_owned()));
    }
}
