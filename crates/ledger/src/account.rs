//! The closed books.

use crate::Distribution;

/// Where every (update x subscriber) of the measured window went.
///
/// `expected == delivered + superseded + lost + in_flight`, or [`Books::balance`] says no.
/// The other counts stand beside this sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Books {
    /// Updates due in the measured window, times the subscribers of their topics.
    pub expected: u64,
    /// Reached its subscriber, undamaged.
    pub delivered: u64,
    /// The server said that it skipped it for this reader, in favour of a newer one.
    pub superseded: u64,
    /// Missing although something newer came, or the connection was not there to bring it.
    pub lost: u64,
    /// Not here when the drain ended, on a connection that was still open.
    pub in_flight: u64,
    /// Came again.
    pub duplicated: u64,
    /// Came after a newer one of its topic.
    pub reordered: u64,
    /// Came with a body that is not the one that was sent; such an update counts as not delivered.
    pub damaged: u64,
    /// Came with a sequence number or topic that nothing was planned for, or to one who did not ask.
    pub unknown: u64,
    /// Came before it was due: a clock or a publisher that is wrong.
    pub early: u64,
    /// Skips that the server announced but that no missing update explains.
    pub overstated_skips: u64,
    /// Times a subscriber was told that the log no longer reached back to its cursor.
    pub gaps: u64,
}

/// Everything one crowd has to report when it is done. Times are in nanoseconds.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Where everything went.
    pub books: Books,
    /// Arrived minus due, of every delivery of the window: the headline.
    pub latency: Distribution,
    /// Arrived minus sent.
    pub sent_latency: Distribution,
    /// For each update, the latency of the subscriber who got it last: how many distinct updates lie
    /// beyond a quantile of `latency` is read from here.
    pub slowest: Distribution,
    /// Age of the newest update held, per subscriber and topic, weighted by time: one count is one
    /// microsecond.
    pub staleness: Distribution,
    /// From the dial to the first response.
    pub setup: Distribution,
    /// Updates per frame, event or response, of those that carried any.
    pub batch: Distribution,
    /// Frames, events or responses, with or without updates.
    pub responses: u64,
    /// Those that carried nothing: empty polls.
    pub empty_responses: u64,
    /// Subscribers that never got a connection.
    pub never_connected: u64,
    /// Connections that ended and were opened again by the driver.
    pub reconnects: u64,
}
