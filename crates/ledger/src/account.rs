//! The closed books.

use crate::{Distribution, Posts, Recovery, Relayed, Replies, Split, Trace};

/// Where every (update x subscriber) of the measured window went.
///
/// `expected == delivered + superseded + lost + in_flight`, or [`Books::balance`] says no. The other
/// counts stand beside this sum. All are about updates due in the window, but for `unknown` and `gaps`,
/// which have no due instant and count from the first connection on.
///
/// Each arrival of a planned update is one of `delivered`, `duplicated` and `damaged`; a delivered one
/// may be `reordered` or `early` as well.
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
    /// Came when its account was closed: it had been delivered before, or superseded, or given up as
    /// lost among more than a thousand missing ranges of its topic.
    pub duplicated: u64,
    /// Came for the first time after a newer one of its topic.
    pub reordered: u64,
    /// Came with a body that is not the one that was sent; such an update counts as not delivered
    /// until a good copy comes, which is reordered only if something newer came before it.
    pub damaged: u64,
    /// Came with a sequence number or topic that nothing was planned for, or to one who did not ask;
    /// announced skips of such a topic too.
    pub unknown: u64,
    /// Delivered before it was due: a clock or a publisher that is wrong. Its latency counts as zero.
    /// What comes before the common start is early and unknown.
    pub early: u64,
    /// Skips that the server announced but that no update missing right before the next one explains.
    pub overstated_skips: u64,
    /// Times a subscriber was told that the log no longer reached back to its cursor.
    pub gaps: u64,
}

impl Books {
    /// Whether everything expected is accounted for, once and only once.
    pub fn balance(&self) -> bool {
        [self.superseded, self.lost, self.in_flight]
            .iter()
            .try_fold(self.delivered, |sum, &count| sum.checked_add(count))
            .is_some_and(|sum| sum == self.expected)
    }

    fn add(&mut self, other: &Books) {
        self.expected += other.expected;
        self.delivered += other.delivered;
        self.superseded += other.superseded;
        self.lost += other.lost;
        self.in_flight += other.in_flight;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
        self.damaged += other.damaged;
        self.unknown += other.unknown;
        self.early += other.early;
        self.overstated_skips = self.overstated_skips.saturating_add(other.overstated_skips);
        self.gaps += other.gaps;
    }
}

/// Everything one crowd has to report when it is done. Times are in nanoseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// Where everything went.
    pub books: Books,
    /// Arrived minus due, of every delivery of the window: the headline.
    pub latency: Distribution,
    /// Arrived minus sent.
    pub sent_latency: Distribution,
    /// For each update, the latency of the subscriber who got it last: how many distinct updates lie
    /// beyond a quantile of `latency` is read from here. After [`Account::merge_crowd`], a lower bound.
    pub slowest: Distribution,
    /// Age of the newest update held, per subscriber and topic, weighted by time: one count is one
    /// microsecond of the window. Before a subscriber holds anything, nothing is counted.
    pub staleness: Distribution,
    /// From the dial to the first response, of first connections and of reconnects.
    pub setup: Distribution,
    /// The part of it until TCP's handshake was over.
    pub setup_tcp: Distribution,
    /// The part of it that TLS's handshake took; empty where there is none.
    pub setup_tls: Distribution,
    /// For each subscriber that got anything, from when the first update of its topics was due to the first that it got.
    pub first_update: Distribution,
    /// Updates per frame, event or response, of those in the window that carried any.
    pub batch: Distribution,
    /// Frames, events or responses that came in the window, with or without updates.
    pub responses: u64,
    /// Those that carried nothing: empty polls.
    pub empty_responses: u64,
    /// Subscribers that never got a connection.
    pub never_connected: u64,
    /// Connections that ended and were opened again by the driver.
    pub reconnects: u64,
    /// Where the deliveries' time went. None where the kernel was not asked.
    pub split: Option<Split>,
    /// What the first subscriber had of one topic, over time. None where nothing came.
    pub trace: Option<Trace>,
    /// What the clients sent. None where they send nothing.
    pub posts: Option<Posts>,
    /// What members of rooms had of each other. None where there are no rooms.
    pub relayed: Option<Relayed>,
    /// How subscribers came back from what happened to them. None where nothing was to happen.
    pub recovery: Option<Recovery>,
    /// What became of questions. None where nobody asks.
    pub replies: Option<Replies>,
}

/// A quantile of the latency, and how far it is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// Its value, in nanoseconds.
    pub value_ns: u64,
    /// Whether at least [`Distribution::TAIL_SAMPLES`] distinct updates lie beyond it.
    pub trusted: bool,
    /// How many distinct updates reached somebody later than that, at least.
    pub distinct_updates_beyond: u64,
}

impl Account {
    /// The quantile `q` (0 to 1) of the latency; none when nothing was delivered.
    ///
    /// One slow update that goes to a thousand subscribers makes a thousand slow deliveries, and is
    /// still one event. So a tail is known only from the distinct updates in it.
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        let value_ns = self.latency.quantile(q)?;
        let distinct_updates_beyond = self.slowest.count_above(value_ns);
        let trusted = distinct_updates_beyond >= Distribution::TAIL_SAMPLES;
        Some(Quantile { value_ns, trusted, distinct_updates_beyond })
    }

    /// How many distinct updates reached somebody later than the quantile `q` of the latency.
    pub fn distinct_beyond(&self, q: f64) -> u64 {
        self.quantile(q).map_or(0, |quantile| quantile.distinct_updates_beyond)
    }

    /// Adds another crowd of the same server and round: the same updates, other subscribers.
    ///
    /// An update that was slow in both must not count twice in `slowest`, and which updates were slow
    /// is not known here any more. At any limit, at least as many distinct updates lie beyond it as in
    /// the crowd with more of them: `slowest` becomes that. Merge crowds first, rounds after.
    pub fn merge_crowd(&mut self, other: &Account) {
        match self.replies.is_some() {
            // Each reply has one reader, so crowds share none.
            true => self.slowest.merge(&other.slowest),
            false => self.slowest = self.slowest.envelope(&other.slowest),
        }
        self.merge_counts(other);
    }

    /// Adds another round: other updates.
    pub fn merge_round(&mut self, other: &Account) {
        self.slowest.merge(&other.slowest);
        self.merge_counts(other);
    }

    /// Everything but `slowest`.
    fn merge_counts(&mut self, other: &Account) {
        self.books.add(&other.books);
        self.latency.merge(&other.latency);
        self.sent_latency.merge(&other.sent_latency);
        self.staleness.merge(&other.staleness);
        self.setup.merge(&other.setup);
        self.setup_tcp.merge(&other.setup_tcp);
        self.setup_tls.merge(&other.setup_tls);
        self.first_update.merge(&other.first_update);
        self.batch.merge(&other.batch);
        self.responses += other.responses;
        self.empty_responses += other.empty_responses;
        self.never_connected += other.never_connected;
        self.reconnects += other.reconnects;
        match (&mut self.split, &other.split) {
            (Some(split), Some(other)) => split.merge(other),
            // A split of some of the deliveries would pass for one of all.
            (split, _) => *split = None,
        }
        if self.trace.is_none() {
            self.trace = other.trace.clone();
        }
        add(&mut self.posts, &other.posts, Posts::merge);
        add(&mut self.recovery, &other.recovery, Recovery::merge);
        add(&mut self.relayed, &other.relayed, Relayed::merge);
        add(&mut self.replies, &other.replies, Replies::merge);
    }
}

fn add<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>, merge: impl Fn(&mut T, &T)) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => merge(mine, theirs),
        (None, Some(theirs)) => *mine = Some(theirs.clone()),
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(latencies_ns: &[u64], slowest_ns: &[u64]) -> Account {
        let mut account = Account::default();
        latencies_ns.iter().for_each(|&latency_ns| account.latency.record(latency_ns));
        slowest_ns.iter().for_each(|&latency_ns| account.slowest.record(latency_ns));
        account
    }

    #[test]
    fn books_balance_or_say_no() {
        let mut books =
            Books { expected: 10, delivered: 4, superseded: 3, lost: 2, in_flight: 1, ..Books::default() };
        assert!(books.balance());
        books.lost = 1;
        assert!(!books.balance());
        books.in_flight = u64::MAX;
        assert!(!books.balance());
    }

    #[test]
    fn one_slow_update_for_many_is_no_tail() {
        let latencies_ns: Vec<u64> = (0..1000).map(|k| if k < 980 { 100 } else { 900 }).collect();
        let one = account(&latencies_ns, &[900]).quantile(0.95).unwrap();
        assert_eq!(one, Quantile { value_ns: 100, trusted: false, distinct_updates_beyond: 1 });
        assert!(account(&latencies_ns, &[900; 10]).quantile(0.95).unwrap().trusted);
        assert!(!account(&latencies_ns, &[900; 10]).quantile(1.0).unwrap().trusted);
    }

    #[test]
    fn nothing_delivered_has_no_quantile() {
        assert_eq!((Account::default().quantile(0.5), Account::default().distinct_beyond(0.5)), (None, 0));
    }

    #[test]
    fn crowds_share_their_updates_and_rounds_do_not() {
        let (left, right) = (account(&[100; 50], &[100, 900]), account(&[100; 50], &[100, 100, 800]));
        let mut crowds = left.clone();
        crowds.merge_crowd(&right);
        assert_eq!((crowds.slowest.len(), crowds.distinct_beyond(0.5), crowds.latency.len()), (3, 1, 100));
        let mut rounds = left;
        rounds.merge_round(&right);
        assert_eq!((rounds.slowest.len(), rounds.distinct_beyond(0.5), rounds.latency.len()), (5, 2, 100));
    }
}
