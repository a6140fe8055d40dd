//! Questions and their answers.

use crate::world::{BODIES, MS, START_NS, scenario};
use ledger::{Account, Asking, Replies};
use proptest::prelude::*;
use scenario::{BodySize, ChunkSize, Count, ReplyWork, Schedule, Shape, Span};
use std::sync::Arc;
use std::time::Duration;

/// One question of each client in the window, thought about for 100 ms, with a chunk every 20 ms.
fn plan(clients: u32, chunks: u32, interrupted: f64) -> Arc<scenario::Replies> {
    let think = Duration::from_millis(100);
    let mut scenario = scenario(&[], 0, 10_000);
    scenario.shape = Shape::Reply;
    scenario.subscribers.count = clients;
    scenario.reply = Some(ReplyWork {
        schedule: Schedule::Periodic { period: Duration::from_secs(10) },
        question: BodySize::Fixed(64),
        think: Span { min: think, max: think },
        chunks: Count { min: chunks, max: chunks },
        every: Duration::from_millis(20),
        body: ChunkSize::Each(BodySize::Fixed(64)),
        interrupted,
        binary: false,
        sound: None,
        start_buffer: Duration::ZERO,
    });
    Arc::new(scenario::Replies::new(&scenario, 1).expect("clients ask"))
}

struct Asked {
    plan: Arc<scenario::Replies>,
    asking: Asking,
}

impl Asked {
    fn new(clients: u32, chunks: u32, interrupted: f64) -> Asked {
        let plan = plan(clients, chunks, interrupted);
        let mut asking = Asking::new(plan.clone(), BODIES.clone(), 0..clients, None);
        (0..clients as usize).for_each(|client| asking.opened(client, true));
        asking.start(START_NS);
        Asked { plan, asking }
    }

    /// So long after the question was due, in milliseconds.
    fn at(&self, number: u64, after_ms: u64) -> u64 {
        START_NS + self.plan.get(number).unwrap().due_ns + after_ms * MS
    }

    fn chunk(&mut self, number: u64, seq: u64, after_ms: u64) {
        let at_ns = self.at(number, after_ms);
        let body = self.plan.chunk(number, (seq - 1) as u32).map(|planned| BODIES.write(&planned, at_ns));
        self.asking.chunk(number, at_ns, seq, &body.unwrap_or_default());
    }

    fn close(self, after_ms: u64) -> (Account, Replies) {
        let end_ns = self.at(1, after_ms);
        let account = self.asking.close(end_ns);
        assert!(account.books.balance(), "{:?}", account.books);
        let replies = account.replies.clone().unwrap();
        (account, replies)
    }
}

/// To the nearest millisecond: distributions keep three digits.
fn ms(ns: Option<u64>) -> Option<u64> {
    ns.map(|ns| (ns + MS / 2) / MS)
}

#[test]
fn a_reply_is_measured_from_when_its_question_was_due() {
    let mut asked = Asked::new(1, 5, 0.0);
    // Due after 100, 120, 140, 160 and 180 ms.
    for (seq, after_ms) in [(1, 130), (2, 150), (3, 210), (4, 210), (5, 215)] {
        asked.chunk(1, seq, after_ms);
    }
    let end_ns = asked.at(1, 216);
    asked.asking.ended(1, end_ns, true);
    assert!(asked.asking.is_complete());
    let (account, replies) = asked.close(300);
    assert_eq!((account.books.expected, account.books.delivered, replies.answered), (5, 5, 1));
    assert_eq!(ms(replies.first.max()), Some(130));
    assert_eq!((replies.gap.len(), ms(replies.gap.max()), replies.gap.min()), (4, Some(60), Some(0)));
    // (215 - 130) / 4
    assert_eq!(replies.per_chunk.max().map(|ns| ns / 100_000), Some(212));
    assert_eq!((ms(replies.whole.max()), ms(replies.longest_stall.max())), (Some(215), Some(60)));
    // (130 + 150 + 210 + 210 + 215) / 5
    assert_eq!(ms(replies.wait.max()), Some(183));
    // One gap above 40 ms. In time is what comes by 130 + 20k + 20 ms: 150 and 210 by 170? no; 210 by 190? no; 215 by 230.
    assert_eq!((replies.stutters, replies.in_time, replies.after_first), (1, 3, 4));
    assert_eq!(replies.streamed_ns, 85 * MS);
    // The third chunk was due after 140 ms.
    assert_eq!((ms(account.latency.max()), ms(account.slowest.max())), (Some(70), Some(70)));
}

#[test]
fn what_had_not_come_when_its_reader_stopped_is_withdrawn() {
    let mut asked = Asked::new(1, 50, 1.0);
    let stop_ns = asked.plan.get(1).unwrap().stop_ns.unwrap();
    asked.chunk(1, 1, 110);
    let at_ns = asked.at(1, 0) + stop_ns;
    asked.asking.stopped(1, at_ns);
    asked.chunk(1, 2, stop_ns / MS + 30);
    let end_ns = asked.at(1, stop_ns / MS + 31);
    asked.asking.ended(1, end_ns, true);
    let due = (0..50).filter(|k| 100 * MS + k * 20 * MS < stop_ns).count() as u64;
    let (account, replies) = asked.close(5_000);
    let first = u64::from(due > 0);
    assert_eq!((replies.interrupted, replies.answered, replies.withdrawn), (1, 0, due - first));
    assert_eq!((account.books.expected, account.books.delivered), (first, first));
    // The stop itself is due at no whole millisecond.
    assert_eq!(replies.unwanted.max(), Some(1));
    assert!(ms(replies.stop.max()).is_some_and(|ms| (29..=30).contains(&ms)), "{:?}", replies.stop.max());
}

#[test]
fn what_breaks_off_is_lost_and_what_goes_on_is_in_flight() {
    let mut asked = Asked::new(2, 4, 0.0);
    asked.chunk(1, 1, 110);
    let end_ns = asked.at(1, 120);
    asked.asking.ended(1, end_ns, false);
    asked.chunk(2, 1, 105);
    assert!(!asked.asking.is_complete());
    let (account, replies) = asked.close(20_000);
    assert_eq!((account.books.delivered, account.books.lost, account.books.in_flight), (2, 3, 3));
    assert_eq!((replies.failed, replies.unfinished), (1, 1));
}

proptest! {
    #[test]
    fn books_balance_whatever_comes(
        events in prop::collection::vec((0_u8..4, 1_u64..5, 0_u64..8, 0_u64..400, any::<bool>()), 0..120),
        close_ms in 0_u64..12_000,
    ) {
        let mut asked = Asked::new(3, 6, 0.5);
        let (mut got, mut stopped) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        for (kind, number, seq, after_ms, whole) in events {
            let at_ns = asked.at(number.min(3), after_ms);
            match kind {
                0 => { asked.asking.stopped(number, at_ns); stopped.insert(number); }
                1 => asked.asking.ended(number, at_ns, whole),
                _ => {
                    let planned = seq.checked_sub(1).and_then(|index| asked.plan.chunk(number, index as u32));
                    let mut body = planned.map(|planned| BODIES.write(&planned, at_ns)).unwrap_or_default();
                    if !whole && let Some(last) = body.last_mut() { *last ^= 1 }
                    asked.asking.chunk(number, at_ns, seq, &body);
                    let expected = |reply: &scenario::PlannedReply, offset_ns| {
                        reply.stop_ns.is_none_or(|stop_ns| offset_ns < stop_ns)
                    };
                    if let (true, Some(planned), false) = (whole, planned, stopped.contains(&number))
                        && expected(asked.plan.get(number).unwrap(), planned.due_ns)
                    {
                        got.insert((number, seq));
                    }
                }
            }
        }
        let (account, _) = asked.close(close_ms);
        // A question that was not due at the end takes its chunks with it only if none came, and here some may have.
        prop_assert_eq!(account.latency.len(), got.len() as u64);
    }
}
