//! What makes a run's figures doubtful and only the driver knows. All else is judged by `verdict`.

use crate::lane::Connected;
use results::{Account, Header, Severity, Warning, WarningKind};
use scenario::Scenario;
use transport::Error;

/// How a refusal begins.
const REFUSED: &str = Error::REFUSED;

/// The doubts about one transport in one round. Why connections ended is not in its account.
#[must_use]
pub fn of_lane(header: &Header, account: &Account, failure: Option<&str>) -> Vec<Warning> {
    let mut found = verdict::doubts::of_account(header, account);
    let of_connections = |kind| matches!(kind, WarningKind::Unsustained | WarningKind::ConnectionsMissing);
    for warning in found.iter_mut().filter(|warning| of_connections(warning.kind)) {
        let failure = failure.unwrap_or("nothing");
        warning.message = format!("{}; a connection last said: {failure}", warning.message);
    }
    found
}

/// The doubt about a round in which not everybody was connected.
#[must_use]
pub fn of_connecting(round: u32, label: &str, scenario: &Scenario, connected: &Connected) -> Option<Warning> {
    let all = scenario.subscribers.count;
    (connected.count < all).then(|| Warning {
        kind: WarningKind::ConnectionsMissing,
        severity: Severity::Doubt,
        round: Some(round),
        label: Some(label.to_owned()),
        message: format!(
            "{} of {all} subscribers were connected at the start; another one said: {}",
            connected.count,
            connected.failure.as_deref().unwrap_or("nothing")
        ),
        advice: match connected.failure.as_deref().is_some_and(|failure| failure.starts_with(REFUSED)) {
            true => "what they missed counts as lost; whoever refuses them does so on purpose: the server, or what stands before it",
            false => "what they missed counts as lost; give them a longer subscribers.ramp or fewer of them",
        }
        .to_owned(),
    })
}

/// The doubt about a transport whose processes broke down.
#[must_use]
pub fn of_breakdown(round: u32, label: &str, error: &anyhow::Error) -> Warning {
    Warning {
        kind: WarningKind::ChildDied,
        severity: Severity::Doubt,
        round: Some(round),
        label: Some(label.to_owned()),
        message: format!("{error:#}"),
        advice: "this round has no figures for it; the others stand".to_owned(),
    }
}
