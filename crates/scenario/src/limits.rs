//! What a scenario may ask for. Each limit is far beyond any sensible question and near enough that a
//! slip of the keyboard is caught before it fills a memory or a week.

use std::ops::RangeInclusive;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// Bytes of a scenario text: it is copied into every results file and report.
pub const TEXT_BYTES: usize = 1 << 20;
/// Mistakes that are listed; the rest is only counted.
pub const MISTAKES: usize = 100;
/// Characters of any quoted value.
pub const VALUE_CHARS: usize = 200;
/// Characters of the name of a topic, which travels with every update.
pub const NAME_CHARS: usize = 64;
/// Characters of a label, which heads a column.
pub const LABEL_CHARS: usize = 32;

/// Seeds: what a JSON number can hold exactly, and round r can still be added.
pub const SEED: RangeInclusive<i64> = 0..=1_000_000_000_000_000;
/// Zero is for those who want to see the cold start.
pub const WARM_UP: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(3_600);
/// Shorter than a tenth of a second, the start itself is what is measured.
pub const MEASURE: RangeInclusive<Duration> = Duration::from_millis(100)..=DAY;
/// Has to reach beyond the longest interval of a poll.
pub const DRAIN: RangeInclusive<Duration> = Duration::from_millis(100)..=DAY;
/// Each is a set of fresh processes.
pub const ROUNDS: RangeInclusive<i64> = 1..=1_000;
/// Between "any difference matters" and "only five times as much does".
pub const MARGIN_PERCENT: RangeInclusive<f64> = 0.0..=400.0;
/// Whether a machine can hold them, only it can tell; beyond this, connecting them takes minutes.
pub const IDLE_CONNECTIONS: RangeInclusive<i64> = 0..=200_000;
/// What `"most"` stands for in that list where the machine would hold more: they connect in about a minute.
pub const IDLE_MOST: u32 = 50_000;
/// Counts of idle connections in a list: two make a slope, and each takes its time.
pub const IDLE_COUNTS: RangeInclusive<usize> = 2..=8;
/// Users of a deployment: nobody has more at once than there are people.
pub const SCALE_USERS: RangeInclusive<i64> = 1..=4_000_000_000;
/// Hours of a day on which they are there.
pub const HOURS_PER_DAY: RangeInclusive<f64> = 0.1..=24.0;
/// Numbers that systems give to processors.
pub const PROCESSOR: RangeInclusive<i64> = 0..=1_023;
/// Between two looks at a server's memory: each takes some of its time.
pub const MEMORY_EVERY: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3_600);
/// Looks at it in a round.
pub const MEMORY_LOOKS: u128 = 10_000;
/// Offsets beyond this would make transports run apart, for which there is `order`.
pub const STAGGER: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(10);
/// A one-way delay: the Moon is 1.3 s away.
pub const DELAY: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(10);
/// What a link adds to it, at the most.
pub const JITTER: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(10);
/// Bits per second of a link: a telegraph, and what one machine can still carry packet by packet.
pub const LINK_RATE: RangeInclusive<u64> = 1_000..=10_000_000_000;
/// Clients of a link of packets: each has an address of its own.
pub const LINK_CLIENTS: i64 = 65_000;
/// How long what is sent may wait for a link.
pub const QUEUE: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(10);
/// Packets in a hundred that are lost or overtaken: beyond it, TCP gets nothing done.
pub const PACKETS_PERCENT: RangeInclusive<f64> = 0.0..=50.0;
/// Packets that are lost in a row.
pub const IN_A_ROW: RangeInclusive<i64> = 1..=1_000;
/// How long a proxy waits for somebody who says nothing.
pub const IDLE_LIMIT: RangeInclusive<Duration> = Duration::from_secs(1)..=DAY;
/// Requests that a proxy takes over one connection.
pub const REQUESTS: RangeInclusive<i64> = 1..=1_000_000;
/// How long a client waits before it comes back.
pub const RECONNECT: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(600);
/// How long a client tries a transport before it falls back to another one.
pub const FALLBACK_AFTER: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(60);
/// Things that happen in a round.
pub const DISTURBANCES: usize = 32;
/// How long one of them lasts.
pub const DISTURBED: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(3_600);
/// Updates kept per topic.
pub const RETENTION: RangeInclusive<i64> = 1..=1_000_000;
/// GiB that the hub may have to keep, by rates, retention and mean bodies.
pub const KEPT_GIB: f64 = 4.0;
/// Subscribers per transport: each is a connection and a socket.
pub const SUBSCRIBERS: RangeInclusive<i64> = 1..=1_000_000;
/// Time over which subscribers connect.
pub const RAMP: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(3_600);
/// Client processes per transport.
pub const CROWDS: RangeInclusive<i64> = 1..=64;
/// Subscribers that are tabs of one browser.
pub const TABS: RangeInclusive<i64> = 1..=1_000;
/// Topics of a scenario, all entries together.
pub const TOPICS: RangeInclusive<i64> = 1..=100_000;
/// Topics times subscribers, over all crowds: the ledger keeps some 80 bytes for each pair.
pub const PAIRS: u64 = 20_000_000;
/// Updates planned per round: 24 bytes each, in every process.
pub const UPDATES: f64 = 5_000_000.0;
/// Deliveries per round and transport: at a million a second, more than a day.
pub const DELIVERIES: f64 = 100_000_000_000.0;
/// The time between two updates or bursts of a topic.
pub const PERIOD: RangeInclusive<Duration> = Duration::from_micros(1)..=DAY;
/// Mean updates per second of a topic: from one a day to one a microsecond.
pub const RATE_PER_S: RangeInclusive<f64> = 1.0 / 86_400.0..=1_000_000.0;
/// Updates per burst.
pub const BURST: RangeInclusive<i64> = 1..=1_000_000;
/// Bytes of a body: room for the stamp, and no more than the pad holds.
pub const BODY_BYTES: RangeInclusive<usize> = 16..=1 << 20;
/// Subscribers who may have a topic each of their own.
pub const OWN_TOPICS: i64 = 5_000;
/// Bytes of what a client sends, at the least: a stamp and a number.
pub const NUMBERED_BYTES: usize = 24;
/// Streams of posts that each client sends.
pub const POST_STREAMS: usize = 16;
/// Members of a room.
pub const MEMBERS: RangeInclusive<i64> = 1..=1_000;
/// Chunks of a reply.
pub const CHUNKS: RangeInclusive<i64> = 1..=10_000;
/// From a question to the first chunk of its answer, and from chunk to chunk.
pub const THINK: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(600);
/// How long a reply may last.
pub const REPLY: Duration = Duration::from_secs(600);
/// Chunks of all replies of a round: each takes some 30 bytes in every process.
pub const ALL_CHUNKS: f64 = 5_000_000.0;
/// Standard deviation of the logarithm of a size: beyond five, nearly all bodies lie at an end.
pub const SIGMA: RangeInclusive<f64> = 0.01..=5.0;
/// Transports entered: each is at least two processes.
pub const ENTRIES: RangeInclusive<i64> = 1..=32;
/// Claims of a scenario, and objectives.
pub const CLAIMS: usize = 64;
/// Checks of a claim.
pub const CHECKS: usize = 16;
/// Characters of a claim's sentence, and of what theory says of it.
pub const CLAIM_CHARS: usize = 400;
