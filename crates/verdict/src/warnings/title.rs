//! What each kind of warning is called.

use results::WarningKind;

/// A few plain words, as the head of a line.
#[must_use]
pub fn title(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::PublisherLate => "Publisher late",
        WarningKind::CrowdSaturated => "Test clients saturated",
        WarningKind::MachineSaturated => "Machine saturated",
        WarningKind::HostBusy => "Other programs on the machine",
        WarningKind::ClientLimited => "Client-bound",
        WarningKind::Interference => "Transports disturbed each other",
        WarningKind::ControlDiffers => "Control differs",
        WarningKind::KernelStamps => "Kernel timestamps on",
        WarningKind::Environment => "Unusual machine",
        WarningKind::Books => "Delivery accounting wrong",
        WarningKind::Bytes => "Byte counts differ",
        WarningKind::TooFewSamples => "Too few samples",
        WarningKind::SingleRound => "One round only",
        WarningKind::Interrupted => "Run incomplete",
        WarningKind::ChildDied => "A process failed",
        WarningKind::Link => "Link overloaded",
        WarningKind::Clock => "Clock wrong",
        WarningKind::ConnectionsMissing => "Connections missing",
        WarningKind::Unsustained => "Not everything arrived",
        WarningKind::Other => "Warning",
    }
}
