//! The server's half.

use super::Polling;
use crate::down::{bare, refusal, response, subscription, text_plain};
use crate::poll_body::{self, Answer};
use crate::replies::Replies;
use crate::up::{take_post, take_question};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::StreamExt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use transport::{Feed, Hub, Subscription};
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
        .route("/updates", get(poll_updates))
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

async fn poll_updates(State(server): Shared, RawQuery(query): RawQuery) -> Response {
    match subscription(query.as_deref(), &server.hub) {
        Ok(asked) => respond(&server.answer(&server.hub, &asked, query.as_deref()).await),
        Err(refusal) => refusal,
    }
}

async fn take(State(server): Shared, body: Body) -> Response {
    take_post(server.hub.clone(), body, server.timer.clone(), server.polling.request_limit).await
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
    let asked = match subscription(Some(&with_topic), &reply) {
        Ok(asked) => asked,
        Err(refusal) => return refusal,
    };
    let answer = server.answer(&reply, &asked, query.as_deref()).await;
    if answer.ended {
        server.replies.finished(id);
    }
    respond(&answer)
}

async fn stop_reply(State(server): Shared, Path(id): Path<u64>) -> Response {
    if server.replies.remove(id) { bare(StatusCode::NO_CONTENT) } else { gone() }
}

fn gone() -> Response {
    refusal(StatusCode::NOT_FOUND, "there is no such reply, or no longer".to_owned())
}

impl Server {
    async fn answer(&self, hub: &Hub, asked: &Subscription, query: Option<&str>) -> Answer {
        let may_hold = !query.unwrap_or_default().split('&').any(|pair| pair == "wait=0");
        let hold = if may_hold { self.polling.hold } else { Duration::ZERO };
        let mut feed = hub.feed(asked);
        let batch = self.read(&mut feed, hold).await;
        let ended = feed.is_finished();
        Answer { batch, ended }
    }

    async fn read(&self, feed: &mut Feed, hold: Duration) -> transport::Batch {
        let batch = feed.try_batch();
        if !batch.events.is_empty() || hold.is_zero() || feed.is_finished() {
            return batch;
        }
        self.timer.at_most(hold, feed.next()).await.flatten().unwrap_or_default()
    }
}

fn respond(answer: &Answer) -> Response {
    let body = poll_body::encode(answer);
    let mut response = if body.is_empty() {
        bare(StatusCode::NO_CONTENT)
    } else {
        let mut response = response(Body::from(body));
        response.headers_mut().insert(header::CONTENT_TYPE, text_plain());
        response
    };
    // Without it a cache may keep an answer, also an empty one (RFC 9110, section 15.3.5).
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}
