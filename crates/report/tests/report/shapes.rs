//! Sample runs of other shapes than a broadcast, with claims and objectives.

use crate::sample;
use ledger::{Distribution, Playback, Posts, Recovery, Relayed, Replies, Timeline};
use results::{
    Account, AccountRecord, CheckRecord, ClaimRecord, DistributionRecord, ExchangeTraffic, LimitsRecord,
    ObjectiveRecord, PostsRecord, PublishedRecord, RecoveryRecord, RelayedRecord, RepliesRecord, Run,
    Traffic, Uplink, ViaRecord, ViaSeen,
};

const MS: u64 = 1_000_000;

/// Every shape of work, by its name.
pub fn all() -> Vec<(&'static str, Run)> {
    vec![
        ("rooms", rooms()),
        ("replies", replies("reply")),
        ("exchanges", replies("exchange")),
        ("both directions", duplex()),
        ("what lies between and breaks", conditions()),
    ]
}

/// Transports behind a proxy, with TLS, to which things happen; one does not come through.
pub fn conditions() -> Run {
    let mut run = with("broadcast", |account| {
        account.ledger.recovery = Some(RecoveryRecord(Recovery {
            hits: 12,
            noticed: times(10, 22),
            reconnected: times(10, 82),
            caught_up: times(10, 3),
            away: times(10, 108),
            not_back: 1,
            unnoticed: 1,
            replayed: 44,
            undisturbed: times(400, 2),
            peak_opened: 10,
        }));
        account.ledger.setup_tls = times(20, 41);
        account.steady.plain = Some((account.steady.bytes_in * 9 / 10, account.steady.bytes_out * 9 / 10));
        if account.label == "websocket" {
            account.ledger.never_connected = sample::SUBSCRIBERS;
            account.failure = Some("refused: 403 Forbidden".to_owned());
        }
        account.via = Some(ViaSeen {
            configuration: "http {\n  server {\n    listen 127.0.0.1:4000 ssl;\n  }\n}\n".to_owned(),
            access: vec![
                "127.0.0.1 - - [27/Nov/2026:05:00:00 +0000] \"GET /updates?topics=0-3&cursor=17 HTTP/1.1\" 200 12345 \"-\" \"-\"".to_owned(),
            ],
            errors: Vec::new(),
        });
    });
    run.header.disturbances = vec!["after 2s: connections reset, 50\u{202f}% of the clients".to_owned()];
    run.header.vias = vec![ViaRecord {
        name: "proxy".to_owned(),
        program: "nginx".to_owned(),
        version: Some("nginx/1.22.1".to_owned()),
        setup: "refusing upgrades".to_owned(),
    }];
    for entry in run.header.entries.iter_mut().filter(|entry| !entry.floor) {
        entry.way = [("via", "proxy"), ("tls", "TLS 1.3"), ("headers", "browser")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    }
    let mut check = run.header.claims[0].checks[0].clone();
    check.limits = LimitsRecord { are_factors: true, ..LimitsRecord::default() };
    run.header.published = vec![PublishedRecord {
        source: "Somebody, a journal that is hard to find, 2012".to_owned(),
        says: "Long polling takes twice as long".to_owned(),
        differs: "Other libraries, another machine, and a network between.".to_owned(),
        check,
        value: 2.0,
    }];
    run
}

/// Members of rooms who post.
pub fn rooms() -> Run {
    with("rooms", |account| {
        post(account);
        account.ledger.relayed = Some(RelayedRecord(Relayed {
            own_echo: times(400, 61),
            behind: times(400, 0),
            disagreements: 0,
        }));
    })
}

/// Clients that post, and are told something each.
pub fn duplex() -> Run {
    with("duplex", post)
}

/// Clients that ask: for chunks of sound, or for an answer.
pub fn replies(shape: &str) -> Run {
    with(shape, |account| {
        let later_ms = account.ledger.latency.quantile(0.5).unwrap_or(0) / MS;
        account.ledger.replies = Some(RepliesRecord(heard(later_ms)));
        account.uplink = Some(Uplink {
            posts: None,
            for_nothing: Some(DistributionRecord(times(20, 0))),
            stopped: Some(DistributionRecord(times(20, 30 + later_ms))),
        });
        let traffic = |connections| Traffic { bytes_in: 40_000, bytes_out: 70_000, connections };
        account.exchanges = Some(ExchangeTraffic {
            cold_exchanges: 100,
            cold: traffic(100),
            warm_exchanges: 100,
            warm: traffic(0),
        });
    })
}

fn with(shape: &str, change: impl Fn(&mut Account)) -> Run {
    let mut run = sample::run(4);
    run.header.shape = shape.to_owned();
    run.accounts.iter_mut().for_each(change);
    let limits = LimitsRecord { at_most: Some(0.2), ..LimitsRecord::default() };
    run.header.claims = vec![ClaimRecord {
        says: "A sentence that somebody said of transports, long enough to need more than a line.".to_owned(),
        checks: vec![CheckRecord {
            figure: "latency".to_owned(),
            at: Some("p50".to_owned()),
            of: "long-polling".to_owned(),
            against: Some("websocket".to_owned()),
            limits: LimitsRecord { are_factors: true, at_least: None, at_most: Some(1.1) },
        }],
        model: Some("The median is push's while little comes in a round trip.".to_owned()),
        boundary: None,
    }];
    run.header.objectives =
        vec![ObjectiveRecord { figure: "latency".to_owned(), at: Some("p90".to_owned()), limits }];
    run
}

fn post(account: &mut Account) {
    account.ledger.posts = Some(PostsRecord(Posts {
        due: 400,
        acknowledged: 400,
        failed: 0,
        acknowledgement: times(400, 62),
        effect: times(400, 80),
    }));
    let mut books = account.ledger.books;
    (books.expected, books.delivered, books.lost) = (400, 400, 0);
    let posts = AccountRecord { books, latency: times(400, 31), ..AccountRecord::default() };
    account.uplink = Some(Uplink { posts: Some(Box::new(posts)), for_nothing: None, stopped: None });
}

fn heard(later_ms: u64) -> Replies {
    let chunk = |k: u64| (k * 20 * MS, k * 20 * MS + later_ms * MS + (k % 3) * MS);
    let timeline =
        Timeline { chunks: (0..60).map(chunk).collect(), stop_ns: Some(900 * MS), every_ns: 20 * MS };
    Replies {
        asked: 100,
        answered: 80,
        interrupted: 20,
        overlapped: 3,
        withdrawn: 40,
        unwanted: times(20, 1),
        stop: times(20, 30),
        first: times(100, 280 + later_ms),
        gap: times(4_000, 20),
        per_chunk: times(80, 20),
        whole: times(80, 1_500),
        wait: times(80, 700),
        longest_stall: times(100, 41),
        stutters: 12,
        streamed_ns: 100_000 * MS,
        in_time: 3_900,
        after_first: 4_000,
        playback: Some(Playback {
            start_buffer_ns: 80 * MS,
            chunk_ns: 40 * MS,
            played: 80,
            underruns: 3,
            silence: times(3, 25),
            least_buffer: times(80, 120),
            first_sound: times(80, 320),
        }),
        typical: Some(timeline.clone()),
        worst: Some(timeline),
        cold: times(50, 126 + later_ms),
        warm: times(50, 66 + later_ms),
        ..Replies::default()
    }
}

/// So many values from this on.
fn times(count: u64, from_ms: u64) -> Distribution {
    let mut distribution = Distribution::default();
    (0..count).for_each(|k| distribution.record(from_ms * MS + k * MS / 50));
    distribution
}
