//! `pushpull selftest` as its user meets it. That it finds what is broken is `sabotage`'s to show, that it holds where
//! nothing is, `physics`'s.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

fn selftest(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
    command.arg("selftest").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_word_that_no_check_has_is_a_mistake_and_the_checks_are_named() {
    let output = selftest(&["--only", "quantum"]).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in ["quantum", "push is one transit", "the books balance"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
    assert!(output.stdout.is_empty(), "nothing was looked at");
}

#[test]
fn ctrl_c_ends_its_processes_in_order_and_leaves_nothing() {
    let mut child = selftest(&["--only", "two round trips"]).spawn().expect("the program starts");
    let id = child.id();
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let begun = lines.any(|line| line.starts_with("running: "));
    assert!(begun, "a run begins");
    let workers = loop {
        let workers = children(id);
        if !workers.is_empty() {
            break workers;
        }
        assert!(child.try_wait().expect("a child").is_none(), "it ended by itself");
        std::thread::yield_now();
    };
    kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    let said: Vec<String> = lines.collect();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{said:?}");
    assert!(workers.iter().all(ends));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(!told.contains("can be trusted"), "half a test says nothing: {told}");
    let folder = std::env::temp_dir().join(format!("pushpull-selftest-{id}"));
    assert!(!folder.exists(), "{}", folder.display());
}

/// The processes that a process started: handles that stay true when numbers are used again.
fn children(parent: u32) -> Vec<OwnedFd> {
    let entries = std::fs::read_dir("/proc").expect("this test needs Linux's /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let is_child = |pid: &i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok()) == Some(parent)
    };
    let found = pids.filter(is_child).filter_map(Pid::from_raw);
    found.filter_map(|pid| pidfd_open(pid, PidfdFlags::empty()).ok()).collect()
}

/// Waits for the end of a process, for ten seconds at most.
fn ends(process: &OwnedFd) -> bool {
    let limit = Timespec { tv_sec: 10, tv_nsec: 0 };
    poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&limit)).expect("poll") == 1
}
