//! Settings that every transport has, so that none differs by accident.

use options::{Kind, Spec};
use std::time::Duration;

/// How often a quiet stream is told that the server is still there.
pub const HEARTBEAT: Spec = Spec {
    name: "heartbeat",
    kind: Kind::Duration { min: Duration::from_millis(100), max: Duration::from_secs(3600) },
    default: "15s",
    help: "how long the server is silent at the most before it says that it is still there: well below what proxies allow to idle",
};

/// How much longer than it should be a client bears silence.
pub const PATIENCE: Spec = Spec {
    name: "patience",
    kind: Kind::Duration { min: Duration::from_millis(100), max: Duration::from_secs(3600) },
    default: "10s",
    help: "how long a client waits for a connection to open, and how much longer than two heartbeats, or than a request may \
           be held, for a word: so a half-open connection is found",
};

/// How long a server waits for a client to finish a request.
pub const REQUEST_LIMIT: Spec = Spec {
    name: "request-limit",
    kind: Kind::Duration { min: Duration::from_millis(100), max: Duration::from_secs(86_400) },
    default: "75s",
    help: "how long the server waits for a complete request, for the next one on a kept connection, and for a client \
           to take what is written to it",
};
