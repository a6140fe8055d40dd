//! What can be read, and what is said about the rest.

mod sample;

use results::{FORMAT, Line, ReadError, Run, Severity, Steady, WarningKind, write_line};

fn file() -> String {
    sample::lines().iter().map(write_line).collect()
}

#[test]
fn a_whole_file_comes_back() {
    let run = Run::read(file()).unwrap();
    assert!(run.is_complete());
    assert_eq!((run.seconds.len(), run.accounts.len(), run.warnings.len()), (1, 2, 1));
    assert_eq!(run.labels().collect::<Vec<_>>(), ["sse"]);
    let again: Vec<Line> = std::iter::once(Line::Header(Box::new(run.header)))
        .chain(run.idle.into_iter().map(Line::Idle))
        .chain(run.seconds.into_iter().map(Line::Second))
        .chain(run.accounts.into_iter().map(|account| Line::Account(Box::new(account))))
        .chain(run.warnings.into_iter().map(Line::Warning))
        .chain(run.end.into_iter().map(Line::End))
        .collect();
    assert_eq!(again, sample::lines());
}

#[test]
fn a_file_cut_at_any_byte_after_its_header_can_be_read() {
    let file = file();
    let header_len = file.find('\n').unwrap();
    for len in 0..file.len() {
        let cut = &file.as_bytes()[..len];
        match Run::read(cut) {
            Err(error) => {
                let expected = if len == 0 { ReadError::Empty } else { ReadError::HeaderCut };
                assert_eq!(error, expected, "cut to {len} bytes");
                assert!(len < header_len, "cut to {len} bytes");
            }
            Ok(run) => {
                let whole_lines = lines_in(&run);
                let inside_a_line = cut.ends_with(b"\n") || file.as_bytes()[len] == b'\n';
                assert_eq!(run.truncated, !inside_a_line, "cut to {len} bytes");
                let line_ends = file.as_bytes()[..=len].iter().filter(|byte| **byte == b'\n').count();
                assert_eq!(whole_lines, line_ends, "cut to {len} bytes");
                assert!(!run.is_complete() || len == file.len() - 1);
            }
        }
    }
}

fn lines_in(run: &Run) -> usize {
    let once = usize::from(run.idle.is_some()) + usize::from(run.end.is_some());
    1 + once + run.seconds.len() + run.accounts.len() + run.warnings.len()
}

#[test]
fn a_cut_within_a_character_is_a_cut_like_any_other() {
    let mut bytes = file().into_bytes();
    bytes.extend_from_slice(b"{\"line\":\"warning\",\"message\":\"\xe2\x80");
    assert!(Run::read(&bytes).unwrap().truncated);
}

#[test]
fn a_damaged_line_is_named_with_what_to_do() {
    let file = file();
    let mut lines: Vec<&str> = file.lines().collect();
    lines.insert(2, "{\"line\":\"account\",\"round\":");
    let error = Run::read(lines.join("\n")).unwrap_err();
    assert!(matches!(error, ReadError::Damaged { line: 3, .. }), "{error}");
    assert!(error.to_string().contains("restore the file"), "{error}");
}

#[test]
fn a_label_that_the_header_does_not_know_is_damage() {
    let error = Run::read(file().replace("\"label\":\"sse\",\"second\"", "\"label\":\"tcp\",\"second\""));
    assert!(error.unwrap_err().to_string().contains("no transport `tcp`"));
}

#[test]
fn rounds_without_a_sum_are_damage() {
    let mut lines = sample::lines();
    for line in &mut lines {
        if let Line::Account(account) = line {
            account.ledger.latency.record_n(1, i64::MAX as u64);
            account.ledger.latency.record_n(2, i64::MAX as u64 / 3);
        }
    }
    let file: String = lines.iter().map(write_line).collect();
    let error = Run::read(file).unwrap_err();
    assert!(matches!(error, ReadError::Damaged { line: 5, .. }), "{error}");
    assert!(error.to_string().contains("more than can be counted"), "{error}");
}

/// Each a file of which one line, from 1, is not as it should be.
#[test]
fn every_complaint_names_its_line() {
    let file = file();
    let line_of = |word: &str| file.lines().position(|line| line.contains(word)).unwrap() + 1;
    let damaged = [
        (file.replacen("\"line\":\"warning\"", "\"line\":\"wraning\"", 1), line_of("\"warning\"")),
        (file.replacen("HIST", "HISt", 1), line_of("\"account\"")),
        (file.replacen("HIST", "HI%T", 1), line_of("\"account\"")),
        (file.replacen("\"second\":3", "\"second\":-3", 1), line_of("\"second\"")),
        (file.replacen("\n", "\n\n", 1), 2),
        (file.replacen("\n", "\n\u{0}\u{1}\u{fffd}\n", 1), 2),
    ];
    for (file, line) in damaged {
        let error = Run::read(file).unwrap_err();
        assert!(matches!(error, ReadError::Damaged { line: found, .. } if found == line), "{line}: {error}");
        assert!(!error.to_string().contains("line 1 column"), "one count of lines is enough: {error}");
    }
}

/// The middle severity was called `doubt`.
#[test]
fn severities_in_older_words_are_read_and_written_in_these() {
    let run = Run::read(include_str!("fixtures/version-1-doubts.jsonl")).unwrap();
    let severities: Vec<Severity> = run.warnings.iter().map(|warning| warning.severity).collect();
    assert_eq!(severities, [Severity::Note, Severity::Caution, Severity::Invalid]);
    let again = write_line(&Line::Warning(run.warnings[1].clone()));
    assert!(again.contains("\"severity\":\"caution\"") && !again.contains("doubt"), "{again}");
}

/// As a fault of the disk leaves it.
#[test]
fn a_run_with_a_byte_changed_is_read_or_refused() {
    let file = include_str!("fixtures/version-1.jsonl");
    let whole = Run::read(file).unwrap();
    for place in (0..file.len()).step_by(101) {
        for byte in [b'\n', b'"', 0, 0xff, b'9'] {
            let mut bytes = file.as_bytes().to_vec();
            bytes[place] = byte;
            if let Ok(run) = Run::read(&bytes) {
                assert_eq!(run.accounts.len(), whole.accounts.len(), "byte {place} as {byte}");
            }
        }
    }
}

#[test]
fn a_round_that_is_closed_twice_is_damage() {
    let file = file();
    let account = file.lines().find(|line| line.contains("\"line\":\"account\"")).unwrap();
    let error = Run::read(file.clone() + account + "\n").unwrap_err();
    assert!(error.to_string().contains("a second account of `sse`"), "{error}");
}

#[test]
fn two_runs_in_one_file_are_damage() {
    let twice = file() + &file();
    let error = Run::read(twice).unwrap_err();
    assert!(error.to_string().contains("second header"), "{error}");
}

#[test]
fn a_newer_format_asks_for_a_newer_pushpull() {
    let newer = format!("{{\"line\":\"header\",\"format\":{},\"shape\":[]}}\n", FORMAT + 1);
    let error = Run::read(newer).unwrap_err();
    assert_eq!(error, ReadError::Newer { found: FORMAT + 1 });
    assert!(error.to_string().contains("newer pushpull"), "{error}");
}

#[test]
fn what_is_no_results_file_is_told_so() {
    for text in ["<html>\n", "<html>", "\0\0", "{\"line\":\"end\"}\n", "{\"format\":0}\n"] {
        assert!(matches!(Run::read(text), Err(ReadError::NoHeader { .. })), "{text}");
    }
}

#[test]
fn a_label_that_leads_elsewhere_is_refused() {
    for label in ["../../home/x", "/etc/x", "", "a\\nb", ".", "x.y"] {
        let error = Run::read(file().replace("\"label\":\"sse\"", &format!("\"label\":\"{label}\"")));
        assert!(error.unwrap_err().to_string().contains("no transport can be called"), "{label}");
    }
}

#[test]
fn fields_and_warnings_of_a_later_version_of_this_format_do_no_harm() {
    let later = file()
        .replace("\"measure_ns\"", "\"humidity\":{\"percent\":40},\"measure_ns\"")
        .replace("\"single-round\"", "\"solar-flare\"");
    let run = Run::read(later).unwrap();
    assert_eq!(run.warnings[0].kind, WarningKind::Other);
    assert_eq!(run.warnings[0].advice, "Run more rounds.");
}

#[test]
fn rounds_are_merged_in_order_and_nothing_is_averaged() {
    let run = Run::read(file().replace("\"complete\":false", "\"complete\":true")).unwrap();
    let rounds: Vec<u32> = run.rounds_of("sse").iter().map(|account| account.round).collect();
    assert_eq!(rounds, [0, 1]);
    let merged = run.merged("sse").unwrap();
    assert_eq!((merged.rounds, merged.planned, merged.server.bytes_out), (2, 22, 4_200));
    assert_eq!(merged.account.books.delivered, 20);
    assert_eq!(merged.account.latency.len(), 20);
    assert_eq!(merged.steady, Steady { bytes_in: 2_000, bytes_out: 80, updates: 20, plain: None });
    assert!(merged.complete && merged.left_out == 0);
    assert!(run.merged("tcp").is_none());
}

#[test]
fn a_round_that_was_cut_short_counts_only_where_there_is_no_other() {
    let mut run = Run::read(file()).unwrap();
    let whole = run.merged("sse").unwrap();
    assert_eq!((whole.rounds, whole.left_out, whole.complete), (1, 1, true));
    assert_eq!((whole.account.latency.len(), whole.steady.updates), (10, 10));

    run.accounts.retain(|account| !account.complete);
    let part = run.merged("sse").unwrap();
    assert_eq!((part.rounds, part.left_out, part.complete), (1, 0, false));
}

#[test]
fn the_rounds_begun_are_those_planned_or_those_mentioned() {
    let mut run = Run::read(file()).unwrap();
    run.header.rounds = 5;
    assert_eq!(run.rounds_started(), 5, "it says that it came to its end");
    run.end = None;
    assert_eq!(run.rounds_started(), 2);
    run.warnings[0].round = Some(2);
    assert_eq!(run.rounds_started(), 3, "a round that broke down leaves no more than a warning");
    assert_eq!(run.rounds_mentioned().collect::<Vec<_>>(), [0, 1, 2]);

    let header = file().lines().next().unwrap().to_owned();
    assert_eq!(Run::read(header).unwrap().rounds_started(), 0);
}
