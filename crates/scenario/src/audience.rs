//! Who follows what, when each subscriber connects, and where in its interval each begins to poll.

use crate::draw::{Draw, Purpose};
use crate::{Followers, Scenario, Source};
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

impl Scenario {
    /// The numbers of the topics that a subscriber follows, in increasing order: its room's, its own, and of
    /// those that are anybody's `topics_each` different ones, drawn by seed.
    #[must_use]
    pub fn follows(&self, seed: u64, subscriber: u32) -> Vec<u32> {
        let room = self.room_of(subscriber);
        let (mut anybodys, mut follows) = (Vec::new(), Vec::new());
        for (number, topic) in (0..).zip(&self.topics) {
            match topic.followers {
                Followers::Anybody => anybodys.push(number),
                Followers::Room(of) if of == room => follows.push(number),
                Followers::One(of) if of == subscriber => follows.push(number),
                Followers::Room(_) | Followers::One(_) => {}
            }
        }
        let chosen = self.chosen(seed, subscriber, anybodys.len() as u32);
        follows.extend(chosen.into_iter().map(|place| anybodys[place as usize]));
        follows.sort_unstable();
        follows
    }

    /// Which of so many topics a subscriber follows.
    fn chosen(&self, seed: u64, subscriber: u32, topics: u32) -> Vec<u32> {
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

    /// The room of a subscriber, from 0.
    #[must_use]
    pub fn room_of(&self, subscriber: u32) -> u32 {
        subscriber.checked_div(self.room_members).unwrap_or(0)
    }

    /// The members of a room.
    #[must_use]
    pub fn members(&self, room: u32) -> Range<u32> {
        let first = room.saturating_mul(self.room_members);
        first..first.saturating_add(self.room_members).min(self.subscribers.count)
    }

    /// How many rooms there are.
    #[must_use]
    pub fn rooms(&self) -> u32 {
        if self.room_members == 0 { 0 } else { self.subscribers.count.div_ceil(self.room_members) }
    }

    /// Whether what comes down is what clients posted.
    #[must_use]
    pub fn relays(&self) -> bool {
        self.topics.iter().any(|topic| topic.source != Source::Server)
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
