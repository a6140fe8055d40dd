//! A client's posts, in the order in which they were made.
//!
//! Over HTTP/1.1 nothing orders two requests that are under way at once. So one POST of a client is, and what
//! is posted meanwhile goes together in the next one: order is kept, and a client that posts faster than
//! answers come back pays a round trip for many posts, not for each. Nothing waits to be joined by others.

use crate::pool::Pool;
use crate::up::{MAX_TOGETHER, outcomes, post_request};
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::fmt::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use transport::{ANSWER_LIMIT, Answer, Error};

/// Most bytes of several posts that go together; a longer one goes alone.
const TOGETHER_BYTES: usize = 64 << 10;

/// Sends what one client posts. Dropping it gives up what is under way.
#[derive(Debug)]
pub struct Outbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pool: Pool,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// A POST is under way: whoever comes now waits for the next one.
    in_flight: bool,
    /// In the order of their posting. Each belongs to a caller who waits, so there are no more than callers.
    waiting: VecDeque<Waiting>,
    /// What sends those who had to wait.
    carrying: Option<AbortHandle>,
}

#[derive(Debug)]
struct Waiting {
    body: Bytes,
    answer: oneshot::Sender<Answer>,
}

enum Place {
    First(Bytes),
    Behind(oneshot::Receiver<Answer>),
}

impl Outbox {
    /// An empty one, that sends over the connections of the pool.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        Outbox(Arc::new(Shared { pool, queue: Mutex::default() }))
    }

    /// Posts a message, see [`transport::Requests::post`]. Its place in the order is given by the first poll.
    ///
    /// # Errors
    /// When the server refuses it, can't be reached, or says nothing for [`ANSWER_LIMIT`].
    pub fn post(&self, body: Bytes) -> BoxFuture<'static, Answer> {
        let shared = self.0.clone();
        Box::pin(async move {
            match shared.enter(body) {
                Place::First(body) => {
                    let sending = Box::pin(send_one(shared.pool.clone(), body));
                    Flight { shared, sending: Some(sending) }.await
                }
                Place::Behind(answered) => {
                    let answer = shared.pool.timer().at_most(ANSWER_LIMIT, answered).await;
                    answer.ok_or(Error::Silent(ANSWER_LIMIT))?.unwrap_or(Err(Error::Closed))
                }
            }
        })
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        if let Some(carrying) = self.0.queue().carrying.take() {
            carrying.abort();
        }
    }
}

impl Shared {
    fn enter(&self, body: Bytes) -> Place {
        let mut queue = self.queue();
        if !std::mem::replace(&mut queue.in_flight, true) {
            return Place::First(body);
        }
        let (answer, answered) = oneshot::channel();
        queue.waiting.push_back(Waiting { body, answer });
        Place::Behind(answered)
    }

    /// A POST is over: those who waited go next.
    fn landed(self: &Arc<Self>) {
        let mut queue = self.queue();
        queue.forget_leavers();
        match Handle::try_current() {
            Ok(runtime) if !queue.waiting.is_empty() => {
                let shared = self.clone();
                queue.carrying = Some(runtime.spawn(shared.carry_on()).abort_handle());
            }
            _ => {
                // Without a runtime nothing can be sent; whoever waits is told by the drop of its channel.
                queue.waiting.clear();
                queue.in_flight = false;
            }
        }
    }

    async fn carry_on(self: Arc<Self>) {
        while let Some(posts) = self.next() {
            self.send(posts).await;
        }
    }

    fn next(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue();
        let posts = queue.take_together();
        queue.in_flight = !posts.is_empty();
        (!posts.is_empty()).then_some(posts)
    }

    async fn send(&self, posts: Vec<Waiting>) {
        let (bodies, answers): (Vec<Bytes>, Vec<_>) =
            posts.into_iter().map(|post| (post.body, post.answer)).unzip();
        let outcomes = match &bodies[..] {
            [one] => vec![send_one(self.pool.clone(), one.clone()).await],
            several => send_together(&self.pool, several).await,
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Whoever has left needs no answer.
            let _ = answer.send(outcome);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Whoever has given up before its post was sent does not post.
    fn forget_leavers(&mut self) {
        self.waiting.retain(|post| !post.answer.is_closed());
    }

    fn take_together(&mut self) -> Vec<Waiting> {
        self.forget_leavers();
        let (mut count, mut bytes) = (0, 0);
        for post in self.waiting.iter().take(MAX_TOGETHER) {
            bytes += post.body.len();
            if count > 0 && bytes > TOGETHER_BYTES {
                break;
            }
            count += 1;
        }
        self.waiting.drain(..count).collect()
    }
}

async fn send_one(pool: Pool, body: Bytes) -> Answer {
    pool.exchange(&post_request("/posts", body), ANSWER_LIMIT).await.map(|_| ())
}

async fn send_together(pool: &Pool, bodies: &[Bytes]) -> Vec<Answer> {
    let mut path = "/posts?lengths=".to_owned();
    let mut body = BytesMut::with_capacity(bodies.iter().map(Bytes::len).sum());
    for (place, post) in bodies.iter().enumerate() {
        // Writing to a String does not fail.
        let _ = write!(path, "{}{}", if place > 0 { "," } else { "" }, post.len());
        body.extend_from_slice(post);
    }
    match pool.answer(&post_request(&path, body.freeze()), ANSWER_LIMIT, Pool::ANSWER_BYTES).await {
        Ok((status, told)) => outcomes(status, &told, bodies.len()),
        Err(error) => vec![Err(error); bodies.len()],
    }
}

/// The POST of somebody who did not have to wait: sent from where it is polled, so that no other task need
/// wake up for it.
struct Flight {
    shared: Arc<Shared>,
    /// Until it is done.
    sending: Option<BoxFuture<'static, Answer>>,
}

impl Future for Flight {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        let Some(sending) = &mut self.sending else { return Poll::Ready(Err(Error::Closed)) };
        let answer = ready!(sending.as_mut().poll(cx));
        self.sending = None;
        self.shared.landed();
        Poll::Ready(answer)
    }
}

/// Whoever leaves while its POST is under way leaves it to go on: those behind it keep their order.
impl Drop for Flight {
    fn drop(&mut self) {
        let Some(sending) = self.sending.take() else { return };
        let Ok(runtime) = Handle::try_current() else { return self.shared.landed() };
        let shared = self.shared.clone();
        let going_on = runtime.spawn(async move {
            let _ = sending.await;
            shared.landed();
        });
        self.shared.queue().carrying = Some(going_on.abort_handle());
    }
}
