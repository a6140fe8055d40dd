//! The trap of coordinated omission: a server that does nothing for a second must not look fast.

use super::scenario;
use crate::lab::Lab;
use driver::clock::{block_until, now_ns};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::process::Child;

const LABELS: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "tcp"];

/// Stops all servers for a second in the middle of the window.
pub fn a_stopped_server(lab: &mut Lab) {
    let polled = "use = \"short-polling\"\ninterval = \"100ms\"";
    let transports =
        ["use = \"websocket\"", "use = \"sse\"", "use = \"long-polling\"", polled, "use = \"tcp\""];
    let text = scenario("0ms", "6s", "count = 20", "every = \"20ms\"", &transports);
    let calm = lab.run(&text);
    let stopped = lab.run_while(&text, stop_for_a_second);
    for label in LABELS {
        // A sixth of the updates falls due in that second and waits for the rest of it: the 99th
        // percentile of all is the 94th of theirs.
        let rise = stopped.latency_ms(label, 0.99) - calm.latency_ms(label, 0.99);
        lab.expect(&format!("{label}: p99 from due rises"), rise, 940.0, 120.0);
        // The publisher stood still too, so what it sent arrived as fast as ever. Medians of well under
        // a millisecond move by half of it on waking up.
        let (before, after) = (calm.sent_ms(label, 0.5), stopped.sent_ms(label, 0.5));
        // At the end of the pause the publisher sends a sixth of all at once, while the server answers
        // the polls that piled up: whoever is first decides whether that sixth is there for them. If it
        // is, half of all is 0.4 of the others.
        let least = if label == "short-polling" { before * 0.8 } else { before };
        let what = format!("{label}: median from sent stays");
        lab.between(&what, after, least * 0.85 - 0.5, before * 1.15 + 0.5);
        let late_ms = stopped.account(label).lateness.quantile(1.0).expect("published") as f64 / 1e6;
        lab.between(&format!("{label}: the publisher's own lateness is recorded"), late_ms, 900.0, 1200.0);
    }
}

fn stop_for_a_second(driver: &mut Child) {
    let errors = BufReader::new(driver.stderr.take().expect("a pipe"));
    let mut lines = errors.lines().map_while(Result::ok);
    lines.find(|line| line.ends_with(": running")).expect("the run starts");
    let servers = servers_of(driver.id());
    assert_eq!(servers.len(), LABELS.len(), "one server each");
    // Into the window: a second of warm-up, then some.
    block_until(now_ns() + 2_500_000_000);
    let signal =
        |signal| servers.iter().for_each(|pid| kill_process(*pid, signal).expect("the server is there"));
    signal(Signal::STOP);
    block_until(now_ns() + 1_000_000_000);
    signal(Signal::CONT);
    // Whatever else it says must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
}

/// The server processes of a driver.
fn servers_of(driver: u32) -> Vec<Pid> {
    let tasks = std::fs::read_dir("/proc").expect("this check needs Linux's /proc");
    let pids = tasks.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let is_server = |pid: &i32| {
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let parent =
            read("stat").rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        parent == Some(driver) && read("cmdline").contains("--\0server\0")
    };
    pids.filter(is_server).filter_map(Pid::from_raw).collect()
}
