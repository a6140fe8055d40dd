//! The server's half.

use crate::Sse;
use crate::event::{END, HEARTBEAT, encode_into, encode_update};
use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use over_http::down::{refusal, response, subscription};
use over_http::up::{take_posts, take_question};
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use transport::{Batch, Beat, Event, Feed, Hub, Subscription};
use wire::{Listener, Timer};

struct Server {
    sse: Sse,
    hub: Hub,
    timer: Timer,
}

type Shared = State<Arc<Server>>;

pub(crate) async fn serve(sse: Sse, listener: Listener, hub: Hub, timer: Timer) -> io::Result<()> {
    let limit = sse.request_limit;
    let router = Router::new()
        .route("/updates", get(stream_updates))
        .route("/posts", post(take))
        .route("/asks", post(ask))
        .with_state(Arc::new(Server { sse, hub, timer: timer.clone() }));
    wire::http::serve(listener, router, limit, timer).await
}

async fn stream_updates(State(server): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let mut asked = match subscription(query.as_deref(), &server.hub) {
        Ok(asked) => asked,
        Err(refusal) => return refusal,
    };
    if let Some(id) = headers.get("last-event-id") {
        match id.to_str().ok().and_then(|id| id.parse().ok()) {
            Some(cursor) => asked.cursor = cursor,
            None => {
                return refusal(StatusCode::BAD_REQUEST, "Last-Event-ID is not a whole number".to_owned());
            }
        }
    }
    server.stream(server.hub.feed(&asked), None)
}

async fn take(State(server): Shared, RawQuery(query): RawQuery, body: Body) -> Response {
    let limit = server.sse.request_limit;
    take_posts(server.hub.clone(), query.as_deref(), body, server.timer.clone(), limit).await
}

async fn ask(State(server): Shared, body: Body) -> Response {
    let limit = server.sse.request_limit;
    match take_question(server.hub.clone(), body, server.timer.clone(), limit).await {
        Ok(reply) => server.stream(reply.feed(&Subscription::new(vec![0])), Some(reply)),
        Err(refusal) => refusal,
    }
}

impl Server {
    fn stream(&self, feed: Feed, reply: Option<Hub>) -> Response {
        let beat = Beat::new(self.sse.heartbeat, self.timer.clone());
        let events = Events { feed, reply, ended: false, beat };
        let mut response = response(Body::from_stream(events));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if self.sse.proxy_hint {
            // nginx holds responses back unless it is told not to.
            headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        }
        response
    }
}

/// The body of a response that goes on until the feed ends: a chunk is a batch, written at once.
struct Events {
    feed: Feed,
    /// A reply is stopped when its reader is gone.
    reply: Option<Hub>,
    ended: bool,
    beat: Beat,
}

impl Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if let Poll::Ready(batch) = self.feed.poll_next_unpin(cx) {
            self.ended = batch.is_none();
            self.beat.spoke();
            return Poll::Ready(Some(Ok(batch.map_or(Bytes::from_static(END), |batch| encode(&batch)))));
        }
        if self.beat.poll_due(cx).is_ready() {
            return Poll::Ready(Some(Ok(Bytes::from_static(HEARTBEAT))));
        }
        Poll::Pending
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if let Some(reply) = &self.reply {
            reply.stop();
        }
    }
}

fn encode(batch: &Batch) -> Bytes {
    if let [Event::Update(one)] = &batch.events[..] {
        return one.encoded(encode_update).clone();
    }
    let mut bytes = BytesMut::new();
    for event in &batch.events {
        encode_into(event, &mut bytes);
    }
    bytes.freeze()
}
