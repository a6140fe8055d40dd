//! What speaks against a run's figures, how much, and what to do about it.

mod account;
mod run;
mod thresholds;

pub use account::{of_account, server_share};
pub use run::of_run;
pub use thresholds::*;

use crate::Metric;
use results::{Run, Severity, Warning, WarningKind};

/// The metrics that a doubt of this kind takes away from, where its severity is more than a note. A report
/// greys their cells: of the doubt's transport and round, or of all where it names none.
#[must_use]
pub fn spoils(kind: WarningKind) -> &'static [Metric] {
    use Metric::{Bytes, ClientCpu, MedianLatency, ServerCpu, SetUp, Staleness, TailLatency};
    match kind {
        WarningKind::PublisherLate | WarningKind::Interference | WarningKind::ClientLimited => {
            &[MedianLatency, TailLatency, Staleness]
        }
        WarningKind::CrowdSaturated | WarningKind::Link => &[MedianLatency, TailLatency, Staleness, SetUp],
        WarningKind::MachineSaturated | WarningKind::HostBusy => {
            &[MedianLatency, TailLatency, ServerCpu, ClientCpu, Staleness, SetUp]
        }
        WarningKind::ControlDiffers => &[MedianLatency, TailLatency, ServerCpu, ClientCpu],
        WarningKind::Bytes => &[Bytes],
        WarningKind::TooFewSamples => &[TailLatency],
        WarningKind::Books | WarningKind::Clock => &Metric::ALL,
        // What broke or is missing is in the books, and quantiles count it as late.
        WarningKind::Environment
        | WarningKind::KernelStamps
        | WarningKind::SingleRound
        | WarningKind::Interrupted
        | WarningKind::ChildDied
        | WarningKind::ConnectionsMissing
        | WarningKind::Unsustained
        | WarningKind::Other => &[],
    }
}

/// The first doubt that makes this figure one to be read with care, over all rounds.
#[must_use]
pub fn against<'a>(run: &'a Run, label: &str, metric: Metric) -> Option<&'a Warning> {
    run.warnings.iter().find(|warning| {
        warning.severity > Severity::Note
            && warning.label.as_deref().is_none_or(|about| about == label)
            && spoils(warning.kind).contains(&metric)
    })
}

/// What a report says before anything else, where something makes the figures unfit for use.
#[must_use]
pub fn first_line(run: &Run) -> Option<String> {
    let mut invalid = run.warnings.iter().filter(|warning| warning.severity == Severity::Invalid);
    let warning = invalid.next()?;
    let place = match (&warning.label, warning.round) {
        (Some(label), Some(round)) => format!("{label}, round {}: ", u64::from(round) + 1),
        (Some(label), None) => format!("{label}: "),
        (None, Some(round)) => format!("round {}: ", u64::from(round) + 1),
        (None, None) => String::new(),
    };
    let more = match invalid.count() {
        0 => String::new(),
        1 => " One more doubt of this weight stands below.".to_owned(),
        more => format!(" {more} more doubts of this weight stand below."),
    };
    let (message, advice) = (warning.message.trim_end_matches('.'), warning.advice.trim_end_matches('.'));
    Some(format!("Do not use these numbers: {place}{message}. What to do: {advice}.{more}"))
}

/// A doubt before it is known what it is about.
struct Doubt {
    kind: WarningKind,
    severity: Severity,
    message: String,
    advice: String,
}

impl Doubt {
    fn new(kind: WarningKind, severity: Severity, message: String, advice: &str) -> Self {
        Doubt { kind, severity, message, advice: advice.to_owned() }
    }

    fn about(self, label: Option<&str>, round: Option<u32>) -> Warning {
        let Doubt { kind, severity, message, advice } = self;
        Warning { kind, severity, round, label: label.map(str::to_owned), message, advice }
    }
}
