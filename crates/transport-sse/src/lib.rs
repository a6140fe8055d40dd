//! Updates over Server-Sent Events (WHATWG HTML, section 9.2).
//!
//! A response that does not end: one event is one update. Posts go up on connections of their own; a
//! question is a POST whose response is the reply's event stream, and interrupting it closes that
//! response, with HTTP/1.1 its connection. It must never buffer an event to wait for another one.
//!
//! # Protocol
//! `GET /updates?topics=0-3&cursor=17`, or `Last-Event-ID: 17` instead of the cursor. See [`event`] for
//! what the events say.

pub mod event;
pub mod parse;

mod client;
mod server;

use futures_util::future::BoxFuture;
use options::{Carriage, Kind, Spec, Values};
use std::io;
use std::time::Duration;
use transport::{Description, Error, Hub, Requests, Subscription, Transport, Updates, settings};
use wire::{Dialer, Listener, Timer};

const PROXY_HINT: Spec = Spec {
    name: "proxy-hint",
    kind: Kind::Choice(&["on", "off"]),
    default: "on",
    help: "whether responses ask a proxy not to hold events back (X-Accel-Buffering: no, which nginx heeds)",
};

/// What the list of transports holds of this one.
pub const DESCRIPTION: Description = Description {
    name: "sse",
    summary: "Server-Sent Events: a response that does not end, an event per update",
    options: &[settings::HEARTBEAT, settings::PATIENCE, settings::REQUEST_LIMIT, PROXY_HINT],
    carriage: |_| Carriage::Push,
    build: |values| Box::new(Sse::new(values)),
    is_floor: false,
    is_live: true,
};

/// Server-Sent Events on both ends.
#[derive(Debug, Clone)]
pub struct Sse {
    /// How often a quiet stream gets a comment.
    pub heartbeat: Duration,
    /// How much longer than two of them a client bears silence.
    pub patience: Duration,
    /// How long the server waits for a complete request, also between two on one connection.
    pub request_limit: Duration,
    /// Whether responses ask proxies not to hold them back.
    pub proxy_hint: bool,
}

impl Sse {
    /// With these settings.
    #[must_use]
    pub fn new(values: &Values) -> Self {
        Sse {
            heartbeat: values.duration(settings::HEARTBEAT.name),
            patience: values.duration(settings::PATIENCE.name),
            request_limit: values.duration(settings::REQUEST_LIMIT.name),
            proxy_hint: values.choice(PROXY_HINT.name) == "on",
        }
    }
}

impl Transport for Sse {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        Box::pin(server::serve(self.clone(), listener, hub, timer))
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        Box::pin(client::connect(dialer, subscription, timer, (self.heartbeat, self.patience)))
    }
}

#[cfg(test)]
conformance::suite!(crate::DESCRIPTION);
#[cfg(test)]
conformance::over_http!(crate::DESCRIPTION);
