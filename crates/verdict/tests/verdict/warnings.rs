//! Every warning, by the figures that raise it and by those that just do not.

use crate::sample::{Lane, WINDOW_NS, account, around, dashboard, in_mode, lane, run, warning, with_both};
use results::{Account, Header, HostLoad, Mode, Run, Severity, Traffic, Warning, WarningKind};
use verdict::warnings::{against, first_line, is_of_all, of_account, of_run, server_share, spoils};
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
        assert!(warning.message.chars().count() <= warnings::LINE_CHARS, "{}", warning.message);
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
    assert_eq!(raised(|_, account| lose(account)), [(WarningKind::Unsustained, Caution)]);
    assert_eq!(
        raised(|_, account| {
            lose(account);
            account.complete = false
        }),
        []
    );
    assert_eq!(
        raised(|_, account| account.ledger.reconnects = 1),
        [(WarningKind::ConnectionsMissing, Caution)]
    );
    assert_eq!(raised(|_, account| account.published = 19), [(WarningKind::PublisherLate, Caution)]);
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
fn rounds_are_too_few_where_the_margin_would_not_be_seen() {
    let of = |rounds, spread| {
        let lanes = dashboard().into_iter().map(|lane| Lane { spread, ..lane });
        run(1, rounds, &lanes.collect::<Vec<_>>())
    };
    let single = &of_kind(&of(1, 0.01), WarningKind::SingleRound)[0];
    assert_eq!(single.severity, Severity::Note);
    assert!(single.advice.ends_with("--rounds 5"), "{}", single.advice);
    let few = |rounds, spread| {
        let mut found = of_run(&of(rounds, spread)).into_iter();
        found.find(|warning| warning.message.contains("would not be seen"))
    };
    assert_eq!(few(4, 0.01), None, "rounds that agree need not be many");
    assert_eq!((few(1, 0.3), few(5, 0.3)), (None, None));
    let told = few(3, 0.1).expect("rounds that scatter need more");
    assert!(told.message.starts_with("3 rounds: differences under about "), "{}", told.message);
    assert!(told.advice.contains("--rounds "), "{}", told.advice);
}

#[test]
fn one_transport_has_no_use_for_more_rounds() {
    let found = |rounds| of_run(&run(1, rounds, &dashboard()[..1]));
    let about_rounds = |warning: &Warning| warning.advice.contains("--rounds");
    assert!(!found(1).iter().chain(&found(3)).any(about_rounds));
}

#[test]
fn a_control_beyond_the_margin_is_a_caution() {
    let with = |median_ms, cpu_us| {
        let mut lanes = dashboard();
        lanes.push(Lane { control_of: Some("sse"), ..lane("sse again", median_ms, cpu_us, 147.0) });
        of_kind(&run(1, 5, &lanes), WarningKind::ControlDiffers)
    };
    assert_eq!(with(2.5, 4.1), []);
    let warning = with(3.5, 4.1).remove(0);
    assert_eq!(warning.severity, Severity::Caution);
    assert!(
        warning.message.contains("sse again repeats sse: its median latency is 1.4"),
        "{}",
        warning.message
    );
    assert!(!warning.message.contains("processor"), "{}", warning.message);
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
    let about: Vec<&str> = found.iter().filter_map(|warning| warning.label.as_deref()).collect();
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
    assert_eq!(note.label.as_deref(), Some("sse"));
    assert!(note.message.ends_with("is the test clients' own CPU time"), "{}", note.message);
}

#[test]
fn odd_machines_are_noted() {
    let mut run = run(1, 5, &dashboard());
    assert_eq!(of_kind(&run, WarningKind::Environment), []);
    run.header.machine.governor = Some("powersave".to_owned());
    run.header.machine.congestion_control = Some("vegas".to_owned());
    let notes = of_kind(&run, WarningKind::Environment);
    assert_eq!(notes.len(), 2);
    assert!(notes.iter().all(|note| note.severity == Severity::Note));
    assert!(notes[0].message.contains("powersave") && notes[1].message.contains("vegas"));
}

/// How long to measure, for a run with so many distinct updates in each round of so many seconds.
fn longer(updates: u64, measure_s: u64, rounds: u32) -> String {
    let mut run = run(1, rounds, &dashboard()[..2]);
    run.header.measure_ns = measure_s * 1_000_000_000;
    for account in &mut run.accounts {
        account.ledger.slowest = around(2e6, updates);
        account.ledger.latency = around(2e6, updates * 40);
        account.ledger.books = results::BooksRecord {
            expected: updates * 40,
            delivered: updates * 40,
            ..results::BooksRecord::default()
        };
    }
    let notes = of_kind(&run, WarningKind::TooFewSamples);
    assert!(notes.iter().all(|note| note.severity == Severity::Note && note.label.is_some()));
    notes.first().map_or_else(String::new, |note| note.advice.clone())
}

#[test]
fn a_thin_tail_says_how_long_to_measure() {
    // 8 a second for 6 s, three times, are 144; a thousand take 6 s x 1000 / 144.
    assert_eq!(longer(48, 6, 3), "measure longer: --set measure=42s");
    assert_eq!(longer(24, 3, 5), "measure longer: --set measure=25s");
    assert_eq!(longer(400, 3, 5), "", "two thousand are enough");
    assert_eq!(longer(1, 60, 5), "updates are too rare for a 99th percentile: read medians");
}

#[test]
fn a_caution_greys_what_it_is_about_and_a_note_nothing() {
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
fn what_is_about_all_transports_is_told_from_what_is_about_some() {
    let mut run = run(1, 5, &dashboard());
    run.warnings = vec![warning(WarningKind::HostBusy, Severity::Caution)];
    assert!(!is_of_all(&run, &run.warnings[0]));
    let others = ["websocket", "long-polling", "short-polling", "tcp"];
    run.warnings
        .extend(others.map(|label| Warning { label: Some(label.to_owned()), ..run.warnings[0].clone() }));
    assert!(is_of_all(&run, &run.warnings[0]));
    let of_tails = Warning { label: None, ..warning(WarningKind::TooFewSamples, Severity::Caution) };
    assert!(!is_of_all(&run, &of_tails), "one metric of all");
    assert!(is_of_all(&run, &Warning { label: None, ..run.warnings[0].clone() }));
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
        found.into_iter().any(|warning| warning.kind == WarningKind::HostBusy)
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
        let of_host = found.filter(|warning| warning.kind == WarningKind::MachineSaturated);
        of_host.map(|warning| warning.severity).collect()
    };
    assert_eq!(severities(&run.header, &account), [Severity::Caution]);
    run.header.modes = vec![Mode::Together, Mode::Apart];
    assert_eq!(severities(&run.header, &account), [Severity::Note]);
    account.mode = Mode::Apart;
    assert_eq!(severities(&run.header, &account), [Severity::Caution]);
}
