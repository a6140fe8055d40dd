//! From where on there is a warning, and why from there.

/// A publisher is late when a tenth of its updates goes out later than this share of what a tenth of the
/// deliveries exceeds: then its own lateness is a visible part of what is measured.
pub const LATE_SHARE: f64 = 0.25;

/// And later than this: below a millisecond it is the timer's usual lateness, which all share.
pub const LATE_NS: u64 = 1_000_000;

/// Clients that notice one in a hundred of their own waits so late are short of processor time: an idle
/// process notices within a millisecond, and ten are a whole slice of the scheduler.
pub const TIMER_LATE_NS: u64 = 10_000_000;

/// A link's program that hands over one in a hundred packets so late adds visibly to what the scenario asked for: it is the
/// shortest delay of a network that anybody asks about.
pub const LINK_LATE_NS: u64 = 1_000_000;

/// A single thread that uses so much of its time queues up its work: at 90 % a queue is nine deep on average.
pub const SATURATED_SHARE: f64 = 0.9;

/// A machine whose processors are so busy makes everybody wait.
pub const BUSY_SHARE: f64 = 0.9;

/// Others that use so much of the machine may move a figure by about the usual margin.
pub const FOREIGN_CAUTION: f64 = 0.08;

/// Others that use so much of the machine over the whole run are a large part of what is measured.
pub const FOREIGN_INVALID: f64 = 0.25;

/// So many rounds need no word about their number. Fewer often give intervals so wide that only large differences are found.
pub const FEW_ROUNDS: u32 = 5;

/// Governors under which a processor runs at its speed when it is asked to work.
pub const USUAL_GOVERNORS: [&str; 2] = ["performance", "schedutil"];

/// What most machines have.
pub const USUAL_CONGESTION_CONTROLS: [&str; 2] = ["cubic", "bbr"];
