//! What the driver tells as it happens.

mod arriving;
mod parts;

use crate::ages::Ages;
use crate::crowd::{Connection, Subscriber};
use crate::recovering::Recovering;
use crate::relaying::Relaying;
use crate::split::Splitting;
use crate::trace::Tracing;
use crate::track::Track;
use crate::{Account, Distribution, Posting, Read};
use scenario::{Bodies, Plan};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of the stamp that every body begins with.
const STAMP_BYTES: usize = 16;
/// Bytes in which an update counts the posts of one member.
const COUNT_BYTES: usize = 4;

/// The open books of one crowd of subscribers: what was planned, held against what came.
///
/// Subscribers go by their local number, the position in `follows`; instants are nanoseconds of the
/// driver's one clock. Whatever a peer sends is counted and never panics, and memory is bounded by the
/// plan and the number of (subscriber, topic).
///
/// # Panics
///
/// Every method that takes a subscriber panics on a number that `follows` does not have: that number is
/// the driver's own.
#[derive(Debug)]
pub struct Ledger {
    plan: Arc<Plan>,
    bodies: Arc<Bodies>,
    subscribers: Vec<Subscriber>,
    /// For each topic, the indices that are due in the measured window.
    windows: Vec<Range<u32>>,
    start_ns: Option<u64>,
    /// Expected, and neither delivered nor superseded yet. Of posts, those of the warm-up are among them: which
    /// of all the server left out is not known.
    outstanding: u64,
    /// For each update, by its sequence number, one more than its largest latency; zero if it reached
    /// nobody.
    slowest: Vec<u64>,
    ages: Ages,
    /// Latencies since the last call of `take_second`; not in the account's yet.
    second: Distribution,
    /// For each subscriber, whether it has got anything.
    has_heard: Vec<bool>,
    /// For each subscriber, whether nobody waits for what it has not got.
    given_up: Vec<bool>,
    /// What the first subscriber has of one topic, over time.
    tracing: Tracing,
    /// Where the kernel is asked when what is read had come.
    splitting: Option<Splitting>,
    /// Where what comes are posts of members of rooms.
    relaying: Option<Relaying>,
    /// Where something happens to subscribers.
    recovering: Option<Recovering>,
    /// Where clients post.
    posting: Option<Posting>,
    /// For each subscriber, where its count of posts stands in the updates of its room, and how long all counts
    /// are, in bytes. Empty where updates count no posts.
    counts: Vec<(usize, usize)>,
    account: Account,
}

/// How long opening a connection took, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Setup {
    /// From the dial to the first response.
    pub total_ns: u64,
    /// The part until TCP's handshake was over, where that is known.
    pub tcp_ns: Option<u64>,
    /// The part that TLS's handshake took, where there is one.
    pub tls_ns: Option<u64>,
}

impl From<u64> for Setup {
    fn from(total_ns: u64) -> Self {
        Setup { total_ns, ..Setup::default() }
    }
}

impl Ledger {
    /// Opens the books for a crowd, given the topics that each of its subscribers follows.
    pub fn new(plan: Arc<Plan>, bodies: Arc<Bodies>, follows: Vec<Vec<u32>>) -> Ledger {
        let windows = windows(&plan);
        let subscribers: Vec<_> = follows.into_iter().map(Subscriber::new).collect();
        let mut account = Account::default();
        account.books.expected = expected(&subscribers, &windows);
        let outstanding = match plan.is_of_posts() {
            true => expected(&subscribers, &everything(&plan)),
            false => account.books.expected,
        };
        let count = subscribers.len();
        let tracing = Tracing::new(subscribers.first().map_or(&[][..], Subscriber::topics), &windows);
        Ledger {
            subscribers,
            windows,
            start_ns: None,
            outstanding,
            slowest: vec![0; plan.len()],
            ages: Ages::default(),
            second: Distribution::default(),
            has_heard: vec![false; count],
            given_up: vec![false; count],
            tracing,
            splitting: None,
            relaying: None,
            recovering: None,
            posting: None,
            counts: Vec::new(),
            account,
            plan,
            bodies,
        }
    }

    /// Sets the common start: an update is due at `start_ns` and its own `due_ns` after it.
    pub fn start(&mut self, start_ns: u64) {
        self.start_ns = Some(start_ns);
        if let Some(posting) = &mut self.posting {
            posting.start(start_ns);
        }
    }

    /// A connection is up, so long after it was dialled; if not `first`, it is a reconnect.
    pub fn opened(&mut self, sub: usize, setup: impl Into<Setup>, first: bool) {
        let Setup { total_ns, tcp_ns, tls_ns } = setup.into();
        self.subscribers[sub].open();
        self.account.setup.record(total_ns);
        tcp_ns.into_iter().for_each(|ns| self.account.setup_tcp.record(ns));
        tls_ns.into_iter().for_each(|ns| self.account.setup_tls.record(ns));
        self.account.reconnects += u64::from(!first);
    }

    /// A subscriber that never had a connection will have none: nobody waits for what it should get. It stays
    /// expected, and is lost unless it comes after all.
    pub fn give_up(&mut self, sub: usize) {
        if self.subscribers[sub].connection() != Connection::Never || self.given_up[sub] {
            return;
        }
        self.given_up[sub] = true;
        let alone = std::slice::from_ref(&self.subscribers[sub]);
        self.outstanding -= match self.plan.is_of_posts() {
            true => expected(alone, &everything(&self.plan)),
            false => expected(alone, &self.windows),
        };
    }

    /// So much of what was waited for has come to a subscriber, or will not.
    fn settled(&mut self, sub: usize, count: u64) {
        if !self.given_up[sub] {
            self.outstanding -= count;
        }
    }

    /// A subscriber's connection ended.
    pub fn closed(&mut self, sub: usize) {
        self.subscribers[sub].close();
    }

    /// One frame, event or response came and carried so many updates, perhaps none. Counted if it came
    /// inside the measured window: a ramp of idle polls says nothing about a feed.
    pub fn response(&mut self, at_ns: u64, updates: usize) {
        if !self.window_ns().is_some_and(|window_ns| window_ns.contains(&at_ns)) {
            return;
        }
        self.account.responses += 1;
        match updates {
            0 => self.account.empty_responses += 1,
            _ => self.account.batch.record(updates as u64),
        }
    }

    /// The server told a subscriber that it left out `count` updates of a topic in favour of the next
    /// one. If the connection ends before that one comes, this counts for nothing.
    pub fn skipped(&mut self, sub: usize, topic: u32, count: u64) {
        match self.subscribers[sub].track(topic) {
            Some(track) if self.plan.is_of_posts() => {
                let skipped = track.skip(count, self.plan.of_topic(topic).len() as u64);
                self.settled(sub, skipped);
            }
            Some(track) => track.announce(count),
            None => self.account.books.unknown += 1,
        }
    }

    /// The server told a subscriber that its log no longer reaches back to the cursor. Which updates
    /// this cost shows in what is missing.
    pub fn gap(&mut self) {
        self.account.books.gaps += 1;
    }

    /// What the kernel noted of a frame, event or response whose updates have been entered.
    pub fn read(&mut self, sub: usize, read: &Read) {
        if let Some(splitting) = &mut self.splitting {
            splitting.read(sub, read);
        }
    }

    /// A second of the clock that stamps are taken from is over; whether it held still against the driver's.
    pub fn end_second(&mut self, clock_held: bool) {
        if let Some(splitting) = &mut self.splitting {
            splitting.end_second(clock_held);
        }
    }

    /// Whether all that was expected is delivered or superseded: nothing is left to wait for.
    pub fn is_complete(&self) -> bool {
        self.outstanding == 0 && self.posting.as_ref().is_none_or(Posting::is_complete)
    }

    /// How many updates came so far that nobody expected, or before the start was known.
    pub fn unknown(&self) -> u64 {
        self.account.books.unknown
    }

    /// The latencies, in nanoseconds, of the window's updates delivered since the last call. Over all
    /// calls of a run their number sums up to [`Books::delivered`](crate::Books::delivered).
    pub fn take_second(&mut self) -> Distribution {
        self.account.latency.merge(&self.second);
        std::mem::take(&mut self.second)
    }

    /// Closes the books at `end_ns`. What has not come on a connection still open is in flight, unless
    /// something newer came: then it is lost, like everything on a connection that is not there. What
    /// was not due yet was not expected.
    pub fn close(mut self, end_ns: u64) -> Account {
        self.take_second();
        self.end_windows(end_ns);
        let is_behind: Vec<bool> =
            (0..self.subscribers.len()).map(|sub| !self.behind(sub, end_ns).is_empty()).collect();
        self.account.recovery =
            self.recovering.take().map(|recovering| recovering.close(|sub| is_behind[sub]));
        for subscriber in std::mem::take(&mut self.subscribers) {
            let is_open = subscriber.connection() == Connection::Open;
            self.account.never_connected += u64::from(subscriber.connection() == Connection::Never);
            for (topic, track) in subscriber.tracks() {
                self.settle(topic, track, is_open);
                if let Some((due_ns, held_ns)) = track.held_until(end_ns) {
                    self.age(due_ns, held_ns);
                }
            }
        }
        self.account.split = self.splitting.take().map(Splitting::close);
        self.account.relayed = self.relaying.take().map(Relaying::close);
        self.account.posts = self.posting.take().map(|posting| posting.close(end_ns));
        self.account.staleness = self.ages.distribution();
        for latency in self.slowest.iter().filter_map(|slowest| slowest.checked_sub(1)) {
            self.account.slowest.record(latency);
        }
        self.account.trace = self.tracing.close();
        debug_assert!(self.account.books.balance(), "{:?}", self.account.books);
        self.account
    }

    /// Takes back what would have been due after the end.
    fn end_windows(&mut self, end_ns: u64) {
        let over_ns = end_ns.saturating_sub(self.start_ns.unwrap_or(end_ns));
        if over_ns >= self.plan.window_ns().end {
            return;
        }
        for (topic, window) in self.windows.iter_mut().enumerate() {
            let of_topic = self.plan.of_topic(topic as u32);
            let due = of_topic.partition_point(|seq| {
                self.plan.get(u64::from(*seq)).is_some_and(|planned| planned.due_ns <= over_ns)
            });
            // What came before it was due stays: it was delivered, and counted as early.
            let came = self.subscribers.iter().filter_map(|one| one.next_of(topic as u32)).max();
            window.end = window.end.min((due as u32).max(came.unwrap_or(0))).max(window.start);
        }
        self.account.books.expected = expected(&self.subscribers, &self.windows);
    }

    /// The first update that a subscriber got, so long after the start.
    fn hears_first(&mut self, sub: usize, since_start_ns: u64) {
        let first_of = |topic: &u32| {
            let seq = self.plan.of_topic(*topic).first()?;
            Some(self.plan.get(u64::from(*seq))?.due_ns)
        };
        let due_ns = self.subscribers[sub].topics().iter().filter_map(first_of).min();
        let late_ns = due_ns.map(|due_ns| since_start_ns.saturating_sub(due_ns));
        late_ns.into_iter().for_each(|ns| self.account.first_update.record(ns));
    }

    /// Enters what one subscriber still misses of one topic.
    fn settle(&mut self, topic: u32, track: &Track, is_open: bool) {
        let Some(window) = self.windows.get(topic as usize) else { return };
        let books = &mut self.account.books;
        let missing = track.missing().map(|missing| overlap(&missing, window)).sum::<u64>();
        let not_come = overlap(&(track.next()..u32::MAX), window);
        let superseded = match self.plan.is_of_posts() {
            true => track.left_out(self.plan.of_topic(topic).len() as u64, missing + not_come),
            false => 0,
        };
        // What was left out and is older than the newest stands among what is missing.
        let older = superseded.min(missing);
        books.superseded += superseded;
        books.lost += missing - older;
        let not_come = not_come - (superseded - older);
        match is_open {
            true => books.in_flight += not_come,
            false => books.lost += not_come,
        }
    }

    fn window_ns(&self) -> Option<Range<u64>> {
        let window_ns = self.plan.window_ns();
        self.start_ns.map(|start_ns| start_ns + window_ns.start..start_ns + window_ns.end)
    }
}

fn expected(subscribers: &[Subscriber], windows: &[Range<u32>]) -> u64 {
    let topics = subscribers.iter().flat_map(Subscriber::topics);
    topics.map(|&topic| windows.get(topic as usize).map_or(0, |window| window.len() as u64)).sum()
}

/// For each topic, all of its indices.
fn everything(plan: &Plan) -> Vec<Range<u32>> {
    (0..plan.topics()).map(|topic| 0..plan.of_topic(topic).len() as u32).collect()
}

/// For each topic, the indices due in the window. They follow each other, as a topic's updates are
/// numbered in the order in which they are due.
fn windows(plan: &Plan) -> Vec<Range<u32>> {
    // Topics of which nothing is due in the window have one too: what is due before it comes as well.
    let mut windows = vec![0..0; plan.topics() as usize];
    for planned in plan.iter().filter(|planned| plan.in_window(planned)) {
        let window = &mut windows[planned.topic as usize];
        debug_assert!(window.end == 0 || window.end == planned.index, "{planned:?} out of order");
        if window.end == 0 {
            window.start = planned.index;
        }
        window.end = planned.index + 1;
    }
    windows
}

fn overlap(left: &Range<u32>, right: &Range<u32>) -> u64 {
    u64::from(left.end.min(right.end).saturating_sub(left.start.max(right.start)))
}
