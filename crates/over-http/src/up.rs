//! How a client's messages reach the server: a POST for one, or for several with their lengths.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `POST /posts` | the message | 204; 403 with a reason |
//! | `POST /posts?lengths=120,80,33` | the messages, one behind the other | 204 when all are taken; 403 with a line `PLACE reason` for each that is not, counted from 0 |

use crate::down::{bare, refusal};
use crate::pool::refused;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use std::fmt::Write;
use std::time::Duration;
use transport::{Answer, Hub, MAX_POST_BYTES};
use wire::Timer;

/// Messages of one client that go in one request at most.
pub const MAX_TOGETHER: usize = 64;

/// Answers `POST /posts`: 204 when the application has taken the message, or all of them.
pub async fn take_posts(
    hub: Hub,
    query: Option<&str>,
    body: Body,
    timer: Timer,
    limit: Duration,
) -> Response {
    let lengths = match lengths(query.unwrap_or_default()) {
        Ok(lengths) => lengths,
        Err(why) => return refusal(StatusCode::BAD_REQUEST, why),
    };
    let body = match read_body(body, &timer, limit).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let outcome = match lengths {
        None => hub.post(body).await.map_err(|refused| refused.0),
        Some(lengths) if lengths.iter().sum::<usize>() == body.len() => take_each(&hub, body, &lengths).await,
        Some(_) => {
            let why = format!("the lengths do not add up to the {} bytes of the body", body.len());
            return refusal(StatusCode::BAD_REQUEST, why);
        }
    };
    match outcome {
        Ok(()) => bare(StatusCode::NO_CONTENT),
        Err(why) => refusal(StatusCode::FORBIDDEN, why),
    }
}

/// One after the other. Who is refused keeps nobody behind it from being taken, as on a connection.
async fn take_each(hub: &Hub, mut body: Bytes, lengths: &[usize]) -> Result<(), String> {
    let mut refusals = String::new();
    for (place, length) in lengths.iter().enumerate() {
        if let Err(refused) = hub.post(body.split_to(*length)).await {
            let words: Vec<&str> = refused.0.split_whitespace().collect();
            // Writing to a String does not fail.
            let _ = writeln!(refusals, "{place} {}", words.join(" "));
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// The lengths of several messages; none when the body is one. Other keys are passed over.
fn lengths(query: &str) -> Result<Option<Vec<usize>>, String> {
    let mut named =
        query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == "lengths");
    let Some((_, list)) = named.next_back() else { return Ok(None) };
    let number = |word: &str| {
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| word.parse().ok()).flatten().filter(|length| *length <= MAX_POST_BYTES)
    };
    // One more than may be is enough to know.
    let lengths: Option<Vec<usize>> = list.split(',').take(MAX_TOGETHER + 1).map(number).collect();
    match lengths {
        Some(lengths) if lengths.len() <= MAX_TOGETHER => Ok(Some(lengths)),
        _ => Err(format!(
            "lengths are up to {MAX_TOGETHER} whole numbers with commas, none above {MAX_POST_BYTES}"
        )),
    }
}

/// What an answer to several posts says of each.
pub(crate) fn outcomes(status: StatusCode, told: &[u8], count: usize) -> Vec<Answer> {
    if status.is_success() {
        return vec![Ok(()); count];
    }
    let mut outcomes = vec![Ok(()); count];
    let lines = std::str::from_utf8(told).ok().filter(|_| status == StatusCode::FORBIDDEN).map(str::lines);
    let refusals = lines.into_iter().flatten().map(|line| {
        let (place, why) = line.split_once(' ').unwrap_or((line, ""));
        Some((place.parse().ok().filter(|place: &usize| *place < count)?, why))
    });
    let refusals: Option<Vec<(usize, &str)>> = refusals.collect();
    match refusals {
        Some(refusals) if !refusals.is_empty() => {
            for (place, why) in refusals {
                outcomes[place] = Err(refused(status, why.as_bytes()));
            }
            outcomes
        }
        // Somebody on the way, who knows nothing of several, or all of it was wrong.
        _ => vec![Err(refused(status, told)); count],
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

/// A POST of a body as it is.
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

#[cfg(test)]
mod tests {
    use super::*;
    use transport::Error;

    #[test]
    fn lengths_are_numbers_and_not_too_many() {
        assert_eq!(lengths(""), Ok(None));
        assert_eq!(lengths("else=1"), Ok(None));
        assert_eq!(lengths("lengths=120,0,33"), Ok(Some(vec![120, 0, 33])));
        let many = |count: usize| format!("lengths={}", vec!["1"; count].join(","));
        assert_eq!(lengths(&many(MAX_TOGETHER)), Ok(Some(vec![1; MAX_TOGETHER])));
        let too_long = format!("lengths={}", MAX_POST_BYTES + 1);
        let too_many = many(MAX_TOGETHER + 1);
        for bad in [
            "lengths=",
            "lengths=,",
            "lengths=1,",
            "lengths=+1",
            "lengths=-1",
            "lengths=1;2",
            &too_long,
            &too_many,
        ] {
            assert!(lengths(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_refusal_says_whom_it_means_and_a_strange_one_means_all() {
        let told = |status, text: &str| -> Vec<Option<String>> {
            let of = |outcome: Answer| outcome.err().map(|error: Error| error.to_string());
            outcomes(status, text.as_bytes(), 3).into_iter().map(of).collect()
        };
        assert_eq!(told(StatusCode::NO_CONTENT, ""), [None, None, None]);
        let some = told(StatusCode::FORBIDDEN, "1 not wanted\n");
        assert!(some[0].is_none() && some[2].is_none(), "{some:?}");
        assert!(some[1].as_ref().is_some_and(|why| why.ends_with("403 Forbidden not wanted")), "{some:?}");
        for (status, text) in [
            (StatusCode::FORBIDDEN, ""),
            (StatusCode::FORBIDDEN, "3 not wanted\n"),
            (StatusCode::FORBIDDEN, "no\n1 not wanted\n"),
            (StatusCode::BAD_GATEWAY, "1 not wanted\n"),
        ] {
            assert!(told(status, text).iter().all(Option::is_some), "{status} {text:?}");
        }
    }
}
