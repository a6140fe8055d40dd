//! Opening connections.

use crate::line::Breakable;
use crate::{
    Capture, ClientTls, Connection, Distance, Headers, Line, Meter, Origin, Stamps, Timer, delay, source,
};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// Opens connections to one server, all equally far away.
#[derive(Debug, Clone)]
pub struct Dialer {
    address: SocketAddr,
    source: Option<Ipv4Addr>,
    meter: Meter,
    distance: Option<Arc<(Distance, Timer)>>,
    stamps: Option<Stamps>,
    tls: Option<(ClientTls, Meter)>,
    milestones: Option<Arc<dyn Milestones>>,
    headers: Headers,
    line: Option<Line>,
    capture: Option<Capture>,
    origin: Option<Arc<Origin>>,
    congestion_control: Option<Arc<str>>,
}

/// Who is told how far a dial has come. The driver looks at its clock then.
pub trait Milestones: fmt::Debug + Send + Sync {
    /// A dial has come so far.
    fn reached(&self, milestone: Milestone);
}

/// How far a dial has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Milestone {
    /// TCP's handshake is over.
    Connected,
    /// TLS's handshake is over.
    Secured,
}

impl Dialer {
    /// Dials `address`, as near as it is.
    #[must_use]
    pub fn new(address: SocketAddr, meter: Meter) -> Self {
        Dialer {
            address,
            source: None,
            meter,
            distance: None,
            stamps: None,
            tls: None,
            milestones: None,
            headers: Headers::Bare,
            line: None,
            capture: None,
            origin: None,
            congestion_control: None,
        }
    }

    /// Puts the server farther off: the handshake takes a round trip, and every byte and the close arrive that
    /// much later, in both directions. Held back in this process.
    #[must_use]
    pub fn at_distance(mut self, distance: Distance, timer: Timer) -> Self {
        self.distance = (!distance.is_none()).then(|| Arc::new((distance, timer)));
        self
    }

    /// Lets the kernel note when what these connections read had come. Each read costs more for it. With a
    /// distance there is nothing to note: what has come is then still held back.
    #[must_use]
    pub fn noting(mut self, stamps: Stamps) -> Self {
        self.stamps = Some(stamps);
        self
    }

    /// Dials a server of this machine's loopback network from the `place`-th of its addresses, counted from 0:
    /// one address has only so many ports for one server. The first is 127.0.0.1, which the system takes by
    /// itself, as it does for any other server, and where it has no more than that one (all but Linux).
    #[must_use]
    pub fn from_place(mut self, place: u32) -> Self {
        self.source = source::of(self.address, place);
        self
    }

    /// Dials from this address, which has to be this machine's own.
    #[must_use]
    pub fn from_address(mut self, address: Ipv4Addr) -> Self {
        self.source = Some(address);
        self
    }

    /// With this algorithm of TCP's instead of the system's usual one. Linux only.
    #[must_use]
    pub fn controlling_congestion(mut self, algorithm: &str) -> Self {
        self.congestion_control = Some(algorithm.into());
        self
    }

    /// Speaks TLS over every connection; `plain` counts what goes through above it.
    #[must_use]
    pub fn secured(mut self, tls: ClientTls, plain: Meter) -> Self {
        self.tls = Some((tls, plain));
        self
    }

    /// Tells somebody how far each dial has come.
    #[must_use]
    pub fn telling(mut self, milestones: Arc<dyn Milestones>) -> Self {
        self.milestones = Some(milestones);
        self
    }

    /// With these header fields on every request, where requests are what is sent.
    #[must_use]
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Lets somebody break the connections.
    #[must_use]
    pub fn on(mut self, line: Line) -> Self {
        self.line = Some(line);
        self
    }

    /// Keeps the first bytes of the first connection.
    #[must_use]
    pub fn captured_by(mut self, capture: Capture) -> Self {
        self.capture = Some(capture);
        self
    }

    /// For one tab of a browser: over HTTP it shares connections with the others.
    #[must_use]
    pub fn of_browser(mut self, origin: Arc<Origin>) -> Self {
        self.origin = Some(origin);
        self
    }

    /// The connections that it shares over HTTP: its own, where it is no tab of a browser.
    #[must_use]
    pub fn origin(&self) -> Arc<Origin> {
        self.origin.clone().unwrap_or_else(|| Arc::new(Origin::unlimited()))
    }

    /// For another client: it shares no TLS session and no line with those that dialled before.
    #[must_use]
    pub fn of_one_client(mut self) -> Self {
        self.tls = self.tls.map(|(tls, plain)| (tls.of_one_client(), plain));
        let another =
            |distance: Arc<(Distance, Timer)>| Arc::new((distance.0.of_another(), distance.1.clone()));
        self.distance = self.distance.map(another);
        self
    }

    /// Which header fields requests have.
    #[must_use]
    pub fn headers(&self) -> Headers {
        self.headers
    }

    /// The server's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens a connection; TCP_NODELAY is set on it, and TLS's handshake is over where there is TLS.
    ///
    /// # Errors
    /// When nobody listens there, the system lacks the algorithm, descriptors or ports have run out, the kernel has no stamps where they
    /// were asked for, or the server does not prove who it is.
    pub async fn dial(&self) -> io::Result<Connection> {
        let connection = match self.distance.as_deref() {
            None => self.dial_near().await?,
            Some((distance, timer)) => self.dial_far(distance, timer).await?,
        };
        self.tell(Milestone::Connected);
        let Some((tls, plain)) = &self.tls else { return Ok(connection) };
        let secured = tls.secure(connection, self.address.ip(), plain.clone()).await?;
        self.tell(Milestone::Secured);
        Ok(secured.into())
    }

    async fn dial_near(&self) -> io::Result<Connection> {
        if let Some(line) = &self.line {
            line.passable().await;
        }
        let stream = source::connect(self.address, self.source, self.congestion_control.as_deref()).await?;
        let near = Connection::direct(stream, &self.meter, None)?;
        let near = match &self.stamps {
            None => near,
            Some(stamps) => near.noting(stamps.clone())?,
        };
        let near = match self.capture.as_ref().and_then(Capture::take) {
            None => near,
            Some(capture) => near.captured_by(capture),
        };
        Ok(match &self.line {
            None => near,
            Some(line) => Breakable::new(near, line).into(),
        })
    }

    async fn dial_far(&self, distance: &Distance, timer: &Timer) -> io::Result<Connection> {
        let mut ways = distance.of_a_connection();
        timer.sleep(ways.up.takes()).await;
        let near = self.dial_near().await;
        timer.sleep(ways.down.takes()).await;
        Ok(delay::delayed(near?, ways, timer.clone()).into())
    }

    fn tell(&self, milestone: Milestone) {
        if let Some(milestones) = &self.milestones {
            milestones.reached(milestone);
        }
    }
}
