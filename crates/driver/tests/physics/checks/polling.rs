//! Short and long polling.

use super::{scenario, two_round_trips_to_set_up};
use crate::lab::{Lab, Measured};
use scenario::model;

/// Random phases make every wait uniform: mean T/2 + d, quantile qT + d, never more than T + d.
pub fn short_polling(lab: &mut Lab) {
    let (interval, one_way) = (200.0, 20.0);
    let fixed_rate = "use = \"short-polling\"\nlabel = \"rate\"\ninterval = \"200ms\"";
    let fixed_delay =
        "use = \"short-polling\"\nlabel = \"delay\"\ninterval = \"200ms\"\npacing = \"fixed-delay\"";
    let text = scenario("20ms", "8s", "count = 100", "poisson = \"15/s\"", &[fixed_rate, fixed_delay]);
    let measured = lab.run(&text);
    // Fixed delay counts from the answer, so a cycle is a round trip longer.
    for (label, cycle) in [("rate", interval), ("delay", interval + 2.0 * one_way)] {
        // The phases of 100 clients leave a mean 1 % of the cycle of freedom; waiting and serving take 2 ms.
        let tolerance = cycle * 0.02 + 2.0;
        lab.expect(&format!("{label}: mean"), measured.mean_ms(label), cycle / 2.0 + one_way, tolerance);
        for q in [0.1, 0.5, 0.9, 0.99] {
            let what = format!("{label}: quantile {q}");
            lab.expect(&what, measured.latency_ms(label, q), q * cycle + one_way, tolerance + cycle * 0.02);
        }
        let max = measured.latency_ms(label, 1.0);
        lab.between(&format!("{label}: maximum"), max, cycle * 0.96 + one_way, cycle + one_way + 10.0);
        two_round_trips_to_set_up(lab, &measured, label, one_way);
        spotless(lab, &measured, label);
    }
}

/// lambda G = 0.3: most updates find a request waiting.
pub fn long_polling_sparse(lab: &mut Lab) {
    let measured = long_polling(lab, 0.3);
    let push = measured.latency_ms("websocket", 0.5);
    // Serving two transits' worth of requests and 3 significant digits: 2 ms.
    lab.expect("long polling's median is push's", measured.latency_ms("long-polling", 0.5), push, 2.0);
    let three_transits = 3.0 * ONE_WAY_MS;
    lab.between(
        "p99 is near three transits",
        measured.latency_ms("long-polling", 0.99),
        three_transits * 0.92,
        three_transits * 1.06,
    );
    lab.between(
        "and so is the maximum",
        measured.latency_ms("long-polling", 1.0),
        three_transits * 0.97,
        three_transits * 1.2,
    );
}

/// lambda G = 1: many updates arrive while there is no request, and come together.
pub fn long_polling_dense(lab: &mut Lab) {
    long_polling(lab, 1.0);
}

const ONE_WAY_MS: f64 = 25.0;
/// What a client takes from an answer to the next request, and the server to answer it: on such
/// machines some tenths of a millisecond.
const TURNAROUND_MS: f64 = 0.5;

fn long_polling(lab: &mut Lab, updates_per_gap: f64) -> Measured {
    let gap_s = (2.0 * ONE_WAY_MS + TURNAROUND_MS) / 1e3;
    let rate = updates_per_gap / gap_s;
    // A topic for each subscriber: otherwise all would share one sequence of gaps.
    let topics = format!("count = 80\npoisson = \"{rate:.4}/s\"");
    let subscribers = "count = 80\ntopics = 1";
    let transports = ["use = \"websocket\"", "use = \"long-polling\""];
    let measured = lab.run(&scenario("25ms", "10s", subscribers, &topics, &transports));
    let expected = model::long_polling(rate, ONE_WAY_MS / 1e3, TURNAROUND_MS / 1e3, f64::INFINITY);
    // Some thousand gaps: 3 % for the draw; 1.5 ms for waking, serving and reading.
    let figures = [
        ("mean", measured.mean_ms("long-polling"), expected.mean),
        ("median", measured.latency_ms("long-polling", 0.5), expected.quantile(0.5)),
        ("p90", measured.latency_ms("long-polling", 0.9), expected.quantile(0.9)),
        ("p99", measured.latency_ms("long-polling", 0.99), expected.quantile(0.99)),
    ];
    for (what, found, predicted_s) in figures {
        let predicted = predicted_s * 1e3;
        lab.expect(
            &format!("lambda G = {updates_per_gap}: {what}"),
            found,
            predicted,
            predicted * 0.03 + 1.5,
        );
    }
    let batch = measured.batch("long-polling");
    lab.expect(
        "updates per response",
        batch,
        expected.updates_per_response,
        expected.updates_per_response * 0.03,
    );
    two_round_trips_to_set_up(lab, &measured, "long-polling", ONE_WAY_MS);
    spotless(lab, &measured, "long-polling");
    measured
}

/// Periodic updates: level with push while the period is longer than the round trip, half a gap worse
/// beyond.
pub fn the_knee(lab: &mut Lab) {
    let one_way = 40.0;
    for (period_ms, side) in [(100_u32, "before"), (70, "beyond")] {
        let topics = format!("count = 40\nevery = \"{period_ms}ms\"");
        let subscribers = "count = 40\ntopics = 1";
        let text = scenario("40ms", "8s", subscribers, &topics, &["use = \"long-polling\"", "use = \"sse\""]);
        let measured = lab.run(&text);
        let predicted =
            model::long_polling_periodic(f64::from(period_ms) / 1e3, one_way / 1e3, TURNAROUND_MS / 1e3)
                * 1e3;
        // Beyond the knee the waits sweep through the gap in steps of gap minus period: 6 % of freedom.
        let what = format!("{side} the knee, period {period_ms}: mean");
        lab.expect(&what, measured.mean_ms("long-polling"), predicted, predicted * 0.06);
        lab.expect(
            &format!("{side} the knee: push stays at one transit"),
            measured.mean_ms("sse"),
            one_way,
            2.5,
        );
        spotless(lab, &measured, "long-polling");
    }
}

fn spotless(lab: &mut Lab, measured: &Measured, label: &str) {
    lab.between(&format!("{label}: books without a spot"), f64::from(measured.is_spotless(label)), 1.0, 1.0);
}
