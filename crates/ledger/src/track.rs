//! One subscriber's view of one topic: what came, in which order, and what is missing.

use crate::holes::Holes;
use std::ops::Range;

/// Follows the updates of one topic, by their indices, as they reach one subscriber.
#[derive(Debug, Default)]
pub(crate) struct Track {
    /// One above the newest index that came, whole or damaged.
    next: u32,
    /// What is missing below it.
    holes: Holes,
    /// Skips that the server announced, and that the next update must explain.
    announced: u64,
    /// The newest whole update.
    held: Option<Held>,
    /// Where in the server's order the newest stood, of posts, whose numbers are no order.
    newest_seq: u64,
    /// How many different ones came.
    came: u32,
    /// Skips that were announced of posts: the server's order is not the plan's, so which are meant is not known.
    skipped: u64,
}

/// The update that a subscriber shows, and the instant up to which its age has been counted.
#[derive(Debug, Clone, Copy)]
struct Held {
    index: u32,
    due_ns: u64,
    since_ns: u64,
}

/// What an arrival means for the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub kind: Kind,
    /// Indices that the server's announcement explains.
    pub superseded: Range<u32>,
    /// Announced skips that nothing missing explains.
    pub overstated: u64,
    /// Indices that are lost for good, because too many ranges are missing.
    pub given_up: Range<u32>,
}

/// How an update came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// For the first time, and nothing newer before it.
    InOrder,
    /// For the first time, but something newer came before it.
    Late,
    /// Its account was closed already.
    Again,
    /// With a body that isn't its own: it stays missing, and a good copy may still come.
    Damaged,
}

impl Track {
    /// The server says that it left out so many updates right before the next one.
    pub fn announce(&mut self, skips: u64) {
        self.announced = self.announced.saturating_add(skips);
    }

    /// The server says that it left out so many posts, of `all` of the topic. Returns how many of them can be
    /// meant.
    pub fn skip(&mut self, count: u64, all: u64) -> u64 {
        let open = all.saturating_sub(u64::from(self.came) + self.skipped);
        let meant = count.min(open);
        self.skipped += meant;
        meant
    }

    /// Whether a post that came was not said to be left out: of `all`, so many are accounted for at the most.
    pub fn is_expected(&self, all: u64) -> bool {
        u64::from(self.came) + self.skipped <= all
    }

    /// How many of the `open` posts that did not come in the window were left out: all, but for what the server
    /// did not say it left out of `all` posts of the topic.
    pub fn left_out(&self, all: u64, open: u64) -> u64 {
        let unexplained = all.saturating_sub(u64::from(self.came) + self.skipped);
        open.saturating_sub(unexplained)
    }

    /// A post came: whether it is in order is a matter of the server's order, not of when it was due.
    pub fn arrive_at(&mut self, index: u32, whole: bool, seq: u64) -> Arrival {
        let mut arrival = self.arrive(index, whole);
        if let Kind::InOrder | Kind::Late = arrival.kind {
            arrival.kind = if seq > self.newest_seq { Kind::InOrder } else { Kind::Late };
            self.came += 1;
        }
        self.newest_seq = self.newest_seq.max(seq);
        arrival
    }

    /// How many different posts came.
    pub fn came(&self) -> u32 {
        self.came
    }

    /// The connection ended. An announcement whose update never came is void: what it meant will be
    /// announced again, or sent.
    pub fn cut(&mut self) {
        self.announced = 0;
    }

    /// An update came. Of what is missing right before it, without a break, the announced skips
    /// explain the nearest.
    pub fn arrive(&mut self, index: u32, whole: bool) -> Arrival {
        let (kind, given_up) =
            if index >= self.next { self.advance(index, whole) } else { self.look_back(index, whole) };
        let announced = std::mem::take(&mut self.announced);
        let superseded = self.holes.take_below(index, announced);
        let overstated = announced - superseded.len() as u64;
        Arrival { kind, superseded, overstated, given_up }
    }

    fn advance(&mut self, index: u32, whole: bool) -> (Kind, Range<u32>) {
        let missing_end = if whole { index } else { index + 1 };
        let given_up = self.holes.push(self.next..missing_end);
        self.next = index + 1;
        (if whole { Kind::InOrder } else { Kind::Damaged }, given_up)
    }

    fn look_back(&mut self, index: u32, whole: bool) -> (Kind, Range<u32>) {
        if !whole {
            return (Kind::Damaged, 0..0);
        }
        let (was_missing, given_up) = self.holes.fill(index);
        let kind = match was_missing {
            false => Kind::Again,
            true if index + 1 == self.next => Kind::InOrder,
            true => Kind::Late,
        };
        (kind, given_up)
    }

    /// What is missing below the newest that came.
    pub fn missing(&self) -> impl Iterator<Item = Range<u32>> {
        self.holes.iter()
    }

    /// One above the newest index that came, 0 if none did.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// A whole update came: if it is newer than what was held, it is held from now on. Returns for how
    /// long, and since when due, the one before was held.
    pub fn hold(&mut self, index: u32, due_ns: u64, at_ns: u64) -> Option<(u64, Range<u64>)> {
        if self.held.is_some_and(|held| held.index >= index) {
            return None;
        }
        let before = self.held.replace(Held { index, due_ns, since_ns: at_ns });
        before.map(|held| (held.due_ns, held.since_ns..at_ns))
    }

    /// Since when due, and from when, the newest update is held, up to `end_ns`.
    pub fn held_until(&self, end_ns: u64) -> Option<(u64, Range<u64>)> {
        self.held.map(|held| (held.due_ns, held.since_ns..end_ns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(track: &mut Track, arrivals: &[(u32, bool)]) -> Vec<Kind> {
        arrivals.iter().map(|&(index, whole)| track.arrive(index, whole).kind).collect()
    }

    #[test]
    fn a_drop_leaves_a_hole() {
        let mut track = Track::default();
        assert_eq!(kinds(&mut track, &[(0, true), (2, true)]), [Kind::InOrder, Kind::InOrder]);
        assert_eq!(track.missing().flatten().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_swap_is_late_and_a_double_comes_again() {
        let arrivals = [(0, true), (2, true), (1, true), (1, true), (2, true)];
        let expected = [Kind::InOrder, Kind::InOrder, Kind::Late, Kind::Again, Kind::Again];
        assert_eq!(kinds(&mut Track::default(), &arrivals), expected);
    }

    #[test]
    fn a_good_copy_right_after_a_damaged_one_is_in_order() {
        let arrivals = [(0, true), (1, false), (1, true)];
        assert_eq!(kinds(&mut Track::default(), &arrivals), [Kind::InOrder, Kind::Damaged, Kind::InOrder]);
    }

    #[test]
    fn a_good_copy_after_newer_ones_is_late() {
        let arrivals = [(0, false), (1, true), (0, false), (0, true)];
        let expected = [Kind::Damaged, Kind::InOrder, Kind::Damaged, Kind::Late];
        assert_eq!(kinds(&mut Track::default(), &arrivals), expected);
    }

    #[test]
    fn announced_skips_explain_the_nearest_missing_ones() {
        let mut track = Track::default();
        track.announce(2);
        let arrival = track.arrive(5, true);
        assert_eq!((arrival.superseded, arrival.overstated), (3..5, 0));
        assert_eq!(track.missing().flatten().collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn skips_without_a_gap_are_overstated() {
        let mut track = Track::default();
        track.arrive(0, true);
        track.announce(u64::MAX);
        track.announce(1);
        let arrival = track.arrive(2, true);
        assert_eq!((arrival.superseded, arrival.overstated), (1..2, u64::MAX - 1));
    }

    #[test]
    fn a_cut_voids_what_was_announced() {
        let mut track = Track::default();
        track.announce(3);
        track.cut();
        let arrival = track.arrive(1, true);
        assert_eq!((arrival.superseded, arrival.overstated), (0..0, 0));
    }

    #[test]
    fn only_a_newer_update_is_held() {
        let mut track = Track::default();
        assert_eq!(track.hold(3, 30, 31), None);
        assert_eq!(track.hold(2, 20, 35), None);
        assert_eq!(track.hold(4, 40, 41), Some((30, 31..41)));
        assert_eq!(track.held_until(50), Some((40, 41..50)));
    }
}
