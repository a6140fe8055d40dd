//! Disks that are full and folders that can't be written.

use crate::program::{Folder, complaint, pushpull, renders, shipped};
use std::path::Path;
use std::process::Command;

const RUN: &[u8] = include_bytes!("../../../results/tests/fixtures/version-1.jsonl");
const OLD_PAGE: &str = "<html>the page of an earlier time</html>";

/// The program where no file may grow beyond so many blocks of 512 bytes, as on a disk that is full by
/// then: the write that goes beyond fails.
fn with_room_for(blocks: usize) -> Command {
    let mut command = Command::new("sh");
    // Without the trap the system would end the program at that write.
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh"]);
    command.arg(pushpull().get_program());
    command
}

#[test]
fn a_disk_that_fills_up_during_a_run_keeps_what_was_measured() {
    let before_accounts = {
        let folder = Folder::new("room");
        let out = folder.0.join("out");
        let run = pushpull().arg("run").arg(shipped("smoke.toml")).arg("--out").arg(&out).output();
        assert!(run.expect("it starts").status.success());
        let file = std::fs::read(folder.run_folder().0.join("run.jsonl")).expect("results");
        String::from_utf8_lossy(&file).find("{\"line\":\"account\"").expect("an account")
    };
    let folder = Folder::new("full");
    // For the seconds; an account is much longer than a block.
    let mut command = with_room_for(before_accounts.div_ceil(512));
    command.arg("run").arg(shipped("smoke.toml")).arg("--out").arg(folder.0.join("out"));
    let said = complaint(&command.output().expect("it starts"), 1);
    assert!(said.contains("run.jsonl") && said.contains("pushpull report"), "{said}");
    let left = folder.run_folder();
    assert_eq!(left.names(), ["run.jsonl"], "no part of a report");
    let run = left.run();
    assert!(!run.truncated && !run.is_complete() && !run.seconds.is_empty(), "what was measured is there");
    renders(&left.0);
}

#[test]
fn a_report_that_finds_no_room_leaves_the_older_one() {
    let folder = Folder::new("no-room");
    let (file, page) = (folder.file("run.jsonl", RUN), folder.file("report.html", OLD_PAGE));
    let said = complaint(&with_room_for(8).arg("report").arg(&file).output().expect("it starts"), 1);
    assert!(said.contains("report.html") && said.contains("--out"), "{said}");
    assert_eq!(std::fs::read_to_string(page).expect("still there"), OLD_PAGE);
    assert_eq!(folder.names(), ["report.html", "run.jsonl"], "nothing half-written");
}

/// Below a file and in `/proc` not even root makes anything.
#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = Folder::new("read-only");
    let file = folder.file("run.jsonl", RUN);
    for place in [file.join("below"), Path::new("/proc/pushpull").to_owned()] {
        let run = pushpull().arg("run").arg(shipped("smoke.toml")).arg("--out").arg(&place).output();
        let said = complaint(&run.expect("it starts"), 1);
        assert!(said.contains(&place.display().to_string()), "{said}");
        let page = place.join("page.html");
        let report = pushpull().arg("report").arg(&file).arg("--out").arg(&page).output();
        let said = complaint(&report.expect("it starts"), 1);
        assert!(said.contains(&page.display().to_string()), "{said}");
    }
    let full = pushpull().arg("report").arg(&file).args(["--out", "/dev/full"]).output().expect("it starts");
    assert!(complaint(&full, 1).contains("/dev/full"));
    assert_eq!(folder.names(), ["run.jsonl"]);
}
