//! Readers against plain lists.

use super::*;
use crate::Shape;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::StreamExt;
use proptest::prelude::*;

const TOPICS: u32 = 4;

/// What a test does, in turn.
#[derive(Debug, Clone)]
enum Step {
    Publish {
        topic: u32,
        bytes: usize,
    },
    /// Lets the fan-out tell the readers.
    Announce,
    Read,
    /// Goes on with a fresh feed from the cursor, as a client does that was cut or that polls.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let size = prop_oneof![8 => 0_usize..200, 1 => 20_000_usize..50_000];
    prop_oneof![
        6 => (0..TOPICS, size).prop_map(|(topic, bytes)| Step::Publish { topic, bytes }),
        2 => Just(Step::Announce),
        3 => Just(Step::Read),
        1 => Just(Step::Reopen),
    ]
}

/// What a subscriber was told of each update.
#[derive(Debug, Default)]
struct Heard {
    delivered: Vec<Seq>,
    /// Of each topic, since its last delivery.
    skips: [u64; TOPICS as usize],
    /// Every update up to here may be gone.
    gap: Seq,
    explained: u64,
}

impl Heard {
    fn batch(&mut self, batch: &Batch, reopened: bool) {
        if reopened {
            self.skips = Default::default();
        }
        for event in &batch.events {
            match event {
                Event::Update(update) => {
                    self.delivered.push(update.seq);
                    self.explained += std::mem::take(&mut self.skips[update.topic as usize]);
                }
                Event::Skipped { topic, count } => self.skips[*topic as usize] += count,
                Event::Gap { through } => self.gap = self.gap.max(*through),
            }
        }
    }

    fn cursor(&self, batch: &Batch, before: Seq) -> Seq {
        let newest = batch.updates().last().map(|update| update.seq);
        newest.unwrap_or(if batch.events.is_empty() { before } else { before.max(self.gap) })
    }
}

/// Runs the steps; gives what was published and what one subscriber of some topics heard.
fn play(
    steps: &[Step],
    topics: &[u32],
    conflate: bool,
    shape: Shape,
    with_fan_out: bool,
) -> (Vec<(Seq, u32)>, Heard) {
    let hub = Hub::of_shape(shape, Arc::new(()));
    let mut fan_out = Box::pin(hub.fan_out());
    if with_fan_out {
        assert!(fan_out.as_mut().now_or_never().is_none());
    }
    let mut subscription = Subscription { conflate, ..Subscription::new(topics.to_vec()) };
    let (mut feed, mut heard, mut published, mut reopened) =
        (hub.feed(&subscription), Heard::default(), Vec::new(), false);
    let read = |feed: &mut Feed, heard: &mut Heard, subscription: &mut Subscription, reopened: &mut bool| {
        let batch = feed.next().now_or_never().flatten();
        if let Some(batch) = &batch {
            heard.batch(batch, std::mem::take(reopened));
            subscription.cursor = heard.cursor(batch, subscription.cursor);
        }
        batch.is_some()
    };
    for step in steps {
        match step {
            Step::Publish { topic, bytes } => {
                let seq = hub.publish(*topic, Bytes::from(vec![b'x'; *bytes]));
                published.push((seq, *topic));
            }
            Step::Announce if with_fan_out => assert!(fan_out.as_mut().now_or_never().is_none()),
            Step::Announce => {}
            Step::Read => {
                read(&mut feed, &mut heard, &mut subscription, &mut reopened);
            }
            Step::Reopen => {
                feed = hub.feed(&subscription);
                reopened = true;
            }
        }
    }
    drop(fan_out);
    while read(&mut feed, &mut heard, &mut subscription, &mut reopened) {}
    published.retain(|(_, topic)| topics.contains(topic));
    (published, heard)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn everything_is_delivered_once_and_in_order(
        steps in prop::collection::vec(step(), 0..120),
        topics in prop::sample::subsequence(vec![0, 1, 2, 3], 1..=4),
        with_fan_out: bool,
    ) {
        let (published, heard) = play(&steps, &topics, false, Shape::new(TOPICS, 1000), with_fan_out);
        let expected: Vec<Seq> = published.iter().map(|(seq, _)| *seq).collect();
        prop_assert_eq!(heard.delivered, expected);
        prop_assert_eq!(heard.gap, 0, "nothing was dropped");
    }

    #[test]
    fn what_a_short_log_lost_lies_under_a_gap(
        steps in prop::collection::vec(step(), 0..120),
        topics in prop::sample::subsequence(vec![0, 1, 2, 3], 1..=4),
        retention in 1_usize..6,
        with_fan_out: bool,
    ) {
        let (published, heard) = play(&steps, &topics, false, Shape::new(TOPICS, retention), with_fan_out);
        prop_assert!(heard.delivered.is_sorted_by(|a, b| a < b), "in order, none twice");
        for (seq, _) in &published {
            prop_assert!(heard.delivered.contains(seq) || *seq <= heard.gap, "{} vanished, gap {}", seq, heard.gap);
        }
        // The newest of each topic is always there.
        for topic in &topics {
            if let Some((newest, _)) = published.iter().rev().find(|(_, of)| of == topic) {
                prop_assert!(heard.delivered.contains(newest));
            }
        }
    }

    #[test]
    fn conflation_tells_of_everything_that_it_leaves_out(
        steps in prop::collection::vec(step().prop_filter("stays connected", |step| !matches!(step, Step::Reopen)), 0..120),
        topics in prop::sample::subsequence(vec![0, 1, 2, 3], 1..=4),
        in_full in prop::sample::subsequence(vec![0, 1, 2, 3], 0..=4),
        with_fan_out: bool,
    ) {
        let shape = Shape::new(TOPICS, 1000).in_full(in_full.clone());
        let (published, heard) = play(&steps, &topics, true, shape, with_fan_out);
        prop_assert!(heard.delivered.is_sorted_by(|a, b| a < b));
        for (seq, topic) in &published {
            prop_assert!(!in_full.contains(topic) || heard.delivered.contains(seq), "{} of {}", seq, topic);
        }
        prop_assert_eq!(heard.delivered.len() as u64 + heard.explained, published.len() as u64);
    }
}

#[test]
fn a_reader_that_leaves_is_forgotten() {
    let hub = Hub::new(TOPICS, 8, Arc::new(()));
    let mut feeds: Vec<Feed> = (0..5).map(|_| hub.feed(&Subscription::new(vec![0, 2]))).collect();
    for feed in &mut feeds {
        assert!(feed.next().now_or_never().is_none());
    }
    feeds.remove(1);
    feeds.remove(2);
    hub.publish(2, Bytes::from_static(b"x"));
    for feed in &mut feeds {
        assert_eq!(feed.try_batch().events.len(), 1);
    }
    drop(feeds);
    assert!(hub.state().logs.iter().all(|log| log.readers.is_empty()));
}

#[test]
fn a_cursor_of_another_life_gets_all_there_is_and_a_gap() {
    let hub = Hub::new(1, 8, Arc::new(()));
    hub.publish(0, Bytes::from_static(b"x"));
    let mut feed = hub.feed(&Subscription { cursor: 4711, ..Subscription::new(vec![0]) });
    let events = feed.try_batch().events;
    assert!(matches!(events[..], [Event::Gap { through: 0 }, Event::Update(_)]), "{events:?}");
}

#[test]
fn readers_are_told_when_a_fan_out_ends() {
    let hub = Hub::new(1, 8, Arc::new(()));
    let mut feed = hub.feed(&Subscription::new(vec![0]));
    assert!(feed.next().now_or_never().is_none());
    {
        let mut fan_out = Box::pin(hub.fan_out());
        assert!(fan_out.as_mut().now_or_never().is_none());
        hub.publish(0, Bytes::from_static(b"x"));
        assert!(feed.next().now_or_never().is_none(), "not announced yet");
    }
    assert!(feed.next().now_or_never().is_some());
}

#[test]
fn who_follows_nothing_learns_of_the_end() {
    let hub = Hub::new(1, 8, Arc::new(()));
    let mut feed = hub.feed(&Subscription::none());
    let mut fan_out = Box::pin(hub.fan_out());
    assert!(fan_out.as_mut().now_or_never().is_none());
    assert!(feed.next().now_or_never().is_none());
    hub.publish(0, Bytes::from_static(b"x"));
    assert!(fan_out.as_mut().now_or_never().is_none());
    assert!(feed.next().now_or_never().is_none());
    let (by, woken) = waker();
    assert!(feed.poll_next_unpin(&mut Context::from_waker(&by)).is_pending());
    hub.close();
    assert!(fan_out.as_mut().now_or_never().is_none());
    assert!(woken.0.load(std::sync::atomic::Ordering::Relaxed), "it was woken");
    assert!(feed.next().now_or_never().expect("at once").is_none());
}

#[derive(Default)]
struct Woken(std::sync::atomic::AtomicBool);

impl std::task::Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

fn waker() -> (Waker, Arc<Woken>) {
    let woken = Arc::<Woken>::default();
    (Waker::from(woken.clone()), woken)
}
