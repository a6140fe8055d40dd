//! How a client's messages reach the server: a POST each.

use crate::down::{bare, refusal};
use crate::pool::Pool;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use std::time::Duration;
use transport::{ANSWER_LIMIT, Error, Hub, MAX_POST_BYTES};
use wire::Timer;

/// Answers `POST /posts`: 204 when the application has taken the message.
pub async fn take_post(hub: Hub, body: Body, timer: Timer, limit: Duration) -> Response {
    let message = match read_body(body, &timer, limit).await {
        Ok(message) => message,
        Err(refusal) => return refusal,
    };
    match hub.post(message).await {
        Ok(()) => bare(StatusCode::NO_CONTENT),
        Err(refused) => refusal(StatusCode::FORBIDDEN, refused.0),
    }
}

/// Reads the question of `POST /asks` and asks the application.
///
/// # Errors
/// The response to send instead of a reply.
pub async fn take_question(hub: Hub, body: Body, timer: Timer, limit: Duration) -> Result<Hub, Response> {
    let question = read_body(body, &timer, limit).await?;
    hub.ask(question).map_err(|refused| refusal(StatusCode::FORBIDDEN, refused.0))
}

/// Posts from the client's side.
///
/// # Errors
/// When the server refuses it or can't be reached.
pub async fn post(pool: Pool, body: Bytes) -> Result<(), Error> {
    pool.exchange(&post_request("/posts", body), ANSWER_LIMIT).await.map(|_| ())
}

/// A POST of plain text.
#[must_use]
pub fn post_request(path: &str, body: Bytes) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = axum::http::Method::POST;
    *request.uri_mut() = path.parse().unwrap_or_default();
    request
}

async fn read_body(body: Body, timer: &Timer, limit: Duration) -> Result<Bytes, Response> {
    let reading = Limited::new(body, MAX_POST_BYTES).collect();
    match timer.at_most(limit, reading).await {
        Some(Ok(whole)) => Ok(whole.to_bytes()),
        Some(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(refusal(StatusCode::PAYLOAD_TOO_LARGE, format!("at most {MAX_POST_BYTES} bytes are taken")))
        }
        Some(Err(_)) => Err(refusal(StatusCode::BAD_REQUEST, "the body broke off".to_owned())),
        None => Err(refusal(StatusCode::REQUEST_TIMEOUT, "the body did not come in time".to_owned())),
    }
}
