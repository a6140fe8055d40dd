//! `pushpull floor` with the real binary: that work is done and counted, not how fast.

use serde_json::Value;
use std::process::Command;

fn floor(arguments: &[&str]) -> std::process::Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pushpull"));
    program.arg("floor").args(arguments).output().expect("the program starts")
}

#[test]
#[cfg(target_os = "linux")]
fn everybody_is_held_against_the_floor_in_both_modes() {
    let output = floor(&["--blocks", "2", "--subscribers", "20", "--leg", "20ms", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let measured = document["measured"].as_array().expect("a list");
    let labels: Vec<&str> = measured.iter().filter_map(|one| one["label"].as_str()).collect();
    let once = ["tcp again", "bare server", "bare clients", "both bare", "websocket", "sse", "long-polling"];
    assert_eq!(labels, [once, once].concat());
    for one in measured {
        // Of updates that come together a loop and a crowd would tell of different ones.
        let alone = (one["mode"] == "lockstep").then_some("first_one_way_us");
        for figure in
            ["deliveries_per_s", "server_us", "client_us", "updates_per_write"].into_iter().chain(alone)
        {
            let [floor, own] = ["floor", "own"].map(|side| one[figure][side].as_array().expect("blocks"));
            assert_eq!((floor.len(), own.len()), (2, 2));
            let positive = |value: &Value| value.as_f64().is_some_and(|value| value > 0.0);
            assert!(floor.iter().chain(own).all(positive), "{figure} of {one}");
            let end = |name: &str| one[figure][name].as_f64().expect("two blocks make an interval");
            assert!(end("low") <= end("high"));
        }
        // In lockstep nobody can batch: an update is one write, and with a head and a body still one.
        let writes = one["updates_per_write"]["own"][0].as_f64().expect("a number");
        if alone.is_some() {
            assert!((0.9..=1.0).contains(&writes), "{one}");
        }
    }
    // With a window nearly everybody batches; a loop that writes each update apart does not.
    let batched = |label: &str| {
        let one =
            measured.iter().find(|one| one["label"] == label && one["mode"] == "window").expect("measured");
        one["updates_per_write"]["own"][0].as_f64().expect("a number")
    };
    let (websocket, bare) = (batched("websocket"), batched("bare server"));
    assert!(websocket > 1.0 && bare <= 1.0, "{websocket} {bare}");
}

#[test]
fn a_mistake_is_told() {
    let output = floor(&["--transports", "websockets"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("websockets"));
}
