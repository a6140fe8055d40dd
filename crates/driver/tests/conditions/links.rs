//! Links of packets, and bytes that are held back.

use crate::run::{FLOOR, HEAD, LIVE, has_links, run, whole};
use results::Account;

#[test]
fn a_link_of_packets_and_bytes_held_back_agree_with_each_other_and_with_the_model() {
    if !has_links() {
        return;
    }
    let way = "measure = \"3s\"\nnetwork = { delay = \"30ms\", down = \"5Mbit/s\", up = \"1Mbit/s\" }\n";
    let body = HEAD.replace("6s", "40s").replace("90B", "4KiB").replace("100ms\"\nbody", "400ms\"\nbody");
    let both = |kind: &str| {
        format!(
            "[[transport]]\nuse = \"{kind}\"\n[[transport]]\nuse = \"{kind}\"\nlabel = \"{kind}-packets\"\nlink = \"packets\"\n"
        )
    };
    let transports = ["websocket", "sse", "long-polling"].map(both).concat();
    let (run, page) = run("agree", "Is a link as far as it says?", &[way, &body, &transports]);
    let find =
        |label: String| run.accounts.iter().find(|account| account.label == label).expect("it ran").clone();
    for kind in ["websocket", "sse", "long-polling"] {
        let pair = [find(kind.to_owned()), find(format!("{kind}-packets"))];
        pair.iter().for_each(whole);
        let median_ms = |account: &Account| account.ledger.latency.quantile(0.5).unwrap() as f64 / 1e6;
        let (bytes, packets) = (median_ms(&pair[0]), median_ms(&pair[1]));
        // 30 ms and 4 KiB at 5 Mbit/s: 36.6, and on packets their headers. The machine may add some.
        for found in [bytes, packets] {
            assert!((36.4..46.0).contains(&found), "{}: {bytes} and {packets} ms", pair[0].label);
        }
        assert!((bytes - packets).abs() < 5.0, "{}: {bytes} and {packets} ms", pair[0].label);
        // TCP's handshake, and the first request with its response.
        let setup_ms = pair[1].ledger.setup.min().unwrap() as f64 / 1e6;
        assert!((120.0..160.0).contains(&setup_ms), "{}: {setup_ms} ms", pair[1].label);
        let link = pair[1].link.as_ref().expect("it had a link");
        let (down, up) = (link.down, link.up);
        assert_eq!([down.lost, up.lost, down.dropped, up.dropped, down.overflowed, up.overflowed], [0; 6]);
        // Everything that both ends sent was on it, and IP and TCP on top.
        let sent = pair[1].server.bytes_out + pair[1].clients.bytes_out;
        assert!(down.bytes + up.bytes > sent, "{link:?} for {sent} bytes");
        assert!(pair[0].link.is_none());
    }
    assert!(page.contains("The links: what they carried"));
}

#[test]
fn what_is_held_back_takes_its_time_at_a_rate_which_all_connections_of_a_client_share() {
    // 10 KiB at 2 Mbit/s take 41 ms, and jitter up to 20 more.
    let network = "network = { delay = \"5ms\", jitter = \"20ms\", down = \"2Mbit/s\", up = \"2Mbit/s\" }\n";
    let body = HEAD.replace("90B", "10KiB").replace("100ms\"\nbody", "500ms\"\nbody");
    let (run, _) = run("rate", "How wide is the way?", &["measure = \"3s\"\n", network, &body, LIVE]);
    for account in &run.accounts {
        whole(account);
        let soonest_ms = account.ledger.latency.min().expect("delivered") as f64 / 1e6;
        assert!(soonest_ms > 45.9, "{}: {soonest_ms} ms", account.label);
    }
    let pushed = run.accounts.iter().find(|account| account.label == "websocket").expect("it ran");
    let [least, most] = [pushed.ledger.latency.min(), pushed.ledger.latency.max()].map(Option::unwrap);
    assert!(most - least > 2_000_000, "jitter spreads: {least} to {most}");
}

#[test]
fn a_link_carries_tls_and_connections_of_their_own_too() {
    if !has_links() {
        return;
    }
    let network = "network = { delay = \"5ms\", link = \"packets\", tls = true }\n";
    let exchange =
        "shape = \"exchange\"\n[exchange]\nevery = \"200ms\"\nquestion = \"60B\"\nanswer = \"400B\"\n";
    let (head, topic) = HEAD.split_at(HEAD.find("[[topic]]").expect("a topic"));
    let (exchange, rest) = exchange.split_once('\n').expect("a shape");
    let parts = ["measure = \"2s\"\n", exchange, "\n", network, head, rest, LIVE];
    let (asked, _) = run("asked", "Who answers over a link?", &parts);
    for account in &asked.accounts {
        let replies = &account.ledger.replies.as_ref().expect("they ask").0;
        assert!(
            replies.asked > 0 && replies.failed == 0 && replies.unfinished == 0,
            "{}: {replies:?}",
            account.label
        );
    }
    let (pushed, _) =
        run("sealed", "Who hears over a link?", &["measure = \"1s\"\n", network, head, topic, LIVE]);
    for account in &pushed.accounts {
        whole(account);
        // Three round trips of 10 ms.
        assert!(account.ledger.setup.min().is_some_and(|ns| ns >= 30_000_000), "{}", account.label);
    }
}

#[test]
fn what_a_link_loses_is_sent_again_and_nothing_is_missing() {
    if !has_links() {
        return;
    }
    let way = "measure = \"4s\"\nnetwork = { delay = \"5ms\", link = \"packets\", loss = \"5%\", overtaken = \"2%\" }\n";
    let (run, _) = run("loss", "Who notices a loss?", &[way, HEAD, LIVE, FLOOR]);
    for account in &run.accounts {
        whole(account);
        let link = account.link.as_ref().expect("it had a link");
        for way in [link.down, link.up] {
            let share = way.lost as f64 / way.offered as f64;
            assert!((0.01..0.12).contains(&share), "{}: {way:?}", account.label);
        }
        assert!(link.down.overtaken + link.up.overtaken > 0, "{}", account.label);
        assert!(account.server_costs.retransmitted.is_some_and(|again| again > 0), "{}", account.label);
    }
    let websocket = run.accounts.iter().find(|account| account.label == "websocket").unwrap();
    let latency = &websocket.ledger.latency;
    assert!(latency.quantile(0.5) < Some(9_000_000), "{:?}", latency.quantile(0.5));
    // A loss is noticed after two round trips at the soonest, or after what stands behind it has come.
    assert!(latency.max() > Some(14_000_000), "{:?}", latency.max());
}
