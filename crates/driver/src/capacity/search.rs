//! Doubles until something gives way, then bisects.

/// Looks for the most that holds, assuming that what holds with more holds with fewer.
#[derive(Debug)]
pub(super) struct Search {
    good: Option<u32>,
    bad: Option<u32>,
    first: u32,
    most: u32,
    steps_left: u32,
    asked: Option<u32>,
}

/// The two ends are near enough when they are no further apart than this part of the lower one.
const NEAR: f64 = 0.1;

impl Search {
    /// From `first`, to `most` at the most, in no more than so many steps.
    pub fn new(first: u32, most: u32, steps: u32) -> Self {
        Search { good: None, bad: None, first: first.clamp(1, most), most, steps_left: steps, asked: None }
    }

    /// With how many to try next; none when the search is over.
    pub fn next(&mut self) -> Option<u32> {
        self.steps_left = self.steps_left.checked_sub(1)?;
        self.asked = match (self.good, self.bad) {
            (None, None) => Some(self.first),
            (Some(good), None) if good >= self.most => None,
            (Some(good), None) => Some(good.saturating_mul(2).min(self.most)),
            (None, Some(bad)) => Some(bad / 2).filter(|half| *half > 0),
            (Some(good), Some(bad)) => {
                let apart = f64::from(bad - good);
                let middle = good + (bad - good) / 2;
                (apart > NEAR * f64::from(good) && middle > good).then_some(middle)
            }
        };
        self.asked
    }

    /// Whether everything held with what was tried.
    pub fn told(&mut self, held: bool) {
        let tried = self.asked.take();
        if held { self.good = tried.max(self.good) } else { self.bad = tried.or(self.bad) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(first: u32, most: u32, steps: u32, limit: u32) -> (Option<u32>, Option<u32>, u32) {
        let mut search = Search::new(first, most, steps);
        let mut tried = 0;
        while let Some(count) = search.next() {
            tried += 1;
            search.told(count <= limit);
        }
        (search.good, search.bad, tried)
    }

    #[test]
    fn it_doubles_and_bisects() {
        assert_eq!(found(100, 10_000, 20, 750), (Some(750), Some(800), 7));
        assert_eq!(found(100, 400, 20, 9_999), (Some(400), None, 3));
        assert_eq!(found(100, 400, 20, 10), (Some(10), Some(11), 8));
        assert_eq!(found(5, 100, 20, 0), (None, Some(1), 3));
    }

    #[test]
    fn the_limit_lies_between_the_ends_and_steps_are_bounded() {
        for (first, limit) in (1..400).map(|k| (1 + k * 37 % 5_000, k * k * 7 % 50_000)) {
            let (good, bad, tried) = found(first, 100_000, 40, limit);
            assert!(tried <= 40);
            assert!(good.is_none_or(|good| good <= limit) && bad.is_none_or(|bad| bad > limit));
            if let (Some(good), Some(bad)) = (good, bad) {
                assert!(
                    f64::from(bad - good) <= (NEAR * f64::from(good)).max(1.0),
                    "{first} {limit}: {good} {bad}"
                );
            }
            assert!(found(first, 100_000, 5, limit).2 <= 5);
        }
    }
}
