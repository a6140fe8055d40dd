//! Updates over short polling: the client asks every interval, the server answers at once.
//!
//! It must never hold a request, and never differ from long polling in anything but that: both are
//! [`over_http::polling`].

use futures_util::future::BoxFuture;
use options::{Carriage, Kind, Pacing, Spec, Values};
use over_http::polling::{Pace, Polling};
use std::io;
use std::time::Duration;
use transport::{Description, Error, Hub, Requests, Subscription, Transport, Updates, settings};
use wire::{Dialer, Listener, Timer};

const INTERVAL: Spec = Spec {
    name: "interval",
    kind: Kind::Duration { min: Duration::from_millis(1), max: Duration::from_secs(86_400) },
    default: "1s",
    help: "the time between two polls: half of it is the mean age of what a poll brings",
};
const PACING: Spec = Spec {
    name: "pacing",
    kind: Kind::Choice(&["fixed-rate", "fixed-delay"]),
    default: "fixed-rate",
    help: "whether the interval runs from poll to poll, or from an answer to the next poll",
};
const PHASE: Spec = Spec {
    name: "phase",
    kind: Kind::Choice(&["random", "synchronised"]),
    default: "random",
    help: "whether each client polls at its own point of the interval, or all at the same",
};

/// What the list of transports holds of this one.
pub const DESCRIPTION: Description = Description {
    name: "short-polling",
    summary: "requests at an interval that are answered at once",
    options: &[INTERVAL, PACING, PHASE, settings::PATIENCE, settings::REQUEST_LIMIT],
    carriage: |values| Carriage::ShortPoll {
        interval: values.duration(INTERVAL.name),
        pacing: pacing(values),
        random_phase: random_phase(values),
    },
    build: |values| Box::new(ShortPolling::new(values)),
    is_floor: false,
    is_live: true,
};

/// Short polling on both ends.
#[derive(Debug, Clone)]
pub struct ShortPolling {
    /// The nominal time between two polls.
    pub interval: Duration,
    /// What the interval is counted from.
    pub pacing: Pacing,
    /// Whether each client has a phase of its own.
    pub random_phase: bool,
    polling: Polling,
}

impl ShortPolling {
    /// With these settings.
    #[must_use]
    pub fn new(values: &Values) -> Self {
        let request_limit = values.duration(settings::REQUEST_LIMIT.name);
        ShortPolling {
            interval: values.duration(INTERVAL.name),
            pacing: pacing(values),
            random_phase: random_phase(values),
            polling: Polling {
                hold: Duration::ZERO,
                patience: values.duration(settings::PATIENCE.name),
                request_limit,
            },
        }
    }

    fn pace(&self, phase: f64) -> Pace {
        let interval = self.interval;
        let offset = if self.random_phase { interval.mul_f64(phase) } else { Duration::ZERO };
        match self.pacing {
            Pacing::FixedRate => Pace::FixedRate { interval, offset },
            Pacing::FixedDelay => Pace::FixedDelay { interval, first: offset },
        }
    }
}

fn random_phase(values: &Values) -> bool {
    values.choice(PHASE.name) == "random"
}

fn pacing(values: &Values) -> Pacing {
    match values.choice(PACING.name) {
        "fixed-delay" => Pacing::FixedDelay,
        _ => Pacing::FixedRate,
    }
}

impl Transport for ShortPolling {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        self.polling.serve(listener, hub, timer)
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        let pace = self.pace(subscription.phase);
        self.polling.connect(dialer, subscription, timer, pace)
    }
}

#[cfg(test)]
conformance::suite!(crate::DESCRIPTION);
#[cfg(test)]
conformance::over_http!(crate::DESCRIPTION);
