//! Which figures a warning takes away from.

use crate::Metric;
use results::{Run, Severity, Warning, WarningKind};

/// The metrics that a warning of this kind takes away from, where its severity is more than a note: of the warning's
/// transport and round, or of all where it names none.
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

/// The first warning that makes this figure one to be read with care, over all rounds.
#[must_use]
pub fn against<'a>(run: &'a Run, label: &str, metric: Metric) -> Option<&'a Warning> {
    run.warnings.iter().find(|warning| {
        warning.severity > Severity::Note
            && warning.label.as_deref().is_none_or(|about| about == label)
            && spoils(warning.kind).contains(&metric)
    })
}

/// Whether warnings like this one, more than notes, are about every transport and more than one metric. It is said once
/// then: a mark at every figure would tell none from another.
#[must_use]
pub fn is_of_all(run: &Run, warning: &Warning) -> bool {
    let alike = |other: &&Warning| other.kind == warning.kind && other.severity > Severity::Note;
    let touches = |label: &str| {
        let mut alike = run.warnings.iter().filter(alike);
        alike.any(|other| other.label.as_deref().is_none_or(|about| about == label))
    };
    spoils(warning.kind).len() > 1 && (warning.label.is_none() || run.labels().all(touches))
}
