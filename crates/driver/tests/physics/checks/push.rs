//! WebSocket, SSE and the floor.

use super::{scenario, two_round_trips_to_set_up};
use crate::lab::Lab;

const PUSH: [&str; 3] = ["use = \"websocket\"", "use = \"sse\"", "use = \"tcp\""];

/// One transit, whoever pushes. A missing flush, Nagle or a lazy buffer shows here as 40 ms or more.
pub fn one_transit(lab: &mut Lab) {
    let far = lab.run(&scenario("30ms", "5s", "count = 20", "poisson = \"20/s\"", &PUSH));
    for label in ["websocket", "sse", "tcp"] {
        // One transit, and up to 2.5 ms of waking, writing to 20 clients and reading.
        lab.between(&format!("{label}: median at 30 ms"), far.latency_ms(label, 0.5), 30.0, 32.5);
        lab.between(&format!("{label}: p99 at 30 ms"), far.latency_ms(label, 0.99), 30.0, 40.0);
        two_round_trips_to_set_up(lab, &far, label, 30.0);
    }
    let tie = far.latency_ms("sse", 0.5) / far.latency_ms("websocket", 0.5);
    lab.expect("SSE over WebSocket, medians at 30 ms", tie, 1.0, 0.03);
    let near = lab.run(&scenario("0ms", "5s", "count = 20", "poisson = \"20/s\"", &PUSH));
    let tie = near.latency_ms("sse", 0.5) / near.latency_ms("websocket", 0.5);
    // Here a delivery is waking and processing only, in which SSE's chunks cost a little more.
    lab.between("SSE over WebSocket, medians on one host", tie, 1.0 / 1.5, 1.5);
}

/// Mean age: half a period or the mean gap, plus the way, plus half an interval when polled.
pub fn staleness(lab: &mut Lab) {
    let polled = "use = \"short-polling\"\ninterval = \"250ms\"";
    let transports = ["use = \"websocket\"", "use = \"sse\"", polled];
    for (schedule, tolerance) in [("every = \"190ms\"", 0.02), ("poisson = \"6/s\"", 0.05)] {
        // Many topics, so that the means of a few seconds of Poisson gaps come near those of all time.
        let topics = format!("count = 60\n{schedule}");
        let measured = lab.run(&scenario("20ms", "8s", "count = 60\ntopics = 3", &topics, &transports));
        for label in ["websocket", "sse", "short-polling"] {
            let prediction = measured.entry(label).prediction.as_ref().expect("a prediction");
            let predicted = prediction.staleness_mean_ns.expect("settled") as f64 / 1e6;
            let what = format!("{label}, {schedule}: mean age");
            lab.expect(&what, measured.staleness_ms(label), predicted, predicted * tolerance + 2.0);
        }
    }
}
