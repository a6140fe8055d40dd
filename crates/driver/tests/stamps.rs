//! The kernel's stamps in a run over every transport.

#![cfg(target_os = "linux")]

use results::{Run, Severity, WarningKind};
use std::path::Path;
use std::process::Command;

/// Short polling brings several updates at once when it is slow, and bursts come together over all.
const SETS: [&str; 4] = [
    "kernel_stamps=true",
    "idle_connections=0",
    "subscribers.crowds=2",
    "transport.short-polling.interval=20ms",
];

#[test]
fn every_delivery_is_split_or_counted_among_those_that_are_not() {
    let out = std::env::temp_dir().join(format!("pushpull-stamps-{}", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
    command.arg("run").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/smoke.toml"));
    SETS.iter().for_each(|set| _ = command.args(["--set", set]));
    let output = command.arg("--out").arg(&out).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("from there to the program"));
    let folder = std::fs::read_dir(&out).expect("a folder").next().expect("a run").expect("readable").path();
    let run = Run::read(std::fs::read(folder.join("run.jsonl")).expect("results")).expect("readable results");
    let page = std::fs::read_to_string(folder.join("report.html")).expect("a report");
    let _ = std::fs::remove_dir_all(&out);

    assert!(run.header.kernel_stamps && page.contains("Where the time goes"));
    let note = run.warnings.iter().find(|warning| warning.kind == WarningKind::KernelStamps);
    assert_eq!(note.map(|note| note.severity), Some(Severity::Note));
    assert_eq!(run.accounts.len(), 5);
    for account in &run.accounts {
        let (label, ledger) = (&account.label, &account.ledger);
        let split = ledger::Split::from(ledger.split.clone().expect("the kernel was asked"));
        let others = [split.shared, split.unstamped, split.impossible, split.clock_moved];
        let all = split.used() + others.iter().sum::<u64>();
        assert_eq!(all, ledger.books.delivered, "{label}: {others:?} beside {}", split.used());
        // A quarter of what is due comes alone.
        assert!(split.used() > 0, "{label}: {others:?}");
        assert_eq!((split.unstamped, split.impossible), (0, 0), "{label}");
        let parts = [&split.due_to_machine, &split.sent_to_machine];
        assert!(parts.iter().all(|part| part.len() == split.used()), "{label}");
    }
}
