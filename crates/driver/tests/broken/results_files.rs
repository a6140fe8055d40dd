//! Results files that are damaged, cut or newer.

use crate::program::{Folder, complaint, pushpull, renders};

const RUN: &[u8] = include_bytes!("../../../results/tests/fixtures/version-1.jsonl");
const OLD_PAGE: &str = "<html>the page of an earlier time</html>";

fn swapped(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(RUN);
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn what_cannot_be_read_is_told_and_an_older_report_stays() {
    let second_line = RUN.iter().position(|byte| *byte == b'\n').expect("lines") + 1;
    let damaged =
        [RUN[..second_line].to_vec(), b"{\"line\":\"sec\n".to_vec(), RUN[second_line..].to_vec()].concat();
    let broken: &[(Vec<u8>, &str)] = &[
        (Vec::new(), "the file is empty"),
        (RUN[..second_line / 2].to_vec(), "ends within its header"),
        (swapped("\"format\":1", "\"format\":2"), "read it with a newer pushpull"),
        (swapped("\"format\":1", "\"format\":-1"), "the first line is no header"),
        ((0..=255).collect(), "the first line is no header"),
        (vec![0; 4096], "the first line is no header"),
        (damaged, "line 2 is damaged"),
        (swapped("HIST", "HI!T"), "is damaged"),
        (swapped("\"HIST", "\"HISU"), "a histogram can't be decoded"),
        ([RUN, RUN].concat(), "two runs in one file"),
        (OLD_PAGE.as_bytes().to_vec(), "the first line is no header"),
    ];
    for (bytes, part) in broken {
        let folder = Folder::new("damaged");
        let (file, page) = (folder.file("run.jsonl", bytes), folder.file("report.html", OLD_PAGE));
        let said = complaint(&pushpull().arg("report").arg(&file).output().expect("it starts"), 1);
        assert!(said.contains("run.jsonl") && said.contains(part), "{part}: {said}");
        assert_eq!(std::fs::read_to_string(page).expect("still there"), OLD_PAGE);
        assert_eq!(folder.names(), ["report.html", "run.jsonl"]);
    }
}

#[test]
fn a_run_that_was_cut_makes_a_report_of_what_there_is() {
    let folder = Folder::new("cut");
    let ends: Vec<usize> = (0..RUN.len()).filter(|byte| RUN[*byte] == b'\n').collect();
    for (line, end) in ends.iter().enumerate() {
        for cut in [*end, end + 1, (end + 200).min(RUN.len())] {
            renders(&folder.file(&format!("{line}.jsonl"), &RUN[..cut]));
        }
    }
}

#[test]
fn a_report_goes_into_a_pipe_without_taking_its_place() {
    let folder = Folder::new("pipe");
    let file = folder.file("run.jsonl", RUN);
    let output =
        pushpull().arg("report").arg(file).args(["--out", "/dev/stdout"]).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("</html>"));
    assert!(std::fs::symlink_metadata("/dev/stdout").expect("still there").is_symlink());
}
