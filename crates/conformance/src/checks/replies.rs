//! What is asked and answered with a feed that ends.

use crate::stand::{Client, Stand};
use bytes::Bytes;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use transport::{Error, Event, Hub, Reply, Shape, Subscription, Updates};

async fn ask(client: &mut Client, question: &str) -> Reply {
    let requests = client.requests.clone();
    client.during(requests.ask(Bytes::from(question.to_owned()))).await.expect("a reply")
}

/// What a reply says until it ends.
async fn whole(client: &mut Client, updates: Updates) -> Vec<Event> {
    let batches = client.during(updates.collect::<Vec<_>>()).await;
    batches.into_iter().flat_map(|batch| batch.expect("no error").events).collect()
}

fn texts(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| match event {
        Event::Update(update) => String::from_utf8_lossy(&update.body).into_owned(),
        other => panic!("{other:?}"),
    };
    events.iter().map(text).collect()
}

fn parts(count: usize) -> Vec<String> {
    (0..count).map(|part| format!("part {part}")).collect()
}

pub async fn a_client_without_a_subscription_sends_and_asks(stand: Stand) {
    let mut client = stand.connect(Subscription::none()).await;
    stand.publish(0, 0..3);
    client.hear_nothing(Duration::from_millis(150)).await;
    let requests = client.requests.clone();
    client.during(requests.post(Bytes::from("sent"))).await.expect("acknowledged");
    let reply = ask(&mut client, "parts 3").await;
    assert_eq!(texts(&whole(&mut client, reply.updates).await), parts(3));
    // Longer than heartbeats and limits: see the stand's short settings.
    client.hear_nothing(Duration::from_millis(600)).await;
    let reply = ask(&mut client, "parts 2").await;
    assert_eq!(texts(&whole(&mut client, reply.updates).await), parts(2));
    assert_eq!(stand.application.posts(), ["sent"]);
}

pub async fn a_reply_arrives_and_ends(stand: Stand) {
    let mut client = stand.client().await;
    for count in [0, 1, 500] {
        let reply = ask(&mut client, &format!("parts {count}")).await;
        assert_eq!(texts(&whole(&mut client, reply.updates).await), parts(count));
    }
}

pub async fn replies_of_one_client_share_a_connection(stand: Stand) {
    let mut client = stand.connect(Subscription::none()).await;
    for count in 1..6 {
        let reply = ask(&mut client, &format!("parts {count}")).await;
        assert_eq!(texts(&whole(&mut client, reply.updates).await), parts(count));
    }
    assert_eq!(stand.meter.tally().connections, 1);
}

pub async fn two_replies_at_once_arrive_whole(stand: Stand) {
    let mut client = stand.client().await;
    let (first, second) = (ask(&mut client, "parts 60").await, ask(&mut client, "parts 50").await);
    let both = futures_util::future::join(first.updates.collect(), second.updates.collect());
    let (first, second): (Vec<_>, Vec<_>) = client.during(both).await;
    for (batches, count) in [(first, 60), (second, 50)] {
        let events: Vec<Event> =
            batches.into_iter().flat_map(|batch: Result<_, Error>| batch.expect("no error").events).collect();
        assert_eq!(texts(&events), parts(count));
    }
}

/// A reply that the check makes as it goes on.
fn open_reply(stand: &Stand, question: &'static str, shape: Shape) -> Hub {
    let hub = Hub::of_shape(shape, Arc::new(()));
    stand.application.answer(question, hub.clone());
    hub
}

async fn next_text(client: &mut Client, reply: &mut Reply) -> String {
    loop {
        let batch = client.during(reply.updates.next()).await.expect("goes on").expect("without an error");
        if !batch.events.is_empty() {
            return texts(&batch.events).concat();
        }
    }
}

pub async fn a_reply_comes_while_it_is_made(stand: Stand) {
    let hub = open_reply(&stand, "made", Shape::new(1, 8));
    let mut client = stand.connect(Subscription::none()).await;
    let mut reply = ask(&mut client, "made").await;
    for text in ["one", "two", "three"] {
        hub.publish(0, Bytes::from(text));
        assert_eq!(next_text(&mut client, &mut reply).await, text, "no part waits for another");
    }
    hub.close();
    assert!(whole(&mut client, reply.updates).await.is_empty());
}

pub async fn two_replies_take_turns(stand: Stand) {
    let hubs = ["one", "two"].map(|question| open_reply(&stand, question, Shape::new(1, 8)));
    let mut client = stand.connect(Subscription::none()).await;
    let mut replies = [ask(&mut client, "one").await, ask(&mut client, "two").await];
    for turn in [0, 1, 1, 0, 1, 0] {
        hubs[turn].publish(0, Bytes::from(format!("of {turn}")));
        assert_eq!(next_text(&mut client, &mut replies[turn]).await, format!("of {turn}"));
    }
}

pub async fn a_reply_of_any_bytes_arrives_unchanged(stand: Stand) {
    let hub = open_reply(&stand, "bytes", Shape::new(1, 300).binary());
    let every: Vec<u8> = (0..=255).collect();
    hub.publish(0, Bytes::from(every.clone()));
    for byte in &every {
        hub.publish(0, Bytes::from(vec![*byte]));
    }
    hub.close();
    let mut client = stand.connect(Subscription::none()).await;
    let reply = ask(&mut client, "bytes").await;
    let events = whole(&mut client, reply.updates).await;
    let bytes: Vec<u8> = events
        .iter()
        .flat_map(|event| match event {
            Event::Update(update) => update.body.to_vec(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(bytes, every.repeat(2));
}

pub async fn a_gap_in_a_reply_is_told_in_the_reply(stand: Stand) {
    let hub = open_reply(&stand, "short log", Shape::new(1, 4));
    for part in 1..=10 {
        hub.publish(0, Bytes::from(part.to_string()));
    }
    hub.close();
    let mut client = stand.client().await;
    let reply = ask(&mut client, "short log").await;
    let collected = reply.updates.collect::<Vec<_>>();
    // Read here, since a gap told to the subscription must not go unseen.
    let mut collected = std::pin::pin!(collected);
    let batches = loop {
        tokio::select! {
            batches = &mut collected => break batches,
            Some(batch) = client.updates.next() => {
                assert!(batch.expect("no error").events.is_empty(), "the subscription was told of nothing");
            }
        }
    };
    let events: Vec<Event> = batches.into_iter().flat_map(|batch| batch.expect("no error").events).collect();
    assert!(matches!(events[0], Event::Gap { through: 6 }), "{events:?}");
    assert_eq!(texts(&events[1..]), ["7", "8", "9", "10"]);
}

pub async fn a_reply_can_be_stopped_on_its_way(stand: Stand) {
    let mut client = stand.client().await;
    let mut reply = ask(&mut client, "endless").await;
    for _ in 0..3 {
        client.during(reply.updates.next()).await.expect("goes on").expect("without an error");
    }
    client.during(reply.stop).await.expect("the server was told");
    client.during(stand.application.stopped(1)).await;
    // What was on its way may still come; then it ends, and not with an error.
    let rest = reply.updates.collect::<Vec<_>>();
    assert!(client.during(rest).await.iter().all(Result::is_ok));
}

pub async fn a_stopped_reply_is_over(stand: Stand) {
    let hub = open_reply(&stand, "open", Shape::new(1, 8));
    let mut client = stand.client().await;
    let reply = ask(&mut client, "open").await;
    hub.publish(0, Bytes::from("one"));
    client.during(stand.application.asked(1)).await;
    let Reply { updates, stop } = reply;
    client.during(stop).await.expect("the server was told");
    client.during(hub.stopped()).await;
    hub.publish(0, Bytes::from("late"));
    let rest = whole(&mut client, updates).await;
    assert!(!texts(&rest).contains(&"late".to_owned()), "what is made after the end does not come");
    let reply = ask(&mut client, "parts 2").await;
    assert_eq!(texts(&whole(&mut client, reply.updates).await), parts(2), "the client goes on");
}

pub async fn a_forgotten_reply_is_stopped(stand: Stand) {
    let mut client = stand.client().await;
    let hub = open_reply(&stand, "open", Shape::new(1, 8));
    let reply = ask(&mut client, "open").await;
    client.during(stand.application.asked(1)).await;
    drop(reply);
    client.during(hub.stopped()).await;
}

pub async fn an_unwanted_question_is_refused(stand: Stand) {
    let mut client = stand.client().await;
    let requests = client.requests.clone();
    let refusal = match client.during(requests.ask(Bytes::from("what?"))).await {
        Err(error) => error,
        Ok(mut reply) => {
            client.during(reply.updates.next()).await.expect("an answer").expect_err("a refusal")
        }
    };
    assert!(matches!(refusal, Error::Refused(_)), "{refusal:?}");
}
