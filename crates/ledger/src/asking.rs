//! What the driver tells of questions and their answers as they happen.

mod heard;
mod player;

use crate::crowd::Connection;
use crate::{Account, Delivered, Distribution, Replies, Timeline};
use heard::Heard;
use player::Player;
use scenario::{Bodies, PlannedReply};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// The open books of the questions of one crowd of clients.
///
/// Clients go by their local number, the position in `clients`; replies go by their number in the plan, which
/// the driver has from the plan, and no peer. Instants are nanoseconds of the driver's one clock. Whatever a
/// peer sends is counted and never panics; memory is eight bytes for each chunk planned.
#[derive(Debug)]
pub struct Asking {
    plan: Arc<scenario::Replies>,
    bodies: Arc<Bodies>,
    clients: Range<u32>,
    connections: Vec<Connection>,
    /// One for each reply of the plan, whoever asks it.
    replies: Vec<Heard>,
    start_ns: Option<u64>,
    /// Replies of the window that have not ended.
    outstanding: u64,
    player: Option<Player>,
    /// Latencies since the last call of `take_second`; not in the account's yet.
    second: Distribution,
    account: Account,
}

impl Asking {
    /// Opens the books of some clients' questions; `sound` is how much of it a chunk holds, and how much a player
    /// collects before it begins.
    #[must_use]
    pub fn new(
        plan: Arc<scenario::Replies>,
        bodies: Arc<Bodies>,
        clients: Range<u32>,
        sound: Option<(Duration, Duration)>,
    ) -> Self {
        let ours = |reply: &&PlannedReply| clients.contains(&reply.client) && plan.in_window(reply);
        Asking {
            outstanding: plan.iter().filter(ours).count() as u64,
            connections: clients.clone().map(|_| Connection::Never).collect(),
            replies: plan.iter().map(|_| Heard::default()).collect(),
            start_ns: None,
            player: sound.map(|(chunk, start)| Player::new(chunk, start)),
            second: Distribution::default(),
            account: Account { replies: Some(Replies::default()), ..Account::default() },
            plan,
            bodies,
            clients,
        }
    }

    /// Sets the common start: a question is due at `start_ns` and its own `due_ns` after it.
    pub fn start(&mut self, start_ns: u64) {
        self.start_ns = Some(start_ns);
    }

    /// A client may ask from now on; if not `first`, again.
    ///
    /// How long that took is not entered: where no connection is opened before the first question, it would be
    /// nothing, and a question pays for it.
    pub fn opened(&mut self, client: usize, first: bool) {
        self.account.reconnects += u64::from(!first);
        if let Some(connection) = self.connections.get_mut(client) {
            *connection = Connection::Open;
        }
    }

    /// A client's connection ended. A dial that failed ends something that never was.
    pub fn closed(&mut self, client: usize) {
        if let Some(connection) = self.connections.get_mut(client).filter(|one| **one == Connection::Open) {
            *connection = Connection::Closed;
        }
    }

    /// A reader was told that the log of a reply no longer reached back to its cursor. Which chunks this cost shows in
    /// what is missing.
    pub fn gap(&mut self) {
        self.account.books.gaps += 1;
    }

    /// One frame, event or response came and carried so many chunks, perhaps none. Counted if it came inside the
    /// measured window.
    pub fn response(&mut self, at_ns: u64, chunks: usize) {
        let Some(start_ns) = self.start_ns else { return };
        if !self.plan.window_ns().contains(&at_ns.saturating_sub(start_ns)) {
            return;
        }
        self.account.responses += 1;
        match chunks {
            0 => self.account.empty_responses += 1,
            _ => self.account.batch.record(chunks as u64),
        }
    }

    /// A chunk came, with its place in the answer, from 1. Tells of it if it counts as delivered.
    pub fn chunk(&mut self, number: u64, arrived_ns: u64, seq: u64, body: &[u8]) -> Option<Delivered> {
        let index = seq.checked_sub(1).and_then(|index| u32::try_from(index).ok());
        let planned = index.and_then(|index| self.plan.chunk(number, index));
        let (Some(planned), Some(start_ns)) = (planned, self.start_ns) else {
            self.account.books.unknown += 1;
            return None;
        };
        let reply = *self.plan.get(number)?;
        let heard = self.replies.get_mut(number as usize - 1)?;
        let counts = self.plan.in_window(&reply);
        let books = &mut self.account.books;
        let Ok(sent_ns) = self.bodies.check(&planned, body) else {
            books.damaged += u64::from(counts);
            return None;
        };
        if heard.is_stopped() {
            heard.unwanted(arrived_ns);
            return None;
        }
        let question_ns = start_ns + reply.due_ns;
        let due_ns = question_ns + planned.due_ns;
        match heard.enter(planned.index, arrived_ns.saturating_sub(question_ns), reply.chunks) {
            heard::Kind::Again => {
                books.duplicated += u64::from(counts);
                return None;
            }
            heard::Kind::Late => books.reordered += u64::from(counts),
            heard::Kind::InOrder => {}
        }
        let is_expected = reply.stop_ns.is_none_or(|stop_ns| planned.due_ns < stop_ns);
        if !counts || !is_expected {
            return None;
        }
        books.delivered += 1;
        books.early += u64::from(arrived_ns < due_ns);
        self.second.record(arrived_ns.saturating_sub(due_ns));
        self.account.sent_latency.record(arrived_ns.saturating_sub(sent_ns));
        Some(Delivered { due_ns, sent_ns })
    }

    /// The driver has asked for a reply to be stopped.
    pub fn stopped(&mut self, number: u64, at_ns: u64) {
        if let Some(heard) = number.checked_sub(1).and_then(|at| self.replies.get_mut(at as usize)) {
            heard.stop(at_ns);
        }
    }

    /// A reply ended: it was complete or stopped, or else refused or broken off.
    pub fn ended(&mut self, number: u64, at_ns: u64, whole: bool) {
        let Some(reply) = self.plan.get(number).copied() else { return };
        let Some(heard) = self.replies.get_mut(number as usize - 1) else { return };
        if heard.end(at_ns, whole) && self.plan.in_window(&reply) {
            self.outstanding = self.outstanding.saturating_sub(1);
        }
    }

    /// Whether every reply of the window has ended.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.outstanding == 0
    }

    /// How many chunks came so far that nobody expected.
    #[must_use]
    pub fn unknown(&self) -> u64 {
        self.account.books.unknown
    }

    /// The latencies, in nanoseconds, of the window's chunks delivered since the last call.
    pub fn take_second(&mut self) -> Distribution {
        self.account.latency.merge(&self.second);
        std::mem::take(&mut self.second)
    }

    /// Closes the books at `end_ns`.
    #[must_use]
    pub fn close(mut self, end_ns: u64) -> Account {
        self.take_second();
        let never = |connection: &&Connection| **connection == Connection::Never;
        self.account.never_connected = self.connections.iter().filter(never).count() as u64;
        let mut closing = Closing {
            replies: Replies { playback: self.player.as_ref().map(Player::account), ..Replies::default() },
            lags: Vec::new(),
            // For each client, until when its last answer was under way.
            busy_ns: vec![0; self.clients.len()],
        };
        let start_ns = self.start_ns.unwrap_or(end_ns);
        let over_ns = end_ns.saturating_sub(start_ns);
        for number in 1..=self.plan.len() as u64 {
            let Some(reply) = self.plan.get(number).copied() else { continue };
            // What came before its question was due stays: it was delivered, and counted as early.
            let is_due = reply.due_ns <= over_ns || self.replies[number as usize - 1].has_any();
            if self.clients.contains(&reply.client) && is_due {
                self.settle(&mut closing, number, &reply, over_ns);
            }
        }
        let (typical, worst) = closing.timelines(&self.plan, &self.replies);
        self.account.replies = Some(Replies { typical, worst, ..closing.replies });
        debug_assert!(self.account.books.balance(), "{:?}", self.account.books);
        self.account
    }

    /// Enters what became of one reply.
    fn settle(&mut self, closing: &mut Closing, number: u64, reply: &PlannedReply, over_ns: u64) {
        let heard = &self.replies[number as usize - 1];
        let end_ns =
            heard.ended_ns.map_or(over_ns, |at_ns| at_ns.saturating_sub(self.start_ns.unwrap_or_default()));
        // A reply is over for its reader when stopping it is due, however long that takes to be noticed.
        let stop_ns = reply.stop_ns.map_or(u64::MAX, |stop_ns| reply.due_ns.saturating_add(stop_ns));
        let end_ns = end_ns.min(stop_ns);
        let busy_ns = &mut closing.busy_ns[(reply.client - self.clients.start) as usize];
        let overlaps = *busy_ns > reply.due_ns;
        *busy_ns = (*busy_ns).max(end_ns);
        if !self.plan.in_window(reply) {
            return;
        }
        let replies = &mut closing.replies;
        replies.overlapped += u64::from(overlaps);
        let expected = |index: &u32| {
            let offset_ns = self.plan.offset_ns(reply, *index);
            reply.stop_ns.is_none_or(|stop_ns| offset_ns < stop_ns)
        };
        let due = (0..reply.chunks).take_while(expected).count() as u64;
        let delivered = (0..due as u32).filter(|index| heard.has(*index)).count() as u64;
        let books = &mut self.account.books;
        let missing = due - delivered;
        books.expected += due;
        match (heard.is_stopped(), heard.ended_ns.is_some()) {
            (true, _) => {
                books.expected -= missing;
                replies.withdrawn += missing;
            }
            (false, true) => books.lost += missing,
            // What was not due yet is not expected.
            (false, false) => {
                let due_now = |index: &u32| reply.due_ns + self.plan.offset_ns(reply, *index) <= over_ns;
                let later =
                    (0..due as u32).filter(|index| !heard.has(*index) && !due_now(index)).count() as u64;
                books.expected -= later;
                books.in_flight += missing - later;
            }
        }
        replies.asked += 1;
        let question_ns = self.start_ns.unwrap_or_default() + reply.due_ns;
        let lag = heard.tell(replies, &self.plan, reply, question_ns);
        if let Some(lag_ns) = lag {
            self.account.slowest.record(lag_ns);
            closing.lags.push((lag_ns, number));
        }
        if let (Some(player), Some(playback), true) =
            (&self.player, &mut replies.playback, heard.is_whole(reply))
        {
            player.play(&heard.arrivals(), playback);
        }
    }
}

/// What is gathered reply by reply when the books are closed.
struct Closing {
    replies: Replies,
    /// The greatest lag of each reply that brought anything, and its number.
    lags: Vec<(u64, u64)>,
    busy_ns: Vec<u64>,
}

impl Closing {
    /// The reply of the median of greatest lags, and the one of the greatest.
    fn timelines(
        &mut self,
        plan: &scenario::Replies,
        replies: &[Heard],
    ) -> (Option<Timeline>, Option<Timeline>) {
        self.lags.sort_unstable();
        let timeline = |&(_, number): &(u64, u64)| {
            let reply = plan.get(number)?;
            Some(replies[number as usize - 1].timeline(plan, reply))
        };
        let typical = self.lags.get(self.lags.len().saturating_sub(1) / 2).and_then(timeline);
        (typical, self.lags.last().and_then(timeline))
    }
}
