//! The schedule: every update of a round, and when it is due.

mod posts;

use crate::draw::{self, Draw, Purpose};
use crate::{BodySize, Scenario, Schedule, Topic, limits};
use std::ops::Range;
use std::time::Duration;

/// Every update from the start instant to the end of the measured window, in the order in which the
/// hub numbers them: by due time, then topic, then index. The first has sequence number 1.
///
/// The plan follows from (scenario, seed) alone, to the bit, on every platform. A topic's updates do
/// not depend on the other topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    updates: Vec<Planned>,
    /// Sequence numbers by topic and index, the topics one after the other.
    seqs: Vec<u32>,
    /// Where each topic begins in `seqs`, and where the last one ends.
    begins: Vec<usize>,
    window_ns: Range<u64>,
    /// For each post, by its number, who sends it; empty where the server publishes.
    authors: Vec<u32>,
    /// How many topics rooms follow.
    room_topics: u32,
}

/// How the posts of clients are put into topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By the room that gets them, as its members see them. What goes to the server alone has no topic that
    /// anybody follows.
    Room,
    /// A topic for each stream of each client, as the server sees them: each client's come in order.
    Author,
}

/// One update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Nanoseconds after the start instant.
    pub due_ns: u64,
    /// The number of its topic, from 0, in the order of [`Scenario::topics`].
    pub topic: u32,
    /// Which of its topic it is, from 0.
    pub index: u32,
    /// Length of its body in bytes.
    pub bytes: u32,
}

impl Plan {
    /// Draws what comes down in a round: what the server publishes, or where it relays, the posts by room.
    /// Memory is 28 bytes per update.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64) -> Plan {
        if scenario.relays() {
            return Plan::of_posts(scenario, seed, By::Room);
        }
        let window_ns = window_ns(scenario);
        let mut updates = Vec::new();
        for (number, topic) in (0..).zip(&scenario.topics) {
            updates.extend(of_topic(topic, number, seed, window_ns.end));
        }
        updates.sort_unstable_by_key(|update| (update.due_ns, update.topic, update.index));
        Plan::of_sorted(updates, scenario.topics.len(), window_ns)
    }

    /// Draws what clients post in a round. Numbers are the same however posts are put into topics, and travel
    /// in their bodies, since nobody knows in which order they will reach the server.
    #[must_use]
    pub fn of_posts(scenario: &Scenario, seed: u64, by: By) -> Plan {
        let window_ns = window_ns(scenario);
        let mut posts = posts::all(scenario, seed, window_ns.end);
        posts.sort_unstable_by_key(|post| (post.due_ns, post.author, post.stream, post.index));
        let clients = scenario.subscribers.count;
        let streams = scenario.posts.len();
        let topics = (scenario.topics.len() + streams).max(streams * clients as usize);
        let mut counts = vec![0; topics];
        let planned = posts.iter().map(|post| {
            let topic = match by {
                By::Author => post.stream * clients + post.author,
                By::Room => posts::room_topic(scenario, post),
            };
            let index = counts[topic as usize];
            counts[topic as usize] += 1;
            Planned { due_ns: post.due_ns, topic, index, bytes: post.bytes }
        });
        let planned = planned.collect();
        let authors = posts.iter().map(|post| post.author).collect();
        let room_topics = scenario.topics.len() as u32;
        Plan { authors, room_topics, ..Plan::of_sorted(planned, topics, window_ns) }
    }

    fn of_sorted(updates: Vec<Planned>, topics: usize, window_ns: Range<u64>) -> Plan {
        let mut begins = vec![0; topics + 1];
        for update in &updates {
            begins[update.topic as usize + 1] += 1;
        }
        for topic in 0..topics {
            begins[topic + 1] += begins[topic];
        }
        let mut seqs = vec![0; updates.len()];
        for (seq, update) in (1..).zip(&updates) {
            seqs[begins[update.topic as usize] + update.index as usize] = seq;
        }
        Plan { updates, seqs, begins, window_ns, authors: Vec::new(), room_topics: 0 }
    }

    /// Whether these are posts, whose numbers travel in their bodies; else the hub's sequence numbers are the
    /// plan's.
    #[must_use]
    pub fn is_of_posts(&self) -> bool {
        !self.authors.is_empty()
    }

    /// Whether this topic is one that a room follows; posts to the server alone are put into topics beyond.
    #[must_use]
    pub fn is_of_room(&self, topic: u32) -> bool {
        topic < self.room_topics
    }

    /// Who sends the post of this number.
    #[must_use]
    pub fn author(&self, number: u64) -> Option<u32> {
        self.authors.get(usize::try_from(number.checked_sub(1)?).ok()?).copied()
    }

    /// How many updates there are: the last sequence number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.updates.len()
    }

    /// Whether nothing is due at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.updates.is_empty()
    }

    /// The update with this sequence number; the first is 1.
    #[must_use]
    pub fn get(&self, seq: u64) -> Option<&Planned> {
        self.updates.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// All updates in the order of their sequence numbers, which are 1 and up.
    pub fn iter(&self) -> std::slice::Iter<'_, Planned> {
        self.updates.iter()
    }

    /// The sequence numbers of a topic's updates, by index; none for a topic that does not exist.
    #[must_use]
    pub fn of_topic(&self, topic: u32) -> &[u32] {
        match self.begins.get(topic as usize..) {
            Some([begin, end, ..]) => &self.seqs[*begin..*end],
            _ => &[],
        }
    }

    /// Whether books and figures are about this update.
    #[must_use]
    pub fn in_window(&self, update: &Planned) -> bool {
        self.window_ns.contains(&update.due_ns)
    }

    /// The measured window, in nanoseconds after the start instant.
    #[must_use]
    pub fn window_ns(&self) -> Range<u64> {
        self.window_ns.clone()
    }

    /// How many topics there are.
    #[must_use]
    pub fn topics(&self) -> u32 {
        self.begins.len() as u32 - 1
    }
}

fn of_topic(topic: &Topic, number: u32, seed: u64, end_ns: u64) -> impl Iterator<Item = Planned> + use<> {
    let mut sizes = Draw::new(seed, Purpose::Sizes, number);
    let body = topic.body;
    let dues = dues(topic.schedule, number, seed, Purpose::Gaps).take_while(move |due_ns| *due_ns < end_ns);
    (0..).zip(dues).map(move |(index, due_ns)| Planned {
        due_ns,
        topic: number,
        index,
        bytes: size(body, &mut sizes),
    })
}

/// When the members of a stream are due. Where a period begins is drawn apart from random gaps in topics, and
/// with `purpose` elsewhere.
pub(crate) fn dues(
    schedule: Schedule,
    number: u32,
    seed: u64,
    purpose: Purpose,
) -> Box<dyn Iterator<Item = u64>> {
    let first = if purpose == Purpose::Gaps { Purpose::FirstDue } else { purpose };
    match schedule {
        Schedule::Periodic { period } => Box::new(instants(period, Draw::new(seed, first, number))),
        Schedule::Bursts { size, period } => Box::new(
            instants(period, Draw::new(seed, first, number))
                .flat_map(move |due_ns| std::iter::repeat_n(due_ns, size as usize)),
        ),
        Schedule::Poisson { rate_per_s } => {
            let mut gaps = Draw::new(seed, purpose, number);
            let mut at_ns = 0.0;
            Box::new(std::iter::repeat_with(move || {
                at_ns += gaps.exponential() * 1e9 / rate_per_s;
                at_ns as u64
            }))
        }
    }
}

/// A random part of the period, then exact multiples: integers do not drift.
fn instants(period: Duration, mut draw: Draw) -> impl Iterator<Item = u64> {
    let period_ns = nanos(period).max(1);
    let first_ns = draw.below(period_ns);
    (0..).map(move |turn: u64| first_ns.saturating_add(turn.saturating_mul(period_ns)))
}

pub(crate) fn size(body: BodySize, sizes: &mut Draw) -> u32 {
    let bytes = match body {
        BodySize::Fixed(bytes) => bytes,
        BodySize::Uniform { min, max } => min + sizes.below((max - min) as u64 + 1) as usize,
        BodySize::LogNormal { median, sigma, max } => {
            // Put at the ends rather than drawn again, so that the median stays the median.
            let bytes = median as f64 * draw::exp(sigma * sizes.normal());
            (bytes.round() as usize).clamp(*limits::BODY_BYTES.start(), max)
        }
    };
    bytes as u32
}

pub(crate) fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX / 2)
}

fn window_ns(scenario: &Scenario) -> Range<u64> {
    let warm_up_ns = nanos(scenario.warm_up);
    warm_up_ns..warm_up_ns + nanos(scenario.measure)
}

#[cfg(test)]
mod tests;
