//! Replies as one plain HTTP response: what is not live, and what live transports are held against.
//!
//! A question is a POST whose one response brings the whole reply when all of it is there; a post goes up as
//! over the other HTTP transports. It carries no subscription. It must never say anything of a reply before
//! its end: that is what it shows.
//!
//! # Protocol
//! | request | answer |
//! | --- | --- |
//! | `POST /asks`, the question as the body | 200 with the reply, see [`over_http::poll_body`], `end` included; 403 refused; 503 when it takes longer or is longer than allowed |
//! | `POST /posts` | see [`over_http::up`] |
//!
//! Closing the connection before the answer interrupts the reply.

mod client;
mod server;

use futures_util::future::BoxFuture;
use options::{Carriage, Kind, Spec, Values};
use std::io;
use std::time::Duration;
use transport::{Description, Error, Hub, Requests, Subscription, Transport, Updates, settings};
use wire::{Dialer, Listener, Timer};

const REPLY_LIMIT: Spec = Spec {
    name: "reply-limit",
    kind: Kind::Duration { min: Duration::from_millis(10), max: Duration::from_secs(3600) },
    default: "60s",
    help: "how long a reply may take until it is complete; the server gives it up then, and the client ten seconds later",
};

/// The longest reply, in bytes as it is sent: all of it is held until it is complete.
pub const MAX_REPLY_BYTES: usize = 16 << 20;

/// What the list of transports holds of this one.
pub const DESCRIPTION: Description = Description {
    name: "plain",
    summary: "one plain HTTP response when all is done: no live transport, but what streaming is held against",
    options: &[REPLY_LIMIT, settings::REQUEST_LIMIT],
    carriage: |_| Carriage::Whole,
    build: |values| Box::new(Plain::new(values)),
    is_floor: false,
    is_live: false,
};

/// Plain HTTP on both ends.
#[derive(Debug, Clone)]
pub struct Plain {
    /// How long a reply may take until it is complete.
    pub reply_limit: Duration,
    /// How long the server waits for a complete request, also between two on one connection.
    pub request_limit: Duration,
}

impl Plain {
    /// With these settings.
    #[must_use]
    pub fn new(values: &Values) -> Self {
        Plain {
            reply_limit: values.duration(REPLY_LIMIT.name),
            request_limit: values.duration(settings::REQUEST_LIMIT.name),
        }
    }
}

impl Transport for Plain {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        Box::pin(server::serve(self.clone(), listener, hub, timer))
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        Box::pin(std::future::ready(client::connect(dialer, &subscription, timer, self.reply_limit)))
    }
}

#[cfg(test)]
conformance::suite!(crate::DESCRIPTION);
#[cfg(test)]
conformance::over_http!(crate::DESCRIPTION);

#[cfg(test)]
mod tests;
