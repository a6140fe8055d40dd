//! What lies between a transport's clients and its server.

use crate::{Carried, Link, Scenario};
use std::time::Duration;

/// How clients reach their server. Table `[network]`; every `[[transport]]` may say otherwise of its own clients, by the
/// same keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// One-way delay of their connections, in both directions.
    /// Key `delay`, default `"0ms"`.
    pub delay: Duration,
    /// What else happens to what is sent.
    pub link: Link,
    /// The algorithm that decides how much TCP has under way, on both ends. None is the system's usual one.
    /// Key `congestion_control`, default `"system"`.
    pub congestion_control: Option<String>,
    /// Whether they speak TLS.
    /// Key `tls`, default `false`.
    pub tls: Tls,
    /// When they come back whose connection has ended.
    /// Key `reconnect`, default `"backoff"`.
    pub reconnect: Reconnect,
    /// Which header fields their requests have.
    /// Key `headers`, default `"bare"`.
    pub headers: Headers,
    /// The name of the proxy that they dial, instead of the server.
    /// Key `via`, default `"none"`.
    pub via: Option<String>,
}

/// What is on top of TCP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tls {
    /// Nothing. `false`.
    #[default]
    Off,
    /// TLS 1.3; who comes again may resume its session. `true`.
    Resuming,
    /// TLS 1.3, and a whole handshake for every connection. `"without-resumption"`.
    Afresh,
}

/// When a client comes back whose connection has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reconnect {
    /// At once if the connection had brought anything, else after pauses that double. `"backoff"`.
    #[default]
    Backoff,
    /// Always after this time, as EventSource does (3 s in Chromium). A time such as `"3s"`.
    After(Duration),
}

/// Which header fields requests have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Headers {
    /// What the protocol needs. `"bare"`.
    #[default]
    Bare,
    /// What a browser sends with every request, and a cookie. `"browser"`.
    Browser,
}

/// A program between clients and server, started for the run. Tables `[[via]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// What transports call it.
    /// Key `name`, has to be said.
    pub name: String,
    /// Which program it is.
    /// Key `program`, has to be said.
    pub program: Program,
    /// How it is set up.
    /// Key `setup`, default `"default"`.
    pub setup: Setup,
}

/// A proxy as distributions ship it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// nginx. `"nginx"`.
    Nginx,
    /// HAProxy. `"haproxy"`.
    Haproxy,
}

/// How a proxy is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// As a beginner would: the address of the server, and nothing else. `"default"`.
    Default,
    /// For streams and upgrades: HTTP/1.1 on both sides, `Upgrade` passed on, nothing buffered, kept connections to the
    /// server, and an hour of silence allowed. Of HAProxy: nothing held back for more, and that hour. `"streaming"`.
    Streaming,
    /// As `streaming`, but responses are buffered, whatever the server says of it. `"buffering"`.
    Buffering,
    /// As `streaming`, but who says nothing for so long is cut. `"idle"` with a key `idle`.
    Idle(Duration),
    /// As `streaming`, but a client's connection is closed after so many requests. `"requests"` with a key `requests`.
    Requests(u32),
    /// As `streaming`, but a request with `Upgrade` is refused, as by a strict proxy of a company. `"no-upgrade"`.
    NoUpgrade,
}

impl Scenario {
    /// The proxies that some transport has before it.
    pub fn vias_in_use(&self) -> impl Iterator<Item = &Via> {
        self.vias
            .iter()
            .filter(|via| self.transports.iter().any(|entry| entry.way.via.as_ref() == Some(&via.name)))
    }

    /// Whether what can be seen on the way is a question: there is a proxy, or TLS.
    #[must_use]
    pub fn is_looked_at(&self) -> bool {
        self.transports.iter().any(|entry| entry.way.tls.is_on() || entry.way.via.is_some())
    }
}

impl Way {
    /// Whether clients hold back bytes in their own processes.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        !self.has_packets() && (!self.delay.is_zero() || !self.link.is_plain())
    }

    /// Whether IP packets are carried between clients and server.
    #[must_use]
    pub fn has_packets(&self) -> bool {
        self.link.carried == Carried::Packets
    }
}

impl Tls {
    /// Whether there is any.
    #[must_use]
    pub fn is_on(self) -> bool {
        self != Tls::Off
    }
}

impl Program {
    /// All of them.
    pub const ALL: [Program; 2] = [Program::Nginx, Program::Haproxy];

    /// The word in scenarios: the program's own name, and its package's.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Program::Nginx => "nginx",
            Program::Haproxy => "haproxy",
        }
    }

    /// The words of the setups that it has.
    #[must_use]
    pub fn setups(self) -> &'static [&'static str] {
        match self {
            Program::Nginx => &["default", "streaming", "buffering", "idle", "requests", "no-upgrade"],
            Program::Haproxy => &["default", "streaming", "idle"],
        }
    }
}

impl Setup {
    /// Said of it in reports.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Setup::Default => "default settings".to_owned(),
            Setup::Streaming => "set up for streams and upgrades".to_owned(),
            Setup::Buffering => "buffering responses".to_owned(),
            Setup::Idle(idle) => format!("cutting who is silent for {}", options::print_duration(idle)),
            Setup::Requests(requests) => format!("closing connections after {requests} requests"),
            Setup::NoUpgrade => "refusing upgrades".to_owned(),
        }
    }
}
