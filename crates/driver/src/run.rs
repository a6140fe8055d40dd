//! `pushpull run`: a scenario becomes a results file and a report.

use crate::certificates::Certificates;
use crate::clock::{self, Alarm};
use crate::files::Folder;
use crate::lineup::{self, Runner};
use crate::progress::Progress;
use crate::transports::description;
use crate::{asked, earlier, limits, link, machine, placement, via, warnings};
use results::{End, EntryRecord, FORMAT, Header, Line, PredictionRecord, Run, ViaRecord, Warning};
use scenario::{Disturbance, Headers, Pin, Reconnect, Scenario, Tls, TransportKind, Via, Way};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use wire::{Listener, Meter, Timer};

/// What to run and where to put it.
#[derive(Debug)]
pub struct Request {
    /// The scenario, checked.
    pub scenario: Scenario,
    /// Its file's name without the ending.
    pub name: String,
    /// The command line that repeats this.
    pub command: String,
    /// What was changed on the command line, as `key = value`.
    pub changes: Vec<String>,
    /// The folder in which a run gets a folder of its own.
    pub out: PathBuf,
    /// The name of that; none is the scenario's, with the time.
    pub folder: Option<String>,
}

/// A run in progress.
pub(crate) struct Race<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) pin: Pin,
    /// What TLS needs, where somebody speaks it.
    pub(crate) certificates: Option<Arc<Certificates>>,
    pub(crate) timer: Timer,
    pub(crate) progress: Progress,
    pub(crate) interrupted: watch::Receiver<bool>,
    /// As it stands in the file.
    pub(crate) header: Header,
    folder: &'a mut Folder,
    begun_ns: u64,
    /// Transports that have closed their books, over all rounds.
    pub(crate) closed: usize,
    /// The warnings that are in the file.
    told: Vec<Warning>,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Finished {
    /// Its folder.
    pub folder: PathBuf,
    /// What its file says.
    pub run: Run,
}

/// Runs a scenario; `interrupted` ends it in order, keeping what was measured.
///
/// # Errors
/// When the machine can't hold the scenario, or the results can't be written.
pub async fn run(request: &Request, interrupted: watch::Receiver<bool>) -> anyhow::Result<Finished> {
    run_showing(request, interrupted, |scenario| Progress::new(scenario, &request.name)).await
}

/// The same, with a display of the caller's.
///
/// # Errors
/// As [`run`].
pub async fn run_showing(
    request: &Request,
    interrupted: watch::Receiver<bool>,
    show: impl FnOnce(&Scenario) -> Progress,
) -> anyhow::Result<Finished> {
    let scenario = &request.scenario;
    limits::check(scenario)?;
    let pin = placement::resolve(&scenario.pin)?;
    for via in scenario.vias_in_use() {
        via::find(via.program)?;
    }
    if scenario.transports.iter().any(|entry| entry.way.has_packets()) {
        link::check()?;
    }
    scenario
        .transports
        .iter()
        .filter_map(|entry| entry.way.congestion_control.as_deref())
        .try_for_each(congestion)?;
    let speaks_tls = scenario.transports.iter().any(|entry| entry.way.tls.is_on());
    let certificates = if speaks_tls { Some(Arc::new(Certificates::make()?)) } else { None };
    let mut folder = Folder::create(&request.out, &request.name, request.folder.as_deref())?;
    let alarm = Alarm::start()?;
    let header = header(request, &pin);
    folder.write(&Line::Header(Box::new(header.clone())))?;
    let mut race = Race {
        scenario,
        pin,
        certificates,
        timer: alarm.timer(),
        progress: show(scenario),
        interrupted,
        header,
        folder: &mut folder,
        begun_ns: clock::now_ns(),
        closed: 0,
        told: Vec::new(),
    };
    let outcome = race.rounds().await;
    let finished = race.finish(outcome.as_ref().err());
    race.progress.finish();
    alarm.stop();
    // Whatever went wrong, what is in the file gets its report.
    let run = folder.read();
    let reported =
        run.as_ref().ok().map(|run| folder.write_report(&report::render(std::slice::from_ref(run))));
    outcome.and(finished).and(reported.unwrap_or(Ok(())))?;
    Ok(Finished { folder: folder.path().to_owned(), run: run? })
}

impl Race<'_> {
    async fn rounds(&mut self) -> anyhow::Result<()> {
        self.idle().await?;
        for round in 0..self.scenario.rounds {
            if self.is_interrupted() {
                break;
            }
            self.round(round).await?;
        }
        Ok(())
    }

    /// Writes the last lines, also when something went wrong.
    fn finish(&mut self, error: Option<&anyhow::Error>) -> anyhow::Result<()> {
        let modes = lineup::modes(self.scenario.order);
        let each: usize = modes.iter().map(|mode| lineup::runners(self.scenario, *mode).len()).sum();
        let all = self.scenario.rounds as usize * each;
        let (completed, reason) = match error {
            Some(error) => (false, format!("{error:#}")),
            None if self.is_interrupted() => (false, "it was interrupted".to_owned()),
            None if self.closed < all => (false, format!("{} of {all} books were closed", self.closed)),
            None => (true, "all rounds were run and closed".to_owned()),
        };
        if error.is_none() && !self.is_interrupted() {
            for warning in verdict::warnings::of_run(&self.folder.read()?) {
                self.warn(Some(warning))?;
            }
            let own = self.folder_path().to_owned();
            let beside = own.parent().and_then(|out| earlier::answer(out, &own, &self.header));
            if let Some(previous) = beside {
                self.write(&Line::Previous(previous))?;
            }
        } else {
            self.warn(Some(warnings::of_interruption(&reason)))?;
        }
        let elapsed_ns = clock::now_ns() - self.begun_ns;
        self.write(&Line::End(End { completed, reason, elapsed_ns }))
    }

    pub(crate) fn folder_path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        *self.interrupted.borrow()
    }

    pub(crate) fn write(&mut self, line: &Line) -> anyhow::Result<()> {
        self.folder.write(line)
    }

    pub(crate) fn warn(&mut self, warning: Option<Warning>) -> anyhow::Result<()> {
        match warning {
            // What is about all transports is found with each of them.
            Some(warning) if self.told.contains(&warning) => Ok(()),
            Some(warning) => {
                self.progress.warn(&warning);
                self.told.push(warning.clone());
                self.write(&Line::Warning(warning))
            }
            None => Ok(()),
        }
    }
}

/// Whether this system has such an algorithm.
fn congestion(algorithm: &str) -> anyhow::Result<()> {
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), Meter::default())?;
    listener.controlling_congestion(algorithm).map(|_| ()).map_err(|error| {
        let there = machine::congestion_controls();
        let there = there.map_or_else(String::new, |names| format!("; this system has {names}"));
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such algorithm here".to_owned(),
            _ => error.to_string(),
        };
        anyhow::anyhow!("congestion_control = \"{algorithm}\": {what}{there}")
    })
}

fn header(request: &Request, pin: &Pin) -> Header {
    let scenario = &request.scenario;
    Header {
        format: FORMAT,
        started: clock::time_of_day(),
        scenario_name: request.name.clone(),
        question: scenario.question.clone(),
        scenario_text: scenario.text.clone(),
        command: request.command.clone(),
        tool: machine::tool(),
        machine: machine::machine(),
        seed: scenario.seed,
        rounds: scenario.rounds,
        changes: request.changes.clone(),
        modes: lineup::modes(scenario.order),
        margin: scenario.margin,
        placement: placement::describe(pin),
        measure_ns: nanos(scenario.measure),
        warm_up_ns: nanos(scenario.warm_up),
        drain_ns: nanos(scenario.drain),
        delay_ns: nanos(scenario.way.delay),
        kernel_stamps: scenario.kernel_stamps,
        shape: scenario.shape.name().to_owned(),
        subscribers: scenario.subscribers.count,
        crowds: scenario.subscribers.crowds,
        topics: scenario.topics.len() as u32,
        entries: lineup::all(scenario).into_iter().map(|runner| entry_record(scenario, runner)).collect(),
        vias: scenario.vias_in_use().map(via_record).collect(),
        disturbances: scenario.disturbances.iter().map(Disturbance::describe).collect(),
        claims: asked::claims(scenario),
        published: asked::published(scenario),
        objectives: asked::objectives(scenario),
        needs: asked::needs(scenario),
        way: Some(way_record(&scenario.way, &[])),
        is_no_choice: !scenario.recommends,
        scale: asked::scale(scenario),
        matters: asked::matters(scenario),
    }
}

fn entry_record(scenario: &Scenario, runner: Runner) -> EntryRecord {
    let entry = &scenario.transports[runner.entry];
    let prediction = scenario::model::predict(scenario, entry).map(|prediction| PredictionRecord {
        mean_ns: prediction.mean.map(nanos),
        p50_ns: prediction.p50.map(nanos),
        p99_ns: prediction.p99.map(nanos),
        max_ns: prediction.max.map(nanos),
        updates_per_response: prediction.updates_per_response,
        staleness_mean_ns: prediction.staleness_mean.map(nanos),
        assumes: prediction.assumes,
    });
    EntryRecord {
        label: runner.label,
        transport: entry.kind.name.to_owned(),
        delay_ns: (entry.way.delay != scenario.way.delay).then(|| nanos(entry.way.delay)),
        options: entry.values.iter().map(|(name, value)| (name.to_owned(), value.print())).collect(),
        prediction,
        polls: matches!(
            (entry.kind.carriage)(&entry.values),
            options::Carriage::LongPoll { .. } | options::Carriage::ShortPoll { .. }
        ),
        control_of: runner.control_of,
        way: way_record(&entry.way, &entry.fallback),
        floor: description(entry.kind.name).is_floor,
        abilities: asked::abilities(entry),
        role: entry.role.map(|role| role.name().to_owned()),
    }
}

/// What is not the default of a way, but for its delay.
fn way_record(way: &Way, fallback: &[TransportKind]) -> BTreeMap<String, String> {
    let then: Vec<&str> = fallback.iter().map(|kind| kind.name).collect();
    let fallback = (!then.is_empty()).then(|| format!("falls back to {}", then.join(", then ")));
    let tls = match way.tls {
        Tls::Off => None,
        Tls::Resuming => Some("TLS 1.3"),
        Tls::Afresh => Some("TLS 1.3 without resumption"),
    };
    let headers = (way.headers == Headers::Browser).then_some("browser");
    let link = (way.has_packets() || !way.link.is_plain()).then(|| way.link.describe());
    let reconnect = match way.reconnect {
        Reconnect::Backoff => None,
        Reconnect::After(span) => Some(format!("back after {}", options::print_duration(span))),
    };
    let algorithm = way.congestion_control.as_deref();
    let named = [
        ("congestion_control", algorithm),
        ("fallback", fallback.as_deref()),
        ("reconnect", reconnect.as_deref()),
        ("tls", tls),
        ("headers", headers),
        ("link", link.as_deref()),
        ("via", way.via.as_deref()),
    ];
    named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned()))).collect()
}

fn via_record(via: &Via) -> ViaRecord {
    ViaRecord {
        name: via.name.clone(),
        program: via.program.name().to_owned(),
        version: via::version(via.program),
        setup: via.setup.describe(),
    }
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// The name of a scenario: its file's, without the ending.
#[must_use]
pub fn name_of(file: &Path) -> String {
    file.file_stem().map_or_else(|| "scenario".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
