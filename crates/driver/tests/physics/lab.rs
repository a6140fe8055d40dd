//! Runs scenarios with the real binary and holds figures against predictions.

use crate::host::Load;
use results::{Account, EntryRecord, Merged, Run};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// More than this used by others, and figures that are off may be theirs.
const FOREIGN_DOUBT: f64 = 0.08;
/// More than this, and a check says nothing, whatever its figures are.
const FOREIGN_LIMIT: f64 = 0.25;
/// A client's wait that is noticed this late at its 99th percentile says that the machine is not ours.
const TIMER_LIMIT_MS: f64 = 8.0;

/// What came of a check.
pub enum Verdict {
    Holds,
    Broken,
    Inconclusive(String),
}

/// The bench of one attempt at a check.
pub struct Lab {
    folder: PathBuf,
    lines: Vec<String>,
    broken: bool,
    /// Why this says nothing in any case, and why it would not if figures were off.
    disturbed: Vec<String>,
    doubtful: Vec<String>,
    runs: u32,
}

impl Lab {
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("pushpull-physics-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        Lab { folder, lines: Vec::new(), broken: false, disturbed: Vec::new(), doubtful: Vec::new(), runs: 0 }
    }

    /// Runs a scenario to its end.
    pub fn run(&mut self, scenario: &str) -> Measured {
        self.run_while(scenario, |_| {})
    }

    /// Runs a scenario, and `meanwhile` with the running driver.
    pub fn run_while(&mut self, scenario: &str, meanwhile: impl FnOnce(&mut Child)) -> Measured {
        self.runs += 1;
        let out = self.folder.join(format!("run-{}", self.runs));
        let file = self.folder.join(format!("scenario-{}.toml", self.runs));
        std::fs::write(&file, scenario).expect("the scenario is written");
        let before = Load::now();
        let mut driver = Command::new(env!("CARGO_BIN_EXE_pushpull"))
            .args(["run".as_ref(), file.as_os_str(), "--out".as_ref(), out.as_os_str()])
            .args(["--set", "idle_connections=0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the driver starts");
        meanwhile(&mut driver);
        let output = driver.wait_with_output().expect("the driver ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let run = read(&out);
        self.look_at_the_host(before, &run);
        Measured { run }
    }

    fn look_at_the_host(&mut self, before: Option<Load>, run: &Run) {
        if let (Some(before), Some(after)) = (before, Load::now()) {
            let foreign = after.foreign_since(before);
            self.lines.push(format!("  others used {:.1} % of the machine", foreign * 100.0));
            let evidence = format!("others used {:.1} % of the machine", foreign * 100.0);
            if foreign > FOREIGN_LIMIT {
                self.disturbed.push(evidence);
            } else if foreign > FOREIGN_DOUBT {
                self.doubtful.push(evidence);
            }
        }
        for account in &run.accounts {
            let late_ms = account.timer_lateness.quantile(0.99).unwrap_or(0) as f64 / 1e6;
            if late_ms > TIMER_LIMIT_MS {
                self.disturbed
                    .push(format!("{}: waits were noticed {late_ms:.1} ms late (p99)", account.label));
            }
        }
    }

    /// Holds a figure against a prediction; both are printed, with the tolerance.
    pub fn expect(&mut self, what: &str, measured: f64, predicted: f64, tolerance: f64) {
        let off = measured - predicted;
        let holds = off.abs() <= tolerance;
        let mark = if holds { "" } else { "   <-- off" };
        self.lines.push(format!(
            "  {what:<58} measured {measured:9.3}  predicted {predicted:9.3}  off {off:+8.3}  allowed ±{tolerance:.3}{mark}"
        ));
        self.broken |= !holds;
    }

    /// Holds a figure against two bounds.
    pub fn between(&mut self, what: &str, measured: f64, least: f64, most: f64) {
        self.expect(what, measured, f64::midpoint(least, most), (most - least) / 2.0);
    }

    pub fn verdict(self) -> (Verdict, Vec<String>) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let verdict = if !self.disturbed.is_empty() {
            Verdict::Inconclusive(self.disturbed.join("; "))
        } else if self.broken && !self.doubtful.is_empty() {
            Verdict::Inconclusive(self.doubtful.join("; "))
        } else if self.broken {
            Verdict::Broken
        } else {
            Verdict::Holds
        };
        (verdict, self.lines)
    }
}

fn read(out: &std::path::Path) -> Run {
    let mut folders = std::fs::read_dir(out).expect("the run left a folder");
    let folder = folders.next().expect("one run").expect("readable").path();
    let bytes = std::fs::read(folder.join("run.jsonl")).expect("the run left its results");
    Run::read(bytes).expect("the results can be read")
}

/// What a run left.
pub struct Measured {
    run: Run,
}

impl Measured {
    /// All rounds of a transport.
    pub fn merged(&self, label: &str) -> Merged {
        self.run.merged(label).expect("the transport has an account")
    }

    /// The one round of a transport.
    pub fn account(&self, label: &str) -> &Account {
        self.run.rounds_of(label)[0]
    }

    /// A quantile of arrived minus due, in milliseconds.
    pub fn latency_ms(&self, label: &str, q: f64) -> f64 {
        ms(self.merged(label).account.latency.quantile(q))
    }

    /// A quantile of arrived minus sent, in milliseconds.
    pub fn sent_ms(&self, label: &str, q: f64) -> f64 {
        ms(self.merged(label).account.sent_latency.quantile(q))
    }

    /// The median time from the dial to the first response, in milliseconds.
    pub fn setup_ms(&self, label: &str) -> f64 {
        ms(self.merged(label).account.setup.quantile(0.5))
    }

    /// The mean of arrived minus due, in milliseconds.
    pub fn mean_ms(&self, label: &str) -> f64 {
        self.merged(label).account.latency.mean().expect("deliveries") / 1e6
    }

    /// The mean age of what was held, in milliseconds.
    pub fn staleness_ms(&self, label: &str) -> f64 {
        self.merged(label).account.staleness.mean().expect("something was held") / 1e6
    }

    /// Updates per response that brought any.
    pub fn batch(&self, label: &str) -> f64 {
        self.merged(label).account.batch.mean().expect("responses")
    }

    /// What the run's header says of a transport.
    pub fn entry(&self, label: &str) -> &EntryRecord {
        self.run.header.entries.iter().find(|entry| entry.label == label).expect("an entry")
    }

    /// Whether all that was expected was delivered, nothing twice, out of order or damaged.
    pub fn is_spotless(&self, label: &str) -> bool {
        let books = self.merged(label).account.books;
        books.balance()
            && books.delivered == books.expected
            && [books.duplicated, books.reordered, books.damaged, books.unknown, books.early] == [0; 5]
    }
}

fn ms(ns: Option<u64>) -> f64 {
    ns.expect("deliveries") as f64 / 1e6
}
