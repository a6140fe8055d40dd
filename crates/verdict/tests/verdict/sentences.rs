//! The sentences, word by word.

use crate::sample::{Lane, dashboard, idle, in_mode, lane, run, warning};
use results::{Mode, Run, Severity, WarningKind};
use verdict::{Outcome, Verdict};

/// All sentences, with plain spaces.
fn said(run: &Run) -> String {
    Verdict::of(run).sentences.join("\n").replace('\u{202f}', " ")
}

#[test]
fn a_dashboard_has_a_winner_and_a_price() {
    let mut run = run(1, 5, &dashboard());
    run.idle = Some(idle(&[
        ("websocket", 6_712),
        ("sse", 19_360),
        ("long-polling", 19_013),
        ("short-polling", 15_000),
    ]));
    let verdict = Verdict::of(&run);
    assert_eq!(
        (verdict.outcome, verdict.recommended.as_slice()),
        (Outcome::Recommended, &["websocket".to_owned()][..])
    );
    insta::assert_snapshot!(said(&run));
}

#[test]
fn equals_are_left_to_the_stack() {
    let lanes = [
        lane("websocket", 2.44, 3.2, 127.0),
        lane("sse", 2.45, 3.25, 147.0),
        lane("polling", 9.0, 3.0, 99.0),
    ];
    insta::assert_snapshot!(said(&run(2, 8, &lanes)));
}

#[test]
fn what_cannot_be_told_is_not_called_level() {
    let noisy = |lane: Lane| Lane { spread: 0.15, ..lane };
    let lanes = [noisy(lane("websocket", 2.44, 3.2, 127.0)), noisy(lane("sse", 2.6, 3.3, 147.0))];
    insta::assert_snapshot!(said(&run(3, 5, &lanes)));
}

#[test]
fn who_loses_something_is_out() {
    let mut lanes = dashboard();
    lanes[0].lost = 3;
    lanes[1].broken = 2;
    let verdict = Verdict::of(&run(4, 5, &lanes));
    assert_eq!(verdict.recommended, ["long-polling"]);
    assert_eq!(verdict.out.len(), 2);
    insta::assert_snapshot!(said(&run(4, 5, &lanes)));
}

#[test]
fn what_was_skipped_for_something_newer_is_not_missing() {
    let mut run = run(5, 5, &dashboard());
    for account in run.accounts.iter_mut().filter(|account| account.label == "websocket") {
        account.ledger.books.expected += 10;
        account.ledger.books.superseded = 10;
    }
    assert_eq!(Verdict::of(&run).recommended, ["websocket"]);
}

#[test]
fn without_processor_time_bytes_decide() {
    let lanes: Vec<Lane> = dashboard().into_iter().map(|lane| Lane { cpu_us: None, ..lane }).collect();
    insta::assert_snapshot!(said(&run(6, 5, &lanes)));
}

#[test]
fn one_round_names_no_winner() {
    let run = run(7, 1, &dashboard());
    assert_eq!(Verdict::of(&run).outcome, Outcome::OneRound);
    assert!(Verdict::of(&run).recommended.is_empty());
    insta::assert_snapshot!(said(&run));
}

#[test]
fn one_transport_has_nothing_to_be_compared_with() {
    insta::assert_snapshot!(
        [said(&run(8, 5, &dashboard()[..1])), said(&run(8, 5, &dashboard()[4..]))].join("\n\n")
    );
}

#[test]
fn a_run_that_was_stopped_names_no_winner() {
    let mut stopped = run(9, 5, &dashboard());
    stopped.warnings.push(warning(WarningKind::Interrupted, Severity::Caution));
    stopped.end = stopped.end.map(|end| results::End {
        completed: false,
        reason: "it was interrupted".to_owned(),
        ..end
    });
    let mut killed = run(9, 5, &dashboard());
    killed.end = None;
    let mut torn = run(9, 5, &dashboard());
    torn.truncated = true;
    let all: Vec<String> = [&stopped, &killed, &torn].map(said).to_vec();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_transport_that_broke_down_does_not_stop_the_verdict_on_the_others() {
    let mut lanes = dashboard();
    lanes[3].broken = 1;
    let mut run = run(10, 5, &lanes);
    run.end = run.end.map(|end| results::End {
        completed: false,
        reason: "24 of 25 books were closed".to_owned(),
        ..end
    });
    let verdict = Verdict::of(&run);
    assert_eq!(verdict.recommended, ["websocket"]);
    assert_eq!(verdict.out[0].label, "short-polling");
}

#[test]
fn nothing_closed_and_nobody_whole() {
    let broken: Vec<Lane> = dashboard().into_iter().map(|lane| Lane { broken: 5, ..lane }).collect();
    let lossy: Vec<Lane> = dashboard().into_iter().map(|lane| Lane { lost: 1, ..lane }).collect();
    let mut disturbed = run(11, 5, &lossy);
    disturbed.header.disturbances.push("after 2s: clients read nothing for 6s".to_owned());
    let all = [said(&run(11, 5, &broken)), said(&run(11, 5, &lossy)), said(&disturbed)];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn invalid_figures_get_no_verdict() {
    let mut run = run(12, 5, &dashboard());
    run.warnings.push(warning(WarningKind::PublisherLate, Severity::Caution));
    run.warnings.push(warning(WarningKind::HostBusy, Severity::Invalid));
    run.warnings.push(warning(WarningKind::Books, Severity::Invalid));
    let verdict = Verdict::of(&run);
    assert_eq!((verdict.outcome, verdict.recommended.len()), (Outcome::Invalid, 0));
    insta::assert_snapshot!(said(&run));
}

#[test]
fn a_control_that_differs_widens_the_margin() {
    let mut lanes = vec![
        lane("websocket", 2.0, 3.2, 127.0),
        lane("sse", 2.4, 3.2, 147.0),
        lane("polling", 500.0, 3.0, 99.0),
    ];
    let without = Verdict::of(&run(13, 5, &lanes));
    assert_eq!(without.slower.len(), 2);
    lanes.push(Lane { control_of: Some("websocket"), ..lane("websocket again", 2.5, 3.2, 127.0) });
    let with = Verdict::of(&run(13, 5, &lanes));
    assert_eq!(with.slower.iter().map(|slower| slower.other.as_str()).collect::<Vec<_>>(), ["polling"]);
    insta::assert_snapshot!(said(&run(13, 5, &lanes)));
}

#[test]
fn waiting_among_transports_at_once_widens_the_margin() {
    let lanes =
        [lane("websocket", 2.0, 3.2, 127.0), lane("sse", 2.4, 3.2, 147.0), lane("polling", 500.0, 3.0, 99.0)];
    let mut together = in_mode(run(14, 5, &lanes), Mode::Together);
    assert_eq!(Verdict::of(&together).slower.len(), 2, "nothing is known of waiting");
    for account in &mut together.accounts {
        for costs in [&mut account.server_costs, &mut account.client_costs] {
            costs.run_queue_ns = Some(20_000_000);
            costs.voluntary_switches = Some(50);
        }
    }
    assert_eq!(Verdict::of(&together).slower.len(), 1, "0.8 ms of 2.4 were spent waiting");
    insta::assert_snapshot!(said(&together));
    assert_eq!(Verdict::of(&in_mode(together, Mode::Apart)).slower.len(), 2, "apart, it is their own");
}

#[test]
fn a_server_at_its_limit_is_told() {
    let mut lanes = dashboard();
    lanes[2].cpu_us = Some(960.0);
    lanes[2].client_us = 1.0;
    assert!(said(&run(15, 5, &lanes)).contains("The server used all of one processor over long-polling"));
}

#[test]
fn the_cheaper_who_may_be_much_slower_pushes_nobody_out() {
    let unsteady = |lane: Lane| Lane { spread: 0.03, ..lane };
    let lanes = [unsteady(lane("websocket", 2.0, 6.0, 127.0)), unsteady(lane("sse", 2.24, 3.0, 147.0))];
    let mut runs = (0..20).map(|seed| run(seed, 5, &lanes));
    let both = runs.find(|run| Verdict::of(run).recommended == ["websocket", "sse"]);
    insta::assert_snapshot!(said(&both.expect("12 % is about the margin of 10")));
}

#[test]
fn a_delay_that_is_the_clients_work_is_told() {
    let mut lanes = vec![lane("websocket", 2.0, 3.0, 127.0), lane("sse", 2.8, 3.0, 147.0)];
    assert!(!said(&run(17, 5, &lanes)).contains("clients"));
    // 50 subscribers, of whom the later half waits for 25 x 30 us.
    lanes[1].client_us = 33.0;
    insta::assert_snapshot!(said(&run(17, 5, &lanes)));
}

#[test]
fn warnings_that_touch_the_verdict_are_pointed_at() {
    let with = |kind, severity| {
        let mut run = run(18, 5, &dashboard());
        run.warnings.push(warning(kind, severity));
        said(&run)
    };
    let pointer = "Doubts speak against some figures of sse: read them before you rely on this.";
    assert!(with(WarningKind::HostBusy, Severity::Caution).ends_with(pointer));
    assert!(!with(WarningKind::HostBusy, Severity::Note).contains("Doubts"));
    assert!(!with(WarningKind::ChildDied, Severity::Caution).contains("Doubts"));
}

#[test]
fn who_delivered_nothing_is_out_even_if_all_was_skipped() {
    let mut run = run(19, 5, &dashboard());
    for account in run.accounts.iter_mut().filter(|account| account.label == "websocket") {
        (account.ledger.books.delivered, account.ledger.books.superseded) = (0, 1_000);
    }
    let verdict = Verdict::of(&run);
    assert_eq!((verdict.recommended.as_slice(), verdict.out.len()), (&["sse".to_owned()][..], 1));
}
