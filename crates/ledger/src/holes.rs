//! What is missing of one topic, as ranges.

use std::collections::VecDeque;
use std::ops::Range;

/// The indices below the newest that have not come, in order, as ranges that neither touch nor overlap.
///
/// There are never more than [`Holes::LIMIT`] of them, 8 KiB: whatever a peer sends, memory stays
/// bounded. What no longer fits is given up, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Holes(VecDeque<Range<u32>>);

impl Holes {
    pub const LIMIT: usize = 1024;

    /// Adds a range above all others; returns what had to be given up for it, if anything.
    pub fn push(&mut self, missing: Range<u32>) -> Range<u32> {
        if missing.is_empty() {
            return 0..0;
        }
        match self.0.back_mut() {
            Some(last) if last.end == missing.start => last.end = missing.end,
            _ => self.0.push_back(missing),
        }
        self.give_up_oldest()
    }

    /// Fills in one index; returns whether it was missing, and what had to be given up for splitting
    /// its range.
    pub fn fill(&mut self, index: u32) -> (bool, Range<u32>) {
        let filled = self.take_below(index + 1, 1);
        (!filled.is_empty(), self.give_up_oldest())
    }

    /// Takes out what is missing right below `end`, without a break, but not more than `count`.
    pub fn take_below(&mut self, end: u32, count: u64) -> Range<u32> {
        let at = self.0.partition_point(|hole| hole.end < end);
        let Some(hole) = self.0.get(at).filter(|hole| hole.start < end && count > 0).cloned() else {
            return 0..0;
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let taken = end.saturating_sub(count).max(hole.start)..end;
        let (below, above) = (hole.start..taken.start, end..hole.end);
        match (below.is_empty(), above.is_empty()) {
            (true, true) => drop(self.0.remove(at)),
            (true, false) => self.0[at] = above,
            (false, true) => self.0[at] = below,
            (false, false) => {
                self.0[at] = below;
                self.0.insert(at + 1, above);
            }
        }
        taken
    }

    /// All that is missing.
    pub fn iter(&self) -> impl Iterator<Item = Range<u32>> {
        self.0.iter().cloned()
    }

    fn give_up_oldest(&mut self) -> Range<u32> {
        if self.0.len() <= Self::LIMIT {
            return 0..0;
        }
        self.0.pop_front().unwrap_or(0..0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(ranges: &[Range<u32>]) -> Holes {
        Holes(ranges.iter().cloned().collect())
    }

    #[test]
    fn ranges_that_touch_become_one() {
        let mut holes = Holes::default();
        holes.push(3..3);
        holes.push(3..5);
        holes.push(5..6);
        holes.push(8..9);
        assert_eq!(holes.iter().collect::<Vec<_>>(), [3..6, 8..9]);
    }

    #[test]
    fn filling_shrinks_splits_and_closes() {
        let mut holes = holes(&[2..3, 5..10]);
        for (index, missing) in
            [(2, true), (2, false), (4, false), (7, true), (5, true), (9, true), (10, false)]
        {
            assert_eq!(holes.fill(index), (missing, 0..0), "{index}");
        }
        assert_eq!(holes.iter().collect::<Vec<_>>(), [6..7, 8..9]);
    }

    #[test]
    fn only_what_is_missing_without_a_break_is_taken() {
        let mut holes = holes(&[2..4, 6..10]);
        assert_eq!(holes.take_below(8, 100), 6..8);
        assert_eq!(holes.take_below(10, 1), 9..10);
        assert_eq!(holes.take_below(6, 100), 0..0);
        assert_eq!(holes.take_below(9, 0), 0..0);
        assert_eq!(holes.take_below(4, u64::MAX), 2..4);
        assert_eq!(holes.iter().flatten().collect::<Vec<_>>(), [8]);
    }

    #[test]
    fn beyond_the_limit_the_oldest_is_given_up() {
        let mut holes = Holes::default();
        for k in 0..Holes::LIMIT as u32 {
            assert_eq!(holes.push(4 * k..4 * k + 3), 0..0);
        }
        assert_eq!(holes.fill(4 * 7 + 1), (true, 0..3));
        assert_eq!(holes.push(1_000_000..1_000_001), 4..7);
        assert_eq!(holes.iter().count(), Holes::LIMIT);
    }
}
