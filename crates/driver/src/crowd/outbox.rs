//! What a client posts, each message when it is due.

use super::books::Books;
use crate::clock::{self, Alarm};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use scenario::{Bodies, Plan};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Poll;
use transport::{Error, Requests};

/// Messages that a client has sent and no answer to; the next one waits.
const MOST_UNANSWERED: usize = 256;

/// A client's messages: those that it has yet to send, and those it has no answer to.
pub(crate) struct Outbox {
    local: usize,
    plan: Arc<Plan>,
    bodies: Arc<Bodies>,
    numbers: Vec<u32>,
    /// How many of them have been due so far.
    next: usize,
    /// Sent over a connection that ended before they were answered, or on the one that is open.
    unanswered: BTreeSet<u32>,
}

type Posted = BoxFuture<'static, (u32, Result<(), Error>)>;

impl Outbox {
    /// The messages of one client of these books.
    pub(crate) fn new(local: usize, plan: Arc<Plan>, bodies: Arc<Bodies>, numbers: Vec<u32>) -> Self {
        Outbox { local, plan, bodies, numbers, next: 0, unanswered: BTreeSet::new() }
    }

    /// Posts over one connection, as long as it lasts: first again what had no answer, then each message when it
    /// is due. Returns when a message fails for another reason than that the server refused it.
    pub(crate) async fn post(&mut self, requests: &Requests, books: &Books, alarm: &Alarm) -> Error {
        let mut started = books.start_ns.subscribe();
        let Some(start_ns) = started.wait_for(Option::is_some).await.ok().and_then(|start| *start) else {
            return Error::Closed;
        };
        let mut sent: FuturesUnordered<Posted> = FuturesUnordered::new();
        for number in self.unanswered.clone() {
            self.send(number, requests, &mut sent).await;
        }
        while let Some(number) = self.numbers.get(self.next).copied() {
            let due_ns = self.plan.get(u64::from(number)).map_or(0, |planned| start_ns + planned.due_ns);
            let mut due = alarm.until(due_ns);
            loop {
                tokio::select! {
                    biased;
                    Some((number, outcome)) = sent.next() => {
                        if let Some(error) = self.answered(number, outcome, books) {
                            return error;
                        }
                    }
                    () = &mut due, if sent.len() < MOST_UNANSWERED => break,
                }
            }
            self.next += 1;
            self.unanswered.insert(number);
            self.send(number, requests, &mut sent).await;
        }
        while let Some((number, outcome)) = sent.next().await {
            if let Some(error) = self.answered(number, outcome, books) {
                return error;
            }
        }
        std::future::pending().await
    }

    /// Sends a message, in its turn: whatever was polled first goes first.
    async fn send(&self, number: u32, requests: &Requests, sent: &mut FuturesUnordered<Posted>) {
        let Some(planned) = self.plan.get(u64::from(number)) else { return };
        let body = self.bodies.write_numbered(planned, u64::from(number), clock::now_ns());
        let requests = requests.clone();
        let mut posting: Posted = Box::pin(async move { (number, requests.post(Bytes::from(body)).await) });
        let polled = std::future::poll_fn(|cx| Poll::Ready(posting.as_mut().poll(cx))).await;
        match polled {
            Poll::Ready(outcome) => sent.push(Box::pin(std::future::ready(outcome))),
            Poll::Pending => sent.push(posting),
        }
    }

    /// Enters what became of a message; an error if it is the connection's.
    fn answered(&mut self, number: u32, outcome: Result<(), Error>, books: &Books) -> Option<Error> {
        let now_ns = clock::now_ns();
        match outcome {
            Ok(()) => {
                self.unanswered.remove(&number);
                books.enter(|ledger| {
                    if let Some(posting) = ledger.posting() {
                        posting.acknowledged(u64::from(number), now_ns);
                    }
                });
                None
            }
            Err(Error::Refused(why)) => {
                self.unanswered.remove(&number);
                books.failed(&Error::Refused(why));
                books.enter(|ledger| {
                    if let Some(posting) = ledger.posting() {
                        posting.failed(u64::from(number));
                    }
                });
                None
            }
            Err(error) => Some(error),
        }
    }
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox")
            .field("client", &self.local)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
