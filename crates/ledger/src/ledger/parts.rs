//! What a ledger keeps only where it is asked for: parts of the way, relayed rooms, what breaks, posts.

use super::{COUNT_BYTES, Ledger};
use crate::Posting;
use crate::recovering::Recovering;
use crate::relaying::Relaying;
use crate::split::Splitting;

impl Ledger {
    /// Splits deliveries by what the kernel noted of them, from here on.
    pub fn split(&mut self) {
        self.splitting = Some(Splitting::new(self.subscribers.len()));
    }

    /// Enters what members of rooms have of each other, from here on. `first` is the number of the first subscriber
    /// of these books.
    pub fn relay(&mut self, first: u32) {
        self.relaying = Some(Relaying::new(self.plan.clone(), first));
    }

    /// Enters how subscribers come back from what happens to them, from here on; `affected` says to whom something will.
    pub fn recover(&mut self, affected: Vec<bool>) {
        self.recovering = Some(Recovering::new(affected));
    }

    /// Something happens to a subscriber, by the schedule: a cut of its connection, or something else.
    pub fn hit(&mut self, sub: usize, at_ns: u64, is_cut: bool) {
        if let Some(recovering) = &mut self.recovering {
            recovering.hit(sub, at_ns, is_cut);
        }
    }

    /// What happened to a subscriber is over, by the schedule.
    pub fn over(&mut self, sub: usize, at_ns: u64) {
        let behind = self.behind(sub, at_ns);
        if let Some(recovering) = &mut self.recovering {
            recovering.over(sub, at_ns, behind);
        }
    }

    /// When a subscriber noticed that its connection had ended.
    pub fn noticed(&mut self, sub: usize, at_ns: u64) {
        if let Some(recovering) = &mut self.recovering {
            recovering.closed(sub, at_ns);
        }
    }

    /// When it had another one.
    pub fn reopened(&mut self, sub: usize, at_ns: u64) {
        let behind = self.behind(sub, at_ns);
        if let Some(recovering) = &mut self.recovering {
            recovering.reopened(sub, at_ns, self.start_ns, behind);
        }
    }

    /// The topics of which a subscriber has not heard of everything due by then, with the first index that was not.
    pub(super) fn behind(&self, sub: usize, at_ns: u64) -> Vec<(u32, u32)> {
        let since_ns = self.start_ns.and_then(|start_ns| at_ns.checked_sub(start_ns));
        let (Some(since_ns), Some(_)) = (since_ns, &self.recovering) else { return Vec::new() };
        let is_due =
            |seq: &u32| self.plan.get(u64::from(*seq)).is_some_and(|planned| planned.due_ns <= since_ns);
        let topics = self.subscribers[sub].topics().iter();
        let due = topics.map(|topic| (*topic, self.plan.of_topic(*topic).partition_point(is_due) as u32));
        due.filter(|(topic, due)| self.subscribers[sub].next_of(*topic).is_some_and(|next| next < *due))
            .collect()
    }

    /// Keeps the account of what clients post, too.
    pub fn post(&mut self, posting: Posting) {
        self.posting = Some(posting);
    }

    /// Every update has, behind its stamp, how many posts the server had taken of each member of its room, in four
    /// hexadecimal digits each: for each subscriber, its place among the members, and how many there are.
    pub fn count_posts(&mut self, places: &[(u32, u32)]) {
        let bytes = |count: u32| count as usize * COUNT_BYTES;
        self.counts = places.iter().map(|(place, members)| (bytes(*place), bytes(*members))).collect();
    }

    /// What clients post, where they do.
    pub fn posting(&mut self) -> Option<&mut Posting> {
        self.posting.as_mut()
    }
}
