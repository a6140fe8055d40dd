//! What a warning does to the decision.

use results::{ClaimRecord, EntryRecord, LimitsRecord, Mode, Run, Severity, Warning, WarningKind};

/// What a warning does to the decision, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The figures are not to be used.
    Invalid,
    /// It may change the answer.
    Caution,
    /// It limits what can be said. The answer stands.
    Note,
    /// The scenario is there to show it: a finding.
    Expected,
}

impl Class {
    /// One word that stands for it, on pages and where machines read.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Class::Invalid => "invalid",
            Class::Caution => "caution",
            Class::Note => "note",
            Class::Expected => "expected",
        }
    }
}

/// What this warning does to the decision about this run: see the table in [`crate::warnings`].
#[must_use]
pub fn class(run: &Run, warning: &Warning) -> Class {
    match warning.severity {
        Severity::Invalid => Class::Invalid,
        _ if is_announced(run, warning) => Class::Expected,
        Severity::Caution => Class::Caution,
        Severity::Note => Class::Note,
    }
}

fn is_announced(run: &Run, warning: &Warning) -> bool {
    let header = &run.header;
    match warning.kind {
        WarningKind::Unsustained => is_meant(run, warning, &[(REACH, Sense::Whole), (LOST, Sense::Nothing)]),
        // Of the memory of idle connections, which is about no round, no scenario says anything.
        WarningKind::ConnectionsMissing => {
            warning.round.is_some()
                && (is_cut_off(run, warning) || is_meant(run, warning, &[(RECONNECTS, Sense::Nothing)]))
        }
        WarningKind::Bytes => !header.disturbances.is_empty(),
        WarningKind::Interference => {
            warning.severity == Severity::Note
                && header.modes.contains(&Mode::Apart)
                && header.modes.len() > 1
        }
        WarningKind::SingleRound => header.entries.len() < 2,
        WarningKind::PublisherLate
        | WarningKind::CrowdSaturated
        | WarningKind::MachineSaturated
        | WarningKind::HostBusy
        | WarningKind::ClientLimited
        | WarningKind::ControlDiffers
        | WarningKind::KernelStamps
        | WarningKind::Environment
        | WarningKind::Books
        | WarningKind::TooFewSamples
        | WarningKind::Interrupted
        | WarningKind::ChildDied
        | WarningKind::Link
        | WarningKind::Clock
        | WarningKind::Other => false,
    }
}

/// Figures in the words of scenarios.
const REACH: &str = "reach";
const LOST: &str = "lost";
const RECONNECTS: &str = "reconnects";

/// What a figure is where nothing happens.
#[derive(Debug, Clone, Copy)]
enum Sense {
    /// All of it: 1.
    Whole,
    /// None of it: 0.
    Nothing,
}

/// Whether what is missing, or came again, is the scenario's doing.
fn is_meant(run: &Run, warning: &Warning, figures: &[(&str, Sense)]) -> bool {
    let header = &run.header;
    let Some(label) = warning.label.as_deref() else {
        return !header.disturbances.is_empty();
    };
    let said = figures.iter().flat_map(|(figure, sense)| claimed(&header.claims, label, figure, *sense));
    let said: Vec<bool> = said.collect();
    let entry = header.entries.iter().find(|entry| entry.label == label);
    let is_exposed = !header.disturbances.is_empty() || entry.is_some_and(is_behind_something);
    match said.as_slice() {
        [] => is_exposed,
        // One claim that it happens is enough: the scenario is there to show it.
        said => said.contains(&true),
    }
}

/// Whether a claim says that not all of it arrives over this transport.
fn is_cut_off(run: &Run, warning: &Warning) -> bool {
    let label = warning.label.as_deref();
    label.is_some_and(|label| claimed(&run.header.claims, label, REACH, Sense::Whole).any(|so| so))
}

/// What stands between clients and server may hold back, cut or refuse: to show it, the scenario put it there.
fn is_behind_something(entry: &EntryRecord) -> bool {
    entry.via().is_some() || entry.role.is_some()
}

/// For each claim about this figure of this transport alone, whether it says that something happens.
fn claimed<'a>(
    claims: &'a [ClaimRecord],
    label: &'a str,
    figure: &'a str,
    sense: Sense,
) -> impl Iterator<Item = bool> + use<'a> {
    let checks = claims.iter().flat_map(|claim| &claim.checks);
    let of_it =
        checks.filter(move |check| check.of == label && check.figure == figure && check.against.is_none());
    of_it.filter_map(move |check| says_so(check.limits, sense))
}

/// Whether these limits shut out that all is well, or all else; none where they do neither.
fn says_so(limits: LimitsRecord, sense: Sense) -> Option<bool> {
    match sense {
        Sense::Whole if limits.at_most.is_some_and(|most| most < 1.0) => Some(true),
        Sense::Whole => limits.at_least.filter(|least| *least >= 1.0).map(|_| false),
        Sense::Nothing if limits.at_least.is_some_and(|least| least > 0.0) => Some(true),
        Sense::Nothing => limits.at_most.filter(|most| *most <= 0.0).map(|_| false),
    }
}
