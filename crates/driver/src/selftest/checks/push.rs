//! WebSocket, SSE and the floor; and what all transports have to wait for.

use crate::selftest::lab::{Dose, Lab};
use crate::selftest::setups::{self, PUSH};

/// One transit, whoever pushes. A missing flush, Nagle or a lazy buffer shows here as 40 ms or more.
pub fn one_transit(lab: &mut Lab) -> anyhow::Result<()> {
    let setup = setups::push(lab.dose());
    let (far, way) = (lab.run(&setup)?, setup.one_way_ms);
    let near = lab.run(&setups::push_near(lab.dose()))?;
    let sheet = lab.sheet();
    for label in PUSH {
        // One transit, and up to 2.5 ms of waking, writing to all clients and reading.
        let what = format!("{label}: median at {way} ms");
        sheet.ms_between(what, far.latency_ms(label, 0.5), way, way..=way + 2.5);
        let what = format!("{label}: p99 at {way} ms");
        sheet.ms_between(what, far.latency_ms(label, 0.99), way, way..=way + 10.0);
    }
    for (label, base) in [("sse", "websocket"), ("websocket", "tcp"), ("sse", "tcp")] {
        let what = format!("{label} over {base}: medians at {way} ms");
        sheet.ratio(what, far.ratio_of_medians(label, base), 1.0, 0.97..=1.03);
        // Here a delivery is waking and processing only, in which SSE's chunks cost a little more.
        let what = format!("{label} over {base}: medians on one host");
        sheet.ratio(what, near.ratio_of_medians(label, base), 1.0, 1.0 / 1.5..=1.5);
    }
    Ok(())
}

/// The same distance twice: bytes that clients hold back, and packets between two namespaces.
pub fn a_link(lab: &mut Lab) -> anyhow::Result<()> {
    if let Some(missing) = link::missing() {
        lab.sheet().remark(format!("left out: a link needs {missing}"));
        return Ok(());
    }
    let setup = setups::link();
    let (measured, way) = (lab.run(&setup)?, setup.one_way_ms);
    let sheet = lab.sheet();
    for kind in ["websocket", "long-polling"] {
        let packets = format!("{kind}-packets");
        // A packet is handed to a program and on to the other kernel: some tenths of a millisecond.
        let what = format!("{packets}: set-up at {way} ms");
        sheet.ms_between(what, measured.setup_ms(&packets), 4.0 * way, 4.0 * way..=4.0 * way + 4.0);
        for q in [0.5, 0.99] {
            let bytes = measured.latency_ms(kind, q).unwrap_or(f64::NAN);
            let what = format!("{packets}: p{:.0} as that of bytes held back", q * 100.0);
            sheet.ms(what, measured.latency_ms(&packets, q), bytes, 0.05 * bytes + 1.5);
        }
    }
    Ok(())
}

/// TCP's handshake and the opening request, over every transport.
pub fn two_round_trips(lab: &mut Lab) -> anyhow::Result<()> {
    // Waking, accepting and answering, while others connect: 3 ms.
    const SLACK_MS: f64 = 3.0;
    let dose = lab.dose();
    let mut setups = vec![setups::push(dose)];
    if dose == Dose::Thorough {
        setups.extend([setups::short_polling(dose), setups::long_polling(dose, 1.0)]);
    }
    for setup in setups {
        let (measured, two_round_trips) = (lab.run(&setup)?, 4.0 * setup.one_way_ms);
        for label in measured.labels() {
            let what = format!("{label}: set-up at {} ms", setup.one_way_ms);
            let found = measured.setup_ms(&label);
            let allowed = two_round_trips..=two_round_trips + SLACK_MS;
            lab.sheet().ms_between(what, found, two_round_trips, allowed);
        }
    }
    Ok(())
}

/// Mean age: half a period or the mean gap, plus the way, plus half an interval when polled.
pub fn staleness(lab: &mut Lab) -> anyhow::Result<()> {
    for (schedule, setup, tolerance) in setups::ages(lab.dose()) {
        let measured = lab.run(&setup)?;
        for label in measured.labels() {
            // A model that is missing can't be held against anything.
            let predicted = measured.predicted_staleness_ms(&label).unwrap_or(f64::NAN);
            let what = format!("{label}: mean age, {schedule}");
            lab.sheet().ms(what, measured.staleness_ms(&label), predicted, predicted * tolerance + 2.0);
        }
    }
    Ok(())
}
