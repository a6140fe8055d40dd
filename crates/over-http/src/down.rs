//! How a request opens a stream, and what a server answers when it does not.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use transport::{Error, Hub, Subscription};

/// The subscription that a request's query asks for.
///
/// # Errors
/// The response to send instead: 400 when the query can't be read, 404 when there is no such topic.
#[expect(clippy::result_large_err, reason = "the error is the response that is sent")]
pub fn subscription(query: Option<&str>, hub: &Hub) -> Result<Subscription, Response> {
    let subscription = Subscription::from_query(query.unwrap_or_default())
        .map_err(|bad| refusal(StatusCode::BAD_REQUEST, bad.to_string()))?;
    if hub.has(&subscription) {
        Ok(subscription)
    } else {
        Err(refusal(StatusCode::NOT_FOUND, "there is no such topic".to_owned()))
    }
}

/// A response with room for three header fields and no more: hyper keeps the room for as long as the connection
/// lasts, and a map that grows by itself takes twice as much.
#[must_use]
pub fn response(body: Body) -> Response {
    let mut response = Response::new(body);
    *response.headers_mut() = HeaderMap::with_capacity(3);
    response
}

/// A short text for a person, with a status.
#[must_use]
pub fn refusal(status: StatusCode, why: String) -> Response {
    let mut response = Response::new(Body::from(why));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, text_plain());
    response
}

/// A status and nothing else.
#[must_use]
pub fn bare(status: StatusCode) -> Response {
    let mut response = response(Body::empty());
    *response.status_mut() = status;
    response
}

/// The type of an answer that brings updates of a hub.
#[must_use]
pub fn content_type(hub: &Hub) -> header::HeaderValue {
    if hub.is_binary() { header::HeaderValue::from_static("application/octet-stream") } else { text_plain() }
}

pub(crate) fn text_plain() -> header::HeaderValue {
    header::HeaderValue::from_static("text/plain; charset=utf-8")
}

/// What hyper's errors mean to a client of a transport.
#[must_use]
pub fn broken(error: &hyper::Error) -> Error {
    if error.is_parse() {
        return Error::Protocol(error.to_string());
    }
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::Broken(format!("{error}{cause}"))
}
