//! What a warning does to the decision, and what is advised about its cause.

use crate::sample::{Lane, dashboard, lane, run, warning, with_both};
use results::{
    Account, CheckRecord, ClaimRecord, LimitsRecord, LinkSeen, PacketsSeen, Run, Severity, ViaRecord,
    Warning, WarningKind,
};
use verdict::warnings::{Class, class, of_account, of_connecting};

/// A run in which SSE loses something, behind nginx if wanted.
fn losing(via: bool) -> Run {
    let mut run =
        run(1, 5, &[Lane { lost: 20, ..lane("sse", 2.5, 4.1, 147.0) }, lane("websocket", 2.4, 3.0, 127.0)]);
    if via {
        for entry in &mut run.header.entries {
            entry.way.insert("via".to_owned(), "before".to_owned());
        }
        let setup = "proxy_pass".to_owned();
        run.header.vias =
            vec![ViaRecord { name: "before".to_owned(), program: "nginx".to_owned(), version: None, setup }];
    }
    run
}

fn claim(run: &mut Run, figure: &str, limits: LimitsRecord) {
    let check =
        CheckRecord { figure: figure.to_owned(), at: None, of: "sse".to_owned(), against: None, limits };
    let claim = ClaimRecord { says: "It does.".to_owned(), checks: vec![check], boundary: None, model: None };
    run.header.claims.push(claim);
}

fn at_least(least: f64) -> LimitsRecord {
    LimitsRecord { at_least: Some(least), ..LimitsRecord::default() }
}

fn at_most(most: f64) -> LimitsRecord {
    LimitsRecord { at_most: Some(most), ..LimitsRecord::default() }
}

fn class_of(run: &Run, kind: WarningKind, severity: Severity) -> Class {
    class(run, &warning(kind, severity))
}

#[test]
fn severity_decides_where_the_scenario_says_nothing() {
    let run = losing(false);
    for (severity, expected) in [
        (Severity::Invalid, Class::Invalid),
        (Severity::Caution, Class::Caution),
        (Severity::Note, Class::Note),
    ] {
        for kind in [WarningKind::Unsustained, WarningKind::HostBusy, WarningKind::Bytes, WarningKind::Other]
        {
            assert_eq!(class_of(&run, kind, severity), expected);
        }
    }
}

#[test]
fn what_is_missing_is_expected_where_the_scenario_says_so() {
    use Class::{Caution, Expected};
    let missing = |run: &Run| class_of(run, WarningKind::Unsustained, Severity::Caution);
    let claiming = |via, figure: &str, limits| {
        let mut run = losing(via);
        claim(&mut run, figure, limits);
        missing(&run)
    };
    assert_eq!(missing(&losing(true)), Expected, "a proxy stands there to be looked at");
    assert_eq!(claiming(false, "reach", at_most(0.0)), Expected);
    assert_eq!(claiming(false, "lost", at_least(1.0)), Expected);
    assert_eq!(claiming(true, "reach", at_least(1.0)), Caution, "it was to come through");
    assert_eq!(claiming(true, "lost", at_most(0.0)), Caution);
    assert_eq!(claiming(false, "latency", at_least(1e9)), Caution, "late is not lost");
    let mut broken = losing(false);
    broken.header.disturbances = vec!["every connection breaks after 2s".to_owned()];
    assert_eq!(missing(&broken), Expected);
    assert_eq!(class_of(&broken, WarningKind::HostBusy, Severity::Caution), Caution);
    assert_eq!(class_of(&broken, WarningKind::Books, Severity::Invalid), Class::Invalid);
}

#[test]
fn connections_are_expected_to_fail_by_what_is_claimed_of_them() {
    let missing = |run: &Run| class_of(run, WarningKind::ConnectionsMissing, Severity::Caution);
    let mut whole = losing(true);
    claim(&mut whole, "lost", at_most(0.0));
    assert_eq!(missing(&whole), Class::Expected, "nothing is lost, though connections end");
    claim(&mut whole, "reconnects", at_most(0.0));
    assert_eq!(missing(&whole), Class::Caution);
    let mut few = losing(false);
    claim(&mut few, "reach", LimitsRecord { at_least: Some(0.7), ..at_most(0.8) });
    assert_eq!(missing(&few), Class::Expected);
    let idle = Warning { round: None, ..warning(WarningKind::ConnectionsMissing, Severity::Note) };
    assert_eq!(class(&losing(true), &idle), Class::Note, "that is about idle memory");
}

#[test]
fn rounds_of_both_orders_and_single_transports_have_their_reason() {
    let both = with_both(run(1, 5, &dashboard()), 1.5);
    assert_eq!(class_of(&both, WarningKind::Interference, Severity::Note), Class::Expected);
    assert_eq!(
        class_of(&run(1, 5, &dashboard()), WarningKind::Interference, Severity::Caution),
        Class::Caution
    );
    let alone = run(1, 1, &dashboard()[..1]);
    assert_eq!(class_of(&alone, WarningKind::SingleRound, Severity::Note), Class::Expected);
    assert_eq!(class_of(&run(1, 1, &dashboard()), WarningKind::SingleRound, Severity::Note), Class::Note);
}

/// What is advised about updates that are missing.
fn advised(run: &Run, change: impl Fn(&mut Account)) -> Warning {
    let mut account = run.accounts[0].clone();
    change(&mut account);
    let found = of_account(&run.header, &account).into_iter();
    found.into_iter().find(|warning| warning.kind == WarningKind::Unsustained).expect("something is missing")
}

fn hold_back(account: &mut Account) {
    let books = &mut account.ledger.books;
    books.in_flight += std::mem::take(&mut books.lost);
}

#[test]
fn advice_is_right_for_its_cause() {
    let buffered = advised(&losing(true), |account| {
        hold_back(account);
        account.failure = Some("no answer within 5s".to_owned());
    });
    assert!(buffered.message.contains("held back by nginx"), "{}", buffered.message);
    assert!(buffered.advice.contains("X-Accel-Buffering: no"), "{}", buffered.advice);

    let short = advised(&losing(false), hold_back);
    assert!(short.advice.ends_with("--set drain=2s"), "{}", short.advice);

    let overloaded = advised(&losing(false), |account| account.server_costs.transport_ns = Some(970_000_000));
    assert!(overloaded.message.contains("the server had no CPU time left"), "{}", overloaded.message);
    assert!(
        overloaded.advice.contains("lower the load: --set subscribers.count=25"),
        "{}",
        overloaded.advice
    );

    let disturbed = advised(&losing(false), |account| {
        let host = account.host.as_mut().unwrap();
        (host.busy_ns, host.own_ns) = (host.elapsed_ns * 2, host.elapsed_ns);
    });
    assert!(disturbed.advice.starts_with("close other programs"), "{}", disturbed.advice);

    let lossy = advised(&losing(false), |account| {
        hold_back(account);
        let down = PacketsSeen { lost: 3, ..PacketsSeen::default() };
        account.link = Some(LinkSeen { down, up: PacketsSeen::default(), lateness: Default::default() });
    });
    assert!(lossy.message.contains("over a link with losses"), "{}", lossy.message);

    let mut broken = losing(false);
    broken.header.disturbances = vec!["the server is gone for 2s".to_owned()];
    let outlasted = advised(&broken, |_| {});
    assert!(outlasted.advice.contains("hub.retention"), "{}", outlasted.advice);
    for warning in [buffered, short, disturbed, lossy, outlasted] {
        assert!(!warning.advice.contains("load"), "{}", warning.advice);
    }
}

#[test]
fn a_proxy_that_refuses_is_no_load() {
    let run = losing(true);
    let refusal = "refused: 426 Upgrade Required";
    let nobody = |label: &str| {
        let mut account = run.accounts[0].clone();
        let books = &mut account.ledger.books;
        (books.lost, books.delivered) = (books.expected, 0);
        account.label = label.to_owned();
        (account.ledger.never_connected, account.failure) = (50, Some(refusal.to_owned()));
        of_account(&run.header, &account).remove(0)
    };
    let refused = nobody("websocket");
    assert_eq!(
        refused.message,
        "no connection through nginx, so nothing arrived; last failure: refused: 426 Upgrade Required"
    );
    assert!(refused.advice.contains("forward Upgrade"), "{}", refused.advice);
    assert!(!nobody("sse").advice.contains("Upgrade"));

    let at_start = of_connecting(&run.header, 0, "websocket", 0, Some(refusal)).unwrap();
    assert_eq!(at_start.advice, refused.advice);
    assert!(
        at_start
            .message
            .starts_with("0 of 50 subscribers were connected at the start; last failure: refused")
    );
    assert_eq!(of_connecting(&run.header, 0, "websocket", 50, None), None);
    let silent = of_connecting(&run.header, 0, "sse", 3, Some("no answer within 5s")).unwrap();
    assert!(silent.advice.contains("buffering off"), "{}", silent.advice);
    let unexplained = of_connecting(&losing(false).header, 0, "sse", 3, None).unwrap();
    assert_eq!(unexplained.message, "3 of 50 subscribers were connected at the start");
    assert!(unexplained.advice.contains("subscribers.ramp"), "{}", unexplained.advice);
}
