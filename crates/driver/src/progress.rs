//! What a person sees while a run goes on: a bar in a terminal, plain lines elsewhere.

use crate::clock;
use indicatif::{ProgressBar, ProgressStyle};
use results::Warning;
use scenario::Scenario;
use std::io::{IsTerminal, Write};
use std::time::Duration;
use tokio::sync::watch;

/// Shows how far a run has come, on standard error.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    plain: bool,
    rounds: u32,
    span_ms: u64,
    ticker: Option<tokio::task::JoinHandle<()>>,
    begun: Option<watch::Sender<Option<Begun>>>,
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
#[derive(Debug, Clone, Copy)]
pub enum Stage {
    /// Starting processes and connecting subscribers.
    Connecting,
    /// The schedule runs.
    Running {
        /// Since when, on the clock.
        start_ns: u64,
    },
}

impl Progress {
    /// A display for a whole run.
    #[must_use]
    pub fn new(scenario: &Scenario, name: &str) -> Self {
        let labels: Vec<&str> = scenario.transports.iter().map(|entry| entry.label.as_str()).collect();
        tell(&format!("{name}: {} with {} subscribers each", labels.join(", "), scenario.subscribers.count));
        let span_ms = (scenario.warm_up + scenario.measure).as_millis() as u64;
        let plain = !std::io::stderr().is_terminal();
        let bar = if plain { ProgressBar::hidden() } else { ProgressBar::new(span_ms) };
        if let Ok(style) = ProgressStyle::with_template("{prefix:<14} {wide_bar} {msg}") {
            bar.set_style(style);
        }
        Progress { bar, plain, rounds: scenario.rounds, span_ms, ticker: None, begun: None }
    }

    /// Shows nothing, and tells `begun` of every schedule that begins.
    #[must_use]
    pub fn silent(scenario: &Scenario, begun: watch::Sender<Option<Begun>>) -> Self {
        let span_ms = (scenario.warm_up + scenario.measure).as_millis() as u64;
        let (bar, rounds) = (ProgressBar::hidden(), scenario.rounds);
        Progress { bar, plain: false, rounds, span_ms, ticker: None, begun: Some(begun) }
    }

    /// A schedule begins, for these servers.
    pub fn begun(&self, start_ns: u64, servers: Vec<u32>) {
        if let Some(begun) = &self.begun {
            let _ = begun.send(Some(Begun { start_ns, servers }));
        }
    }

    /// A round has reached a stage, of one transport or of all of them.
    pub fn stage(&mut self, round: u32, alone: Option<&str>, stage: Stage) {
        self.stop_ticking();
        let which = format!("round {} of {}", round + 1, self.rounds);
        let what = match stage {
            Stage::Connecting => "connecting",
            Stage::Running { .. } => "running",
        };
        let what = alone.map_or_else(|| what.to_owned(), |label| format!("{label} {what}"));
        if self.plain {
            tell(&format!("{which}: {what}"));
            return;
        }
        self.bar.set_prefix(which);
        self.bar.set_message(what);
        self.bar.set_position(0);
        if let Stage::Running { start_ns } = stage {
            self.begin(start_ns, self.span_ms, "waiting for what is still on its way");
        }
    }

    /// What idle connections cost is being looked at, with so many for each transport, which come over `ramp`.
    pub fn idle(&mut self, connections: u32, ramp: Duration) {
        self.stop_ticking();
        let what = format!("{connections} connections each");
        if self.plain {
            let span = if ramp.as_secs() > 1 { format!(", which takes {ramp:?}") } else { String::new() };
            tell(&format!("memory of idle connections: {what}{span}"));
            return;
        }
        self.bar.set_prefix("idle memory");
        self.bar.set_message(what);
        self.begin(clock::now_ns(), ramp.as_millis() as u64, "giving each its updates");
    }

    /// Lets the bar move with the clock; `then` is said when the span is over.
    fn begin(&mut self, start_ns: u64, span_ms: u64, then: &'static str) {
        self.bar.set_length(span_ms.max(1));
        self.bar.set_position(0);
        self.ticker = Some(tokio::spawn(tick(self.bar.clone(), start_ns, span_ms, then)));
    }

    /// There is a reason to doubt something.
    pub fn doubt(&self, warning: &Warning) {
        let whose = warning.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        let line = format!("doubt: {whose}{}; {}", warning.message, warning.advice);
        if self.plain { tell(&line) } else { self.bar.println(line) }
    }

    /// The run is over.
    pub fn finish(&mut self) {
        self.stop_ticking();
        self.bar.finish_and_clear();
    }

    fn stop_ticking(&mut self) {
        if let Some(ticker) = self.ticker.take() {
            ticker.abort();
        }
    }
}

/// Somebody who no longer listens must not end a run.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Moves the bar with the clock, for as long as the span lasts.
async fn tick(bar: ProgressBar, start_ns: u64, span_ms: u64, then: &'static str) {
    // Four times a second: enough for a person, nothing to the machine.
    const STEP: Duration = Duration::from_millis(250);
    loop {
        let passed_ms = clock::now_ns().saturating_sub(start_ns) / 1_000_000;
        bar.set_position(passed_ms.min(span_ms));
        if passed_ms > span_ms {
            bar.set_message(then);
        }
        clock::pause(STEP).await;
    }
}
