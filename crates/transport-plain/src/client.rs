//! The client's half.

use bytes::Bytes;
use futures_util::future::{self, BoxFuture};
use futures_util::stream::{self, StreamExt};
use over_http::up::post_request;
use over_http::{Outbox, Pool, poll_body};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinHandle};
use transport::{ANSWER_LIMIT, Answer, Batch, Error, Reply, Requests, Subscription, Updates, Upstream};
use wire::{Dialer, Timer};

pub(crate) fn connect(
    dialer: Dialer,
    subscription: &Subscription,
    timer: Timer,
    reply_limit: Duration,
) -> Result<(Updates, Requests), Error> {
    if !subscription.is_none() {
        return Err(Error::Refused(
            "plain carries replies and posts, no subscription: use a live transport for updates".to_owned(),
        ));
    }
    let pool = Pool::new(dialer, timer);
    let sender = Sender { outbox: Outbox::new(pool.clone()), pool, reply_limit };
    Ok((over_http::nothing(), Requests::new(Arc::new(sender))))
}

struct Sender {
    outbox: Outbox,
    pool: Pool,
    reply_limit: Duration,
}

impl Upstream for Sender {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Answer> {
        self.outbox.post(body)
    }

    /// The question is under way from here on, whether or not anybody reads the reply yet: so it is a task's.
    fn ask(&self, question: Bytes) -> BoxFuture<'static, Result<Reply, Error>> {
        let (pool, limit) = (self.pool.clone(), self.reply_limit + ANSWER_LIMIT);
        Box::pin(async move {
            let exchanging = tokio::spawn(exchange(pool, question, limit));
            let closer = exchanging.abort_handle();
            let stop = async move {
                closer.abort();
                Ok(())
            };
            Ok(Reply { updates: updates(exchanging), stop: Box::pin(stop) })
        })
    }
}

async fn exchange(pool: Pool, question: Bytes, limit: Duration) -> Result<Batch, Error> {
    // A drop of this future closes the connection, which is how the server learns of an interruption.
    let request = post_request("/asks", question);
    let (status, body) = pool.answer(&request, limit, crate::MAX_REPLY_BYTES).await?;
    if !status.is_success() {
        return Err(Error::refused(&format!("{status} {}", String::from_utf8_lossy(&body))));
    }
    let answer = poll_body::parse(body)?;
    if answer.ended { Ok(answer.batch) } else { Err(Error::Protocol("a reply without its end".to_owned())) }
}

fn updates(exchanging: JoinHandle<Result<Batch, Error>>) -> Updates {
    let wanted = Wanted(exchanging.abort_handle());
    let whole = async move {
        let outcome = exchanging.await;
        drop(wanted);
        match outcome {
            Ok(Ok(empty)) if empty.events.is_empty() => None,
            Ok(outcome) => Some(outcome),
            Err(stopped) if stopped.is_cancelled() => None,
            Err(_) => Some(Err(Error::Broken("the exchange broke down".to_owned()))),
        }
    };
    stream::once(whole).filter_map(future::ready).boxed()
}

/// A reply that is dropped before its end is interrupted.
struct Wanted(AbortHandle);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.abort();
    }
}
