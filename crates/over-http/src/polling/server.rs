//! The server's half.

use super::Polling;
use crate::down::{bare, content_type, refusal, response, subscription};
use crate::poll_body::{self, Answer};
use crate::replies::Replies;
use crate::up::{take_posts, take_question};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::handler::Handler;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use transport::{Batch, Feed, Hub};
use wire::{Listener, Timer};

struct Server {
    polling: Polling,
    hub: Hub,
    timer: Timer,
    replies: Replies,
}

type Shared = State<Arc<Server>>;

pub(crate) async fn serve(polling: Polling, listener: Listener, hub: Hub, timer: Timer) -> io::Result<()> {
    let limit = polling.request_limit;
    let server = Arc::new(Server { polling, hub, timer, replies: Replies::default() });
    let router = Router::new()
        .route("/updates", get(PollUpdates))
        .route("/posts", post(take))
        .route("/asks", post(ask))
        .route("/replies/{id}", get(poll_reply).delete(stop_reply))
        .with_state(server.clone());
    tokio::select! {
        outcome = wire::http::serve(listener, router, limit, server.timer.clone()) => outcome,
        // A poll may be held, and its client may wait an interval, which is no longer than the limit.
        () = sweep(&server, limit + server.polling.hold) => Ok(()),
    }
}

async fn sweep(server: &Server, every: Duration) {
    loop {
        server.timer.sleep(every).await;
        server.replies.sweep();
    }
}

/// Answers a poll. A function of axum's would keep room for the request while the poll is held.
#[derive(Clone)]
struct PollUpdates;

impl Handler<(), Arc<Server>> for PollUpdates {
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request<Body>, server: Arc<Server>) -> Self::Future {
        let opened = server.open(&server.hub, request.uri().query());
        match opened {
            Ok((mut feed, hold)) => Box::pin(async move {
                let mut answer = server.answer(&mut feed, hold).await;
                // A server that leaves has no more to say; the next poll finds another one.
                let is_leaving = std::mem::take(&mut answer.ended);
                let mut response = respond(&answer, &server.hub);
                if is_leaving {
                    response
                        .headers_mut()
                        .insert(header::CONNECTION, header::HeaderValue::from_static("close"));
                }
                response
            }),
            Err(refusal) => Box::pin(std::future::ready(refusal)),
        }
    }
}

async fn take(State(server): Shared, RawQuery(query): RawQuery, body: Body) -> Response {
    let limit = server.polling.request_limit;
    take_posts(server.hub.clone(), query.as_deref(), body, server.timer.clone(), limit).await
}

async fn ask(State(server): Shared, body: Body) -> Response {
    let limit = server.polling.request_limit;
    let reply = match take_question(server.hub.clone(), body, server.timer.clone(), limit).await {
        Ok(reply) => reply,
        Err(refusal) => return refusal,
    };
    match server.replies.insert(reply) {
        Ok(id) => {
            let mut created = Response::new(Body::from(id.to_string()));
            *created.status_mut() = StatusCode::CREATED;
            created
        }
        Err(refused) => refusal(StatusCode::SERVICE_UNAVAILABLE, refused.0),
    }
}

async fn poll_reply(State(server): Shared, Path(id): Path<u64>, RawQuery(query): RawQuery) -> Response {
    let Some(reply) = server.replies.poll(id) else { return gone() };
    // A reply is a hub of its own with one topic.
    let with_topic = format!("topics=0&{}", query.as_deref().unwrap_or_default());
    let (mut feed, hold) = match server.open(&reply, Some(&with_topic)) {
        Ok(opened) => opened,
        Err(refusal) => return refusal,
    };
    let answer = server.answer(&mut feed, hold).await;
    if answer.ended {
        server.replies.finished(id);
    }
    respond(&answer, &reply)
}

async fn stop_reply(State(server): Shared, Path(id): Path<u64>) -> Response {
    if server.replies.remove(id) { bare(StatusCode::NO_CONTENT) } else { gone() }
}

fn gone() -> Response {
    refusal(StatusCode::NOT_FOUND, "there is no such reply, or no longer".to_owned())
}

impl Server {
    /// What a request asks for, and how long it may be held. All that is read of it is done with before it is
    /// held, so that a held one takes little memory.
    #[expect(clippy::result_large_err, reason = "the error is the response that is sent")]
    fn open(&self, hub: &Hub, query: Option<&str>) -> Result<(Feed, Duration), Response> {
        let asked = subscription(query, hub)?;
        let may_hold = !query.unwrap_or_default().split('&').any(|pair| pair == "wait=0");
        Ok((hub.feed(&asked), if may_hold { self.polling.hold } else { Duration::ZERO }))
    }

    async fn answer(&self, feed: &mut Feed, hold: Duration) -> Answer {
        let mut batch = feed.try_batch();
        if batch.events.is_empty() && !hold.is_zero() && !feed.is_finished() {
            batch = self.timer.at_most(hold, feed.next()).await.flatten().unwrap_or_default();
        }
        // An answer that held one batch only would leave a client that asks rarely further behind each time.
        let mut bytes = bytes_of(&batch);
        while feed.is_behind() && bytes < MAX_ANSWER_BYTES {
            let more = feed.try_batch();
            bytes += bytes_of(&more);
            batch.events.extend(more.events);
        }
        let ended = feed.is_finished();
        Answer { batch, ended }
    }
}

/// Once an answer has so many bytes of bodies, the rest waits for the next poll. With another batch on top it is
/// still below what a client takes.
const MAX_ANSWER_BYTES: usize = 1 << 20;

fn bytes_of(batch: &Batch) -> usize {
    batch.updates().map(|update| update.body.len()).sum()
}

fn respond(answer: &Answer, hub: &Hub) -> Response {
    let body = poll_body::encode(answer);
    let mut response = if body.is_empty() {
        bare(StatusCode::NO_CONTENT)
    } else {
        let mut response = response(Body::from(body));
        response.headers_mut().insert(header::CONTENT_TYPE, content_type(hub));
        response
    };
    // Without it a cache may keep an answer, also an empty one (RFC 9110, section 15.3.5).
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
