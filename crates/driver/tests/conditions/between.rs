//! TLS, header fields, proxies, and clients that fall back or share connections.

use crate::run::{FLOOR, HEAD, LIVE, has, run, whole};
use results::{Account, Ends};

#[test]
fn tls_takes_a_round_trip_and_a_record_for_each_message() {
    let secured = "measure = \"1s\"\nnetwork = { delay = \"10ms\", tls = true }\n";
    let (run, page) = run("tls", "What does TLS add?", &[secured, HEAD, LIVE, FLOOR]);
    for account in &run.accounts {
        whole(account);
        let (ledger, label) = (&account.ledger, &account.label);
        // TCP, TLS, and the first request with its response: three round trips of 20 ms.
        assert!(ledger.setup.min().is_some_and(|ns| ns >= 59_900_000), "{label}: {:?}", ledger.setup.min());
        assert_eq!((ledger.setup_tcp.len(), ledger.setup_tls.len()), (5, 5), "{label}");
        assert!(ledger.setup_tls.min().is_some_and(|ns| ns >= 19_900_000), "{label}");
        let (plain_in, plain_out) = account.steady.plain.expect("counted above TLS");
        assert!(plain_in > 0 && account.steady.bytes_in > plain_in, "{label}: {:?}", account.steady);
        assert!(account.steady.bytes_out >= plain_out, "{label}: {:?}", account.steady);
        // Both ends count what is on the wire.
        assert!(!matches!(account.server.ends(&account.clients), Ends::Apart(_)), "{label}");
    }
    for account in &run.accounts {
        let seen = account.capture.as_ref().expect("somebody looked");
        assert!(seen.up.bytes > 100 && seen.down.bytes > 100, "{seen:?}");
        let legible = ["GET", "HTTP", "tick", "topics"]
            .iter()
            .any(|word| (seen.up.text.clone() + &seen.down.text).contains(word));
        assert!(!legible, "{}: TLS hides what is said: {seen:?}", account.label);
    }
    // An update is a message by itself where it is pushed: a record of 22 bytes more (RFC 8446, section 5.2).
    let websocket = &run.accounts.iter().find(|account| account.label == "websocket").unwrap().steady;
    let records = (websocket.bytes_in - websocket.plain.unwrap().0) / 22;
    assert_eq!((websocket.bytes_in - websocket.plain.unwrap().0) % 22, 0, "{websocket:?}");
    assert!(records >= websocket.updates, "{websocket:?}");
    assert!(page.contains("Network path, proxies and link"));
}

#[test]
fn a_browsers_header_fields_are_sent_over_every_transport() {
    let (bare, _) = run("bare", "How long is a request?", &["measure = \"1s\"\n", HEAD, LIVE]);
    let browser = "measure = \"1s\"\nnetwork = { headers = \"browser\" }\n";
    let (full, _) = run("browser", "How long is a browser's?", &[browser, HEAD, LIVE]);
    for (bare, full) in bare.accounts.iter().zip(&full.accounts) {
        whole(full);
        let requests = |account: &Account| {
            account.clients.connections.max(match account.label.contains("polling") {
                true => account.ledger.responses,
                false => 0,
            })
        };
        let each = |account: &Account| account.clients.bytes_out / requests(account).max(1);
        assert!(each(full) > each(bare) + 250, "{}: {} and {}", full.label, each(full), each(bare));
    }
}

#[test]
fn a_strict_proxy_lets_three_of_four_through_and_the_page_begins_with_that() {
    if !has("nginx") {
        return;
    }
    let via = "measure = \"1s\"\nnetwork = { via = \"strict\" }\n";
    let proxy = "[[via]]\nname = \"strict\"\nprogram = \"nginx\"\nsetup = \"no-upgrade\"\n";
    let (run, page) = run("strict", "Who gets through?", &[via, HEAD, proxy, LIVE]);
    for account in run.accounts.iter().filter(|account| account.label != "websocket") {
        let seen = account.capture.as_ref().expect("somebody looked");
        assert!(seen.up.text.starts_with("GET /") && seen.down.text.starts_with("HTTP/1.1 20"), "{seen:?}");
        assert!(seen.up.readable == seen.up.bytes, "{seen:?}");
    }
    assert!(page.contains("What somebody on the way can read"));
    for account in &run.accounts {
        match account.label.as_str() {
            "websocket" => {
                assert_eq!((account.ledger.never_connected, account.ledger.books.delivered), (5, 0));
                assert!(
                    account.failure.as_ref().is_some_and(|why| why.contains("403")),
                    "{:?}",
                    account.failure
                );
            }
            _ => whole(account),
        }
        let seen = account.via.as_ref().expect("what the proxy noted");
        assert!(seen.configuration.contains("return 403;"));
        // Whoever runs the proxy reads topics and cursors.
        assert!(seen.access.iter().any(|line| line.contains("/updates?topics=0")), "{:?}", seen.access);
    }
    let answer = page
        .find("Not enough: WebSocket (0 of 5 connected, refused: 403")
        .expect("the answer says who is stopped");
    assert!(answer < page.find("<table").expect("a table"), "it is above the table");
}

#[test]
fn default_proxies_pass_what_is_no_upgrade_and_haproxy_that_too() {
    if !has("nginx") || !has("haproxy") {
        return;
    }
    let via = "measure = \"1s\"\nnetwork = { tls = true }\n";
    let proxies = "[[via]]\nname = \"nginx\"\nprogram = \"nginx\"\n[[via]]\nname = \"haproxy\"\nprogram = \"haproxy\"\n";
    let entries = "[[transport]]\nuse = \"websocket\"\nvia = \"nginx\"\n[[transport]]\nuse = \"sse\"\nvia = \"nginx\"\n\
                   [[transport]]\nuse = \"websocket\"\nlabel = \"through-haproxy\"\nvia = \"haproxy\"\n\
                   [[transport]]\nuse = \"long-polling\"\nhold = \"1s\"\nvia = \"haproxy\"\n";
    let (run, _) = run("defaults", "Who gets through?", &[via, HEAD, proxies, entries]);
    for account in &run.accounts {
        match account.label.as_str() {
            // It is asked for HTTP/1.0 without an upgrade.
            "websocket" => assert_eq!(account.ledger.never_connected, 5),
            _ => whole(account),
        }
        let seen = account.via.as_ref().expect("what the proxy noted");
        assert!(seen.configuration.contains("ssl") && !seen.access.is_empty(), "{seen:?}");
    }
}

#[test]
fn clients_fall_back_to_what_a_proxy_lets_through_and_that_takes_two_round_trips() {
    if !has("nginx") {
        return;
    }
    let way = "measure = \"1s\"\nnetwork = { via = \"strict\", delay = \"10ms\" }\n";
    let proxy = "[[via]]\nname = \"strict\"\nprogram = \"nginx\"\nsetup = \"no-upgrade\"\n";
    let chain = "[[transport]]\nuse = \"websocket\"\nfallback = [\"sse\", \"short-polling\"]\n[[transport]]\nuse = \"sse\"\n";
    let (run, page) = run("chain", "What does a chain cost?", &[way, HEAD, proxy, chain]);
    let find = |label: &str| run.accounts.iter().find(|account| account.label == label).expect("it ran");
    let (chain, sse) = (find("websocket"), find("sse"));
    run.accounts.iter().for_each(whole);
    assert_eq!(chain.over, [("sse".to_owned(), 5)].into());
    assert!(sse.over.is_empty(), "there was nothing to fall back to");
    let soonest = |account: &Account| account.ledger.setup.min().expect("set up");
    // TCP and a request with its refusal, each a round trip of 20 ms.
    assert!(soonest(chain) >= soonest(sse) + 35_000_000, "{} and {}", soonest(chain), soonest(sse));
    assert!(page.contains("5 over sse"));
}

#[test]
fn the_seventh_tab_of_a_browser_has_no_stream_over_http_and_polls_in_turn() {
    let tabs = HEAD.replace("count = 5", "count = 8\ntabs = 8").replace("6s", "2s");
    let (run, _) = run("tabs", "Which tabs stay empty?", &["measure = \"2s\"\n", &tabs, LIVE]);
    for account in &run.accounts {
        let books = &account.ledger.books;
        match account.label.as_str() {
            "sse" => assert_eq!(books.delivered * 8, books.expected * 6, "{books:?}"),
            _ => whole(account),
        }
        // Who has no connection tries again and again, and each attempt is only a wait.
        let allowed = match account.label.as_str() {
            "websocket" => 8..=8,
            "sse" => 6..=6,
            // Who is between two polls needs none.
            _ => 1..=6,
        };
        assert!(allowed.contains(&account.clients.connections), "{}: {:?}", account.label, account.clients);
    }
}
