//! One subscriber: connects, listens, and connects again from its cursor.

use super::Tried;
use super::books::{Books, lock};
use super::dialled::Dialled;
use super::inquiry::Inquiry;
use super::outbox::Outbox;
use crate::clock::{self, Alarm};
use futures_util::StreamExt;
use ledger::{Read, Setup};
use scenario::Reconnect;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use transport::{Batch, Error, Event, Requests, Subscription, Updates};
use wire::Stamps;

/// How long one attempt to connect may take.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(10);
/// The pause before the second attempt; it doubles with each that fails.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// So often somebody has to be told no before a round begins without them. They go on asking.
const REFUSALS: u32 = 3;

pub(crate) struct Subscriber {
    /// Its number in the ledger.
    pub local: usize,
    pub subscription: Subscription,
    pub connects_at_ns: u64,
    /// What it tries, in this order: mostly it is one.
    pub tried: Vec<Tried>,
    /// At which of them it is: what worked stays.
    pub at: usize,
    /// Whether a connection over it stood before.
    pub has_worked: bool,
    /// How long it tries each of them but the last.
    pub fallback_after: Duration,
    /// How far its dials came.
    pub dialled: Arc<Dialled>,
    /// What the kernel notes of the dialer's connections, where it is asked.
    pub stamps: Option<Stamps>,
    pub reconnect: Reconnect,
    pub alarm: Alarm,
    pub books: Arc<Books>,
    pub connected: watch::Sender<u32>,
    pub settled: watch::Sender<u32>,
    /// What it has to say.
    pub says: Says,
}

/// What a client has to say beside listening.
pub(crate) enum Says {
    Nothing,
    Posts(Outbox),
    Asks(Inquiry),
}

impl Says {
    /// Says it over a connection, for as long as that lasts.
    async fn over(&mut self, requests: &Requests, books: &Books, alarm: &Alarm) -> Error {
        match self {
            Says::Nothing => std::future::pending().await,
            Says::Posts(outbox) => outbox.post(requests, books, alarm).await,
            Says::Asks(inquiry) => inquiry.ask(requests).await,
        }
    }
}

impl Subscriber {
    /// Goes on until dropped. The same policy for every transport, unless a scenario says otherwise: at once after an
    /// end, then with pauses that double, each moved a little by the subscriber's own phase.
    pub(crate) async fn listen(mut self) {
        self.alarm.until(self.connects_at_ns).await;
        let (mut first, mut failures, mut refusals) = (true, 0_u32, 0_u32);
        loop {
            match self.open().await {
                Ok((updates, requests, setup)) => {
                    self.books.book().opened(self.local, setup, (first, clock::now_ns()));
                    if std::mem::take(&mut first) {
                        self.connected.send_modify(|connected| *connected += 1);
                        if refusals < REFUSALS {
                            self.settled.send_modify(|settled| *settled += 1);
                        }
                    }
                    failures = if self.converse(updates, &requests).await { 0 } else { failures + 1 };
                    self.books.book().closed(self.local, clock::now_ns());
                }
                Err(error) => {
                    self.books.failed(&error);
                    failures += 1;
                    let is_settled = refusals >= REFUSALS;
                    refusals += match error {
                        Error::Refused(_) if first => 1,
                        // It was waited for long enough, and may come with what is published.
                        Error::Silent(_) if first => REFUSALS,
                        _ => 0,
                    };
                    if refusals >= REFUSALS && !is_settled {
                        if matches!(error, Error::Refused(_)) {
                            self.books.enter(|ledger| ledger.give_up(self.local));
                        }
                        self.settled.send_modify(|settled| *settled += 1);
                    }
                }
            }
            self.pause(failures).await;
        }
    }

    /// Opens a connection over the first that is to be had of what it tries, beginning with what worked last.
    async fn open(&mut self) -> Result<(Updates, Requests, Setup), Error> {
        let begun_ns = clock::now_ns();
        loop {
            let is_last = self.at + 1 == self.tried.len();
            let limit = if is_last { ATTEMPT_LIMIT } else { self.fallback_after };
            match self.attempt(begun_ns, limit).await {
                Ok(opened) if self.tried.len() > 1 => {
                    self.has_worked = true;
                    let name = self.tried[self.at].name.to_owned();
                    *lock(&self.books.over).entry(name).or_default() += 1;
                    return Ok(opened);
                }
                // What has worked before is to be had again.
                Err(error) if !is_last && !self.has_worked => {
                    self.books.failed(&error);
                    self.at += 1;
                }
                outcome => {
                    if outcome.is_err() && !self.has_worked {
                        self.at = 0;
                    }
                    return outcome;
                }
            }
        }
    }

    /// Opens a connection over what it is at; `begun_ns` is when it began with the first that it tried.
    async fn attempt(&self, begun_ns: u64, limit: Duration) -> Result<(Updates, Requests, Setup), Error> {
        let (attempt_ns, timer) = (clock::now_ns(), self.alarm.timer());
        let Tried { transport, dialer, .. } = &self.tried[self.at];
        let opening = transport.connect(dialer.clone(), self.subscription.clone(), timer.clone());
        let opened = timer.at_most(limit, opening).await;
        let (updates, requests) = opened.ok_or(Error::Silent(limit))??;
        // What opening took is no update's.
        let _ = self.stamps.as_ref().map(Stamps::take);
        Ok((updates, requests, self.dialled.take(begun_ns, attempt_ns, clock::now_ns())))
    }

    /// Listens, and says what there is to say, to the end of the connection; whether it brought anything.
    async fn converse(&mut self, updates: Updates, requests: &Requests) -> bool {
        let mut says = std::mem::replace(&mut self.says, Says::Nothing);
        let (books, alarm) = (self.books.clone(), self.alarm.clone());
        let brought = match &says {
            Says::Nothing => self.read(updates).await,
            Says::Posts(_) | Says::Asks(_) => tokio::select! {
                biased;
                brought = self.read(updates) => brought,
                error = says.over(requests, &books, &alarm) => {
                    books.failed(&error);
                    false
                }
            },
        };
        self.says = says;
        brought
    }

    /// Reads to the end of the connection; whether it brought anything.
    async fn read(&mut self, mut updates: Updates) -> bool {
        let mut brought = false;
        loop {
            match updates.next().await {
                Some(Ok(batch)) => {
                    self.enter(&batch, clock::now_ns());
                    brought |= !batch.events.is_empty();
                }
                Some(Err(error)) => {
                    self.books.failed(&error);
                    return brought;
                }
                None => {
                    self.books.failed(&Error::Closed);
                    return brought;
                }
            }
        }
    }

    fn enter(&mut self, batch: &Batch, arrived_ns: u64) {
        let noted = self.stamps.as_ref().map(Stamps::take);
        let books = self.books.clone();
        let (count, delivered) = books.enter(|ledger| {
            let (mut count, mut deliveries, mut delivered) = (0, 0, None);
            for event in &batch.events {
                match event {
                    Event::Update(update) => {
                        let one =
                            ledger.update(self.local, arrived_ns, update.seq, update.topic, &update.body);
                        deliveries += u64::from(one.is_some());
                        delivered = one.or(delivered);
                        self.subscription.cursor = self.subscription.cursor.max(update.seq);
                        count += 1;
                    }
                    Event::Skipped { topic, count } => ledger.skipped(self.local, *topic, *count),
                    Event::Gap { .. } => ledger.gap(),
                }
            }
            if count > 0 || batch.events.is_empty() {
                ledger.response(arrived_ns, count);
            }
            if let (Some(noted), Some(stamping)) = (noted, &books.stamping) {
                let came_ns = noted.came_ns.map(|came_ns| stamping.convert(came_ns));
                let read =
                    Read { reads: noted.reads, came_ns, arrived_ns, updates: count, deliveries, delivered };
                ledger.read(self.local, &read);
            }
            (count, delivered)
        });
        self.books.carried(count as u64);
        if let (0, Some(one), Some(pace)) = (self.local, delivered, &self.books.pace) {
            lock(&pace.first).record(arrived_ns.saturating_sub(one.sent_ns));
        }
    }

    async fn pause(&self, failures: u32) {
        if let Reconnect::After(span) = self.reconnect {
            return self.alarm.until(clock::now_ns() + span.as_nanos() as u64).await;
        }
        if failures == 0 {
            return;
        }
        let doubled = FIRST_PAUSE.saturating_mul(1 << failures.min(10).saturating_sub(1)).min(LONGEST_PAUSE);
        let moved = doubled.mul_f64(0.5 + self.subscription.phase);
        self.alarm.until(clock::now_ns() + moved.as_nanos() as u64).await;
    }
}
