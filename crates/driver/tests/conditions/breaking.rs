//! What breaks, and how it mends.

use crate::run::{FLOOR, HEAD, LIVE, pushes, run, whole};
use results::Run;

/// What becomes of everybody when this happens a second into the window.
fn disturbed(name: &str, what: &str) -> Run {
    let happens = format!("[[disturbance]]\nat = \"1s\"\n{what}\n");
    let (run, page) = run(name, "What breaks?", &["measure = \"3s\"\n", HEAD, &happens, LIVE, FLOOR]);
    for account in &run.accounts {
        whole(account);
        let recovery = &account.ledger.recovery.as_ref().expect("it was looked at").0;
        assert_eq!((recovery.hits, recovery.not_back), (5, 0), "{}: {recovery:?}", account.label);
    }
    assert!(page.contains("What broke, and how it mended"));
    run
}

#[test]
fn cut_connections_are_made_again_and_nothing_is_lost_or_twice() {
    for how in ["reset", "close"] {
        let run = disturbed(how, &format!("what = \"cut\"\nhow = \"{how}\""));
        for account in run.accounts.iter().filter(|account| pushes(account)) {
            let recovery = &account.ledger.recovery.as_ref().unwrap().0;
            assert_eq!(account.ledger.reconnects, 5, "{how}: {}", account.label);
            assert_eq!((recovery.noticed.len(), recovery.away.len()), (5, 5), "{how}: {}", account.label);
        }
    }
}

#[test]
fn a_half_open_connection_is_found_by_its_silence() {
    let run = disturbed("silent", "what = \"cut\"\nhow = \"silent\"");
    for account in run.accounts.iter().filter(|account| pushes(account)) {
        let recovery = &account.ledger.recovery.as_ref().unwrap().0;
        assert_eq!(account.ledger.reconnects, 5, "{}", account.label);
        // Two heartbeats of 200 ms and as much patience, less what had been silent before.
        let soonest = recovery.noticed.min().expect("noticed");
        assert!(soonest >= 400_000_000, "{}: {soonest}", account.label);
    }
}

#[test]
fn who_comes_back_after_a_time_of_its_own_does_so_and_misses_nothing() {
    let happens = "[[disturbance]]\nat = \"500ms\"\nwhat = \"cut\"\n[network]\nreconnect = \"700ms\"\n";
    let (run, _) =
        run("eventsource", "How soon are they back?", &["measure = \"3s\"\n", HEAD, happens, LIVE]);
    for account in run.accounts.iter().filter(|account| pushes(account)) {
        let recovery = &account.ledger.recovery.as_ref().unwrap().0;
        let soonest = recovery.reconnected.min().expect("they came back");
        assert!((699_000_000..1_500_000_000).contains(&soonest), "{}: {soonest}", account.label);
        assert_eq!(account.ledger.books.lost, 0, "{}", account.label);
    }
}

#[test]
fn what_is_held_up_comes_later_and_nobody_is_away_for_less() {
    for what in ["outage", "stall", "pause"] {
        // Shorter than anybody's patience.
        let run = disturbed(what, &format!("what = \"{what}\"\nfor = \"300ms\""));
        for account in &run.accounts {
            let recovery = &account.ledger.recovery.as_ref().unwrap().0;
            let shortest = recovery.away.min().expect("they came back");
            assert!(shortest >= 299_000_000, "{what}: {}: {shortest}", account.label);
            assert!(
                account.ledger.latency.max().is_some_and(|ns| ns >= 200_000_000),
                "{what}: {}",
                account.label
            );
        }
    }
}

#[test]
fn a_server_that_is_killed_or_replaced_loses_nothing_that_the_log_still_has() {
    let run = disturbed("restart", "what = \"restart\"\nfor = \"300ms\"");
    for account in &run.accounts {
        assert_eq!(account.restarts, 1, "{}", account.label);
        assert!(account.server_costs.transport_ns.is_none(), "nobody knows what the first one had used");
        assert!(account.published == account.planned, "{}", account.label);
    }
    let run = disturbed("deploy", "what = \"deploy\"");
    for account in &run.accounts {
        assert_eq!(account.restarts, 1, "{}", account.label);
        // Who polls finds the new one with the next poll.
        let reconnects = if pushes(account) { 5 } else { 0 };
        assert_eq!(account.ledger.reconnects, reconnects, "{}", account.label);
    }
}

#[test]
fn an_outage_longer_than_the_log_is_a_gap_that_is_told_and_counted() {
    let short = "measure = \"3s\"\nhub = { retention = 4 }\n";
    let outage = "[[disturbance]]\nat = \"1s\"\nwhat = \"restart\"\nfor = \"1s\"\n";
    let (run, _) = run("gap", "What does a short log cost?", &[short, HEAD, outage, LIVE]);
    for account in &run.accounts {
        let books = ledger::Books::from(account.ledger.books);
        let label = &account.label;
        assert!(books.balance() && books.lost > 0 && books.duplicated == 0, "{label}: {books:?}");
        // The server is away for a second, and who finds it away tries again after pauses that double: the last of them may
        // begin just before the end and take 1.2 s. At most 22 are due meanwhile, and four are kept.
        assert!(books.gaps >= 5 && books.lost <= 5 * 18, "{label}: {books:?}");
    }
}
