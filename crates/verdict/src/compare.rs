//! Two runs against each other: what became worse, what better, and what can't be told.

use crate::statistics::Finding;
use crate::{Contrast, Judgement, Metric, Reach, format, warnings};
use results::{Account, Header, Run};

/// A run held against an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The margin that all was judged by, as a part of one.
    pub margin: f64,
    /// Whether round was held against round: same scenario, same seeds.
    pub paired: bool,
    /// In what the runs differ besides, as sentences: each may be the cause of a difference.
    pub notes: Vec<String>,
    /// Each transport that both runs have, by every metric; the base is the earlier run's.
    pub contrasts: Vec<Contrast>,
    /// The labels that are no contestants but the floor: where they moved, the machine did.
    pub floors: Vec<String>,
    /// What each of these transports delivered: before, after.
    pub reaches: Vec<(Reach, Reach)>,
}

/// Why two runs can't be compared, as fragments that fit after "can't compare: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing tells a difference from an accident.
    #[error("the {which} run has fewer than two closed rounds; run it with --rounds 5")]
    OneRound {
        /// "first" or "second".
        which: &'static str,
    },
    /// What is missing may be the difference.
    #[error("the {which} run did not finish; let it run to its end")]
    Unfinished {
        /// "first" or "second".
        which: &'static str,
    },
    /// Its figures are not to be used.
    #[error("the {which} run is not fit for use: {reason}")]
    Invalid {
        /// "first" or "second".
        which: &'static str,
        /// What the run says of itself.
        reason: String,
    },
    /// One of them paid for the kernel's stamps with every read.
    #[error("kernel stamps were on in the {which} run only, which makes reads dearer; run both without")]
    Stamps {
        /// "first" or "second".
        which: &'static str,
    },
    /// They have no transport in common.
    #[error("the runs have no transport in common: {base} in the first, {new} in the second")]
    NothingInCommon {
        /// The labels of the first.
        base: String,
        /// The labels of the second.
        new: String,
    },
}

/// One thing that became worse.
#[derive(Debug, Clone, PartialEq)]
pub enum Regression<'a> {
    /// A figure, beyond the margin.
    Higher(&'a Contrast),
    /// Something due or a round is missing, of which less was missing before: before, after.
    Lost(&'a Reach, &'a Reach),
}

/// Holds a run against an earlier one. Without a margin, by that of the earlier run's scenario.
///
/// # Errors
/// When one of them has too few rounds, did not finish or is not fit for use, and when they have no transport
/// in common.
pub fn compare(base: &Run, new: &Run, margin: Option<f64>) -> Result<Comparison, Refusal> {
    check(base, "first")?;
    check(new, "second")?;
    match (base.header.kernel_stamps, new.header.kernel_stamps) {
        (true, false) => return Err(Refusal::Stamps { which: "first" }),
        (false, true) => return Err(Refusal::Stamps { which: "second" }),
        _ => {}
    }
    let labels = common(base, new)?;
    let (base_text, new_text) = (bare(&base.header.scenario_text), bare(&new.header.scenario_text));
    let same_load = base_text == new_text && base.mode() == new.mode();
    let same_load = same_load && same_settings(&base.header, &new.header, &labels);
    let rounds: Vec<(&str, Vec<&Account>, Vec<&Account>)> =
        labels.iter().map(|label| (*label, base.rounds_of(label), new.rounds_of(label))).collect();
    let paired = same_load && rounds.iter().all(|(_, theirs, mine)| have_common_seeds(theirs, mine));
    let margin = margin.unwrap_or(base.header.margin);
    let judgements = [Judgement::of(base), Judgement::of(new)];
    let noise = |metric| judgements.iter().map(|one| one.noise_of(metric)).fold(0.0, f64::max);
    let hold = if paired { Contrast::paired } else { Contrast::unpaired };
    let contrasts = rounds
        .iter()
        .flat_map(|(label, theirs, mine)| {
            Metric::ALL.map(|metric| {
                let margin = margin.max(noise(metric));
                hold(metric, margin, (*label, theirs), (*label, mine))
            })
        })
        .collect();
    Ok(Comparison {
        margin,
        paired,
        notes: notes(base, new, same_load, paired),
        contrasts,
        floors: floors(&base.header),
        reaches: labels.iter().map(|label| (Reach::of(base, label), Reach::of(new, label))).collect(),
    })
}

impl Comparison {
    /// What became worse: figures found higher beyond the margin, and any loss that is new or has grown,
    /// whatever the margin.
    #[must_use]
    pub fn regressions(&self) -> Vec<Regression<'_>> {
        let lost = self.reaches.iter().filter(|(base, new)| is_worse(base, new));
        let higher = self.contrasts.iter().filter(|contrast| contrast.finding == Finding::Higher);
        let higher = higher.filter(|contrast| !self.floors.contains(&contrast.other));
        lost.map(|(base, new)| Regression::Lost(base, new)).chain(higher.map(Regression::Higher)).collect()
    }

    /// What became better by more than the margin.
    #[must_use]
    pub fn improvements(&self) -> Vec<&Contrast> {
        self.contrasts.iter().filter(|contrast| contrast.finding == Finding::Lower).collect()
    }
}

impl Regression<'_> {
    /// In a sentence, with its numbers.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Regression::Higher(contrast) => {
                let value = |value: Option<f64>| {
                    value.map_or_else(|| format::NONE.to_owned(), |value| contrast.metric.print(value))
                };
                format!(
                    "{}: {} went from {} to {}, {} times as much.",
                    contrast.other,
                    contrast.metric,
                    value(contrast.base_value),
                    value(contrast.other_value),
                    contrast.text()
                )
            }
            Regression::Lost(base, new) => {
                format!("{}: {}, and {} before.", new.label, arrived(new), arrived(base))
            }
        }
    }
}

fn arrived(reach: &Reach) -> String {
    let due = reach.expected.saturating_sub(reach.superseded);
    format!(
        "{} of {} due updates arrived in {} of {} rounds",
        format::count(reach.delivered),
        format::count(due),
        reach.closed,
        reach.started
    )
}

fn is_worse(base: &Reach, new: &Reach) -> bool {
    let missing_rounds = |reach: &Reach| {
        f64::from(reach.started - reach.closed.min(reach.started)) / f64::from(reach.started.max(1))
    };
    let share = |reach: &Reach| reach.share().unwrap_or(0.0);
    !new.is_whole()
        && (base.is_whole() || share(new) < share(base) || missing_rounds(new) > missing_rounds(base))
}

fn check(run: &Run, which: &'static str) -> Result<(), Refusal> {
    if crate::decision::is_unfinished(run) {
        return Err(Refusal::Unfinished { which });
    }
    if let Some(reason) = warnings::first_line(run) {
        return Err(Refusal::Invalid { which, reason });
    }
    if run.rounds_started() < 2 {
        return Err(Refusal::OneRound { which });
    }
    Ok(())
}

/// The transports of both, but for controls: what they repeat is compared.
fn common<'a>(base: &'a Run, new: &Run) -> Result<Vec<&'a str>, Refusal> {
    let labels = |run: &'a Run| -> Vec<&'a str> {
        let entries = run.header.entries.iter().filter(|entry| entry.control_of.is_none());
        entries.map(|entry| entry.label.as_str()).collect()
    };
    let theirs: Vec<&str> = new.labels().collect();
    let common: Vec<&str> = labels(base).into_iter().filter(|label| theirs.contains(label)).collect();
    match common.is_empty() {
        false => Ok(common),
        true => Err(Refusal::NothingInCommon { base: labels(base).join(", "), new: theirs.join(", ") }),
    }
}

fn have_common_seeds(theirs: &[&Account], mine: &[&Account]) -> bool {
    let seeds = |rounds: &[&Account]| -> Vec<u64> { rounds.iter().map(|account| account.seed).collect() };
    let (theirs, mine) = (seeds(theirs), seeds(mine));
    theirs.iter().filter(|seed| mine.contains(seed)).count() >= 2
}

fn floors(header: &Header) -> Vec<String> {
    header.entries.iter().filter(|entry| entry.floor).map(|entry| entry.label.clone()).collect()
}

/// Whether transports had the same settings, defaults included, and processes the same places.
fn same_settings(old: &Header, new: &Header, labels: &[&str]) -> bool {
    let settings = |header: &Header, label: &str| {
        let entry = header.entries.iter().find(|entry| entry.label == label);
        entry.map(|entry| (entry.transport.clone(), entry.options.clone()))
    };
    old.placement == new.placement && labels.iter().all(|label| settings(old, label) == settings(new, label))
}

/// Keys that change how much is measured or how it is judged, and not what.
const NO_LOAD: [&str; 4] = ["rounds", "margin", "control", "idle_connections"];

/// A scenario without what only people read, and without what is no part of the load.
fn bare(text: &str) -> Vec<String> {
    let is_load = |line: &String| {
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        !NO_LOAD.contains(&key)
    };
    let lines =
        text.lines().map(|line| without_comment(line).split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).filter(is_load).collect()
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '#') => return &line[..at],
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    line
}

fn notes(base: &Run, new: &Run, same_load: bool, paired: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if !same_load {
        notes.push("The scenarios or settings differ, so differences may be theirs.".to_owned());
    }
    if !paired {
        notes.push("Rounds could not be paired, so the intervals are wider than they need be: use the same scenario and seed.".to_owned());
    }
    let (old, new) = (&base.header, &new.header);
    let told = |fact: &Option<String>| fact.clone().unwrap_or_else(|| "unknown".to_owned());
    let differ = |what: &str, old: String, new: String| {
        (old != new).then(|| format!("{what}: {old} before, {new} now."))
    };
    let tool = |header: &Header| match &header.tool.revision {
        Some(revision) => format!("{} ({revision})", header.tool.version),
        None => header.tool.version.clone(),
    };
    let (was, is) = (&old.machine, &new.machine);
    notes.extend(
        [
            differ("The processor differs", was.cpu_model.clone(), is.cpu_model.clone()),
            differ("The number of processors differs", was.cores.to_string(), is.cores.to_string()),
            differ(
                "The system differs",
                format!("{} {}", was.os, was.kernel),
                format!("{} {}", is.os, is.kernel),
            ),
            differ("Processes were placed differently", told(&old.placement), told(&new.placement)),
            differ("The frequency governor differs", told(&was.governor), told(&is.governor)),
            differ(
                "The congestion control differs",
                told(&was.congestion_control),
                told(&is.congestion_control),
            ),
            differ("The build of pushpull differs", tool(old), tool(new)),
        ]
        .into_iter()
        .flatten(),
    );
    notes
}
