//! The server's half.

use crate::{MAX_REPLY_BYTES, Plain};
use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use over_http::down::{content_type, refusal, response};
use over_http::poll_body;
use over_http::up::{take_posts, take_question};
use std::io;
use std::sync::Arc;
use transport::{Hub, Subscription};
use wire::{Listener, Timer};

struct Server {
    plain: Plain,
    hub: Hub,
    timer: Timer,
}

type Shared = State<Arc<Server>>;

pub(crate) async fn serve(plain: Plain, listener: Listener, hub: Hub, timer: Timer) -> io::Result<()> {
    let limit = plain.request_limit;
    let router = Router::new()
        .route("/updates", get(no_updates))
        .route("/posts", post(take))
        .route("/asks", post(ask))
        .with_state(Arc::new(Server { plain, hub, timer: timer.clone() }));
    wire::http::serve(listener, router, limit, timer).await
}

async fn no_updates() -> Response {
    refusal(StatusCode::NOT_FOUND, "this server carries replies and posts, no updates".to_owned())
}

async fn take(State(server): Shared, RawQuery(query): RawQuery, body: Body) -> Response {
    let limit = server.plain.request_limit;
    take_posts(server.hub.clone(), query.as_deref(), body, server.timer.clone(), limit).await
}

async fn ask(State(server): Shared, body: Body) -> Response {
    let limit = server.plain.request_limit;
    let reply = match take_question(server.hub.clone(), body, server.timer.clone(), limit).await {
        Ok(reply) => Wanted(reply),
        Err(refusal) => return refusal,
    };
    let limit = server.plain.reply_limit;
    match server.timer.at_most(limit, collect(&reply.0)).await {
        Some(Some(whole)) => respond(whole, &reply.0),
        Some(None) => too_much(format!("the reply is longer than {MAX_REPLY_BYTES} bytes")),
        None => too_much(format!("the reply was not complete within {}", options::print_duration(limit))),
    }
}

/// All of a reply, read as it comes so that its log need not hold it; none when it is too long.
async fn collect(reply: &Hub) -> Option<Bytes> {
    let mut feed = reply.feed(&Subscription::new(vec![0]));
    let mut body = BytesMut::new();
    while let Some(batch) = feed.next().await {
        poll_body::encode_into(&batch, &mut body);
        if body.len() + poll_body::END.len() > MAX_REPLY_BYTES {
            return None;
        }
    }
    body.extend_from_slice(poll_body::END);
    Some(body.freeze())
}

fn respond(whole: Bytes, reply: &Hub) -> Response {
    let mut response = response(Body::from(whole));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(reply));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn too_much(why: String) -> Response {
    refusal(StatusCode::SERVICE_UNAVAILABLE, why)
}

/// A reply is stopped when nobody waits for it any more: a connection that is closed drops its request.
struct Wanted(Hub);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.stop();
    }
}
