use super::*;
use crate::testing::{parse, text};

/// The predictions of every transport for one topic at 60 ms, a line each.
fn predictions(topic: &str, head: &str) -> String {
    let mut text = text(topic).replace("seed = 1\n", &format!("warm_up = \"10s\"\n{head}"));
    text.push_str("[[transport]]\nuse = \"long-polling\"\n[[transport]]\nuse = \"short-polling\"\n");
    text.push_str("[network]\ndelay = \"60ms\"\n");
    let scenario = parse(&text);
    let lines = scenario.transports.iter().map(|entry| match predict(&scenario, entry) {
        Some(p) => format!(
            "{}: {:?} {:?} {:?} {:?}, {:.3?} a response, {:?} old",
            entry.label, p.mean, p.p50, p.p99, p.max, p.updates_per_response, p.staleness_mean
        ),
        None => format!("{}: nothing", entry.label),
    });
    lines.collect::<Vec<_>>().join("\n").replace("Some(", "").replace(')', "")
}

#[test]
fn random_updates() {
    insta::assert_snapshot!(predictions("poisson = \"4/s\"", ""), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 310ms old
    long-polling: 86.210808ms 60ms 177.253042ms 180ms, 1.099 a response, 315.627639ms old
    short-polling: 560ms 560ms 1.05s 1.06s, 4.075 a response, 810ms old
    ");
}

#[test]
fn several_random_topics_add_up() {
    insta::assert_snapshot!(predictions("poisson = \"1/s\"\ncount = 4", ""), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 1.06s old
    long-polling: 86.210808ms 60ms 177.253042ms 180ms, 1.099 a response, 1.080825741s old
    short-polling: 560ms 560ms 1.05s 1.06s, 4.075 a response, 1.56s old
    ");
}

#[test]
fn periodic_updates_before_and_beyond_the_knee() {
    insta::assert_snapshot!(predictions("every = \"500ms\"", ""), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 310ms old
    long-polling: 60ms 60ms 60ms 60ms, 1.000 a response, 310ms old
    short-polling: 560ms 560ms 1.05s 1.06s, 2.000 a response, 810ms old
    ");
    insta::assert_snapshot!(predictions("every = \"50ms\"", ""), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 85ms old
    long-polling: 120ms 120ms 178.8ms 180ms, 2.400 a response, 145ms old
    short-polling: 560ms 560ms 1.05s 1.06s, 20.000 a response, 585ms old
    ");
}

#[test]
fn no_model_is_stretched_to_what_it_does_not_know() {
    insta::assert_snapshot!(predictions("every = \"500ms\"\ncount = 2", ""), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 310ms old
    long-polling: nothing
    short-polling: 560ms 560ms 1.05s 1.06s, None a response, 810ms old
    ");
    insta::assert_snapshot!(predictions("burst = 5\nevery = \"500ms\"", ""), @r"
    websocket: 60ms 60ms 60ms 60ms, None a response, 310ms old
    long-polling: nothing
    short-polling: 560ms 560ms 1.05s 1.06s, None a response, 810ms old
    ");
    insta::assert_snapshot!(predictions("poisson = \"4/s\"", "hub = { conflate = true }\n"), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 310ms old
    long-polling: None None None None, None a response, 315.627639ms old
    short-polling: None None None None, None a response, 810ms old
    ");
    insta::assert_snapshot!(predictions("poisson = \"400/s\"", "hub = { retention = 30 }\n"), @r"
    websocket: 60ms 60ms 60ms 60ms, 1.000 a response, 62.5ms old
    long-polling: nothing
    short-polling: nothing
    ");
}

#[test]
fn assumptions_are_told_in_sentences() {
    let mut text = text("poisson = \"4/s\"").replace("seed = 1\n", "hub = { conflate = true }\n");
    text.push_str("[[transport]]\nuse = \"long-polling\"\n[[transport]]\nuse = \"short-polling\"\n");
    let mut scenario = parse(&text);
    let all = |scenario: &Scenario| -> Vec<String> {
        scenario.transports.iter().map(|entry| predict(scenario, entry).unwrap().assumes).collect()
    };
    let floor = all(&scenario);
    scenario.transports.iter_mut().for_each(|entry| entry.way.delay = Duration::from_millis(60));
    insta::assert_snapshot!([floor, all(&scenario)].concat().join("\n"), @r"
    Processing takes no time, each update leaves the server when it is due, and the distance counts as none, so this is a floor.
    Processing takes no time, a client polls again at once, every subscriber gets the mean rate, and the distance counts as none, so this is a floor; readers skip to the newest update, so latencies are not predicted.
    Processing takes no time, polls come at phases that have nothing to do with the updates, and the distance counts as none, so this is a floor; readers skip to the newest update, so latencies are not predicted.
    Processing takes no time, each update leaves the server when it is due, and only the one-way delay of 60ms counts as distance.
    Processing takes no time, a client polls again at once, every subscriber gets the mean rate, and only the one-way delay of 60ms counts as distance; readers skip to the newest update, so latencies are not predicted.
    Processing takes no time, polls come at phases that have nothing to do with the updates, and only the one-way delay of 60ms counts as distance; readers skip to the newest update, so latencies are not predicted.
    ");
}

#[test]
fn ages_and_batches_are_predicted_only_after_a_warm_up() {
    let of = |warm_up: &str| {
        let mut text = text("poisson = \"4/s\"").replace("seed = 1\n", &format!("warm_up = \"{warm_up}\"\n"));
        text.push_str("[[transport]]\nuse = \"short-polling\"\n");
        let scenario = parse(&text);
        let prediction = predict(&scenario, &scenario.transports[1]).unwrap();
        (
            prediction.staleness_mean.is_some(),
            prediction.updates_per_response.is_some(),
            prediction.p50.is_some(),
        )
    };
    // Four mean gaps are a second, the polling interval is another.
    assert_eq!(of("900ms"), (false, false, true));
    assert_eq!(of("1500ms"), (false, true, true));
    assert_eq!(of("2s"), (true, true, true));
}
