//! What is left behind: nothing.

use crate::run::{Folder, HEAD, LIVE, has, has_links, pushes};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn a_proxy_and_a_link_end_with_their_driver_however_that_ends() {
    let proxy =
        "[network]\nvia = \"proxy\"\n[[via]]\nname = \"proxy\"\nprogram = \"nginx\"\nsetup = \"streaming\"\n";
    let link = "[network]\nlink = \"packets\"\n";
    for (is_there, head, words) in [(has("nginx"), proxy, "nginx"), (has_links(), link, "--\0link\0")] {
        if !is_there {
            continue;
        }
        let measure = "measure = \"60s\"\n";
        let folder = Folder::new("left", &format!("# Who is left?\n{measure}{HEAD}{LIVE}{head}"));
        let mut child =
            folder.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        lines.by_ref().find(|line| line.ends_with(": running")).expect("the schedule begins");
        let left = children(child.id(), words);
        assert_eq!(left.len(), 4, "{words}");
        kill_process(Pid::from_child(&child), Signal::KILL).expect("it runs");
        child.wait().expect("it ends");
        assert!(left.iter().all(ends), "{words}");
    }
}

/// The short form of scenarios/conditions/soak.toml.
#[test]
fn connections_that_come_and_go_leave_nothing_behind() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/conditions/soak.toml");
    let long = std::fs::read_to_string(file).expect("it is shipped");
    let short = [
        ("warm_up = \"5s\"", "warm_up = \"1s\""),
        ("measure = \"60s\"", "measure = \"9s\""),
        ("count = 150", "count = 60"),
        ("memory_every = \"1s\"", "memory_every = \"250ms\""),
        ("retention = 2048", "retention = 32"),
        ("ramp = \"2s\"", "ramp = \"200ms\""),
    ];
    let text = short.iter().fold(long, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let (run, _) = Folder::new("soak", &text).run();
    for account in &run.accounts {
        let (label, books) = (&account.label, ledger::Books::from(account.ledger.books));
        assert!(
            books.balance() && books.delivered == books.expected && books.duplicated == 0,
            "{label}: {books:?}"
        );
        if pushes(account) {
            assert!(account.ledger.reconnects > 300, "{label}: each is cut several times");
        }
        // In its second half the server has seen everything once, and grows by some 200 KiB. Some 200 connections end in it: at
        // 4 KiB each, the least that one takes, what they left behind would be 800.
        let (_, late) = account.memory.split_at(account.memory.len() / 2);
        let [first, last] = [late.first(), late.last()].map(|at| at.expect("somebody looked"));
        assert!(last.own_bytes < first.own_bytes + (700 << 10), "{label}: {first:?} to {last:?}");
        assert!(last.socket_bytes < 2 << 20, "{label}: {last:?}");
    }
}

/// Handles of a process's children whose command lines hold this.
fn children(parent: u32, words: &str) -> Vec<OwnedFd> {
    let entries = std::fs::read_dir("/proc").expect("these tests need Linux's /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let read =
        |pid: i32, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let is_child = |pid: &i32| {
        let stat = read(*pid, "stat");
        let of = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        of == Some(parent) && read(*pid, "cmdline").contains(words)
    };
    let found = pids.filter(is_child).filter_map(Pid::from_raw);
    found.map(|pid| pidfd_open(pid, PidfdFlags::empty()).expect("it runs")).collect()
}

/// Waits for the end of a process, for ten seconds at most.
fn ends(process: &OwnedFd) -> bool {
    let limit = Timespec { tv_sec: 10, tv_nsec: 0 };
    poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&limit)).expect("poll") == 1
}
