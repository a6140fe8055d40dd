//! The client's half.

use crate::event::{Told, interpret};
use crate::parse::Parser;
use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming};
use over_http::down::broken;
use over_http::up::post_request;
use over_http::{Outbox, Pool};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use transport::{ANSWER_LIMIT, Batch, Error, Reply, Requests, Silence, Subscription, Updates, Upstream};
use wire::http::Client;
use wire::{Dialer, Timer};

pub(crate) async fn connect(
    dialer: Dialer,
    subscription: Subscription,
    timer: Timer,
    silence: (Duration, Duration),
) -> Result<(Updates, Requests), Error> {
    let pool = Pool::new(dialer, timer.clone());
    let sender = Sender { outbox: Outbox::new(pool.clone()), pool: pool.clone(), silence };
    let requests = Requests::new(Arc::new(sender));
    if subscription.is_none() {
        return Ok((over_http::nothing(), requests));
    }
    let request = Request::get(format!("/updates?{}", subscription.to_query()))
        .header(header::ACCEPT, "text/event-stream")
        .body(Full::default())
        .map_err(|error| Error::Protocol(error.to_string()))?;
    let (response, client) = pool.send(&request, silence.1).await?;
    let events =
        Events::new(response, client, pool, Silence::after_heartbeats(silence.0, silence.1, timer)).await?;
    Ok((events.into_updates(), requests))
}

/// A stream of events as it comes in.
struct Events {
    body: Incoming,
    /// Its drop closes the connection.
    client: Client,
    parser: Parser,
    pool: Pool,
    silence: Silence,
    /// It has to say that it is complete: a reply that only ends has broken off.
    is_reply: bool,
    /// We closed it ourselves.
    stopped: Arc<AtomicBool>,
}

impl Events {
    /// Takes a response that must be an event stream: another status or type ends it for good.
    async fn new(
        response: Response<Incoming>,
        client: Client,
        pool: Pool,
        silence: Silence,
    ) -> Result<Self, Error> {
        let (head, body) = response.into_parts();
        if head.status != StatusCode::OK {
            let reading = http_body_util::Limited::new(body, 4096).collect();
            let why = silence.timer().at_most(ANSWER_LIMIT, reading).await;
            let why = why.and_then(Result::ok).map(http_body_util::Collected::to_bytes).unwrap_or_default();
            return Err(Error::refused(&format!("{} {}", head.status, String::from_utf8_lossy(&why))));
        }
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("text/event-stream") {
            return Err(Error::Protocol(format!("the response is no event stream but {essence:?}")));
        }
        let stopped = Arc::default();
        Ok(Events { body, client, parser: Parser::default(), pool, silence, is_reply: false, stopped })
    }

    fn into_updates(self) -> Updates {
        stream::unfold(Some(self), |events| async {
            let mut events = events?;
            match events.next().await {
                Ok(Some(batch)) => Some((Ok(batch), Some(events))),
                Ok(None) => {
                    events.keep_connection().await;
                    None
                }
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }

    async fn next(&mut self) -> Result<Option<Batch>, Error> {
        loop {
            let parsed = self.parser.next_event().map_err(|_| too_long())?;
            match parsed.map(interpret).transpose()? {
                Some(Told::Event(event)) => return Ok(Some(event.into())),
                Some(Told::End) => return Ok(None),
                None => {}
            }
            match self.frame().await? {
                Some(Ok(frame)) => {
                    if let Some(bytes) = frame.data_ref() {
                        self.parser.push(bytes);
                    }
                }
                None | Some(Err(_)) if self.stopped.load(Ordering::Acquire) => return Ok(None),
                None if self.is_reply => return Err(Error::Closed),
                None => return Ok(None),
                Some(Err(error)) => return Err(broken(&error)),
            }
        }
    }
}

impl Events {
    async fn frame(&mut self) -> Result<Option<Result<Frame<Bytes>, hyper::Error>>, Error> {
        std::future::poll_fn(|cx| match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                self.silence.broken();
                Poll::Ready(Ok(frame))
            }
            Poll::Pending => self.silence.poll_too_long(cx).map(Err),
        })
        .await
    }

    /// A reply that is complete leaves a connection that can carry the next request, once the end of
    /// its response has been read.
    async fn keep_connection(self) {
        let Events { mut body, client, pool, silence, .. } = self;
        let reading = async { while let Some(Ok(_)) = body.frame().await {} };
        if silence.timer().at_most(ANSWER_LIMIT, reading).await.is_some() {
            pool.put_back(client);
        }
    }
}

fn too_long() -> Error {
    Error::Protocol(format!("an event is longer than {} bytes", crate::parse::MAX_EVENT_BYTES))
}

struct Sender {
    outbox: Outbox,
    pool: Pool,
    /// After which heartbeat a server is silent, and with how much patience.
    silence: (Duration, Duration),
}

impl Upstream for Sender {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Error>> {
        self.outbox.post(body)
    }

    fn ask(&self, question: Bytes) -> BoxFuture<'static, Result<Reply, Error>> {
        let pool = self.pool.clone();
        let silence = Silence::after_heartbeats(self.silence.0, self.silence.1, self.pool.timer().clone());
        Box::pin(async move {
            let (response, client) = pool.send(&post_request("/asks", question), ANSWER_LIMIT).await?;
            let mut events = Events::new(response, client, pool, silence).await?;
            events.is_reply = true;
            let (stopped, closer) = (events.stopped.clone(), events.client.closer());
            let stop = async move {
                stopped.store(true, Ordering::Release);
                closer.abort();
                Ok(())
            };
            Ok(Reply { updates: events.into_updates(), stop: Box::pin(stop) })
        })
    }
}
