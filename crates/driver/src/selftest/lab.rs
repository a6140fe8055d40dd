//! Runs scenarios, keeps what they left, and looks out for others on the machine.

use super::measured::Measured;
use super::setups::{LABELS, Setup};
use super::sheet::{Outcome, Sheet};
use crate::clock::{self, Alarm};
use crate::commands::scenarios;
use crate::host;
use crate::progress::{Begun, Progress};
use crate::run::{self, Request};
use anyhow::Context;
use results::{HostLoad, Run, Severity, Warning, WarningKind};
use rustix::process::{Pid, Signal, kill_process};
use scenario::Scenario;
use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use verdict::warnings::{FOREIGN_CAUTION, FOREIGN_INVALID, TIMER_LATE_NS};

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dose {
    /// Under a minute.
    Short,
    /// More checks, a scenario for each, and a second attempt at what others disturbed.
    Thorough,
}

/// Ctrl-C.
#[derive(Debug)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// What all checks share: one bench after the other, and what was run on them.
pub struct Lab {
    runtime: Runtime,
    alarm: Alarm,
    interrupted: watch::Receiver<bool>,
    out: PathBuf,
    /// Whether what runs left is of no use afterwards.
    fleeting: bool,
    dose: Dose,
    kept: Vec<Kept>,
    /// Runs of attempts that came to nothing. Their times say nothing; their counts say as much as any.
    forgotten: Vec<Rc<Measured>>,
    /// Of the check that is being made.
    sheet: Sheet,
}

/// A run that was made, for whoever asks for the same one.
struct Kept {
    text: String,
    stopped: bool,
    /// Whether the check that is being made looked at it.
    used: bool,
    measured: Rc<Measured>,
}

impl Lab {
    /// An empty one. Runs are kept in `out`, or nowhere.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn new(
        runtime: Runtime,
        interrupted: watch::Receiver<bool>,
        dose: Dose,
        out: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let alarm = Alarm::start()?;
        let fleeting = out.is_none();
        let temporary = || std::env::temp_dir().join(format!("pushpull-selftest-{}", std::process::id()));
        let out = out.unwrap_or_else(temporary);
        Ok(Lab {
            runtime,
            alarm,
            interrupted,
            out,
            fleeting,
            dose,
            kept: Vec::new(),
            forgotten: Vec::new(),
            sheet: Sheet::default(),
        })
    }

    /// How much is looked at.
    pub fn dose(&self) -> Dose {
        self.dose
    }

    /// The sheet of the check that is being made.
    pub fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    /// All runs so far, forgotten ones too.
    pub fn all(&self) -> Vec<Rc<Measured>> {
        self.forgotten.iter().chain(self.kept.iter().map(|kept| &kept.measured)).cloned().collect()
    }

    /// Ends a check's attempt: its sheet, with what follows.
    pub fn conclude(&mut self, check: &'static str, attempts: u32) -> Outcome {
        std::mem::take(&mut self.sheet).conclude(check, attempts)
    }

    /// Begins a check.
    pub fn begin(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.used = false);
    }

    /// Puts aside what the last check looked at, so that it is run anew.
    pub fn forget(&mut self) {
        let used = self.kept.extract_if(.., |kept| kept.used);
        self.forgotten.extend(used.map(|kept| kept.measured));
    }

    /// Runs a scenario to its end, or finds what it left.
    ///
    /// # Errors
    /// When it can't be run, or was interrupted.
    pub fn run(&mut self, setup: &Setup) -> anyhow::Result<Rc<Measured>> {
        self.find(setup, false)
    }

    /// The same, with all servers standing still for a second in the middle of the window.
    ///
    /// # Errors
    /// When it can't be run, or was interrupted.
    pub fn run_stopped(&mut self, setup: &Setup) -> anyhow::Result<Rc<Measured>> {
        self.find(setup, true)
    }

    /// Looks at the machine for a second; None where the system does not tell.
    ///
    /// # Errors
    /// When interrupted.
    pub fn watch_a_second(&mut self) -> anyhow::Result<Option<HostLoad>> {
        const SECOND_NS: u64 = 1_000_000_000;
        let now = clock::now_ns();
        let watching = host::watch(self.alarm.timer(), now..now + SECOND_NS, Vec::new());
        let mut interrupted = self.interrupted.clone();
        self.runtime.block_on(async {
            tokio::select! {
                load = watching => Ok(load),
                _ = interrupted.wait_for(|interrupted| *interrupted) => Err(Interrupted.into()),
            }
        })
    }

    /// Waits for a second in which nobody else uses the machine, but for half a minute at most.
    ///
    /// # Errors
    /// When interrupted.
    pub fn wait_for_quiet(&mut self) -> anyhow::Result<()> {
        const QUIET: f64 = 0.05;
        for _ in 0..30 {
            if self.watch_a_second()?.is_none_or(|load| load.foreign_share() <= QUIET) {
                break;
            }
        }
        Ok(())
    }

    fn find(&mut self, setup: &Setup, stopped: bool) -> anyhow::Result<Rc<Measured>> {
        let known = self.kept.iter().position(|kept| kept.text == setup.text && kept.stopped == stopped);
        let place = match known {
            Some(place) => place,
            None => {
                let measured = Rc::new(self.measure(setup, stopped)?);
                self.kept.push(Kept { text: setup.text.clone(), stopped, used: false, measured });
                self.kept.len() - 1
            }
        };
        let kept = &mut self.kept[place];
        kept.used = true;
        let measured = kept.measured.clone();
        look_at_the_host(measured.run(), &mut self.sheet);
        if !stopped {
            // A run whose servers were stopped has every reason to complain.
            tell_warnings(measured.run(), &mut self.sheet);
        }
        Ok(measured)
    }

    fn measure(&mut self, setup: &Setup, stopped: bool) -> anyhow::Result<Measured> {
        let scenario = scenarios::parse(&setup.text, "selftest")?;
        let how = if stopped { "; servers stopped for a second" } else { "" };
        let _ = writeln!(std::io::stderr(), "running: {}{how}", scenarios::describe(&scenario));
        let (pause, window) = (STOP_AFTER, scenario.warm_up);
        let request = Request {
            scenario,
            name: "selftest".to_owned(),
            command: "pushpull selftest".to_owned(),
            changes: Vec::new(),
            out: self.out.clone(),
            folder: None,
        };
        let (begun, begins) = watch::channel(None);
        let show = |scenario: &Scenario| Progress::silent(scenario, begun);
        let running = run::run_showing(&request, self.interrupted.clone(), show);
        let timer = self.alarm.timer();
        let stopping = async {
            if stopped { Some(stop_for_a_second(&timer, begins, window + pause).await) } else { None }
        };
        let (finished, missed) =
            self.runtime.block_on(async { futures_util::future::join(running, stopping).await });
        if *self.interrupted.borrow() {
            return Err(Interrupted.into());
        }
        let finished = finished.context("failed to run a check's scenario")?;
        if let Some(missed) = missed {
            self.sheet.none("servers that were not there to be stopped", Some(missed));
        }
        Ok(Measured::new(finished.run))
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.alarm.stop();
        if self.fleeting {
            let _ = std::fs::remove_dir_all(&self.out);
        }
    }
}

/// How long after the beginning of the window servers are stopped.
const STOP_AFTER: Duration = Duration::from_millis(1_500);

/// Stops all servers of a run for a second, so long after its schedule began. How many were not there.
async fn stop_for_a_second(
    timer: &wire::Timer,
    mut begins: watch::Receiver<Option<Begun>>,
    after: Duration,
) -> u64 {
    let begun = match begins.wait_for(Option::is_some).await {
        Ok(begun) => begun.clone().unwrap_or_default(),
        // The run ended before it began, and says why.
        Err(_) => return LABELS.len() as u64,
    };
    let until =
        |deadline_ns: u64| timer.sleep(Duration::from_nanos(deadline_ns.saturating_sub(clock::now_ns())));
    let stop_ns = begun.start_ns + after.as_nanos() as u64;
    until(stop_ns).await;
    let pids: Vec<Pid> =
        begun.servers.iter().filter_map(|pid| Pid::from_raw(i32::try_from(*pid).ok()?)).collect();
    let signal = |signal| {
        for pid in &pids {
            // One that has died meanwhile is missed by the books.
            let _ = kill_process(*pid, signal);
        }
    };
    signal(Signal::STOP);
    until(stop_ns + 1_000_000_000).await;
    signal(Signal::CONT);
    LABELS.len().saturating_sub(pids.len()) as u64
}

/// Whether others used the machine during a run.
fn look_at_the_host(run: &Run, sheet: &mut Sheet) {
    let foreign = run.accounts.iter().filter_map(|account| Some(account.host?.foreign_share()));
    match foreign.reduce(f64::max) {
        Some(share) => {
            let evidence = format!("others used {:.1} % of the machine", share * 100.0);
            sheet.others(share);
            if share > FOREIGN_INVALID {
                sheet.disturbed(evidence);
            } else if share > FOREIGN_CAUTION {
                sheet.doubtful(evidence);
            }
        }
        None => sheet.remark("this system does not tell whether others used the machine".to_owned()),
    }
    for account in &run.accounts {
        let late_ns = account.timer_lateness.quantile(0.99).unwrap_or(0);
        if late_ns > TIMER_LATE_NS {
            let late = verdict::format::duration(late_ns);
            sheet.disturbed(format!("{}: waits were noticed {late} late (p99)", account.label));
        }
    }
}

/// What a run complains of.
fn tell_warnings(run: &Run, sheet: &mut Sheet) {
    // Who else used the machine stands above.
    let told =
        |warning: &&Warning| warning.severity > Severity::Note && warning.kind != WarningKind::HostBusy;
    for warning in run.warnings.iter().filter(told) {
        let whose = warning.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
        sheet.remark(format!("the run warns: {whose}{}", warning.message));
    }
}
