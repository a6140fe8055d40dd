//! What a run writes down about costs, idle memory and placement.

#![cfg(target_os = "linux")]

use results::{Account, Costs, Run, Severity};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

const LABELS: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "tcp"];

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Folder(std::env::temp_dir().join(format!("pushpull-costs-{name}-{}", std::process::id())))
    }

    fn run(&self) -> Run {
        let folder =
            std::fs::read_dir(&self.0).expect("a folder").next().expect("a run").expect("readable").path();
        Run::read(std::fs::read(folder.join("run.jsonl")).expect("results")).expect("readable results")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn smoke(folder: &Folder, sets: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
    command.arg("run").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/smoke.toml"));
    sets.iter().for_each(|set| _ = command.args(["--set", set]));
    command.arg("--out").arg(&folder.0);
    command
}

fn finished(folder: &Folder, sets: &[&str]) -> Output {
    smoke(folder, sets).output().expect("the program starts")
}

#[test]
fn every_cost_is_there_and_fits_the_others() {
    let folder = Folder::new("all");
    let output = finished(&folder, &["subscribers.crowds=2", "idle_connections=200"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = folder.run();
    assert_eq!(run.accounts.len(), LABELS.len());
    for account in &run.accounts {
        let books = ledger::Books::from(account.ledger.books);
        assert!(books.balance() && books.delivered == books.expected, "{}: {books:?}", account.label);
        check_costs(account);
    }
    let idle = run.idle.expect("idle memory was looked at");
    assert_eq!(idle.points.iter().map(|point| point.connections).collect::<Vec<_>>(), [40, 200]);
    for label in LABELS {
        let bytes = idle.per_connection(label).expect("both points");
        // A socket's buffers are of 4 to 8 KiB; the limits are far beyond.
        assert!((1_000.0..100_000.0).contains(&bytes), "{label}: {bytes}");
    }
}

fn check_costs(account: &Account) {
    let (server, clients, label) = (&account.server_costs, &account.client_costs, &account.label);
    for costs in [server, clients] {
        let Costs { user_ns, system_ns, transport_ns, publisher_ns, harness_ns, .. } = *costs;
        let all = [user_ns, system_ns, transport_ns, publisher_ns, harness_ns, costs.run_queue_ns];
        let more = [costs.voluntary_switches, costs.involuntary_switches, costs.anonymous_bytes];
        let sockets = [costs.socket_bytes, costs.segments_in, costs.segments_out, costs.retransmitted];
        assert!(all.iter().chain(&more).chain(&sockets).all(Option::is_some), "{label}: {costs:?}");
        assert!(transport_ns > Some(0) && costs.anonymous_bytes > Some(0), "{label}: {costs:?}");
    }
    assert!(server.publisher_ns > Some(0) && clients.publisher_ns == Some(0), "{label}");
    // What one end sends the other receives, but for what is under way when the two look.
    for (sent, received) in
        [(server.segments_out, clients.segments_in), (clients.segments_out, server.segments_in)]
    {
        let (sent, received) = sent.zip(received).expect("looked at above");
        assert!(sent > 0 && sent.abs_diff(received) <= sent / 5 + 20, "{label}: {sent} {received}");
    }
    let host = account.host.expect("Linux tells");
    let own = [server, clients].map(|costs| costs.transport_ns.expect("looked at above")).iter().sum::<u64>();
    assert!(host.own_ns > own / 2 && host.cores > 0 && host.elapsed_ns > 0, "{label}: {host:?} {own}");
}

/// Starts a run and waits until it says something that ends like this.
fn started(command: &mut Command, said: &str) -> (Child, impl Iterator<Item = String> + use<>) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    lines.by_ref().find(|line| line.ends_with(said)).expect("it says so");
    (child, lines)
}

#[test]
fn processes_are_where_the_scenario_puts_them() {
    let folder = Folder::new("pin");
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let usable = value(&status, "Cpus_allowed_list").expect("Linux tells");
    let first = usable.split([',', '-']).next().expect("at least one");
    let (servers, clients) = (format!("pin.servers=[{first}]"), format!("pin.clients=[{first}]"));
    let sets = [servers.as_str(), &clients, "measure=60s", "idle_connections=0"];
    let (mut child, _lines) = started(&mut smoke(&folder, &sets), ": running");
    let threads = worker_threads(&child);
    let placement = folder.run().header.placement;
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(threads.len() > 20, "ten processes with several threads each: {threads:?}");
    assert!(threads.iter().all(|processors| processors == first), "{threads:?}");
    let sentence = format!("servers on processor {first}, clients on processor {first}");
    assert_eq!(placement, Some(sentence));
}

#[test]
fn ctrl_c_ends_the_look_at_idle_connections() {
    let folder = Folder::new("interrupt");
    let (mut child, lines) =
        started(&mut smoke(&folder, &["idle_connections=300"]), ": 300 connections each");
    kill_process(Pid::from_child(&child), Signal::INT).expect("it runs");
    let said: Vec<String> = lines.collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{said:?}");
    let run = folder.run();
    assert!(run.idle.is_none() && run.accounts.is_empty() && !run.is_complete());
}

#[test]
fn idle_connections_that_do_not_fit_are_left_out_and_the_run_goes_on() {
    let folder = Folder::new("limit");
    let run = smoke(&folder, &["idle_connections=500"]);
    let words: Vec<_> = [run.get_program()].into_iter().chain(run.get_args()).collect();
    let limited = r#"ulimit -n 256 && exec "$0" "$@""#;
    let output = Command::new("sh").args(["-c", limited]).args(words).output().expect("a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = folder.run();
    assert!(run.idle.is_none() && run.accounts.len() == LABELS.len());
    let told =
        run.warnings.iter().find(|warning| warning.message.contains("idle_connections")).expect("a note");
    assert_eq!(told.severity, Severity::Note);
}

/// The processors that each thread of the driver's workers may run on.
fn worker_threads(driver: &Child) -> Vec<String> {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let processes = std::fs::read_dir("/proc").expect("Linux").filter_map(|entry| Some(entry.ok()?.path()));
    let workers =
        processes.filter(|path| value(&read(&path.join("status")), "PPid") == Some(driver.id().to_string()));
    let tasks = workers.flat_map(|path| std::fs::read_dir(path.join("task")).expect("it runs"));
    tasks.filter_map(|task| value(&read(&task.ok()?.path().join("status")), "Cpus_allowed_list")).collect()
}

fn value(status: &str, name: &str) -> Option<String> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

#[test]
fn a_processor_that_does_not_exist_is_an_error_before_anything_runs() {
    let folder = Folder::new("wrong");
    let output = finished(&folder, &["pin.clients=[1023]"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("pin.clients") && message.contains("1023"), "{message}");
    assert!(!folder.0.exists(), "nothing was measured");
}
