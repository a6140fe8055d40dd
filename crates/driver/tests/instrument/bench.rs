//! Runs the real binary and holds microseconds against bounds.

use crate::host::Load;
use results::Run;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// More than this part of the machine used by others, and what is off may be theirs.
const FOREIGN_CAUTION: f64 = 0.05;

pub enum Verdict {
    Holds,
    Broken,
    Inconclusive(String),
}

/// One attempt at a check.
pub struct Bench {
    folder: PathBuf,
    begun: Option<Load>,
    lines: Vec<String>,
    broken: bool,
    doubt: Option<String>,
    runs: u32,
}

impl Bench {
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("pushpull-instrument-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        Bench { folder, begun: Load::now(), lines: Vec::new(), broken: false, doubt: None, runs: 0 }
    }

    /// A place for a file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a scenario to its end.
    pub fn run(&mut self, scenario: &str) -> Run {
        self.runs += 1;
        let (out, file) = (self.file(&format!("run-{}", self.runs)), self.file("scenario.toml"));
        std::fs::write(&file, scenario).expect("the scenario is written");
        let output = Command::new(env!("CARGO_BIN_EXE_pushpull"))
            .args(["run".as_ref(), file.as_os_str(), "--out".as_ref(), out.as_os_str()])
            .stdout(Stdio::null())
            .output()
            .expect("the driver ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = std::fs::read_dir(&out).expect("a folder").next().expect("one run").expect("readable");
        let bytes = std::fs::read(folder.path().join("run.jsonl")).expect("the run left its results");
        Run::read(bytes).expect("the results can be read")
    }

    pub fn say(&mut self, line: String) {
        self.lines.push(format!("  {line}"));
    }

    /// Holds a figure against a bound; no figure (NaN) is off.
    pub fn at_most(&mut self, what: &str, figure: f64, bound: f64) {
        self.hold(what, figure, f64::NEG_INFINITY, bound);
    }

    /// Holds a figure against two bounds: what is too good to be true is as wrong as what is too bad. No
    /// figure (NaN) is off.
    pub fn between(&mut self, what: &str, figure: f64, least: f64, most: f64) {
        self.hold(what, figure, least, most);
    }

    fn hold(&mut self, what: &str, figure: f64, least: f64, most: f64) {
        let holds = (least..=most).contains(&figure);
        let mark = if holds { "" } else { "   <-- off" };
        let from = if least.is_finite() { format!("{least:.2} to") } else { String::new() };
        self.say(format!("{what:<64} {figure:8.2}  allowed {from:>9} {most:8.2}{mark}"));
        self.broken |= !holds;
    }

    /// Notes why this attempt shows nothing, whatever its figures are.
    pub fn doubt(&mut self, why: &str) {
        self.doubt = Some(why.to_owned());
    }

    /// Runs the binary, and gives what it prints.
    pub fn printed(&self, arguments: &[&str]) -> Vec<u8> {
        let output =
            Command::new(env!("CARGO_BIN_EXE_pushpull")).args(arguments).output().expect("the driver ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    pub fn verdict(mut self) -> (Verdict, Vec<String>) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let foreign = self.begun.zip(Load::now()).map_or(0.0, |(begun, now)| now.foreign_since(begun));
        let evidence = format!("others used {:.1} % of the machine", foreign * 100.0);
        self.say(evidence.clone());
        let verdict = match (self.doubt, self.broken, foreign > FOREIGN_CAUTION) {
            (Some(why), _, _) => Verdict::Inconclusive(why),
            (None, false, _) => Verdict::Holds,
            (None, true, false) => Verdict::Broken,
            (None, true, true) => Verdict::Inconclusive(evidence),
        };
        (verdict, self.lines)
    }
}

/// The middle one, or the upper of two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
