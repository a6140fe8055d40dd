//! The subscribers of one crowd: what each follows, and whether it is connected.

use crate::track::Track;

/// One subscriber.
#[derive(Debug)]
pub(crate) struct Subscriber {
    /// The topics it follows, in order, without doubles.
    topics: Vec<u32>,
    /// One for each of them.
    tracks: Vec<Track>,
    connection: Connection,
}

/// What became of a subscriber's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    Never,
    Open,
    Closed,
}

impl Subscriber {
    pub fn new(mut topics: Vec<u32>) -> Subscriber {
        topics.sort_unstable();
        topics.dedup();
        let tracks = topics.iter().map(|_| Track::default()).collect();
        Subscriber { topics, tracks, connection: Connection::Never }
    }

    pub fn open(&mut self) {
        self.connection = Connection::Open;
    }

    pub fn close(&mut self) {
        // A dial that failed ends something that never was.
        if self.connection == Connection::Open {
            self.connection = Connection::Closed;
        }
        self.tracks.iter_mut().for_each(Track::cut);
    }

    pub fn connection(&self) -> Connection {
        self.connection
    }

    /// What it knows of a topic, if it follows it.
    pub fn track(&mut self, topic: u32) -> Option<&mut Track> {
        let position = self.position(topic)?;
        self.tracks.get_mut(position)
    }

    /// The first index of a topic that it has not heard of.
    pub fn next_of(&self, topic: u32) -> Option<u32> {
        self.position(topic).map(|position| self.tracks[position].next())
    }

    /// The topics it follows.
    pub fn topics(&self) -> &[u32] {
        &self.topics
    }

    /// The topics it follows, and what it knows of each.
    pub fn tracks(&self) -> impl Iterator<Item = (u32, &Track)> {
        self.topics.iter().copied().zip(&self.tracks)
    }

    fn position(&self, topic: u32) -> Option<usize> {
        // Who follows every topic has each at its own number.
        let guess = topic as usize;
        if self.topics.get(guess) == Some(&topic) {
            return Some(guess);
        }
        self.topics.binary_search(&topic).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_followed_topic_has_one_track() {
        let mut subscriber = Subscriber::new(vec![7, 0, 1, 7]);
        assert_eq!(subscriber.topics(), [0, 1, 7]);
        assert!([0, 1, 7].iter().all(|&topic| subscriber.track(topic).is_some()));
        assert!([2, 6, 8, u32::MAX].iter().all(|&topic| subscriber.track(topic).is_none()));
        subscriber.track(7).unwrap().arrive(3, true);
        assert_eq!(subscriber.tracks().map(|(topic, track)| (topic, track.next())).last(), Some((7, 4)));
    }
}
