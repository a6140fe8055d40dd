//! The program as its user meets it: exit codes, messages, and what is left behind.

use results::{Run, WarningKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Lines, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

const WORKERS: usize = 10; // A server and a crowd for each of five transports.

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pushpull-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn out(&self) -> PathBuf {
        self.0.join("out")
    }

    fn run_folder(&self) -> PathBuf {
        std::fs::read_dir(self.out()).expect("a folder").next().expect("a run").expect("readable").path()
    }

    /// What there is of the one run in `out`.
    fn unfinished_run(&self) -> Run {
        Run::read(std::fs::read(self.run_folder().join("run.jsonl")).expect("results"))
            .expect("readable results")
    }

    /// The one run in `out`.
    fn run(&self) -> Run {
        assert!(self.run_folder().join("report.html").exists(), "every run leaves a report");
        self.unfinished_run()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn pushpull() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pushpull"))
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn run(arguments: &[&str]) -> Output {
    pushpull().args(arguments).output().expect("the program starts")
}

/// A long run, once its schedule has begun.
fn start_long_run(folder: &Folder) -> (Child, Lines<BufReader<ChildStderr>>) {
    let mut child = pushpull()
        .arg("run")
        .arg(shipped("smoke.toml"))
        .args(["--set", "measure=60s", "--out"])
        .arg(folder.out())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let begun = lines.by_ref().map_while(Result::ok).find(|line| line.ends_with(": running"));
    assert!(begun.is_some(), "the schedule begins");
    (child, lines)
}

/// Waits until every transport has reported a second with deliveries.
fn wait_for_deliveries(folder: &Folder) {
    for _ in 0..200 {
        let run = folder.unfinished_run();
        let delivering = run.seconds.iter().filter(|second| second.delivered > 0);
        if delivering.map(|second| &second.label).collect::<BTreeSet<_>>().len() == 5 {
            return;
        }
        driver::clock::block_until(driver::clock::now_ns() + 50_000_000);
    }
    panic!("nothing was delivered for ten seconds");
}

/// The processes that a driver started: handles that stay true when numbers are used again.
fn workers_of(driver: u32, matching: &str) -> Vec<(Pid, OwnedFd)> {
    let entries = std::fs::read_dir("/proc").expect("these tests need Linux's /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let is_worker = |pid: &i32| {
        let read = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let parent =
            read("stat").rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        parent == Some(driver) && read("cmdline").contains(matching)
    };
    let found = pids.filter(is_worker).filter_map(Pid::from_raw);
    found.map(|pid| (pid, pidfd_open(pid, PidfdFlags::empty()).expect("it runs"))).collect()
}

/// Waits for the end of a process, for ten seconds at most.
fn ends(process: &OwnedFd) -> bool {
    let limit = Timespec { tv_sec: 10, tv_nsec: 0 };
    let mut handles = [PollFd::new(process, PollFlags::IN)];
    poll(&mut handles, Some(&limit)).expect("poll") == 1
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("it runs");
}

#[test]
fn every_shipped_scenario_is_right() {
    let folders = ["", "conditions", "published"].map(shipped);
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("scenarios"));
    let files = entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension() == Some("toml".as_ref()));
    for path in files {
        let output = pushpull().arg("check").arg(&path).output().expect("the program starts");
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
}

#[test]
fn all_mistakes_are_told_at_once_with_their_places() {
    let folder = Folder::new("mistakes");
    let file = folder.file(
        "wrong.toml",
        "# What is wrong?\nmeasure = \"5\"\nruonds = 3\n[subscribers]\ncount = 0\n\
         [[topic]]\nname = \"t\"\nevery = \"1s\"\nbody = \"100B\"\n[[transport]]\nuse = \"websockets\"\n",
    );
    let output = run(&["run", file.to_str().expect("UTF-8"), "--out", folder.out().to_str().expect("UTF-8")]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    for part in
        ["wrong.toml:2:", "wrong.toml:3:", "`rounds`", "wrong.toml:5:", "wrong.toml:11:", "`websocket`"]
    {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
    assert!(!folder.out().exists(), "nothing was started");
}

#[test]
fn a_wrong_override_is_a_mistake_with_a_hint() {
    let smoke = shipped("smoke.toml");
    let output = run(&["run", smoke.to_str().expect("UTF-8"), "--set", "transport.short-poling.interval=1s"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("short-polling"), "{}", text(&output.stderr));
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_before_anything_runs() {
    let smoke = shipped("smoke.toml");
    let output = run(&["run", smoke.to_str().expect("UTF-8"), "--out", "/dev/null/results"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("/dev/null/results"), "{}", text(&output.stderr));
}

#[test]
fn too_many_subscribers_are_refused_with_a_number_that_can_be() {
    let smoke = shipped("smoke.toml");
    let output = run(&[
        "run",
        smoke.to_str().expect("UTF-8"),
        "--set",
        "subscribers.count=900000",
        "--out",
        "/dev/null/x",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("subscribers.count"), "{}", text(&output.stderr));
}

#[test]
fn a_run_leaves_balanced_books_and_a_report_that_is_a_function_of_them() {
    let folder = Folder::new("run");
    let (smoke, out) = (shipped("smoke.toml"), folder.out());
    let output =
        run(&["run", smoke.to_str().expect("UTF-8"), "--rounds", "2", "--out", out.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let rows: Vec<&str> = table.lines().filter(|line| line.contains(" core  ")).collect();
    assert_eq!(rows.len(), 5, "a row for each transport: {table}");
    assert!(table.lines().all(|line| line.chars().count() <= 140), "{table}");
    assert!(table.contains("\nreport      ") && table.contains("--format markdown"), "{table}");
    let run_data = folder.run();
    assert!(run_data.is_complete());
    assert_eq!(run_data.accounts.len(), 10, "five transports, two rounds");
    for account in &run_data.accounts {
        let books = ledger::Books::from(account.ledger.books);
        assert!(books.balance() && books.delivered == books.expected && books.expected > 0, "{books:?}");
        assert_eq!(account.planned, account.published);
    }
    let pages: Vec<String> = ["a.html", "b.html"]
        .iter()
        .map(|name| {
            let page = folder.0.join(name);
            let file = std::fs::read_dir(&out).expect("out").next().expect("a run").expect("readable").path();
            let rendered =
                pushpull().arg("report").arg(file).arg("--out").arg(&page).output().expect("starts");
            assert!(rendered.status.success(), "{}", text(&rendered.stderr));
            std::fs::read_to_string(page).expect("a page")
        })
        .collect();
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn ctrl_c_keeps_what_was_measured() {
    let folder = Folder::new("interrupt");
    let (child, lines) = start_long_run(&folder);
    let workers = workers_of(child.id(), "worker\0");
    wait_for_deliveries(&folder);
    signal(&child, Signal::INT);
    let said: Vec<String> = lines.map_while(Result::ok).collect();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{said:?}");
    let run = folder.run();
    assert!(!run.is_complete());
    assert!(run.warnings.iter().any(|warning| warning.kind == WarningKind::Interrupted));
    assert_eq!(run.accounts.len(), 5, "every transport closed its books");
    for account in &run.accounts {
        let books = ledger::Books::from(account.ledger.books);
        assert!(books.balance() && books.lost == 0 && books.delivered > 0, "{books:?}");
        assert!(books.expected < books.delivered * 2, "what was not due was not expected: {books:?}");
    }
    assert!(workers.iter().all(|(_, worker)| ends(worker)));
}

#[test]
fn a_killed_driver_leaves_no_process_even_if_one_is_stopped() {
    let folder = Folder::new("kill");
    let (mut child, _lines) = start_long_run(&folder);
    let workers = workers_of(child.id(), "worker\0");
    assert_eq!(workers.len(), WORKERS);
    kill_process(workers[0].0, Signal::STOP).expect("it runs");
    signal(&child, Signal::KILL);
    child.wait().expect("it ends");
    assert!(workers.iter().all(|(_, worker)| ends(worker)));
}

#[test]
fn a_server_that_dies_is_named_and_the_others_go_on() {
    let folder = Folder::new("dies");
    let mut child = pushpull()
        .arg("run")
        .arg(shipped("smoke.toml"))
        .arg("--out")
        .arg(folder.out())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    lines
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.ends_with(": running"))
        .expect("the schedule begins");
    let victims = workers_of(child.id(), "--\0server\0sse\0");
    kill_process(victims[0].0, Signal::KILL).expect("it runs");
    let said: Vec<String> = lines.map_while(Result::ok).collect();
    let mut shown = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut shown).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{said:?}");
    let run = folder.run();
    let died: Vec<_> = run.warnings.iter().filter(|warning| warning.kind == WarningKind::ChildDied).collect();
    assert_eq!(died.len(), 1, "{died:?}");
    assert_eq!(died[0].label.as_deref(), Some("sse"));
    assert!(died[0].message.contains("server"), "{}", died[0].message);
    assert_eq!(run.accounts.len(), 4);
    assert!(shown.contains("websocket"), "the others are shown: {shown}");
}
