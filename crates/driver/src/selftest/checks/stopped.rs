//! The trap of coordinated omission: a server that does nothing for a second must not look fast.

use crate::selftest::lab::Lab;
use crate::selftest::setups::{self, LABELS};

/// Holds a run whose servers were stopped for a second in the middle of the window against one where they were
/// not.
pub fn a_stopped_server(lab: &mut Lab) -> anyhow::Result<()> {
    let seconds = setups::stopped_s(lab.dose());
    let setup = setups::near(seconds);
    let calm = lab.run(&setup)?;
    let stopped = lab.run_stopped(&setup)?;
    let share = 1.0 / f64::from(seconds);
    let sheet = lab.sheet();
    for label in LABELS {
        // That share of the updates falls due in the second and waits for the rest of it: the last hundredth of
        // all is a larger part of theirs.
        let rise = stopped.latency_ms(label, 0.99).zip(calm.latency_ms(label, 0.99));
        let rise = rise.map(|(stopped, calm)| stopped - calm);
        sheet.ms(format!("{label}: p99 from due rises"), rise, 1_000.0 * (1.0 - 0.01 / share), 120.0);
        // The publisher stood still too, so what it sent arrived as fast as ever. Medians of well under
        // a millisecond move by half of it on waking up.
        let before = calm.sent_ms(label, 0.5).unwrap_or(f64::NAN);
        // At the end of the pause the publisher sends that share of all at once, while the server answers
        // the polls that piled up: whoever is first decides whether they are there for them. If they are, they
        // arrive at once, and half of all is a lower quantile of the others.
        let least = match label {
            "short-polling" => before * (0.5 - share) / (1.0 - share) * 2.0,
            _ => before,
        };
        let (after, allowed) = (stopped.sent_ms(label, 0.5), least * 0.85 - 0.5..=before * 1.15 + 0.5);
        sheet.ms_between(format!("{label}: median from sent stays"), after, before, allowed);
        // A second, but for what was left of the publisher's wait when it was stopped.
        let what = format!("{label}: the publisher's own lateness");
        sheet.ms_between(what, stopped.lateness_ms(label), 1_000.0, 900.0..=1_200.0);
    }
    Ok(())
}
