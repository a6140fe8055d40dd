//! Processes that die. A server's and the driver's death have their tests in `cli.rs`.

use crate::program::{Folder, pushpull, renders, shipped};
use results::{Run, WarningKind};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// The worker of a driver whose command line holds this.
fn worker(driver: u32, words: &str) -> Pid {
    let entries = std::fs::read_dir("/proc").expect("these tests need Linux's /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let read =
        |pid: i32, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let parent = |pid: i32| {
        read(pid, "stat").rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok())
    };
    let mut found = pids.filter(|pid| parent(*pid) == Some(driver) && read(*pid, "cmdline").contains(words));
    found.next().and_then(Pid::from_raw).expect("it runs")
}

#[test]
fn what_stands_between_and_is_killed_is_named() {
    let via = "[network]\nvia = \"proxy\"\n[[via]]\nname = \"proxy\"\nprogram = \"nginx\"\n";
    let link = "[network]\nlink = \"packets\"\n";
    let has_nginx = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        .iter()
        .any(|file| std::path::Path::new(file).is_file());
    for (is_there, between, words) in
        [(has_nginx, via, "nginx"), (link::missing().is_none(), link, "--\0link\0")]
    {
        assert!(is_there || std::env::var_os("CI").is_none(), "CI has everything");
        if !is_there {
            continue;
        }
        let folder = Folder::new("between");
        let file = folder.0.join("between.toml");
        let load = "measure = \"30s\"\nidle_connections = 0\n[subscribers]\ncount = 2\n[[topic]]\nname = \"t\"\nevery = \"100ms\"\nbody = \"90B\"\n";
        let text = format!("# What is killed?\n{load}[[transport]]\nuse = \"sse\"\n{between}");
        std::fs::write(&file, text).expect("written");
        let mut command = pushpull();
        command.arg("run").arg(&file).arg("--out").arg(folder.0.join("out"));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        lines.by_ref().find(|line| line.ends_with("running")).expect("the schedule begins");
        kill_process(worker(child.id(), words), Signal::KILL).expect("it runs");
        let said: Vec<String> = lines.collect();
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{said:?}");
        assert!(!said.iter().any(|line| line.contains("panicked")), "{said:?}");
        let run = folder.run_folder().run();
        let died: Vec<_> =
            run.warnings.iter().filter(|warning| warning.kind == WarningKind::ChildDied).collect();
        let what = if words == "nginx" { "the proxy" } else { "the link" };
        assert!(matches!(died[..], [one] if one.message.contains(what)), "{died:?}");
    }
}

#[test]
fn a_crowd_that_is_killed_is_named_and_the_others_go_on() {
    let folder = Folder::new("crowd");
    let mut command = pushpull();
    command.arg("run").arg(shipped("smoke.toml")).arg("--out").arg(folder.0.join("out"));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    lines.by_ref().find(|line| line.ends_with(": running")).expect("the schedule begins");
    kill_process(worker(child.id(), "--\0crowd\0long-polling\0"), Signal::KILL).expect("it runs");
    let said: Vec<String> = lines.collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("panicked")), "{said:?}");

    let left = folder.run_folder();
    assert_eq!(left.names(), ["report.html", "run.jsonl"]);
    let run = left.run();
    let died: Vec<_> = run.warnings.iter().filter(|warning| warning.kind == WarningKind::ChildDied).collect();
    assert!(matches!(died[..], [one] if one.label.as_deref() == Some("long-polling")), "{died:?}");
    assert_eq!(run.accounts.len(), 4, "the others closed their books");
    renders(&left.0);

    // Had the driver been killed too, whatever it had written by then could be read.
    let file = std::fs::read(left.0.join("run.jsonl")).expect("results");
    let header = file.iter().position(|byte| *byte == b'\n').expect("a header");
    for end in (header..file.len()).step_by(211) {
        let cut = Run::read(&file[..end]).expect("readable");
        assert!(run.accounts.starts_with(&cut.accounts) && run.seconds.starts_with(&cut.seconds));
    }
}
