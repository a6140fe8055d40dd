//! What came of one reply, and what that says of it.

use crate::{Replies, Timeline};
use scenario::PlannedReply;

/// The arrivals of one reply.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// For each chunk, one more than its arrival after the question was due; 0 where it did not come. Empty
    /// before the first.
    arrived_ns: Vec<u64>,
    /// One above the newest chunk that came.
    next: u32,
    stopped_ns: Option<u64>,
    /// Chunks after the stop, and when the last of them came.
    unwanted: u64,
    last_unwanted_ns: Option<u64>,
    pub ended_ns: Option<u64>,
    failed: bool,
}

/// How a chunk came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    InOrder,
    /// Something newer came before it.
    Late,
    /// It had come before.
    Again,
}

impl Heard {
    /// A chunk came, so long after the question was due.
    pub fn enter(&mut self, index: u32, after_ns: u64, chunks: u32) -> Kind {
        if self.arrived_ns.is_empty() {
            self.arrived_ns.resize(chunks as usize, 0);
        }
        let Some(arrived_ns) = self.arrived_ns.get_mut(index as usize) else { return Kind::Again };
        if *arrived_ns != 0 {
            return Kind::Again;
        }
        *arrived_ns = after_ns.saturating_add(1);
        let kind = if index >= self.next { Kind::InOrder } else { Kind::Late };
        self.next = self.next.max(index + 1);
        kind
    }

    pub fn stop(&mut self, at_ns: u64) {
        self.stopped_ns.get_or_insert(at_ns);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped_ns.is_some()
    }

    /// A chunk came that nobody wanted any more.
    pub fn unwanted(&mut self, at_ns: u64) {
        self.unwanted += 1;
        self.last_unwanted_ns = Some(at_ns);
    }

    /// It ended; whether it had not before.
    pub fn end(&mut self, at_ns: u64, whole: bool) -> bool {
        let is_first = self.ended_ns.is_none();
        if is_first {
            self.ended_ns = Some(at_ns);
            self.failed = !whole;
        }
        is_first
    }

    pub fn has(&self, index: u32) -> bool {
        self.arrived_ns.get(index as usize).is_some_and(|arrived_ns| *arrived_ns != 0)
    }

    /// Whether anything came.
    pub fn has_any(&self) -> bool {
        self.next > 0
    }

    /// Whether all of it came, and nobody stopped it.
    pub fn is_whole(&self, reply: &PlannedReply) -> bool {
        let chunks = reply.chunks as usize;
        !self.is_stopped() && self.arrived_ns.len() == chunks && self.arrived_ns.iter().all(|ns| *ns != 0)
    }

    /// When each chunk that came arrived, after the question was due.
    pub fn arrivals(&self) -> Vec<u64> {
        self.came().map(|(_, at_ns)| at_ns).collect()
    }

    fn came(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let chunks = (0..).zip(&self.arrived_ns);
        chunks.filter_map(|(index, at_ns)| Some((index, at_ns.checked_sub(1)?)))
    }

    /// Enters what this reply says into the account of all; its greatest lag, if anything came.
    pub fn tell(
        &self,
        replies: &mut Replies,
        plan: &scenario::Replies,
        reply: &PlannedReply,
        question_ns: u64,
    ) -> Option<u64> {
        let is_whole = self.is_whole(reply);
        match (self.is_stopped(), self.ended_ns.is_some()) {
            (true, _) => self.tell_stop(replies, reply, question_ns),
            (false, true) if is_whole => replies.answered += 1,
            (false, true) => replies.failed += 1,
            (false, false) => replies.unfinished += 1,
        }
        let arrivals = self.arrivals();
        let (first_ns, last_ns) = (*arrivals.first()?, *arrivals.iter().max()?);
        replies.first.record(first_ns);
        self.tell_gaps(replies, plan, reply, &arrivals);
        if is_whole {
            let chunks = arrivals.len() as u64;
            let sum_ns: u128 = arrivals.iter().map(|ns| u128::from(*ns)).sum();
            replies.whole.record(last_ns);
            replies.wait.record((sum_ns / u128::from(chunks)) as u64);
            if chunks > 1 {
                replies.per_chunk.record(last_ns.saturating_sub(first_ns) / (chunks - 1));
            } else {
                let exchanges = if reply.fresh { &mut replies.cold } else { &mut replies.warm };
                exchanges.record(last_ns);
            }
        }
        self.came().map(|(index, at_ns)| at_ns.saturating_sub(plan.offset_ns(reply, index))).max()
    }

    fn tell_stop(&self, replies: &mut Replies, reply: &PlannedReply, question_ns: u64) {
        replies.interrupted += 1;
        replies.unwanted.record(self.unwanted);
        let due_ns = question_ns + reply.stop_ns.unwrap_or_default();
        let over_ns = self.last_unwanted_ns.max(self.stopped_ns).unwrap_or(due_ns);
        replies.stop.record(over_ns.saturating_sub(due_ns));
    }

    fn tell_gaps(
        &self,
        replies: &mut Replies,
        plan: &scenario::Replies,
        reply: &PlannedReply,
        arrivals: &[u64],
    ) {
        let mut longest_ns = 0;
        for pair in arrivals.windows(2) {
            let gap_ns = pair[1].saturating_sub(pair[0]);
            replies.gap.record(gap_ns);
            replies.stutters += u64::from(gap_ns > 2 * plan.every_ns());
            longest_ns = longest_ns.max(gap_ns);
        }
        if arrivals.len() < 2 {
            return;
        }
        replies.longest_stall.record(longest_ns);
        replies.streamed_ns += arrivals[arrivals.len() - 1].saturating_sub(arrivals[0]);
        let begin_ns = plan.offset_ns(reply, 0);
        for (index, at_ns) in self.came().skip(1) {
            let nominal_ns = plan.offset_ns(reply, index) - begin_ns;
            replies.after_first += 1;
            replies.in_time += u64::from(at_ns <= arrivals[0] + nominal_ns + plan.every_ns());
        }
    }

    pub fn timeline(&self, plan: &scenario::Replies, reply: &PlannedReply) -> Timeline {
        let chunks = self.came().map(|(index, at_ns)| (plan.offset_ns(reply, index), at_ns));
        Timeline {
            chunks: chunks.take(Timeline::CHUNKS).collect(),
            stop_ns: reply.stop_ns.filter(|_| self.is_stopped()),
            every_ns: plan.every_ns(),
        }
    }
}
