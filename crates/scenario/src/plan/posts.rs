//! What clients send, before it is put into topics.

use super::{dues, size};
use crate::draw::{Draw, Purpose};
use crate::{Followers, PostTo, Scenario, Source, limits};

/// One message of one client.
pub(super) struct Post {
    pub due_ns: u64,
    pub author: u32,
    /// The number of its [`PostStream`](crate::PostStream).
    pub stream: u32,
    /// Which of its author's in this stream, from 0.
    pub index: u32,
    pub bytes: u32,
}

/// Streams are told apart from clients in the numbers that draws go by: no scenario has more clients.
const CLIENTS_BITS: u32 = 24;

pub(super) fn all(scenario: &Scenario, seed: u64, end_ns: u64) -> Vec<Post> {
    let mut posts = Vec::new();
    for (stream, of) in (0..).zip(&scenario.posts) {
        for author in 0..scenario.subscribers.count {
            let number = stream << CLIENTS_BITS | author;
            let mut sizes = Draw::new(seed, Purpose::PostSizes, number);
            let dues = dues(of.schedule, number, seed, Purpose::Posts);
            posts.extend((0..).zip(dues.take_while(|due_ns| *due_ns < end_ns)).map(|(index, due_ns)| {
                let bytes = size(of.body, &mut sizes).max(limits::NUMBERED_BYTES as u32);
                Post { due_ns, author, stream, index, bytes }
            }));
        }
    }
    posts
}

/// The topic in which a post's room gets it; one that nobody follows where it goes to the server alone.
pub(super) fn room_topic(scenario: &Scenario, post: &Post) -> u32 {
    let room = scenario.room_of(post.author);
    let to_room = scenario.posts[post.stream as usize].to == PostTo::Room;
    let is_it = |topic: &crate::Topic| {
        topic.source == Source::Members(post.stream) && topic.followers == Followers::Room(room)
    };
    // Rooms of one stream stand one after the other.
    let first = scenario.topics.iter().position(|topic| topic.source == Source::Members(post.stream));
    match first {
        Some(first) if to_room => {
            let topic = first + room as usize;
            debug_assert!(scenario.topics.get(topic).is_some_and(is_it));
            topic as u32
        }
        _ => scenario.topics.len() as u32 + post.stream,
    }
}
