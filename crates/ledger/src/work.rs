//! What clients did, and what came of it: closed accounts of posts, rooms and replies.
//!
//! Times are in nanoseconds. All are about what was due in the measured window.

use crate::Distribution;

/// What clients sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Posts {
    /// Due.
    pub due: u64,
    /// Acknowledged by the server.
    pub acknowledged: u64,
    /// Refused by the server, or lost with their connection.
    pub failed: u64,
    /// Acknowledged minus due, of those that were.
    pub acknowledgement: Distribution,
    /// Arrival of the first update that counts a post, minus when the post was due. Empty unless updates say
    /// which posts they count.
    pub effect: Distribution,
}

/// What members of rooms had of each other's posts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Relayed {
    /// Arrival at its own author minus due.
    pub own_echo: Distribution,
    /// How many posts of the topic had been due and were not there, when one arrived that was due: 0 where a
    /// member has everything.
    pub behind: Distribution,
    /// Posts that two members saw at different places of their room's order.
    pub disagreements: u64,
}

/// What became of questions and their answers.
///
/// Chunks stand in the [`Books`](crate::Books) like updates: expected is what is due before its reader stops
/// the reply, and latency is arrived minus due, where a chunk is due at a fixed time after its *question* was
/// due.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Replies {
    /// Questions due.
    pub asked: u64,
    /// Answered to their end.
    pub answered: u64,
    /// Stopped by their reader.
    pub interrupted: u64,
    /// Refused, or broken off.
    pub failed: u64,
    /// Still under way when the drain ended.
    pub unfinished: u64,
    /// Due while an earlier answer to the same client was under way.
    pub overlapped: u64,
    /// Chunks that had not come when their reader stopped the reply: nobody expects them any more.
    pub withdrawn: u64,
    /// For each interruption, how many chunks came after the reader had asked for it.
    pub unwanted: Distribution,
    /// From the instant at which stopping was due to the last chunk that came, or to the stop itself where none
    /// came after it.
    pub stop: Distribution,
    /// First chunk's arrival minus when the question was due: the time to first token.
    pub first: Distribution,
    /// Every gap between a chunk and the one before it, the first chunk aside: inter-token latency.
    pub gap: Distribution,
    /// (last arrival − first arrival) / (chunks − 1) of each whole reply of two chunks and more: time per output
    /// token.
    pub per_chunk: Distribution,
    /// Last chunk's arrival minus when the question was due, of whole replies.
    pub whole: Distribution,
    /// The mean of (arrival − when the question was due) over the chunks of each whole reply: how long a piece of it was
    /// waited for.
    pub wait: Distribution,
    /// The longest gap of each reply.
    pub longest_stall: Distribution,
    /// Gaps longer than twice the nominal one.
    pub stutters: u64,
    /// First to last arrival, added up over replies: what stutters are counted in.
    pub streamed_ns: u64,
    /// Chunks after the first that came no later than one nominal gap behind (first arrival + their own
    /// nominal distance from the first chunk).
    pub in_time: u64,
    /// Chunks after the first.
    pub after_first: u64,
    /// How replies would have sounded, where chunks hold sound.
    pub playback: Option<Playback>,
    /// The reply whose greatest lag is the median of all.
    pub typical: Option<Timeline>,
    /// The reply with the greatest lag.
    pub worst: Option<Timeline>,
    /// Of exchanges over a connection of their own: answered minus due, dialling included.
    pub cold: Distribution,
    /// Of exchanges over a connection that is kept.
    pub warm: Distribution,
}

/// A player that begins when it holds `start_buffer_ns` of sound, plays on while it has any, and waits for
/// the next chunk when it has not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Playback {
    /// How much sound it collects first.
    pub start_buffer_ns: u64,
    /// Sound in a chunk.
    pub chunk_ns: u64,
    /// Whole replies that were played.
    pub played: u64,
    /// Times it had nothing to play in mid-reply.
    pub underruns: u64,
    /// For each of these, how long it was silent.
    pub silence: Distribution,
    /// For each reply, the least sound to begin with that would have played it without a break.
    pub least_buffer: Distribution,
    /// From when the question was due to the first sound out of the player.
    pub first_sound: Distribution,
}

/// When the chunks of one reply came, after its question was due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// For each chunk that came: when it was due, and when it arrived.
    pub chunks: Vec<(u64, u64)>,
    /// When its reader stopped it.
    pub stop_ns: Option<u64>,
    /// Nominal gap between chunks.
    pub every_ns: u64,
}

impl Timeline {
    /// More chunks than this are not kept: the rest of a longer reply is not drawn.
    pub const CHUNKS: usize = 600;

    /// The greatest of arrived minus due.
    #[must_use]
    pub fn greatest_lag_ns(&self) -> u64 {
        self.chunks.iter().map(|(due_ns, came_ns)| came_ns.saturating_sub(*due_ns)).max().unwrap_or(0)
    }
}

impl Posts {
    /// Adds another crowd's or another round's.
    pub fn merge(&mut self, other: &Posts) {
        self.due += other.due;
        self.acknowledged += other.acknowledged;
        self.failed += other.failed;
        self.acknowledgement.merge(&other.acknowledgement);
        self.effect.merge(&other.effect);
    }
}

impl Relayed {
    /// Adds another crowd's or another round's.
    pub fn merge(&mut self, other: &Relayed) {
        self.own_echo.merge(&other.own_echo);
        self.behind.merge(&other.behind);
        self.disagreements += other.disagreements;
    }
}

impl Replies {
    /// Adds another crowd's or another round's: of two worst replies the worse stays, of two typical ones the
    /// first.
    pub fn merge(&mut self, other: &Replies) {
        self.asked += other.asked;
        self.answered += other.answered;
        self.interrupted += other.interrupted;
        self.failed += other.failed;
        self.unfinished += other.unfinished;
        self.overlapped += other.overlapped;
        self.withdrawn += other.withdrawn;
        self.stutters += other.stutters;
        self.streamed_ns += other.streamed_ns;
        self.in_time += other.in_time;
        self.after_first += other.after_first;
        for (mine, theirs) in self.distributions_mut().into_iter().zip(other.distributions()) {
            mine.merge(theirs);
        }
        match (&mut self.playback, &other.playback) {
            (Some(playback), Some(other)) => playback.merge(other),
            (none, other) => *none = none.take().or_else(|| other.clone()),
        }
        let lag = |timeline: &Option<Timeline>| timeline.as_ref().map(Timeline::greatest_lag_ns);
        if lag(&other.worst) > lag(&self.worst) {
            self.worst = other.worst.clone();
        }
        if self.typical.is_none() {
            self.typical = other.typical.clone();
        }
    }

    /// All of them, always in the same order.
    #[must_use]
    pub fn distributions(&self) -> [&Distribution; 10] {
        [
            &self.unwanted,
            &self.stop,
            &self.first,
            &self.gap,
            &self.per_chunk,
            &self.whole,
            &self.wait,
            &self.longest_stall,
            &self.cold,
            &self.warm,
        ]
    }

    fn distributions_mut(&mut self) -> [&mut Distribution; 10] {
        [
            &mut self.unwanted,
            &mut self.stop,
            &mut self.first,
            &mut self.gap,
            &mut self.per_chunk,
            &mut self.whole,
            &mut self.wait,
            &mut self.longest_stall,
            &mut self.cold,
            &mut self.warm,
        ]
    }
}

impl Playback {
    fn merge(&mut self, other: &Playback) {
        self.played += other.played;
        self.underruns += other.underruns;
        self.silence.merge(&other.silence);
        self.least_buffer.merge(&other.least_buffer);
        self.first_sound.merge(&other.first_sound);
    }
}
