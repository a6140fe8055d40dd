//! What a client asks, each question when it is due, and how it listens to the answers.

use super::books::Books;
use crate::clock::{self, Alarm};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use scenario::{Bodies, PlannedReply, Replies};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use transport::{Batch, Error, Event, Reply, Requests, Subscription, Transport};
use wire::Dialer;

/// Answers that a client listens to at once; the next question waits.
const MOST_AT_ONCE: usize = 64;
/// How long a reply may go on after it was stopped.
const STOPPING: Duration = Duration::from_secs(10);

/// A client's questions.
pub(crate) struct Inquiry {
    /// The numbers of its questions that have not been put, as they are due.
    pub numbers: VecDeque<u32>,
    pub asker: Asker,
}

/// What every question needs.
#[derive(Clone)]
pub(crate) struct Asker {
    pub plan: Arc<Replies>,
    pub bodies: Arc<Bodies>,
    pub books: Arc<Books>,
    pub alarm: Alarm,
    pub transport: Arc<dyn Transport>,
    /// For questions over a connection of their own.
    pub fresh: Dialer,
}

impl Inquiry {
    /// Asks over one connection, as long as it lasts, each question when it is due.
    pub(crate) async fn ask(&mut self, requests: &Requests) -> Error {
        let mut started = self.asker.books.start_ns.subscribe();
        let Some(start_ns) = started.wait_for(Option::is_some).await.ok().and_then(|start| *start) else {
            return Error::Closed;
        };
        let mut open: FuturesUnordered<BoxFuture<'static, ()>> = FuturesUnordered::new();
        while let Some(number) = self.numbers.front().copied() {
            let due_ns = self.asker.plan.get(u64::from(number)).map_or(0, |reply| start_ns + reply.due_ns);
            let mut due = self.asker.alarm.until(due_ns);
            loop {
                tokio::select! {
                    biased;
                    Some(()) = open.next() => {}
                    () = &mut due, if open.len() < MOST_AT_ONCE => break,
                }
            }
            self.numbers.pop_front();
            let (asker, requests) = (self.asker.clone(), requests.clone());
            open.push(Box::pin(async move { asker.put(u64::from(number), start_ns, requests).await }));
        }
        while open.next().await.is_some() {}
        std::future::pending().await
    }
}

impl Asker {
    async fn put(self, number: u64, start_ns: u64, requests: Requests) {
        let Some(reply) = self.plan.get(number).copied() else { return };
        let due_ns = start_ns + reply.due_ns;
        let outcome = match reply.fresh {
            true => self.put_afresh(number, &reply, due_ns).await,
            false => self.listen(number, &reply, due_ns, &requests).await,
        };
        let now_ns = clock::now_ns();
        if let Err(error) = &outcome {
            self.books.failed(error);
        }
        self.books.enter_reply(|asking| asking.ended(number, now_ns, outcome.is_ok()));
    }

    /// Over a connection that is opened for it and closed after it.
    async fn put_afresh(&self, number: u64, reply: &PlannedReply, due_ns: u64) -> Result<(), Error> {
        let connecting = self.transport.connect(self.fresh.clone(), Subscription::none(), self.alarm.timer());
        let (mut updates, requests) = connecting.await?;
        let silent = async { while let Some(Ok(_)) = updates.next().await {} };
        tokio::select! {
            biased;
            outcome = self.listen(number, reply, due_ns, &requests) => outcome,
            () = silent => Err(Error::Closed),
        }
    }

    async fn listen(
        &self,
        number: u64,
        reply: &PlannedReply,
        due_ns: u64,
        requests: &Requests,
    ) -> Result<(), Error> {
        let Some(planned) = self.plan.question(number) else { return Ok(()) };
        let question = self.bodies.write_numbered(&planned, number, clock::now_ns());
        let Reply { mut updates, stop } = requests.ask(Bytes::from(question)).await?;
        let stop_at_ns = reply.stop_ns.map(|stop_ns| due_ns + stop_ns);
        let mut stop = Some(stop);
        let mut stop_due = self.alarm.until(stop_at_ns.unwrap_or(u64::MAX));
        let mut stopping: BoxFuture<'_, ()> = Box::pin(std::future::pending());
        loop {
            tokio::select! {
                biased;
                batch = updates.next() => match batch {
                    Some(Ok(batch)) => self.enter(number, &batch, clock::now_ns()),
                    // However the server ends what was stopped, it is stopped.
                    Some(Err(error)) => return if stop.is_none() { Ok(()) } else { Err(error) },
                    None => return Ok(()),
                },
                () = &mut stop_due, if stop.is_some() && stop_at_ns.is_some() => {
                    let now_ns = clock::now_ns();
                    self.books.enter_reply(|asking| asking.stopped(number, now_ns));
                    if let Some(stop) = stop.take() {
                        stopping = Box::pin(self.stop(stop));
                    }
                }
                () = &mut stopping => return Ok(()),
            }
        }
    }

    /// Stops a reply; ends when what may still come has had its time.
    async fn stop(&self, stop: BoxFuture<'static, Result<(), Error>>) {
        let timer = self.alarm.timer();
        if let Some(Err(error)) = timer.at_most(STOPPING, stop).await {
            self.books.failed(&error);
        }
        timer.sleep(STOPPING).await;
    }

    fn enter(&self, number: u64, batch: &Batch, arrived_ns: u64) {
        let count = batch.updates().count();
        self.books.enter_reply(|asking| {
            for event in &batch.events {
                match event {
                    Event::Update(update) => {
                        asking.chunk(number, arrived_ns, update.seq, &update.body);
                    }
                    Event::Gap { .. } => asking.gap(),
                    // Nothing of a reply may be left out: what is missing shows in the books.
                    Event::Skipped { .. } => {}
                }
            }
            asking.response(arrived_ns, count);
        });
        self.books.carried(count as u64);
    }
}
