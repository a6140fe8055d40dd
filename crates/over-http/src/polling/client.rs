//! The client's half.

use crate::outbox::Outbox;
use crate::poll_body::{self, Answer};
use crate::pool::Pool;
use crate::up::post_request;
use axum::http::{Method, Request};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use http_body_util::Full;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use transport::{ANSWER_LIMIT, Batch, Error, Reply, Requests, Seq, Subscription, Updates, Upstream};
use wire::{Dialer, Timer};

/// What passes between an answer and the next poll.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// Nothing: the server holds the request.
    AtOnce,
    /// The next instant of the grid `offset + n * interval`.
    FixedRate {
        /// From poll to poll.
        interval: Duration,
        /// Where in the interval this client polls.
        offset: Duration,
    },
    /// A fixed time after each answer.
    FixedDelay {
        /// From answer to poll.
        interval: Duration,
        /// Before the first poll, instead of `interval`.
        first: Duration,
    },
}

/// Polls one address, again and again.
pub(crate) struct Poller {
    pool: Pool,
    timer: Timer,
    pace: Pace,
    /// Everything of the address but the cursor.
    address: String,
    cursor: Seq,
    answer_limit: Duration,
    state: Polled,
    interruption: Option<Interruption>,
}

/// How far a poller has come.
enum Polled {
    /// The opening poll's answer is there.
    Opened(Batch),
    GoingOn,
    Ended,
}

impl Poller {
    /// Opens a client: its first poll is answered at once, with what is already there.
    pub(crate) async fn open(
        dialer: Dialer,
        subscription: &Subscription,
        timer: Timer,
        (pace, hold, patience): (Pace, Duration, Duration),
    ) -> Result<(Updates, Requests), Error> {
        let pool = Pool::new(dialer.clone(), timer.clone());
        let topics = Subscription { cursor: 0, ..subscription.clone() }.to_query().replace("&cursor=0", "");
        let mut poller = Poller {
            pool,
            timer: timer.clone(),
            pace,
            address: format!("/updates?{topics}&cursor="),
            cursor: subscription.cursor,
            answer_limit: hold + patience,
            state: Polled::GoingOn,
            interruption: None,
        };
        let opening = poller.poll("&wait=0").await?;
        poller.state = Polled::Opened(opening.batch);
        // What is sent goes over connections of its own: the polls' one may be held.
        let requests = requests(Pool::new(dialer, timer), pace, hold);
        Ok((poller.into_updates(), requests))
    }

    fn into_updates(self) -> Updates {
        stream::unfold(self, |mut poller| async {
            let batch = poller.next().await?;
            if batch.is_err() {
                poller.end();
            }
            Some((batch, poller))
        })
        .boxed()
    }

    async fn next(&mut self) -> Option<Result<Batch, Error>> {
        match std::mem::replace(&mut self.state, Polled::GoingOn) {
            Polled::Opened(batch) => return Some(Ok(batch)),
            Polled::GoingOn => {}
            Polled::Ended => {
                self.state = Polled::Ended;
                return None;
            }
        }
        self.pause().await;
        match self.poll("").await {
            Ok(answer) => {
                if answer.ended {
                    self.end();
                }
                Some(Ok(answer.batch))
            }
            // The server has forgotten a reply that we told it to forget.
            Err(_) if self.interruption.as_ref().is_some_and(Interruption::was_told) => {
                self.end();
                None
            }
            Err(error) => Some(Err(error)),
        }
    }

    fn end(&mut self) {
        self.state = Polled::Ended;
        if let Some(interruption) = self.interruption.take() {
            interruption.told.store(true, Ordering::Release);
        }
    }

    async fn pause(&mut self) {
        match &mut self.pace {
            Pace::AtOnce => {}
            Pace::FixedRate { interval, offset } => self.timer.tick(*interval, *offset).await,
            Pace::FixedDelay { interval, first } => {
                let pause = std::mem::replace(first, *interval);
                self.timer.sleep(pause).await;
            }
        }
    }

    async fn poll(&mut self, wait: &str) -> Result<Answer, Error> {
        let request = request(Method::GET, &format!("{}{}{wait}", self.address, self.cursor))?;
        let (_, body) = self.pool.exchange(&request, self.answer_limit).await?;
        let answer = poll_body::parse(body)?;
        self.cursor = answer.cursor(self.cursor);
        Ok(answer)
    }
}

fn request(method: Method, path: &str) -> Result<Request<Full<Bytes>>, Error> {
    let request = Request::builder().method(method).uri(path).body(Full::default());
    request.map_err(|error| Error::Protocol(error.to_string()))
}

/// What is sent over the connections of a pool; none is opened before something is.
pub(crate) fn requests(pool: Pool, pace: Pace, hold: Duration) -> Requests {
    Requests::new(Arc::new(Sender { outbox: Outbox::new(pool.clone()), pool, pace, hold }))
}

struct Sender {
    outbox: Outbox,
    pool: Pool,
    pace: Pace,
    hold: Duration,
}

impl Upstream for Sender {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Error>> {
        self.outbox.post(body)
    }

    fn ask(&self, question: Bytes) -> BoxFuture<'static, Result<Reply, Error>> {
        let (pool, timer, pace) = (self.pool.clone(), self.pool.timer().clone(), self.pace);
        let answer_limit = self.hold + ANSWER_LIMIT;
        Box::pin(async move {
            let (_, id) = pool.exchange(&post_request("/asks", question), ANSWER_LIMIT).await?;
            let id: u64 = std::str::from_utf8(&id)
                .ok()
                .and_then(|id| id.parse().ok())
                .ok_or_else(|| Error::Protocol("the reply has no number".to_owned()))?;
            let interruption = Interruption { pool: pool.clone(), id, told: Arc::default() };
            let stop = interruption.clone();
            let poller = Poller {
                pool,
                timer,
                pace,
                address: format!("/replies/{id}?cursor="),
                cursor: 0,
                answer_limit,
                state: Polled::GoingOn,
                interruption: Some(interruption),
            };
            Ok(Reply { updates: poller.into_updates(), stop: Box::pin(async move { stop.tell().await }) })
        })
    }
}

/// Tells the server, once, that nobody wants more of a reply.
#[derive(Clone)]
struct Interruption {
    pool: Pool,
    id: u64,
    told: Arc<AtomicBool>,
}

impl Interruption {
    async fn tell(self) -> Result<(), Error> {
        if self.told.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let delete = request(Method::DELETE, &format!("/replies/{}", self.id))?;
        self.pool.exchange(&delete, ANSWER_LIMIT).await.map(|_| ())
    }

    fn was_told(&self) -> bool {
        self.told.load(Ordering::Acquire)
    }
}

/// A reply that is dropped before its end is interrupted.
impl Drop for Poller {
    fn drop(&mut self) {
        if let (Some(interruption), Ok(runtime)) = (self.interruption.take(), Handle::try_current()) {
            runtime.spawn(interruption.tell());
        }
    }
}
