//! The warnings of a run, each once.

use crate::sample::{dashboard, run, warning};
use results::{Account, Run, Severity, Warning, WarningKind};
use verdict::warnings::{Class, Group, LINE_CHARS, groups, of_account, of_run};

/// A run with the warnings that it would have written down.
fn told(change: impl Fn(&mut Account)) -> Run {
    let mut run = run(1, 5, &dashboard());
    for account in &mut run.accounts {
        // A tail that is known.
        account.ledger.slowest.record_n(900_000_000_000, 400);
        change(account);
    }
    let of_accounts = run.accounts.iter().flat_map(|account| of_account(&run.header, account));
    run.warnings = of_accounts.chain(of_run(&run)).collect();
    run
}

fn others_use(account: &mut Account, part: f64) {
    if let Some(host) = &mut account.host {
        host.own_ns = 0;
        host.busy_ns = (part * 2.0 * host.elapsed_ns as f64) as u64;
    }
}

fn of_kind(run: &Run, kind: WarningKind) -> Vec<Group> {
    groups(run).into_iter().filter(|group| group.kind == kind).collect()
}

#[test]
fn a_quiet_run_has_none() {
    assert_eq!(groups(&told(|_| {})), []);
}

#[test]
fn rounds_labels_and_numbers_are_folded() {
    let run = told(|account| {
        if account.round == 0 || account.round == 2 {
            others_use(account, if account.round == 0 { 0.104 } else { 0.091 });
        }
    });
    assert_eq!(run.warnings.len(), 10);
    let [group] = <[Group; 1]>::try_from(groups(&run)).unwrap();
    assert_eq!((group.class, group.kind), (Class::Caution, WarningKind::HostBusy));
    assert_eq!(group.line, "other programs used 9.1 to 10\u{202f}% of the CPU");
    assert_eq!((group.rounds, group.who.len()), (vec![0, 2], 5));
    assert_eq!(group.about, "all 5 transports, rounds 1 and 3");
    assert!(group.advice.unwrap().starts_with("close other programs"));
}

#[test]
fn who_it_is_about_stands_in_the_order_of_the_header() {
    let run = told(|account| {
        if ["tcp", "sse"].contains(&account.label.as_str()) {
            account.timer_lateness.record_n(20_000_000, 100);
        }
    });
    let [group] = <[Group; 1]>::try_from(groups(&run)).unwrap();
    assert_eq!((group.about.as_str(), group.title), ("sse and tcp, all rounds", "Test clients saturated"));
    assert_eq!(group.command.as_deref(), Some("--set subscribers.count=25"));
}

#[test]
fn the_tail_is_one_line_with_one_command() {
    let mut run = run(1, 5, &dashboard());
    run.warnings = of_run(&run);
    let [group] = <[Group; 1]>::try_from(of_kind(&run, WarningKind::TooFewSamples)).unwrap();
    assert_eq!(group.line, "p99 is not known: 100 distinct updates seen, about 1000 needed");
    assert_eq!(group.command.as_deref(), Some("--set measure=10s"));
    assert_eq!((group.about.as_str(), group.class), ("all 5 transports", Class::Note));
}

#[test]
fn the_worst_comes_first() {
    let mut run = told(|account| others_use(account, 0.5));
    run.warnings.reverse();
    let classes: Vec<Class> = groups(&run).iter().map(|group| group.class).collect();
    assert_eq!(classes, [Class::Invalid, Class::Caution]);
}

#[test]
fn what_no_account_tells_is_quoted_up_to_a_clause() {
    let mut run = run(1, 5, &dashboard());
    let about = |round, message: &str| Warning {
        round: Some(round),
        message: message.to_owned(),
        ..warning(WarningKind::ChildDied, Severity::Caution)
    };
    let long = "the server ended with exit status 1 while it was asked for its account; it had said the following \
        on its last lines: nothing that helps";
    run.warnings = vec![about(0, long), about(3, &long.replace('1', "2")), about(1, "it was killed")];
    let found = groups(&run);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].line, "the server ended with exit status 1 while it was asked for its account");
    assert_eq!((found[0].about.as_str(), found[1].about.as_str()), ("sse, rounds 1 and 4", "sse, round 2"));
}

#[test]
fn nobody_connected_is_told_once() {
    let mut run = told(|account| {
        if account.label == "websocket" {
            let books = &mut account.ledger.books;
            (books.lost, books.delivered) = (books.expected, 0);
            account.ledger.never_connected = 50;
        }
    });
    let at_start = |round| Warning {
        label: Some("websocket".to_owned()),
        round: Some(round),
        message: "0 of 50 subscribers were connected at the start; another one said: nothing".to_owned(),
        ..warning(WarningKind::ConnectionsMissing, Severity::Caution)
    };
    run.warnings.extend((0..5).map(at_start));
    assert_eq!(of_kind(&run, WarningKind::Unsustained).len(), 1);
    assert_eq!(of_kind(&run, WarningKind::ConnectionsMissing), []);

    let some = Warning { label: Some("sse".to_owned()), ..at_start(0) };
    let more = "12 of 50 subscribers were connected at the start; another one said: refused: 503";
    let more = Warning { message: more.to_owned(), round: Some(1), ..some.clone() };
    run.warnings = vec![some, more];
    let found = of_kind(&run, WarningKind::ConnectionsMissing);
    let lines: Vec<&str> = found.iter().map(|group| group.line.as_str()).collect();
    let both = "12 of 50 subscribers were connected at the start; last failure: refused: 503";
    assert_eq!(lines, ["0 of 50 subscribers were connected at the start", both], "for different reasons");
}

const OLD: &str = include_str!("../../../../results/published/growth/count-10000/run.jsonl");

#[test]
fn a_file_in_older_words_is_told_in_these() {
    let run = Run::read(OLD).unwrap();
    let found = groups(&run);
    assert!(found.len() < run.warnings.len(), "{found:#?}");
    for group in &found {
        assert!(group.line.chars().count() <= LINE_CHARS, "{}", group.line);
        assert!(!group.line.contains("large differences only"), "{}", group.line);
    }
    assert_eq!(found[0].class, Class::Invalid);
    assert_eq!(
        (found[0].who.as_slice(), found[0].rounds.as_slice()),
        (&["short-polling".to_owned()][..], &[1, 2][..])
    );
    assert_eq!(found[0].line, "411 to 862 updates arrived before they were scheduled");
    let saturated = found.iter().filter(|group| group.kind == WarningKind::CrowdSaturated);
    assert!(saturated.clone().all(|group| group.class == Class::Caution) && saturated.count() == 1);
}
