//! What becomes of subscribers to whom something happens.

use crate::Distribution;
use std::ops::RangeInclusive;

/// How subscribers came back from what happened to them. Times are in nanoseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recovery {
    /// How often something happened to a subscriber.
    pub hits: u64,
    /// From the instant at which it happened until the client knew that its connection had ended, where it had.
    pub noticed: Distribution,
    /// From then until it had another one.
    pub reconnected: Distribution,
    /// From then, or from when it was over where the connection had stayed, until the client had the newest update that
    /// was due of each of its topics.
    pub caught_up: Distribution,
    /// From the instant at which it happened until then: all three together.
    pub away: Distribution,
    /// Subscribers that had not come back when the round ended: without a connection, or with one that is dead and
    /// that nothing had found out yet.
    pub not_back: u64,
    /// Cuts that a client never noticed, and had no need to: a poller's between two polls.
    pub unnoticed: u64,
    /// Updates that came to somebody who was catching up.
    pub replayed: u64,
    /// Latencies from due of those to whom nothing happened in the round.
    pub undisturbed: Distribution,
    /// The most connections that were made again within a tenth of a second.
    pub peak_opened: u64,
}

impl Recovery {
    /// Adds another crowd's or another round's. Peaks of crowds are not of one instant: the higher one stays, a lower
    /// bound.
    pub fn merge(&mut self, other: &Recovery) {
        self.hits += other.hits;
        self.not_back += other.not_back;
        self.unnoticed += other.unnoticed;
        self.replayed += other.replayed;
        self.peak_opened = self.peak_opened.max(other.peak_opened);
        let mine = [
            &mut self.noticed,
            &mut self.reconnected,
            &mut self.caught_up,
            &mut self.away,
            &mut self.undisturbed,
        ];
        for (mine, theirs) in mine.into_iter().zip(other.distributions()) {
            mine.merge(theirs);
        }
    }

    /// All of them, always in the same order.
    #[must_use]
    pub fn distributions(&self) -> [&Distribution; 5] {
        [&self.noticed, &self.reconnected, &self.caught_up, &self.away, &self.undisturbed]
    }
}

/// The open account of it.
#[derive(Debug)]
pub(crate) struct Recovering {
    /// To whom something will happen in the round.
    affected: Vec<bool>,
    hits: Vec<Option<Hit>>,
    /// Connections made again, by tenths of a second since the start.
    opened: Vec<u32>,
    account: Recovery,
}

/// Something that happened to one subscriber.
#[derive(Debug)]
struct Hit {
    at_ns: u64,
    /// Whether a connection was cut. What comes in spite of it comes over another one.
    is_cut: bool,
    /// Whether the client knows that a connection ended of it.
    is_noticed: bool,
    /// Since when it has none.
    closed_ns: Option<u64>,
    /// Since when it catches up, and which topics it has not: with the first index that it need not have.
    catching_up: Option<(u64, Vec<(u32, u32)>)>,
}

/// Peaks are looked for in spans of this.
const TENTH_NS: u64 = 100_000_000;
/// Longer runs than a day have none.
const TENTHS: RangeInclusive<u64> = 0..=864_000;

impl Recovering {
    pub fn new(affected: Vec<bool>) -> Self {
        let hits = affected.iter().map(|_| None).collect();
        Recovering { affected, hits, opened: Vec::new(), account: Recovery::default() }
    }

    /// Something happens. Who has not come back from the last time is still away since then.
    pub fn hit(&mut self, sub: usize, at_ns: u64, is_cut: bool) {
        self.account.hits += 1;
        let new = Hit { at_ns, is_cut, is_noticed: false, closed_ns: None, catching_up: None };
        let hit = self.hits[sub].get_or_insert(new);
        hit.catching_up = None;
    }

    pub fn closed(&mut self, sub: usize, at_ns: u64) {
        let Some(hit) = &mut self.hits[sub] else { return };
        (hit.catching_up, hit.closed_ns) = (None, Some(at_ns));
        if !std::mem::replace(&mut hit.is_noticed, true) {
            self.account.noticed.record(at_ns.saturating_sub(hit.at_ns));
        }
    }

    /// A subscriber has a connection again; `behind` are its topics of which it has not the newest that was due, each with
    /// the first index that it need not have.
    pub fn reopened(&mut self, sub: usize, at_ns: u64, start_ns: Option<u64>, behind: Vec<(u32, u32)>) {
        if let Some(tenth) = start_ns.and_then(|start_ns| at_ns.checked_sub(start_ns)).map(|ns| ns / TENTH_NS)
            && TENTHS.contains(&tenth)
        {
            let tenth = tenth as usize;
            self.opened.resize(self.opened.len().max(tenth + 1), 0);
            self.opened[tenth] += 1;
        }
        let Some(closed_ns) = self.hits[sub].as_mut().and_then(|hit| hit.closed_ns.take()) else { return };
        self.account.reconnected.record(at_ns.saturating_sub(closed_ns));
        self.catch_up(sub, at_ns, behind);
    }

    /// What happened is over; whose connection stayed catches up from here on.
    pub fn over(&mut self, sub: usize, at_ns: u64, behind: Vec<(u32, u32)>) {
        if self.hits[sub].as_ref().is_some_and(|hit| hit.closed_ns.is_none()) {
            self.catch_up(sub, at_ns, behind);
        }
    }

    fn catch_up(&mut self, sub: usize, at_ns: u64, behind: Vec<(u32, u32)>) {
        if let Some(hit) = &mut self.hits[sub] {
            hit.catching_up = Some((at_ns, behind));
        }
        self.look(sub, at_ns);
    }

    /// An update came, due at `due_ns`; `next` is the first index of its topic that the subscriber has not heard of.
    pub fn came(&mut self, sub: usize, (topic, next): (u32, u32), due_ns: u64, at_ns: u64) {
        let Some(hit) = &mut self.hits[sub] else { return };
        if hit.is_cut && !hit.is_noticed && due_ns >= hit.at_ns {
            self.account.unnoticed += 1;
            self.hits[sub] = None;
            return;
        }
        let Some((_, behind)) = &mut hit.catching_up else { return };
        self.account.replayed += 1;
        behind.retain(|(other, needed)| *other != topic || next < *needed);
        self.look(sub, at_ns);
    }

    /// Whether a subscriber is back.
    fn look(&mut self, sub: usize, at_ns: u64) {
        let is_back = |hit: &Hit| hit.catching_up.as_ref().is_some_and(|(_, behind)| behind.is_empty());
        if let Some(hit) = self.hits[sub].take_if(|hit| is_back(hit)) {
            let since_ns = hit.catching_up.map_or(at_ns, |(since_ns, _)| since_ns);
            self.account.caught_up.record(at_ns.saturating_sub(since_ns));
            self.account.away.record(at_ns.saturating_sub(hit.at_ns));
        }
    }

    /// A delivery that counts.
    pub fn delivered(&mut self, sub: usize, latency_ns: u64) {
        if !self.affected[sub] {
            self.account.undisturbed.record(latency_ns);
        }
    }

    /// `is_behind` says who has not got everything that was due.
    pub fn close(mut self, is_behind: impl Fn(usize) -> bool) -> Recovery {
        for (sub, hit) in self.hits.iter().enumerate() {
            let Some(hit) = hit else { continue };
            match hit.is_noticed || hit.catching_up.is_some() || is_behind(sub) {
                true => self.account.not_back += 1,
                false => self.account.unnoticed += 1,
            }
        }
        self.account.peak_opened = self.opened.iter().copied().max().unwrap_or(0).into();
        self.account
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(values: &Distribution) -> (u64, Option<u64>) {
        (values.len(), values.max())
    }

    #[test]
    fn a_cut_is_noticed_mended_and_made_up_for() {
        let mut recovering = Recovering::new(vec![true, false]);
        recovering.hit(0, 1_000, true);
        recovering.closed(0, 1_010);
        recovering.reopened(0, 1_050, Some(0), vec![(3, 7), (4, 2)]);
        recovering.came(0, (3, 6), 0, 1_060);
        recovering.came(0, (4, 2), 0, 1_070);
        recovering.came(0, (3, 7), 0, 1_090);
        // It is back: what comes now is nothing special.
        recovering.came(0, (3, 8), 0, 1_100);
        recovering.delivered(0, 5);
        recovering.delivered(1, 9);
        let recovery = recovering.close(|_| false);
        assert_eq!((recovery.hits, recovery.not_back, recovery.replayed, recovery.peak_opened), (1, 0, 3, 1));
        assert_eq!(times(&recovery.noticed), (1, Some(10)));
        assert_eq!(times(&recovery.reconnected), (1, Some(40)));
        assert_eq!(times(&recovery.caught_up), (1, Some(40)));
        assert_eq!(times(&recovery.away), (1, Some(90)));
        assert_eq!(times(&recovery.undisturbed), (1, Some(9)));
    }

    #[test]
    fn whose_connection_stays_catches_up_when_it_is_over() {
        let mut recovering = Recovering::new(vec![true; 2]);
        (0..2).for_each(|sub| recovering.hit(sub, 100, false));
        recovering.over(0, 300, vec![(0, 4)]);
        recovering.over(1, 300, Vec::new());
        recovering.came(0, (0, 4), 0, 320);
        let recovery = recovering.close(|_| false);
        assert_eq!((recovery.noticed.len(), recovery.reconnected.len()), (0, 0));
        assert_eq!(times(&recovery.caught_up), (2, Some(20)));
        assert_eq!(times(&recovery.away), (2, Some(220)));
    }

    #[test]
    fn what_happens_while_somebody_catches_up_and_ends_nothing_is_got_over() {
        let mut recovering = Recovering::new(vec![true]);
        recovering.hit(0, 100, true);
        recovering.closed(0, 110);
        recovering.reopened(0, 120, None, vec![(0, 9)]);
        recovering.hit(0, 130, false);
        recovering.over(0, 230, vec![(0, 9)]);
        recovering.came(0, (0, 9), 0, 240);
        let recovery = recovering.close(|_| false);
        assert_eq!((recovery.hits, recovery.not_back, times(&recovery.away)), (2, 0, (1, Some(140))));
    }

    #[test]
    fn who_is_hit_again_is_away_since_the_first_time() {
        let mut recovering = Recovering::new(vec![true]);
        recovering.hit(0, 100, true);
        recovering.closed(0, 110);
        recovering.reopened(0, 120, None, vec![(0, 9)]);
        recovering.hit(0, 130, true);
        recovering.closed(0, 140);
        let recovery = recovering.close(|_| false);
        assert_eq!((recovery.hits, recovery.not_back, recovery.noticed.len()), (2, 1, 1));
    }

    #[test]
    fn who_gets_what_was_due_later_has_noticed_nothing_and_who_gets_nothing_is_not_back() {
        let mut recovering = Recovering::new(vec![true; 3]);
        (0..3).for_each(|sub| recovering.hit(sub, 100, true));
        // What had been under way says nothing.
        recovering.came(0, (0, 5), 90, 110);
        recovering.came(1, (0, 6), 120, 150);
        let recovery = recovering.close(|sub| sub == 0);
        assert_eq!((recovery.unnoticed, recovery.not_back, recovery.away.len()), (2, 1, 0));
    }
}
