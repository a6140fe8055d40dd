//! What every transport must do.

#![expect(missing_docs, reason = "the names of the checks are sentences")]

mod broken;
mod http;
mod posts;
mod replies;

pub use broken::*;
pub use http::*;
pub use posts::*;
pub use replies::*;

use crate::stand::{Client, Stand, timer};
use bytes::Bytes;
use futures_util::StreamExt;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transport::{Event, Shape, Subscription};
use wire::{Dialer, Distance, Listener, Meter};

fn bodies(updates: &[std::sync::Arc<transport::Update>]) -> Vec<String> {
    updates.iter().map(|update| String::from_utf8_lossy(&update.body).into_owned()).collect()
}

fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}

pub async fn updates_arrive_in_order(stand: Stand) {
    let stand = stand.with_retention(2000);
    let mut client = stand.connect(Subscription::new(vec![0])).await;
    for step in 0..100 {
        stand.publish(0, step * 10..step * 10 + 10);
        tokio::task::yield_now().await;
    }
    let updates = client.take(1000).await;
    assert_eq!(bodies(&updates), numbers(0..1000));
    assert!(updates.windows(2).all(|pair| pair[0].seq < pair[1].seq), "seqs rise");
}

pub async fn only_the_topics_asked_for_arrive(stand: Stand) {
    let mut client = stand.connect(Subscription::new(vec![0, 2])).await;
    for topic in [0, 1, 2, 1, 0] {
        stand.publish(topic, 0..1);
    }
    let topics: Vec<u32> = client.take(3).await.iter().map(|update| update.topic).collect();
    assert_eq!(topics, [0, 2, 0]);
}

pub async fn topics_share_one_cursor(stand: Stand) {
    for round in 0..10 {
        stand.publish(round % 3, 0..1);
    }
    let resumed = Subscription { cursor: 4, ..Subscription::new(vec![0, 1]) };
    let seqs: Vec<u64> = stand.connect(resumed).await.take(4).await.iter().map(|update| update.seq).collect();
    assert_eq!(seqs, [5, 7, 8, 10], "seq 6 and 9 belong to the third topic");
}

pub async fn a_cut_client_resumes_from_its_cursor(stand: Stand) {
    let mut client = stand.connect(Subscription::new(vec![0, 1])).await;
    stand.publish(0, 0..5);
    stand.publish(1, 5..8);
    let before = client.take(8).await;
    drop(client);
    stand.publish(0, 8..12);
    stand.publish(1, 12..20);
    let cursor = before.last().map_or(0, |update| update.seq);
    let mut client = stand.connect(Subscription { cursor, ..Subscription::new(vec![0, 1]) }).await;
    let after = client.take(12).await;
    assert_eq!([bodies(&before), bodies(&after)].concat(), numbers(0..20), "nothing lost, nothing twice");
}

pub async fn a_gap_is_told(stand: Stand) {
    let stand = stand.with_retention(4);
    stand.publish(0, 0..10);
    let mut client = stand.connect(Subscription { cursor: 2, ..Subscription::new(vec![0]) }).await;
    let first = client.batch().await;
    assert!(matches!(first.events[0], Event::Gap { through: 6 }), "{:?}", first.events[0]);
    let mut seqs: Vec<u64> = first.updates().map(|update| update.seq).collect();
    while seqs.len() < 4 {
        seqs.extend(client.batch().await.updates().map(|update| update.seq));
    }
    assert_eq!(seqs, [7, 8, 9, 10], "what the log still has follows the gap");
}

pub async fn a_long_backlog_arrives_whole(stand: Stand) {
    let stand = stand.with_retention(5000);
    stand.publish(0, 0..5000);
    let mut client = stand.connect(Subscription::new(vec![0])).await;
    assert_eq!(bodies(&client.take(5000).await), numbers(0..5000));
    stand.publish(0, 5000..5001);
    assert_eq!(bodies(&client.take(1).await), ["5000"]);
}

pub async fn conflation_counts_what_it_skips(stand: Stand) {
    stand.publish(0, 0..10);
    stand.publish(1, 0..1);
    let asked = Subscription { conflate: true, ..Subscription::new(vec![0, 1]) };
    let mut client = stand.connect(asked).await;
    let mut events = Vec::new();
    while events.len() < 3 {
        events.extend(client.batch().await.events);
    }
    assert!(matches!(events[0], Event::Skipped { topic: 0, count: 9 }), "{:?}", events[0]);
    assert!(matches!(&events[1], Event::Update(update) if update.seq == 10));
    assert!(matches!(&events[2], Event::Update(update) if update.seq == 11));
}

pub async fn conflation_spares_topics_of_which_all_counts(stand: Stand) {
    let stand = stand.with_shape(Shape::new(3, 500).in_full([1]));
    let asked = Subscription { conflate: true, ..Subscription::new(vec![0, 1, 2]) };
    for number in 0..400 {
        stand.publish(number as u32 % 3, number..number + 1);
    }
    let mut client = stand.connect(asked).await;
    let (mut in_full, mut skipped, mut newest) = (Vec::new(), [0; 3], [0; 3]);
    while newest != [399, 397, 398] {
        for event in client.batch().await.events {
            match event {
                Event::Update(update) => {
                    let number = String::from_utf8_lossy(&update.body).parse().expect("a number");
                    newest[update.topic as usize] = number;
                    if update.topic == 1 {
                        in_full.push(number);
                    }
                }
                Event::Skipped { topic, count } => skipped[topic as usize] += count,
                Event::Gap { through } => panic!("a gap through {through}"),
            }
        }
    }
    assert_eq!(in_full, (1..400).step_by(3).collect::<Vec<usize>>(), "all of it, in order");
    assert_eq!(skipped, [133, 0, 132]);
}

pub async fn any_bytes_arrive_unchanged(stand: Stand) {
    let stand = stand.with_shape(Shape::new(3, 64).binary());
    let every: Vec<u8> = (0..=255).collect();
    let bodies = [&every[..], &every[1..], b"", b"\n", b"0 0 0\n", &[0; 3000], &every.repeat(400)];
    let mut client = stand.connect(Subscription::new(vec![0])).await;
    for body in bodies {
        stand.hub.publish(0, Bytes::copy_from_slice(body));
    }
    let came = client.take(bodies.len()).await;
    assert!(came.iter().map(|update| &update.body[..]).eq(bodies), "byte for byte");
    // What a reader finds waiting takes another way than what it is told of.
    let came = stand.connect(Subscription::new(vec![0])).await.take(bodies.len()).await;
    assert!(came.iter().map(|update| &update.body[..]).eq(bodies), "byte for byte");
}

pub async fn bodies_arrive_unchanged(stand: Stand) {
    let long = "long ".repeat(20_000);
    let texts = [
        "",
        "\n",
        "one\ntwo\n\nthree\n",
        " leading",
        "data: x",
        ":",
        "naïve 猫 🐈",
        "{\"a\":\"\\n\"}",
        &long,
    ];
    let mut client = stand.connect(Subscription::new(vec![0])).await;
    for text in texts {
        stand.hub.publish(0, Bytes::from(text.to_owned()));
    }
    assert_eq!(bodies(&client.take(texts.len()).await), texts);
}

pub async fn every_subscriber_gets_everything(stand: Stand) {
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(stand.connect(Subscription::new(vec![0])).await);
    }
    stand.publish(0, 0..50);
    for client in &mut clients {
        assert_eq!(bodies(&client.take(50).await), numbers(0..50));
    }
}

/// Long enough for heartbeats to pass and for holds to be over: see the stand's short settings.
pub async fn a_quiet_stream_stays_open(stand: Stand) {
    let mut client = stand.connect(Subscription::new(vec![0])).await;
    client.hear_nothing(Duration::from_millis(350)).await;
    stand.publish(0, 0..1);
    assert_eq!(bodies(&client.take(1).await), ["0"]);
}

pub async fn distance_changes_nothing_but_time(stand: Stand) {
    let stand = stand.with_retention(2000);
    let dialer = stand.dialer().at_distance(Distance::of(Duration::from_millis(5)), timer());
    let opened = stand.transport.connect(dialer, Subscription::new(vec![0]), timer()).await;
    let (updates, requests) = opened.expect("the client connects");
    let mut client = Client { updates, requests };
    stand.publish(0, 0..1000);
    assert_eq!(bodies(&client.take(1000).await), numbers(0..1000));
}

pub async fn an_unknown_topic_is_refused(stand: Stand) {
    let outcome = stand.try_connect(Subscription::new(vec![0, 99])).await;
    assert!(matches!(outcome, Err(transport::Error::Refused(_))), "{:?}", outcome.err());
}

pub async fn dropping_the_server_closes_everything(stand: Stand) {
    let mut client = stand.connect(Subscription::new(vec![0])).await;
    stand.publish(0, 0..1);
    client.take(1).await;
    stand.stop_server();
    while let Some(Ok(_)) = client.updates.next().await {}
    assert!(stand.dialer().dial().await.is_err(), "nobody listens any more");
}

pub async fn a_silent_peer_is_cut(stand: Stand) {
    let mut silent = stand.dialer().dial().await.expect("a connection");
    let mut answer = Vec::new();
    // An answer such as "408 Request Timeout" is as good as none: what counts is the end.
    let _ = silent.read_to_end(&mut answer).await;
    still_serves(&stand).await;
}

pub async fn a_peer_that_talks_garbage_is_cut(stand: Stand) {
    for garbage in
        [&b"\0\x02no"[..], b"\xff\xff\xff\xff\xff", b"\r\n\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", &[7; 70_000]]
    {
        let mut peer = stand.dialer().dial().await.expect("a connection");
        let _ = peer.write_all(garbage).await;
        let mut answer = Vec::new();
        let _ = peer.read_to_end(&mut answer).await;
    }
    still_serves(&stand).await;
}

pub async fn endless_heads_are_cut(stand: Stand) {
    let mut peer = stand.dialer().dial().await.expect("a connection");
    let mut written = 0;
    let _ = peer.write_all(b"GET /").await;
    while peer.write_all(&[b'a'; 4096]).await.is_ok() {
        written += 4096;
        assert!(written < 64 << 20, "a head without an end was read for ever");
    }
    still_serves(&stand).await;
}

pub async fn a_server_that_talks_garbage_is_an_error(stand: Stand) {
    for garbage in [&b"no\r\n\r\n"[..], b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello", b""] {
        let here = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(here, Meter::default()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
        let server = tokio::spawn(async move {
            // Dialled again after a close, some clients try more than once.
            while let Ok(mut peer) = listener.accept().await {
                let _ = peer.read(&mut [0; 1024]).await;
                let _ = peer.write_all(garbage).await;
            }
        });
        let outcome = stand.transport.connect(dialer, Subscription::new(vec![0]), timer()).await;
        if let Ok((mut updates, _)) = outcome {
            let next = updates.next().await;
            assert!(!matches!(next, Some(Ok(_))), "garbage was taken for updates");
        }
        server.abort();
    }
}

async fn still_serves(stand: &Stand) {
    let mut client = stand.connect(stand.subscription(2)).await;
    let requests = client.requests.clone();
    client.during(requests.ask(Bytes::from("parts 1"))).await.expect("a reply");
    if !stand.subscription(2).is_none() {
        let mut client = stand.connect(stand.subscription(2)).await;
        stand.publish(2, 0..1);
        assert_eq!(bodies(&client.take(1).await), ["0"]);
    }
}
