//! Short and long polling.

use crate::selftest::lab::Lab;
use crate::selftest::measured::Measured;
use crate::selftest::setups::{self, LONG_POLLING_WAY_MS, TURNAROUND_MS};
use scenario::model;
use std::rc::Rc;

/// Random phases make every wait uniform: mean T/2 + d, quantile qT + d, never more than T + d.
pub fn short_polling(lab: &mut Lab) -> anyhow::Result<()> {
    let setup = setups::short_polling(lab.dose());
    let (measured, one_way) = (lab.run(&setup)?, setup.one_way_ms);
    for (label, cycle) in setup.cycles {
        let sheet = lab.sheet();
        // The phases of 100 clients leave a mean 1 % of the cycle of freedom; waiting and serving take 2 ms.
        let tolerance = cycle * 0.02 + 2.0;
        sheet.ms(format!("{label}: mean"), measured.mean_ms(label), cycle / 2.0 + one_way, tolerance);
        for q in [0.1, 0.5, 0.9, 0.99] {
            let (what, found) = (format!("{label}: quantile {q}"), measured.latency_ms(label, q));
            sheet.ms(what, found, q * cycle + one_way, tolerance + cycle * 0.02);
        }
        let max = measured.latency_ms(label, 1.0);
        // The greatest of thousands is one poll's, and a virtual machine stands still for a dozen milliseconds now and
        // then without being charged for it. The quantiles are held closer.
        let allowed = cycle * 0.96 + one_way..=cycle + one_way + 30.0;
        sheet.ms_between(format!("{label}: maximum"), max, cycle + one_way, allowed);
    }
    the_last_reader(lab)
}

/// Of n readers that poll at random, the last waits n / (n + 1) of a cycle for each update. If all polled at once,
/// it would wait half of it.
fn the_last_reader(lab: &mut Lab) -> anyhow::Result<()> {
    let setup = setups::short_polling_shared(lab.dose());
    let measured = lab.run(&setup)?;
    for (label, cycle) in setup.cycles {
        let readers = f64::from(setup.subscribers);
        let predicted = cycle * readers / (readers + 1.0) + setup.one_way_ms;
        // Phases are drawn: for 20 readers, 1 % of a cycle is what one standard deviation comes to.
        let what = format!("{label}: mean of the last of {readers} readers");
        lab.sheet().ms(what, measured.slowest_ms(label), predicted, cycle * 0.05 + 2.0);
    }
    Ok(())
}

/// lambda G = 0.3: most updates find a request waiting.
pub fn long_polling_sparse(lab: &mut Lab) -> anyhow::Result<()> {
    let measured = long_polling(lab, 0.3)?;
    let sheet = lab.sheet();
    let push = measured.latency_ms("websocket", 0.5).unwrap_or(f64::NAN);
    let found = |q| measured.latency_ms("long-polling", q);
    // Serving two transits' worth of requests and 3 significant digits: 2 ms.
    sheet.ms("long-polling: median is push's", found(0.5), push, 2.0);
    let three_transits = 3.0 * f64::from(LONG_POLLING_WAY_MS);
    let allowed = three_transits * 0.92..=three_transits * 1.06;
    sheet.ms_between("long-polling: p99 is near three transits", found(0.99), three_transits, allowed);
    let allowed = three_transits * 0.97..=three_transits * 1.2;
    sheet.ms_between("long-polling: and so is the maximum", found(1.0), three_transits, allowed);
    Ok(())
}

/// lambda G = 1: many updates arrive while there is no request, and come together.
pub fn long_polling_dense(lab: &mut Lab) -> anyhow::Result<()> {
    long_polling(lab, 1.0).map(drop)
}

fn long_polling(lab: &mut Lab, updates_per_gap: f64) -> anyhow::Result<Rc<Measured>> {
    let measured = lab.run(&setups::long_polling(lab.dose(), updates_per_gap))?;
    let rate = setups::rate_per_s(updates_per_gap);
    let one_way_s = f64::from(LONG_POLLING_WAY_MS) / 1e3;
    let expected = model::long_polling(rate, one_way_s, TURNAROUND_MS / 1e3, f64::INFINITY);
    // Some thousand gaps: 3 % for the draw; 1.5 ms for waking, serving and reading.
    let figures = [
        ("mean", measured.mean_ms("long-polling"), expected.mean),
        ("median", measured.latency_ms("long-polling", 0.5), expected.quantile(0.5)),
        ("p90", measured.latency_ms("long-polling", 0.9), expected.quantile(0.9)),
        ("p99", measured.latency_ms("long-polling", 0.99), expected.quantile(0.99)),
    ];
    let sheet = lab.sheet();
    for (what, found, predicted_s) in figures {
        let predicted = predicted_s * 1e3;
        let what = format!("long-polling: {what}, {updates_per_gap} updates a gap");
        sheet.ms(what, found, predicted, predicted * 0.03 + 1.5);
    }
    let batch = expected.updates_per_response;
    let (found, allowed) = (measured.batch("long-polling"), batch * 0.97..=batch * 1.03);
    sheet.ratio("long-polling: updates per response", found, batch, allowed);
    Ok(measured)
}

/// Periodic updates: level with push while the period is longer than the round trip, half a gap worse
/// beyond.
pub fn the_knee(lab: &mut Lab) -> anyhow::Result<()> {
    for (period_ms, side) in [(100_u32, "before"), (70, "beyond")] {
        let setup = setups::knee(period_ms);
        let (measured, one_way) = (lab.run(&setup)?, setup.one_way_ms);
        let period_s = f64::from(period_ms) / 1e3;
        let predicted = model::long_polling_periodic(period_s, one_way / 1e3, TURNAROUND_MS / 1e3) * 1e3;
        // Beyond the knee the waits sweep through the gap in steps of gap minus period: 6 % of freedom.
        let what = format!("long-polling: mean {side} the knee, period {period_ms} ms");
        lab.sheet().ms(what, measured.mean_ms("long-polling"), predicted, predicted * 0.06);
        let what = format!("sse: mean {side} the knee is one transit");
        lab.sheet().ms(what, measured.mean_ms("sse"), one_way, 2.5);
    }
    Ok(())
}
