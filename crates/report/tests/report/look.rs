//! Writes pages to look at: `cargo test -p report look -- --ignored`, with a folder in `PAGES`.

use crate::sample;
use results::{Line, Run, WarningKind, write_line};

#[test]
#[ignore = "writes files, for a person to look at"]
fn pages() {
    let Some(folder) = std::env::var_os("PAGES").map(std::path::PathBuf::from) else { return };
    let mut doubted = Run::read(sample::file(1, 300)).unwrap();
    doubted.warnings = vec![
        sample::warning(
            WarningKind::SingleRound,
            None,
            "Only one round was run.",
            "Run at least five: --rounds 5.",
        ),
        sample::warning(
            WarningKind::PublisherLate,
            Some("sse"),
            "The publisher's 99th percentile of lateness is 4 ms.",
            "Give it a core of its own, or lower the rate.",
        ),
    ];
    doubted.accounts[1].server.bytes_out += 3;
    doubted.accounts[2].ledger.books.lost = 9;
    doubted.end = None;
    let unmeasured = Run::read(write_line(&Line::Header(Box::new(sample::header(1))))).unwrap();
    for (name, runs) in [
        ("good", vec![sample::run(3)]),
        ("doubted", vec![doubted.clone()]),
        ("unmeasured", vec![unmeasured]),
        ("several", vec![sample::run(2), doubted]),
    ] {
        std::fs::write(folder.join(name).with_extension("html"), report::render(&runs)).unwrap();
    }
    std::fs::write(folder.join("version-1.jsonl"), sample::file(1, 30)).unwrap();
}
