//! The client's half.

use crate::event::{Told, interpret};
use crate::parse::Parser;
use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use over_http::Pool;
use over_http::down::broken;
use over_http::up::{post, post_request};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use transport::{Batch, Error, Reply, Requests, Subscription, Updates, Upstream};
use wire::http::Client;
use wire::{Dialer, Timer};

/// How long the server may take to answer the request that opens a stream.
const OPENING_LIMIT: Duration = Duration::from_secs(10);

pub(crate) async fn connect(
    dialer: Dialer,
    subscription: Subscription,
    timer: Timer,
) -> Result<(Updates, Requests), Error> {
    let pool = Pool::new(dialer, timer);
    let request = Request::get(format!("/updates?{}", subscription.to_query()))
        .header(header::ACCEPT, "text/event-stream")
        .body(Full::default())
        .map_err(|error| Error::Protocol(error.to_string()))?;
    let (response, client) = pool.send(&request, OPENING_LIMIT).await?;
    let events = Events::new(response, client).await?;
    Ok((events.into_updates(), Requests::new(Arc::new(Sender { pool }))))
}

/// A stream of events as it comes in.
struct Events {
    body: Incoming,
    /// Its drop closes the connection.
    client: Client,
    parser: Parser,
    /// We closed it ourselves.
    stopped: Arc<AtomicBool>,
}

impl Events {
    /// Takes a response that must be an event stream: another status or type ends it for good.
    async fn new(response: Response<Incoming>, client: Client) -> Result<Self, Error> {
        let (head, body) = response.into_parts();
        if head.status != StatusCode::OK {
            let why = http_body_util::Limited::new(body, 4096).collect().await.map(|why| why.to_bytes());
            let why = String::from_utf8_lossy(&why.unwrap_or_default()).into_owned();
            return Err(Error::Refused(format!("{} {why}", head.status)));
        }
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("text/event-stream") {
            return Err(Error::Protocol(format!("the response is no event stream but {essence:?}")));
        }
        Ok(Events { body, client, parser: Parser::default(), stopped: Arc::default() })
    }

    fn into_updates(self) -> Updates {
        stream::unfold(Some(self), |events| async {
            let mut events = events?;
            match events.next().await {
                Ok(Some(batch)) => Some((Ok(batch), Some(events))),
                Ok(None) => None,
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
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Some(bytes) = frame.data_ref() {
                        self.parser.push(bytes);
                    }
                }
                None => return Ok(None),
                Some(Err(_)) if self.stopped.load(Ordering::Acquire) => return Ok(None),
                Some(Err(error)) => return Err(broken(&error)),
            }
        }
    }
}

fn too_long() -> Error {
    Error::Protocol(format!("an event is longer than {} bytes", crate::parse::MAX_EVENT_BYTES))
}

struct Sender {
    pool: Pool,
}

impl Upstream for Sender {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Error>> {
        Box::pin(post(self.pool.clone(), body))
    }

    fn ask(&self, question: Bytes) -> BoxFuture<'static, Result<Reply, Error>> {
        let pool = self.pool.clone();
        Box::pin(async move {
            let (response, client) = pool.send(&post_request("/asks", question), OPENING_LIMIT).await?;
            let events = Events::new(response, client).await?;
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
