//! The figures that claims and objectives may name, and how each is read.

use crate::Shape;
use std::fmt;
use std::time::Duration;

/// Something that is measured of every transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each says what it is in its facts, which reports print")]
pub enum Figure {
    Latency,
    SentLatency,
    Staleness,
    SetUp,
    ServerCpu,
    ClientCpu,
    IdleCpu,
    IdleMemory,
    Bytes,
    BytesBoth,
    BytesPerHour,
    Requests,
    EmptyPolls,
    Retransmitted,
    Reach,
    Lost,
    Reconnects,
    FirstUpdate,
    Noticed,
    Reconnected,
    CaughtUp,
    Away,
    Gaps,
    Again,
    Undisturbed,
    SeenByAll,
    OwnEcho,
    OpsBehind,
    Disagreements,
    Effect,
    Acknowledged,
    Uplink,
    UplinkBytes,
    FirstChunk,
    ChunkGap,
    PerChunk,
    Whole,
    Wait,
    LongestStall,
    Stutter,
    Fluidity,
    Stop,
    Unwanted,
    ForNothing,
    Connections,
    Underruns,
    Silence,
    LeastBuffer,
    FirstSound,
    Cold,
    Warm,
    Handshake,
    BytesCold,
    BytesWarm,
}

/// What a figure counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Nanoseconds.
    Time,
    /// Bytes.
    Bytes,
    /// A part of one.
    Share,
    /// A number of things, perhaps on average.
    Number,
}

/// What is known of a figure without measuring it.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Which one.
    pub figure: Figure,
    /// The word behind `figure =`.
    pub name: &'static str,
    /// What it is called in mid-sentence.
    pub title: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// How it is read where nobody says; none where each round gives one value alone.
    pub at: Option<At>,
    /// The shapes that have it; empty is all.
    pub shapes: &'static [Shape],
    /// What it is, with the formula where tools disagree.
    pub help: &'static str,
}

/// How many values become one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    /// The value that this part of all does not exceed. `"p50"` to `"p99.9"`.
    Quantile(f64),
    /// `"mean"`
    Mean,
    /// `"max"`
    Max,
    /// The share of values beyond this one, as in `"beyond 33ms"`.
    Beyond(f64),
}

const MEDIAN: Option<At> = Some(At::Quantile(0.5));
const MEAN: Option<At> = Some(At::Mean);
const POSTS: &[Shape] = &[Shape::Rooms, Shape::Telemetry, Shape::Duplex];
const ROOMS: &[Shape] = &[Shape::Rooms];
const REPLY: &[Shape] = &[Shape::Reply];
const ASKS: &[Shape] = &[Shape::Reply, Shape::Exchange];
const EXCHANGE: &[Shape] = &[Shape::Exchange];

macro_rules! facts {
    ($($figure:ident $name:literal $title:literal $unit:ident $at:expr, $shapes:expr, $help:literal;)*) => {
        /// All of them.
        pub const FIGURES: &[Facts] = &[$(Facts {
            figure: Figure::$figure, name: $name, title: $title, unit: Unit::$unit, at: $at, shapes: $shapes,
            help: $help,
        }),*];
    };
}

facts! {
    Latency "latency" "latency" Time MEDIAN, &[], "arrived minus due, of what was due: what never arrived is infinitely late";
    SentLatency "sent-latency" "latency from sent" Time MEDIAN, &[], "arrived minus sent";
    Staleness "staleness" "staleness" Time MEAN, &[], "age of the newest update held, weighted by time";
    SetUp "set-up" "set-up time" Time MEDIAN, &[], "from the dial to the first response";
    ServerCpu "server-cpu" "server processor time per delivery" Time None, &[], "processor time of the server's transport thread in the window, per delivery";
    ClientCpu "client-cpu" "client processor time per delivery" Time None, &[], "processor time of the clients' transport threads in the window, per delivery";
    IdleCpu "idle-cpu" "server processor time per client and second" Time None, &[], "processor time of the server's transport thread in the window, per client and second";
    IdleMemory "idle-memory" "memory per idle connection" Bytes None, &[], "the server's own memory for one more idle connection, looked at once in a run";
    Bytes "bytes" "bytes down per delivery" Bytes None, &[], "bytes from the server in the window, above TCP, per delivery";
    BytesBoth "bytes-both" "bytes both ways per delivery" Bytes None, &[], "bytes in both directions in the window, above TCP, per delivery";
    BytesPerHour "bytes-per-hour" "bytes per client and hour" Bytes None, &[], "bytes in both directions in the window, above TCP, per client, scaled to an hour";
    Requests "requests" "polling requests per client and second" Number None, &[], "requests that ask for news in the window, per client and second; none where the server pushes";
    EmptyPolls "empty-polls" "share of empty responses" Share None, &[], "responses, frames or events without an update, of all";
    Retransmitted "retransmitted" "share of segments sent again" Share None, &[], "of the TCP segments that the server sent in the window, those that it had sent before";
    Reach "reach" "reach" Share None, &[], "delivered, of what was due and not skipped in favour of something newer";
    Lost "lost" "lost" Number None, &[], "due, not skipped, and never arrived";
    Reconnects "reconnects" "connections made again" Number None, &[], "connections that ended and were opened again from their cursor, warm-up included, in all rounds together";
    FirstUpdate "first-update" "time to the first update" Time MEDIAN, &[], "for each client, from when the first update of its topics was due to the first that it got";
    Noticed "noticed" "time until a break is noticed" Time MEDIAN, &[], "from when something happened until the client knew that its connection had ended";
    Reconnected "reconnected" "time to reconnect" Time MEDIAN, &[], "from then until it had another one";
    CaughtUp "caught-up" "time to catch up" Time MEDIAN, &[], "from then until the client had the newest update that was due of each of its topics";
    Away "away" "time away" Time MEDIAN, &[], "from when something happened until then, all three together";
    Gaps "gaps" "gaps" Number None, &[], "times a client was told that the log no longer reached back to its cursor";
    Again "duplicated" "duplicated" Number None, &[], "updates that came to a client that had them already";
    Undisturbed "undisturbed" "latency of those not hit" Time MEDIAN, &[], "arrived minus due, of clients to whom nothing happened in the round";
    SeenByAll "seen-by-all" "time until all have it" Time MEDIAN, &[Shape::Rooms, Shape::Broadcast], "for each update or post, the latency of whoever got it last";
    OwnEcho "own-echo" "own echo" Time MEDIAN, ROOMS, "arrival of a post at its own author minus when it was due";
    OpsBehind "ops-behind" "posts behind" Number MEDIAN, ROOMS, "posts of the room that had been due and were not there, when one arrived";
    Disagreements "disagreements" "disagreements about order" Number None, ROOMS, "posts that two members saw at different places of their room's order";
    Effect "effect" "time to effect" Time MEDIAN, POSTS, "arrival of the first update that counts a post minus when the post was due";
    Acknowledged "acknowledged" "acknowledgement" Time MEDIAN, POSTS, "acknowledged minus due, of posts";
    Uplink "uplink" "way up" Time MEDIAN, POSTS, "arrival of a post at the server's application minus when it was due";
    UplinkBytes "uplink-bytes" "bytes up per post" Bytes None, POSTS, "bytes from the clients in the window, above TCP, per post due";
    FirstChunk "first-chunk" "time to first chunk" Time MEDIAN, REPLY, "TTFT: first chunk's arrival minus when the question was due";
    ChunkGap "chunk-gap" "gap between chunks" Time MEDIAN, REPLY, "ITL: every gap between a chunk and the one before it, pooled, the first chunk aside";
    PerChunk "per-chunk" "time per chunk" Time MEDIAN, REPLY, "TPOT: (last arrival - first arrival) / (chunks - 1) of each whole reply";
    Whole "whole" "time to the whole reply" Time MEDIAN, REPLY, "last chunk's arrival minus when the question was due, of whole replies";
    Wait "wait" "mean wait for a piece" Time MEDIAN, REPLY, "mean of (arrival - when the question was due) over the chunks of each whole reply";
    LongestStall "longest-stall" "longest stall" Time MEDIAN, REPLY, "the longest gap of each reply";
    Stutter "stutter" "stutters per minute" Number None, REPLY, "gaps longer than twice the nominal one, per minute from first to last arrival";
    Fluidity "fluidity" "fluidity" Share None, REPLY, "chunks after the first that came no later than one nominal gap behind the pace of the first";
    Stop "stop" "time to stop" Time MEDIAN, REPLY, "from when stopping was due until the server knew";
    Unwanted "unwanted" "chunks after a stop" Number MEAN, REPLY, "chunks that came after their reader had stopped, per interruption";
    ForNothing "for-nothing" "chunks made for nothing" Number MEAN, REPLY, "chunks that the server made after their reader was due to stop, per interruption";
    Connections "connections" "connections per question" Number None, ASKS, "connections that clients opened in the whole round, per question due in the window";
    Underruns "underruns" "underruns per reply" Number None, REPLY, "times the player had nothing to play in mid-reply, per reply played";
    Silence "silence" "length of an underrun" Time MEDIAN, REPLY, "for each underrun, how long the player was silent";
    LeastBuffer "least-buffer" "least buffer" Time MEDIAN, REPLY, "for each reply, the least sound to begin with that plays it without a break";
    FirstSound "first-sound" "time to first sound" Time MEDIAN, REPLY, "from when the question was due to the first sound";
    Cold "cold" "exchange over a fresh connection" Time MEDIAN, EXCHANGE, "answer's arrival minus when the question was due, dialling included";
    Warm "warm" "exchange over a kept connection" Time MEDIAN, EXCHANGE, "answer's arrival minus when the question was due";
    Handshake "handshake" "what a fresh connection adds" Time None, EXCHANGE, "median exchange over a fresh connection minus median exchange over a kept one";
    BytesCold "bytes-cold" "bytes per fresh exchange" Bytes None, EXCHANGE, "bytes in both directions, above TCP, per exchange over a connection of its own";
    BytesWarm "bytes-warm" "bytes per kept exchange" Bytes None, EXCHANGE, "bytes in both directions, above TCP, per exchange over a kept connection";
}

impl Figure {
    /// What is known of it.
    ///
    /// # Panics
    /// Never: a test looks every one up.
    #[must_use]
    pub fn facts(self) -> &'static Facts {
        FIGURES.iter().find(|facts| facts.figure == self).expect("the list has every figure")
    }

    /// The figure of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Figure> {
        FIGURES.iter().find(|facts| facts.name == word).map(|facts| facts.figure)
    }

    /// Whether it counts what happened: that is a fact of the run, and needs no other round to be believed.
    #[must_use]
    pub fn is_count(self) -> bool {
        matches!(
            self,
            Figure::Lost
                | Figure::Reconnects
                | Figure::Gaps
                | Figure::Again
                | Figure::Disagreements
                | Figure::Underruns
                | Figure::Reach
        )
    }

    /// Whether runs of this shape have it.
    #[must_use]
    pub fn is_of(self, shape: Shape) -> bool {
        let shapes = self.facts().shapes;
        shapes.is_empty() || shapes.contains(&shape)
    }

    /// What it counts in when it is read so.
    #[must_use]
    pub fn unit(self, at: Option<At>) -> Unit {
        match at {
            Some(At::Beyond(_)) => Unit::Share,
            _ => self.facts().unit,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().name)
    }
}

impl At {
    /// Reads one as it is written, of a figure that counts in this.
    #[must_use]
    pub fn parse(text: &str, unit: Unit) -> Option<At> {
        match text.trim() {
            "mean" => return Some(At::Mean),
            "max" => return Some(At::Max),
            _ => {}
        }
        if let Some(limit) = text.trim().strip_prefix("beyond ") {
            return amount(limit.trim(), unit).map(At::Beyond);
        }
        let percent: f64 = text.trim().strip_prefix('p')?.parse().ok()?;
        (1.0..=99.9).contains(&percent).then(|| At::Quantile(percent / 100.0))
    }

    /// As it is written, of a figure that counts in this.
    #[must_use]
    pub fn print(self, unit: Unit) -> String {
        match self {
            At::Quantile(q) => format!("p{}", (q * 1e5).round() / 1e3),
            At::Mean => "mean".to_owned(),
            At::Max => "max".to_owned(),
            At::Beyond(limit) => format!("beyond {}", print_amount(limit, unit)),
        }
    }
}

/// Reads an amount of something with its unit: `"200ms"`, `"4KiB"`, `"99%"`, `"0.5"`.
pub(crate) fn amount(text: &str, unit: Unit) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
    let amount = match unit {
        Unit::Time => options::duration(text).ok().map(|span| span.as_nanos() as f64),
        Unit::Bytes => options::size(text).ok().map(|bytes| bytes as f64),
        Unit::Share => text.strip_suffix('%').and_then(number).map(|percent| percent / 100.0),
        Unit::Number => number(text),
    };
    amount.map(|amount| sign * amount)
}

pub(crate) fn print_amount(amount: f64, unit: Unit) -> String {
    match unit {
        Unit::Time => options::print_duration(Duration::from_nanos(amount.max(0.0) as u64)).replace(' ', ""),
        Unit::Bytes => options::print_size(amount.max(0.0) as usize),
        Unit::Share => format!("{}%", amount * 100.0),
        Unit::Number => amount.to_string(),
    }
}

impl Unit {
    /// What is written where a limit in this unit is needed.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Unit::Time => "\"200ms\"",
            Unit::Bytes => "\"4KiB\"",
            Unit::Share => "\"99%\"",
            Unit::Number => "0",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_facts_and_a_name_of_its_own() {
        for facts in FIGURES {
            assert_eq!(Figure::parse(facts.name), Some(facts.figure));
            assert_eq!(facts.figure.facts().name, facts.name);
        }
        let last = Figure::BytesWarm as usize;
        assert_eq!(FIGURES.len(), last + 1, "a figure without facts, or twice");
    }

    #[test]
    fn how_a_figure_is_read_is_written_and_read_back() {
        for text in ["p50", "p99", "p99.9", "p95", "mean", "max", "beyond 33ms", "beyond 1s500ms"] {
            let at = At::parse(text, Unit::Time).unwrap();
            assert_eq!(at.print(Unit::Time), text);
        }
        assert_eq!(At::parse("beyond 3", Unit::Number), Some(At::Beyond(3.0)));
        for text in ["p100", "p0", "99", "median", "beyond 33", "pNaN", "beyond", ""] {
            assert_eq!(At::parse(text, Unit::Time), None, "{text}");
        }
    }

    #[test]
    fn amounts_need_their_units() {
        assert_eq!(amount("-5ms", Unit::Time), Some(-5e6));
        assert_eq!(amount("99%", Unit::Share), Some(0.99));
        assert_eq!(amount("inf", Unit::Number), None);
        assert_eq!(amount("--5", Unit::Number), None);
        assert_eq!(amount("5", Unit::Time), None);
    }
}
