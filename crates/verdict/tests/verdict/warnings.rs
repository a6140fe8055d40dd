//! Every doubt, by the figures that raise it and by those that just do not.

use crate::sample::{Lane, WINDOW_NS, account, around, dashboard, in_mode, lane, run, warning, with_both};
use results::{Account, Header, HostLoad, Mode, Run, Severity, Traffic, Warning, WarningKind};
use verdict::warnings::{against, first_line, of_account, of_run, server_share, spoils};
use verdict::{Metric, warnings};

fn base() -> (Header, Account) {
    let lane = lane("sse", 2.5, 4.1, 147.0);
    let run = run(1, 5, std::slice::from_ref(&lane));
    (run.header, account(&lane, 0, Mode::Apart, [1.0, 1.0]))
}

/// What is said of an account with this changed.
fn raised(change: impl Fn(&mut Header, &mut Account)) -> Vec<(WarningKind, Severity)> {
    let (mut header, mut account) = base();
    change(&mut header, &mut account);
    let warnings = of_account(&header, &account);
    for warning in &warnings {
        assert_eq!((warning.label.as_deref(), warning.round), (Some("sse"), Some(0)));
        assert!(!warning.message.is_empty() && !warning.advice.is_empty());
    }
    warnings.into_iter().map(|warning| (warning.kind, warning.severity)).collect()
}

#[test]
fn nothing_speaks_against_a_quiet_round() {
    assert_eq!(raised(|_, _| {}), []);
}

#[test]
fn books_clock_and_bytes_make_figures_unfit() {
    use Severity::Invalid;
    assert_eq!(raised(|_, account| account.ledger.books.lost = 1)[0], (WarningKind::Books, Invalid));
    assert_eq!(raised(|_, account| account.ledger.books.early = 1), [(WarningKind::Clock, Invalid)]);
    assert_eq!(raised(|_, account| account.ledger.books.damaged = 1), [(WarningKind::Books, Invalid)]);
    let off = |bytes_in| {
        raised(move |_, account| {
            account.server = Traffic { bytes_in: 0, bytes_out: 1_000, connections: 1 };
            account.clients = Traffic { bytes_in, bytes_out: 0, connections: 1 };
        })
    };
    assert_eq!(off(1_000), []);
    assert_eq!(off(900), [], "that may have been under way");
    assert_eq!(off(1_001), [(WarningKind::Bytes, Invalid)]);
}

#[test]
fn what_is_missing_is_said() {
    use Severity::Caution;
    let lose = |account: &mut Account| {
        account.ledger.books.delivered -= 5;
        account.ledger.books.lost += 5;
    };
    assert_eq!(raised(|_, account| lose(account)), [(WarningKind::Unsustained, Doubt)]);
    assert_eq!(
        raised(|_, account| {
            lose(account);
            account.complete = false
        }),
        []
    );
    assert_eq!(
        raised(|_, account| account.ledger.reconnects = 1),
        [(WarningKind::ConnectionsMissing, Doubt)]
    );
    assert_eq!(raised(|_, account| account.published = 19), [(WarningKind::PublisherLate, Doubt)]);
}

#[test]
fn a_late_publisher_is_one_that_shows() {
    let late = |late_ns: u64, median_ms: f64| {
        raised(move |_, account| {
            account.lateness.record_n(late_ns, 20);
            account.ledger.latency = around(median_ms * 1e6, 1_000);
        })
    };
    assert_eq!(late(1_500_000, 2.5), [(WarningKind::PublisherLate, Severity::Caution)]);
    assert_eq!(late(900_000, 2.5), [], "the timer's usual lateness");
    assert_eq!(late(1_500_000, 500.0), [], "a small part of the latency");
}

#[test]
fn clients_without_processor_time_to_spare() {
    let saturated = [(WarningKind::CrowdSaturated, Severity::Caution)];
    let spend = |share: f64, crowds: u32| {
        raised(move |header, account| {
            header.crowds = crowds;
            account.client_costs.transport_ns = Some((share * WINDOW_NS as f64) as u64);
        })
    };
    assert_eq!(spend(0.95, 1), saturated);
    assert_eq!(spend(0.85, 1), []);
    assert_eq!(spend(0.95, 2), [], "two processes have two windows");
    assert_eq!(spend(1.9, 2), saturated);
    assert_eq!(raised(|_, account| account.timer_lateness.record_n(20_000_000, 100)), saturated);
    assert_eq!(raised(|_, account| account.timer_lateness.record_n(5_000_000, 100)), []);
}

#[test]
fn a_busy_host_is_told_by_degrees() {
    let host = |busy: f64, own: f64| {
        raised(move |_, account| {
            let all_ns = 2.0 * WINDOW_NS as f64;
            let host = account.host.as_mut().unwrap();
            (host.busy_ns, host.own_ns) = ((busy * all_ns) as u64, (own * all_ns) as u64);
        })
    };
    assert_eq!(host(0.5, 0.43), []);
    assert_eq!(host(0.5, 0.4), [(WarningKind::HostBusy, Severity::Caution)]);
    assert_eq!(host(0.5, 0.2), [(WarningKind::HostBusy, Severity::Caution)]);
    assert_eq!(host(0.95, 0.94), [(WarningKind::MachineSaturated, Severity::Caution)]);
    assert_eq!(raised(|_, account| account.host = None), []);
}

#[test]
fn a_server_at_its_limit_is_a_fact() {
    let (header, mut account) = base();
    account.server_costs.transport_ns = Some(WINDOW_NS * 97 / 100);
    assert_eq!(of_account(&header, &account), []);
    assert!((server_share(&header, &account).unwrap() - 0.97).abs() < 1e-9);
}

fn of_kind(run: &Run, kind: WarningKind) -> Vec<Warning> {
    of_run(run).into_iter().filter(|warning| warning.kind == kind).collect()
}

#[test]
fn rounds_can_be_too_few() {
    let of = |rounds| run(1, rounds, &dashboard()[..2]);
    assert_eq!(of_kind(&of(1), WarningKind::SingleRound)[0].severity, Severity::Note);
    let few = |rounds| {
        of_run(&of(rounds)).into_iter().any(|warning| warning.message.contains("intervals over them"))
    };
    assert!(few(2) && few(4) && !few(1) && !few(5));
}

#[test]
fn a_control_beyond_the_margin_is_a_doubt() {
    let with = |median_ms, cpu_us| {
        let mut lanes = dashboard();
        lanes.push(Lane { control_of: Some("sse"), ..lane("sse again", median_ms, cpu_us, 147.0) });
        of_kind(&run(1, 5, &lanes), WarningKind::ControlDiffers)
    };
    assert_eq!(with(2.5, 4.1), []);
    let doubt = with(3.5, 4.1).remove(0);
    assert_eq!(doubt.severity, Severity::Caution);
    assert!(doubt.message.contains("median latency 1.4"), "{}", doubt.message);
    assert!(!doubt.message.contains("processor"), "{}", doubt.message);
}

#[test]
fn interference_is_known_with_both_and_estimated_together() {
    let both = |factor| of_kind(&with_both(run(1, 5, &dashboard()), factor), WarningKind::Interference);
    assert_eq!(both(1.02), []);
    assert_eq!(both(1.5)[0].severity, Severity::Note, "figures are those of rounds apart");

    let together = |waited_ns: u64| {
        let mut run = in_mode(run(1, 5, &dashboard()), Mode::Together);
        for account in &mut run.accounts {
            for costs in [&mut account.server_costs, &mut account.client_costs] {
                (costs.run_queue_ns, costs.voluntary_switches) = (Some(waited_ns * 50), Some(50));
            }
        }
        of_kind(&run, WarningKind::Interference)
    };
    assert_eq!(together(50_000), [], "0.1 ms of 2.4");
    let found = together(400_000);
    let about: Vec<&str> = found.iter().filter_map(|doubt| doubt.label.as_deref()).collect();
    assert!(about.contains(&"websocket") && !about.contains(&"short-polling"), "{about:?}");
    assert_eq!((found[0].severity, about.len()), (Severity::Caution, found.len()));
    assert!(found[0].advice.contains("--set order=apart"), "{}", found[0].advice);
}

#[test]
fn clients_that_set_the_pace_are_told_where_it_shows() {
    let with = |client_us, median_ms| {
        let slow = Lane { client_us, ..lane("sse", median_ms, 4.0, 147.0) };
        of_kind(&run(1, 5, &[slow, lane("websocket", 2.4, 3.0, 127.0)]), WarningKind::ClientLimited)
    };
    assert_eq!(with(3.0, 2.0), [], "the server is the slower side");
    assert_eq!(with(20.0, 500.0), [], "50 x 20 us / 2 is nothing in 500 ms");
    assert_eq!(
        with(900.0, 2.0),
        [],
        "50 x 900 us / 2 is more than anybody waited: it is not spent on deliveries"
    );
    let note = with(20.0, 2.0).remove(0);
    assert_eq!(note.severity, Severity::Note);
    assert!(note.message.contains("sse") && !note.message.contains("websocket"), "{}", note.message);
}

#[test]
fn thin_tails_and_odd_machines_are_noted() {
    let mut run = run(1, 5, &dashboard());
    assert!(of_kind(&run, WarningKind::TooFewSamples)[0].message.contains("over sse"));
    assert_eq!(of_kind(&run, WarningKind::Environment), []);
    run.header.machine.governor = Some("powersave".to_owned());
    run.header.machine.congestion_control = Some("vegas".to_owned());
    let notes = of_kind(&run, WarningKind::Environment);
    assert_eq!(notes.len(), 2);
    assert!(notes.iter().all(|note| note.severity == Severity::Note));
    assert!(notes[0].message.contains("powersave") && notes[1].message.contains("vegas"));
}

#[test]
fn a_doubt_greys_what_it_is_about_and_a_note_nothing() {
    let mut run = run(1, 5, &dashboard());
    run.warnings = vec![warning(WarningKind::HostBusy, Severity::Note)];
    assert_eq!(against(&run, "sse", Metric::MedianLatency), None);
    run.warnings = vec![warning(WarningKind::HostBusy, Severity::Caution)];
    assert!(against(&run, "sse", Metric::MedianLatency).is_some());
    assert!(against(&run, "sse", Metric::Bytes).is_none());
    assert!(against(&run, "websocket", Metric::MedianLatency).is_none());
    run.warnings[0].label = None;
    assert!(against(&run, "websocket", Metric::MedianLatency).is_some());
    assert!(
        spoils(WarningKind::ChildDied).is_empty() && spoils(WarningKind::Books).len() == Metric::ALL.len()
    );
}

#[test]
fn the_first_line_is_for_the_worst_only() {
    let mut run = run(1, 5, &dashboard());
    run.warnings = vec![warning(WarningKind::HostBusy, Severity::Caution)];
    assert_eq!(first_line(&run), None);
    run.warnings.push(warning(WarningKind::Books, Severity::Invalid));
    let expected = "Do not use these numbers: sse, round 3: something is wrong. What to do: do something.";
    assert_eq!(first_line(&run).as_deref(), Some(expected));
    const { assert!(warnings::FOREIGN_CAUTION < warnings::FOREIGN_INVALID) };
}

#[test]
fn others_spoil_a_run_only_when_they_use_the_machine_through_all_of_it() {
    let with_busy_rounds = |busy: u32| {
        let mut run = run(1, 5, &dashboard());
        for account in &mut run.accounts {
            let own_ns = if account.round < busy { 0 } else { 900_000_000 };
            account.host = Some(HostLoad {
                elapsed_ns: 1_000_000_000,
                cores: 1,
                busy_ns: 900_000_000,
                own_ns,
                stolen_ns: 0,
            });
        }
        let found = warnings::of_run(&run);
        found.into_iter().any(|doubt| doubt.kind == WarningKind::HostBusy)
    };
    assert!(!with_busy_rounds(1));
    assert!(with_busy_rounds(5));
}

#[test]
fn rounds_together_are_aside_where_there_are_rounds_apart() {
    let mut run = run(1, 5, &dashboard());
    let mut account = run.accounts[0].clone();
    let own_ns = 99 * WINDOW_NS / 100;
    let busy = HostLoad { elapsed_ns: WINDOW_NS, cores: 1, busy_ns: own_ns, own_ns, stolen_ns: 0 };
    (account.mode, account.host) = (Mode::Together, Some(busy));
    run.header.modes = vec![Mode::Together];
    let severities = |header: &Header, account: &Account| -> Vec<Severity> {
        let found = warnings::of_account(header, account).into_iter();
        let of_host = found.filter(|doubt| doubt.kind == WarningKind::MachineSaturated);
        of_host.map(|doubt| doubt.severity).collect()
    };
    assert_eq!(severities(&run.header, &account), [Severity::Caution]);
    run.header.modes = vec![Mode::Together, Mode::Apart];
    assert_eq!(severities(&run.header, &account), [Severity::Note]);
    account.mode = Mode::Apart;
    assert_eq!(severities(&run.header, &account), [Severity::Caution]);
}
