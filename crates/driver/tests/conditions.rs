//! What lies between clients and servers, and what breaks, run as its user runs it: over every transport, with real TLS,
//! real proxies and real processes.

#![cfg(target_os = "linux")]

use results::{Account, Ends, Run};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Five subscribers and an update ten times a second.
const HEAD: &str = "warm_up = \"500ms\"\ndrain = \"6s\"\nidle_connections = 0\n[subscribers]\ncount = 5\nramp = \"100ms\"\n\
                    [[topic]]\nname = \"tick\"\nevery = \"100ms\"\nbody = \"90B\"\n";
/// Nothing here waits for long: neither a held poll nor a client that hears nothing.
const LIVE: &str = "[[transport]]\nuse = \"websocket\"\nheartbeat = \"200ms\"\npatience = \"200ms\"\n\
                    [[transport]]\nuse = \"sse\"\nheartbeat = \"200ms\"\npatience = \"200ms\"\n\
                    [[transport]]\nuse = \"long-polling\"\nhold = \"1s\"\npatience = \"200ms\"\n\
                    [[transport]]\nuse = \"short-polling\"\ninterval = \"100ms\"\npatience = \"500ms\"\n";
const FLOOR: &str = "[[transport]]\nuse = \"tcp\"\nheartbeat = \"200ms\"\npatience = \"200ms\"\n";

static ALONE: Mutex<()> = Mutex::new(());

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, text: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("pushpull-conditions-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        std::fs::write(path.join("scenario.toml"), text).expect("written");
        Folder(path)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
        command.arg("run").arg(self.0.join("scenario.toml")).arg("--out").arg(self.0.join("out"));
        command
    }

    /// The run, and its page.
    fn run(&self) -> (Run, String) {
        // Times are held against each other: one run at a time, in this process.
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let output = self.command().output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let made = std::fs::read_dir(self.0.join("out")).expect("a folder").next().expect("a run");
        let made = made.expect("readable").path();
        let names: Vec<_> = std::fs::read_dir(&made).expect("a folder").collect();
        assert_eq!(names.len(), 2, "a proxy's folder goes with it: {names:?}");
        let run =
            Run::read(std::fs::read(made.join("run.jsonl")).expect("results")).expect("readable results");
        assert_eq!(run.accounts.len(), run.header.entries.len(), "{:?}", run.warnings);
        (run, std::fs::read_to_string(made.join("report.html")).expect("a report"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(name: &str, question: &str, parts: &[&str]) -> (Run, String) {
    Folder::new(name, &format!("# {question}\n{}", parts.concat())).run()
}

/// Whether a proxy can be put between. Where it is not installed the test says what it leaves out, and fails if CI is set.
fn has(program: &str) -> bool {
    let is_there = ["/usr/sbin", "/usr/local/sbin", "/usr/bin"]
        .iter()
        .any(|place| std::path::Path::new(place).join(program).is_file());
    assert!(is_there || std::env::var_os("CI").is_none(), "{program} is not installed");
    if !is_there {
        // Writing to the standard error fails where nobody reads it.
        let _ = writeln!(std::io::stderr(), "left out: {program} is not installed");
    }
    is_there
}

/// Whether links of packets can be made. Where they can't the test says so, and fails if CI is set.
fn has_links() -> bool {
    let missing = link::missing();
    assert!(missing.is_none() || std::env::var_os("CI").is_none(), "{missing:?}");
    if let Some(missing) = &missing {
        let _ = writeln!(std::io::stderr(), "left out: this needs {missing}");
    }
    missing.is_none()
}

/// Nothing is missing, twice, damaged or out of order.
fn whole(account: &Account) {
    let books = &account.ledger.books;
    let label = &account.label;
    assert!(
        account.complete && books.expected > 0 && books.delivered == books.expected,
        "{label}: {books:?}"
    );
    let beside = [books.duplicated, books.reordered, books.damaged, books.unknown, books.gaps];
    assert_eq!(beside, [0; 5], "{label}: {books:?}");
}

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
    assert!(page.contains("What lies between"));
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
    let answer = page.find("3 of 4 get through strict").expect("the answer");
    assert!(page[..answer].matches("<p").count() < 4, "it is the first sentence");
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

fn pushes(account: &Account) -> bool {
    !account.label.contains("polling")
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

#[test]
fn a_proxy_and_a_link_end_with_their_driver_however_that_ends() {
    let proxy =
        "[network]\nvia = \"proxy\"\n[[via]]\nname = \"proxy\"\nprogram = \"nginx\"\nsetup = \"streaming\"\n";
    let link = "[network]\nlink = \"packets\"\n";
    for (is_there, head, words) in [(has("nginx"), proxy, "nginx"), (has_links(), link, "--\0link\0")] {
        if !is_there {
            continue;
        }
        let measure = "measure = \"60s\"\n";
        let folder = Folder::new("left", &format!("# Who is left?\n{measure}{HEAD}{LIVE}{head}"));
        let mut child =
            folder.command().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        lines.by_ref().find(|line| line.ends_with(": running")).expect("the schedule begins");
        let left = children(child.id(), words);
        assert_eq!(left.len(), 4, "{words}");
        kill_process(Pid::from_child(&child), Signal::KILL).expect("it runs");
        child.wait().expect("it ends");
        assert!(left.iter().all(ends), "{words}");
    }
}

/// The short form of scenarios/conditions/soak.toml.
#[test]
fn connections_that_come_and_go_leave_nothing_behind() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/conditions/soak.toml");
    let long = std::fs::read_to_string(file).expect("it is shipped");
    let short = [
        ("warm_up = \"5s\"", "warm_up = \"1s\""),
        ("measure = \"60s\"", "measure = \"9s\""),
        ("count = 150", "count = 60"),
        ("memory_every = \"1s\"", "memory_every = \"250ms\""),
        ("retention = 2048", "retention = 32"),
        ("ramp = \"2s\"", "ramp = \"200ms\""),
    ];
    let text = short.iter().fold(long, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let (run, _) = Folder::new("soak", &text).run();
    for account in &run.accounts {
        let (label, books) = (&account.label, ledger::Books::from(account.ledger.books));
        assert!(
            books.balance() && books.delivered == books.expected && books.duplicated == 0,
            "{label}: {books:?}"
        );
        if pushes(account) {
            assert!(account.ledger.reconnects > 300, "{label}: each is cut several times");
        }
        // In its second half the server has seen everything once, and grows by some 200 KiB. Some 200 connections end in it: at
        // 4 KiB each, the least that one takes, what they left behind would be 800.
        let (_, late) = account.memory.split_at(account.memory.len() / 2);
        let [first, last] = [late.first(), late.last()].map(|at| at.expect("somebody looked"));
        assert!(last.own_bytes < first.own_bytes + (700 << 10), "{label}: {first:?} to {last:?}");
        assert!(last.socket_bytes < 2 << 20, "{label}: {last:?}");
    }
}

/// Handles of a process's children whose command lines hold this.
fn children(parent: u32, words: &str) -> Vec<OwnedFd> {
    let entries = std::fs::read_dir("/proc").expect("these tests need Linux's /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let read =
        |pid: i32, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let is_child = |pid: &i32| {
        let stat = read(*pid, "stat");
        let of = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        of == Some(parent) && read(*pid, "cmdline").contains(words)
    };
    let found = pids.filter(is_child).filter_map(Pid::from_raw);
    found.map(|pid| pidfd_open(pid, PidfdFlags::empty()).expect("it runs")).collect()
}

/// Waits for the end of a process, for ten seconds at most.
fn ends(process: &OwnedFd) -> bool {
    let limit = Timespec { tv_sec: 10, tv_nsec: 0 };
    poll(&mut [PollFd::new(process, PollFlags::IN)], Some(&limit)).expect("poll") == 1
}
