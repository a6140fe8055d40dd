//! What becomes of an update that came.

use super::{COUNT_BYTES, Ledger, STAMP_BYTES, overlap};
use crate::Delivered;
use crate::relaying::Heard;
use crate::track::{Arrival, Kind};
use scenario::Planned;
use std::ops::Range;

impl Ledger {
    /// An update came, with this envelope and body. Tells of it if it counts as delivered in the measured
    /// window.
    pub fn update(
        &mut self,
        sub: usize,
        arrived_ns: u64,
        seq: u64,
        topic: u32,
        body: &[u8],
    ) -> Option<Delivered> {
        let Some(start_ns) = self.start_ns else {
            self.account.books.early += 1;
            self.account.books.unknown += 1;
            return None;
        };
        let number = self.number(seq, body);
        let planned =
            number.and_then(|number| self.plan.get(number)).filter(|planned| planned.topic == topic);
        let follows = self.subscribers[sub].next_of(topic).is_some();
        let Some(&planned) = planned.filter(|_| follows) else {
            self.account.books.unknown += 1;
            return None;
        };
        let number = number.unwrap_or(seq);
        let sent_ns = self.check(sub, &planned, number, body);
        let track = self.subscribers[sub].track(topic)?;
        let arrival = match self.plan.is_of_posts() {
            true => track.arrive_at(planned.index, sent_ns.is_some(), seq),
            false => track.arrive(planned.index, sent_ns.is_some()),
        };
        let due_ns = start_ns + planned.due_ns;
        let is_new = matches!(arrival.kind, Kind::InOrder | Kind::Late);
        let has = track.came();
        if is_new && self.plan.is_of_posts() {
            let is_expected = track.is_expected(self.plan.of_topic(topic).len() as u64);
            self.settled(sub, u64::from(is_expected));
        }
        let track = self.subscribers[sub].track(topic)?;
        let held = if is_new { track.hold(planned.index, due_ns, arrived_ns) } else { None };
        if let Some((held_due_ns, held_ns)) = held {
            self.age(held_due_ns, held_ns);
        }
        self.enter(sub, &planned, &arrival);
        let sent_ns = sent_ns.filter(|_| is_new)?;
        if !std::mem::replace(&mut self.has_heard[sub], true) {
            self.hears_first(sub, arrived_ns.saturating_sub(start_ns));
        }
        self.effects(sub, body, arrived_ns);
        if let Some(recovering) = &mut self.recovering
            && let Some(next) = self.subscribers[sub].next_of(topic)
        {
            recovering.came(sub, (topic, next), due_ns, arrived_ns);
        }
        if let Some(relaying) = &mut self.relaying {
            relaying.placed(number, seq);
        }
        if !self.plan.in_window(&planned) {
            return None;
        }
        self.deliver(sub, number, (due_ns, sent_ns, arrived_ns));
        if sub == 0 {
            let since_start_ns = arrived_ns.saturating_sub(start_ns);
            self.tracing.came(&planned, since_start_ns, &self.plan.window_ns());
        }
        if let Some(relaying) = &mut self.relaying {
            let (at_ns, latency_ns) =
                (arrived_ns.saturating_sub(start_ns), arrived_ns.saturating_sub(due_ns));
            relaying.heard(&Heard { number, topic, sub, has, at_ns, latency_ns });
        }
        Some(Delivered { due_ns, sent_ns })
    }

    /// Which one of the plan it is: the hub's number, or of a post, the one in its body.
    fn number(&self, seq: u64, body: &[u8]) -> Option<u64> {
        if self.plan.is_of_posts() { scenario::read_number(body) } else { Some(seq) }
    }

    /// When it was sent, if its body is what was sent.
    fn check(&self, sub: usize, planned: &Planned, number: u64, body: &[u8]) -> Option<u64> {
        let sent_ns = match self.counts.get(sub) {
            _ if self.plan.is_of_posts() => self.bodies.check_numbered(planned, number, body),
            Some((_, counts_bytes)) => self.bodies.check_with(planned, body, *counts_bytes),
            None => self.bodies.check(planned, body),
        };
        sent_ns.ok()
    }

    /// Reads how many of a subscriber's posts an update counts.
    fn effects(&mut self, sub: usize, body: &[u8], arrived_ns: u64) {
        let (Some((place, _)), Some(posting)) = (self.counts.get(sub), &mut self.posting) else { return };
        let begin = STAMP_BYTES + place;
        let taken = body.get(begin..begin + COUNT_BYTES).and_then(scenario::read_stamp);
        if let Some(taken) = taken {
            posting.effects(sub, taken as u16, arrived_ns);
        }
    }

    /// What an arrival of a planned update says, of itself and of what should have come before it.
    fn enter(&mut self, sub: usize, planned: &Planned, arrival: &Arrival) {
        let window = self.windows[planned.topic as usize].clone();
        let superseded = overlap(&arrival.superseded, &window);
        self.settled(sub, superseded);
        let books = &mut self.account.books;
        books.superseded += superseded;
        books.lost += overlap(&arrival.given_up, &window);
        if !window.contains(&planned.index) {
            return;
        }
        books.overstated_skips = books.overstated_skips.saturating_add(arrival.overstated);
        match arrival.kind {
            Kind::InOrder => {}
            Kind::Late => books.reordered += 1,
            Kind::Again => books.duplicated += 1,
            Kind::Damaged => books.damaged += 1,
        }
    }

    fn deliver(&mut self, sub: usize, seq: u64, (due_ns, sent_ns, arrived_ns): (u64, u64, u64)) {
        let latency_ns = arrived_ns.saturating_sub(due_ns);
        self.account.books.delivered += 1;
        self.account.books.early += u64::from(arrived_ns < due_ns);
        if !self.plan.is_of_posts() {
            self.settled(sub, 1);
        }
        self.second.record(latency_ns);
        if let Some(recovering) = &mut self.recovering {
            recovering.delivered(sub, latency_ns);
        }
        self.account.sent_latency.record(arrived_ns.saturating_sub(sent_ns));
        let slowest = &mut self.slowest[(seq - 1) as usize];
        *slowest = (*slowest).max(latency_ns.saturating_add(1));
    }

    /// Counts how old what is held was, as far as the measured window goes.
    pub(super) fn age(&mut self, due_ns: u64, held_ns: Range<u64>) {
        if let Some(window_ns) = self.window_ns() {
            let clipped_ns = held_ns.start.max(window_ns.start)..held_ns.end.min(window_ns.end);
            self.ages.add(due_ns, clipped_ns);
        }
    }
}
