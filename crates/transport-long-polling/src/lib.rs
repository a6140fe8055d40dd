//! Updates over long polling (RFC 6202): a request that has nothing to bring is held until there is
//! something, or until the hold is over; then the client asks again at once.
//!
//! It must never wait between an answer and the next poll, and never differ from short polling in
//! anything but that: both are [`over_http::polling`].

use futures_util::future::BoxFuture;
use options::{Carriage, Kind, Spec, Values};
use over_http::polling::{Pace, Polling};
use std::io;
use std::time::Duration;
use transport::{Description, Error, Hub, Requests, Subscription, Transport, Updates, settings};
use wire::{Dialer, Listener, Timer};

const HOLD: Spec = Spec {
    name: "hold",
    kind: Kind::Duration { min: Duration::from_millis(10), max: Duration::from_secs(3600) },
    default: "25s",
    help: "how long the server holds a request that has nothing to bring",
};

/// What the list of transports holds of this one.
pub const DESCRIPTION: Description = Description {
    name: "long-polling",
    summary: "requests that are held until there is something to bring (RFC 6202)",
    options: &[HOLD, settings::PATIENCE, settings::REQUEST_LIMIT],
    carriage: |values| Carriage::LongPoll { hold: values.duration(HOLD.name) },
    build: |values| Box::new(LongPolling::new(values)),
    is_floor: false,
    is_live: true,
};

/// Long polling on both ends.
#[derive(Debug, Clone)]
pub struct LongPolling(Polling);

impl LongPolling {
    /// With these settings.
    #[must_use]
    pub fn new(values: &Values) -> Self {
        let hold = values.duration(HOLD.name);
        let patience = values.duration(settings::PATIENCE.name);
        LongPolling(Polling { hold, patience, request_limit: values.duration(settings::REQUEST_LIMIT.name) })
    }
}

impl Transport for LongPolling {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        self.0.serve(listener, hub, timer)
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        self.0.connect(dialer, subscription, timer, Pace::AtOnce)
    }
}

#[cfg(test)]
conformance::suite!(crate::DESCRIPTION);
#[cfg(test)]
conformance::over_http!(crate::DESCRIPTION);
