//! The schedule of replies: every question of a round, and what is due of its answer.

use crate::draw::{Draw, Purpose};
use crate::plan::{dues, nanos, size};
use crate::{ChunkSize, Planned, ReplyWork, Scenario, Shape, limits};
use std::ops::Range;

/// Every question from the start to the end of the measured window, in the order in which they are due.
///
/// It follows from (scenario, seed) alone, to the bit. A client's questions do not depend on how many others
/// there are. The number of a question, from 1, travels in its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replies {
    replies: Vec<PlannedReply>,
    /// Lengths of all chunks, one reply after the other.
    bytes: Vec<u32>,
    window_ns: Range<u64>,
    /// From one chunk to the next.
    every_ns: u64,
}

/// One question and its answer. Times are in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedReply {
    /// Who asks.
    pub client: u32,
    /// Which of its questions, from 0.
    pub index: u32,
    /// When the question is due, after the start.
    pub due_ns: u64,
    /// Length of the question in bytes.
    pub question_bytes: u32,
    /// From the question to the first chunk.
    pub think_ns: u64,
    /// How many chunks the answer has.
    pub chunks: u32,
    /// When its reader stops it, after the question; none hears it to its end.
    pub stop_ns: Option<u64>,
    /// Whether the question goes over a connection of its own.
    pub fresh: bool,
    /// Where its chunks begin in the list of lengths.
    first: usize,
}

impl Replies {
    /// Draws the questions of a round; none in a scenario whose clients do not ask.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64) -> Option<Replies> {
        let work = scenario.reply.as_ref()?;
        let warm_up_ns = nanos(scenario.warm_up);
        let end_ns = warm_up_ns + nanos(scenario.measure);
        let mut asked: Vec<(PlannedReply, Vec<u32>)> = (0..scenario.subscribers.count)
            .flat_map(|client| of_client(work, scenario.shape, client, seed, end_ns))
            .collect();
        asked.sort_by_key(|(reply, _)| (reply.due_ns, reply.client, reply.index));
        let mut plan = Replies {
            replies: Vec::with_capacity(asked.len()),
            bytes: Vec::new(),
            window_ns: warm_up_ns..end_ns,
            every_ns: nanos(work.every),
        };
        for (reply, bytes) in asked {
            plan.replies.push(PlannedReply { first: plan.bytes.len(), ..reply });
            plan.bytes.extend(bytes);
        }
        Some(plan)
    }

    /// How many questions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.replies.len()
    }

    /// Whether nobody asks anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.replies.is_empty()
    }

    /// The question of this number, from 1.
    #[must_use]
    pub fn get(&self, number: u64) -> Option<&PlannedReply> {
        self.replies.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// All questions in the order of their numbers, which are 1 and up.
    pub fn iter(&self) -> std::slice::Iter<'_, PlannedReply> {
        self.replies.iter()
    }

    /// The chunk of an answer, from 0, as its body is checked: due that long after the question was.
    #[must_use]
    pub fn chunk(&self, number: u64, index: u32) -> Option<Planned> {
        let reply = self.get(number).filter(|reply| index < reply.chunks)?;
        let bytes = self.bytes[reply.first + index as usize];
        Some(Planned { due_ns: self.offset_ns(reply, index), topic: number as u32, index, bytes })
    }

    /// The question itself, as its body is checked.
    #[must_use]
    pub fn question(&self, number: u64) -> Option<Planned> {
        let reply = self.get(number)?;
        Some(Planned {
            due_ns: reply.due_ns,
            topic: reply.client,
            index: reply.index,
            bytes: reply.question_bytes,
        })
    }

    /// When a chunk is due after its question, whether or not anybody hears it.
    #[must_use]
    pub fn offset_ns(&self, reply: &PlannedReply, index: u32) -> u64 {
        reply.think_ns + u64::from(index) * self.every_ns
    }

    /// From one chunk to the next.
    #[must_use]
    pub fn every_ns(&self) -> u64 {
        self.every_ns
    }

    /// Whether books and figures are about this question.
    #[must_use]
    pub fn in_window(&self, reply: &PlannedReply) -> bool {
        self.window_ns.contains(&reply.due_ns)
    }

    /// The measured window, in nanoseconds after the start.
    #[must_use]
    pub fn window_ns(&self) -> Range<u64> {
        self.window_ns.clone()
    }
}

fn of_client(
    work: &ReplyWork,
    shape: Shape,
    client: u32,
    seed: u64,
    end_ns: u64,
) -> impl Iterator<Item = (PlannedReply, Vec<u32>)> + use<> {
    let work = work.clone();
    let mut draw = Draw::new(seed, Purpose::Replies, client);
    let dues = dues(work.schedule, client, seed, Purpose::Questions);
    (0..).zip(dues.take_while(move |due_ns| *due_ns < end_ns)).map(move |(index, due_ns)| {
        let chunks = work.chunks.min + draw.below(u64::from(work.chunks.max - work.chunks.min) + 1) as u32;
        let (least_ns, most_ns) = (nanos(work.think.min), nanos(work.think.max));
        let think_ns = least_ns + draw.below(most_ns - least_ns + 1);
        let question_bytes = size(work.question, &mut draw).max(limits::NUMBERED_BYTES as u32);
        // Both are drawn whether or not they are used, so that a share changes nobody's other numbers.
        let (stops, at) = (draw.unit() < work.interrupted, draw.unit());
        let spoken_ns = u64::from(chunks - 1) * nanos(work.every);
        let stop_ns = stops.then(|| think_ns + (at * spoken_ns as f64) as u64);
        let bytes = (0..chunks).map(|chunk| chunk_bytes(work.body, chunk, chunks, &mut draw)).collect();
        let fresh = shape == Shape::Exchange && index % 2 == 0;
        let reply = PlannedReply {
            client,
            index,
            due_ns,
            question_bytes,
            think_ns,
            chunks,
            stop_ns,
            fresh,
            first: 0,
        };
        (reply, bytes)
    })
}

fn chunk_bytes(body: ChunkSize, chunk: u32, chunks: u32, draw: &mut Draw) -> u32 {
    match body {
        ChunkSize::Each(body) => size(body, draw),
        ChunkSize::Growing { first, last } => {
            let share = f64::from(chunk) / f64::from(chunks.max(2) - 1);
            (first as f64 + (last as f64 - first as f64) * share).round() as u32
        }
    }
}
