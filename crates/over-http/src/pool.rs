//! A client's kept-alive connections for what it sends.

use crate::down::broken;
use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use std::sync::Arc;
use std::time::Duration;
use transport::Error;
use wire::http::Client;
use wire::{Dialer, Origin, Timer};

/// Sends requests over connections that are kept for the next one.
#[derive(Debug, Clone)]
pub struct Pool {
    dialer: Dialer,
    timer: Timer,
    origin: Arc<Origin>,
}

impl Pool {
    /// An empty pool of connections to the dialer's server.
    #[must_use]
    pub fn new(dialer: Dialer, timer: Timer) -> Self {
        let origin = dialer.origin();
        Pool { dialer, timer, origin }
    }

    /// The longest body of an answer to [`Pool::exchange`]: a batch, or one longest update with its line.
    pub const ANSWER_BYTES: usize = 4 << 20;

    /// What its limits wait through.
    #[must_use]
    pub fn timer(&self) -> &Timer {
        &self.timer
    }

    /// Sends a request; gives the head of the response and the connection that it comes on. Whoever
    /// has read the response to its end may give the connection back.
    ///
    /// A kept connection that the server closed meanwhile is no failure: the request goes out on a
    /// fresh one.
    ///
    /// # Errors
    /// When the server can't be reached, breaks off, or says nothing for `limit`.
    pub async fn send(
        &self,
        request: &Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<(Response<Incoming>, Client), Error> {
        self.timer.at_most(limit, self.send_in_time(request)).await.ok_or(Error::Silent(limit))?
    }

    async fn send_in_time(
        &self,
        request: &Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, Client), Error> {
        let slot = self.origin.slot().await;
        if let Some(mut kept) = self.origin.kept() {
            match kept.send(request.clone()).await {
                Ok(response) => return Ok((response, kept.in_slot(slot))),
                Err(error) if may_resend(request, &error) => {}
                Err(error) => return Err(broken(&error)),
            }
        }
        let mut fresh = Client::open(&self.dialer).await?.in_slot(slot);
        let response = fresh.send(request.clone()).await.map_err(|error| broken(&error))?;
        Ok((response, fresh))
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// As [`Pool::send`], the limit being for the whole answer, and when it is no success: then with its text.
    pub async fn exchange(
        &self,
        request: &Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<(StatusCode, Bytes), Error> {
        let (status, body) = self.answer(request, limit, Self::ANSWER_BYTES).await?;
        if status.is_success() { Ok((status, body)) } else { Err(refused(status, &body)) }
    }

    /// The same for whoever can read a refusal, and for answers of up to `max_bytes`.
    ///
    /// # Errors
    /// As [`Pool::send`], the limit being for the whole answer, and when the answer is too long.
    pub async fn answer(
        &self,
        request: &Request<Full<Bytes>>,
        limit: Duration,
        max_bytes: usize,
    ) -> Result<(StatusCode, Bytes), Error> {
        let exchanging = async {
            let (response, client) = self.send_in_time(request).await?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, max_bytes).collect().await;
            let body = body.map_err(|error| Error::Broken(error.to_string()))?.to_bytes();
            self.put_back(client);
            Ok((head.status, body))
        };
        self.timer.at_most(limit, exchanging).await.unwrap_or(Err(Error::Silent(limit)))
    }

    /// Keeps a connection whose response was read to its end.
    pub fn put_back(&self, client: Client) {
        self.origin.keep(client);
    }
}

/// An answer that is no success, with its text.
pub(crate) fn refused(status: StatusCode, body: &[u8]) -> Error {
    Error::refused(&format!("{status} {}", String::from_utf8_lossy(body)))
}

/// A request that never left may go again; one that got no answer only if it changes nothing (RFC
/// 9110, section 9.2.2).
fn may_resend(request: &Request<Full<Bytes>>, error: &hyper::Error) -> bool {
    error.is_canceled()
        || error.is_closed()
        || (error.is_incomplete_message() && request.method().is_idempotent())
}
