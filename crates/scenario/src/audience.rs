//! Who follows what, when each subscriber connects, and where in its interval each begins to poll.

use crate::Scenario;
use crate::draw::{Draw, Purpose};
use std::collections::BTreeSet;
use std::time::Duration;

impl Scenario {
    /// The numbers of the topics that a subscriber follows, in increasing order: `topics_each`
    /// different ones, drawn by seed.
    #[must_use]
    pub fn follows(&self, seed: u64, subscriber: u32) -> Vec<u32> {
        let topics = self.topics.len() as u32;
        let each = self.subscribers.topics_each;
        if each >= topics {
            return (0..topics).collect();
        }
        let mut draw = Draw::new(seed, Purpose::Follows, subscriber);
        let mut chosen = BTreeSet::new();
        // Floyd's sampling: as many draws as topics, none of them in vain.
        for last in topics - each..topics {
            let topic = draw.below(u64::from(last) + 1) as u32;
            if !chosen.insert(topic) {
                chosen.insert(last);
            }
        }
        chosen.into_iter().collect()
    }

    /// Where in its interval a subscriber begins to poll: uniform in [0, 1), independent of all others.
    #[must_use]
    pub fn phase(&self, seed: u64, subscriber: u32) -> f64 {
        Draw::new(seed, Purpose::Phase, subscriber).unit()
    }

    /// When a subscriber connects, counted from the beginning of the ramp: evenly spread over it.
    #[must_use]
    pub fn connects_at(&self, subscriber: u32) -> Duration {
        let share = f64::from(subscriber) / f64::from(self.subscribers.count.max(1));
        self.subscribers.ramp.mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::scenario;
    use std::time::Duration;

    #[test]
    fn everybody_follows_as_many_topics_as_asked_and_all_equally_often() {
        let mut scenario = scenario("count = 10\nevery = \"1s\"");
        scenario.subscribers.topics_each = 3;
        let mut followers = [0; 10];
        for subscriber in 0..2_000 {
            let topics = scenario.follows(5, subscriber);
            assert_eq!(topics.len(), 3);
            assert!(topics.is_sorted_by(|a, b| a < b));
            topics.iter().for_each(|topic| followers[*topic as usize] += 1);
        }
        assert!(followers.iter().all(|count| (500..700).contains(count)), "{followers:?}");
        assert_ne!(scenario.follows(5, 0), scenario.follows(6, 0));
        scenario.subscribers.topics_each = 10;
        assert_eq!(scenario.follows(5, 1), (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn phases_are_uniform() {
        let scenario = scenario("every = \"1s\"");
        let phases: Vec<f64> = (0..2_000).map(|subscriber| scenario.phase(1, subscriber)).collect();
        assert!(phases.iter().all(|phase| (0.0..1.0).contains(phase)));
        let below = phases.iter().filter(|phase| **phase < 0.25).count();
        assert!((440..560).contains(&below), "{below}");
    }

    #[test]
    fn connections_spread_over_the_ramp() {
        let mut scenario = scenario("every = \"1s\"");
        scenario.subscribers.count = 4;
        scenario.subscribers.ramp = Duration::from_secs(2);
        let at: Vec<Duration> = (0..4).map(|subscriber| scenario.connects_at(subscriber)).collect();
        assert_eq!(at, [0, 500, 1_000, 1_500].map(Duration::from_millis));
    }
}
