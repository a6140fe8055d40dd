use super::*;
use crate::testing::{parse, text};

/// The predictions of every transport for one topic at 60 ms, a line each.
fn predictions(topic: &str, head: &str) -> String {
    let mut text = text(topic).replace("seed = 1\n", head);
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
    insta::assert_snapshot!(predictions("poisson = \"4/s\"", ""), @"");
}

#[test]
fn several_random_topics_add_up() {
    insta::assert_snapshot!(predictions("poisson = \"1/s\"\ncount = 4", ""), @"");
}

#[test]
fn periodic_updates_before_and_beyond_the_knee() {
    insta::assert_snapshot!(predictions("every = \"500ms\"", ""), @"");
    insta::assert_snapshot!(predictions("every = \"50ms\"", ""), @"");
}

#[test]
fn no_model_is_stretched_to_what_it_does_not_know() {
    insta::assert_snapshot!(predictions("every = \"500ms\"\ncount = 2", ""), @"");
    insta::assert_snapshot!(predictions("burst = 5\nevery = \"500ms\"", ""), @"");
    insta::assert_snapshot!(predictions("poisson = \"4/s\"", "hub = { conflate = true }\n"), @"");
    insta::assert_snapshot!(predictions("poisson = \"400/s\"", "hub = { retention = 30 }\n"), @"");
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
    scenario.delay = Duration::from_millis(60);
    insta::assert_snapshot!([floor, all(&scenario)].concat().join("\n"), @"");
}
