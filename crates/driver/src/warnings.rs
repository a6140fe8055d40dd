//! The warnings about what no account holds: what broke down before there was one. All others are `verdict`'s.
//!
//! An error keeps its whole text: the file is the only place for it. What shows warnings shortens it to a line.

use results::{Severity, Warning, WarningKind};

/// The warning about a transport whose processes broke down.
#[must_use]
pub fn of_breakdown(round: u32, label: &str, error: &anyhow::Error) -> Warning {
    Warning {
        kind: WarningKind::ChildDied,
        severity: Severity::Caution,
        round: Some(round),
        label: Some(label.to_owned()),
        message: format!("{error:#}"),
        advice: "this round has no figures for it; those of other rounds stand".to_owned(),
    }
}

/// The warning about memory of idle connections that could not be measured, of one transport or of all.
#[must_use]
pub fn of_idle(label: Option<String>, error: &anyhow::Error) -> Warning {
    Warning {
        kind: WarningKind::ConnectionsMissing,
        severity: Severity::Note,
        round: None,
        label,
        message: format!("memory of idle connections is not known: {error:#}"),
        advice: "all other figures stand; fewer idle connections may fit: --set idle_connections=0 leaves them out"
            .to_owned(),
    }
}

/// The warning about a run that ended before its time.
#[must_use]
pub fn of_interruption(reason: &str) -> Warning {
    Warning {
        kind: WarningKind::Interrupted,
        severity: Severity::Caution,
        round: None,
        label: None,
        message: format!("the run did not finish: {reason}"),
        advice: "run it again for figures of all rounds".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use transport::Error;
    use verdict::warnings::{REFUSED, SILENT};

    /// Advice follows from how a connection failed, which `verdict` knows by its words alone.
    #[test]
    fn failures_begin_as_verdict_expects() {
        assert!(Error::refused("426 Upgrade Required").to_string().starts_with(REFUSED));
        assert!(Error::Silent(std::time::Duration::from_secs(5)).to_string().starts_with(SILENT));
        assert_eq!(REFUSED, Error::REFUSED);
    }
}
