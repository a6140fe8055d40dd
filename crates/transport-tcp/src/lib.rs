//! Length-prefixed bytes over TCP: no contestant, but the floor that the contestants are held against.
//!
//! It keeps the same contract with the least that a protocol can add. It must never do more than
//! that: what is faster here than elsewhere is what a real protocol costs.
//!
//! # Protocol
//! All numbers are big-endian. The client opens with a `u16` length and that many bytes of query
//! string (`topics=0-3&cursor=17`); the server answers with a `u16` length and that many bytes of
//! refusal, zero for a welcome. Then both send frames: a `u32` length of what follows, one byte that
//! names the kind, its fields, and the body. See [`codec`] for the kinds.

pub mod codec;

use bytes::BytesMut;
use codec::{ClientCodec, ServerCodec};
use futures_util::future::BoxFuture;
use options::{Carriage, Values};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::Framed;
use transport::multiplex::{self, Heartbeat};
use transport::{Description, Error, Hub, Requests, Silence, Subscription, Transport, Updates, settings};
use wire::{Connection, Dialer, Listener, Timer};

/// What the list of transports holds of this one.
pub const DESCRIPTION: Description = Description {
    name: "tcp",
    summary: "length-prefixed bytes over TCP: the floor, no contestant",
    options: &[settings::HEARTBEAT, settings::PATIENCE, settings::REQUEST_LIMIT],
    carriage: |_| Carriage::Push,
    build: |values| Box::new(Tcp::new(values)),
    is_floor: true,
    is_live: true,
};

/// What a client reads into, as with WebSocket.
const CLIENT_READ_BYTES: usize = 4 << 10;

/// Plain TCP.
#[derive(Debug, Clone)]
pub struct Tcp {
    /// How often a quiet connection gets a frame that says nothing.
    pub heartbeat: Duration,
    /// How much longer than two of them a client bears silence.
    pub patience: Duration,
    /// How long a client may take over its opening.
    pub request_limit: Duration,
}

impl Tcp {
    /// With these settings.
    #[must_use]
    pub fn new(values: &Values) -> Self {
        Tcp {
            heartbeat: values.duration(settings::HEARTBEAT.name),
            patience: values.duration(settings::PATIENCE.name),
            request_limit: values.duration(settings::REQUEST_LIMIT.name),
        }
    }

    async fn serve_all(self, listener: Listener, hub: Hub, timer: Timer) -> io::Result<()> {
        let listener = listener.cutting_stalled(self.request_limit, timer.clone());
        listener.serve_each(|connection| self.clone().serve_one(connection, hub.clone(), timer.clone())).await
    }

    async fn serve_one(self, mut connection: Connection, hub: Hub, timer: Timer) -> Result<(), Error> {
        let opening = timer.at_most(self.request_limit, read_short(&mut connection)).await;
        let query = opening.ok_or(Error::Silent(self.request_limit))??;
        let subscription = match accept(&query, &hub) {
            Ok(subscription) => subscription,
            Err(refusal) => return Ok(write_short(&mut connection, refusal.as_bytes()).await?),
        };
        write_short(&mut connection, b"").await?;
        let heartbeat = Heartbeat { every: self.heartbeat, timer };
        // Lent: a future keeps room for an argument that it takes and for what becomes of it.
        let mut connection = framed(connection, ServerCodec, multiplex::SERVER_READ_BYTES);
        multiplex::serve(&mut connection, hub, subscription, heartbeat).await
    }
}

impl Transport for Tcp {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        Box::pin(self.clone().serve_all(listener, hub, timer))
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        let patience = self.patience;
        let silence = Silence::after_heartbeats(self.heartbeat, self.patience, timer.clone());
        Box::pin(async move {
            let opening = timer.at_most(patience, open(dialer, subscription)).await;
            let connection = opening.ok_or(Error::Silent(patience))??;
            Ok(multiplex::client(framed(connection, ClientCodec, CLIENT_READ_BYTES), silence))
        })
    }
}

async fn open(dialer: Dialer, subscription: Subscription) -> Result<Connection, Error> {
    let mut connection = dialer.dial().await?;
    write_short(&mut connection, subscription.to_query().as_bytes()).await?;
    let refusal = read_short(&mut connection).await?;
    if refusal.is_empty() { Ok(connection) } else { Err(Error::refused(&String::from_utf8_lossy(&refusal))) }
}

fn accept(query: &[u8], hub: &Hub) -> Result<Subscription, String> {
    let query = std::str::from_utf8(query).map_err(|_| "the query is not UTF-8".to_owned())?;
    let subscription = Subscription::from_query(query).map_err(|bad| bad.to_string())?;
    if hub.has(&subscription) { Ok(subscription) } else { Err("there is no such topic".to_owned()) }
}

async fn read_short(connection: &mut Connection) -> io::Result<Vec<u8>> {
    let length = connection.read_u16().await?;
    let mut bytes = vec![0; usize::from(length)];
    connection.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn write_short(connection: &mut Connection, bytes: &[u8]) -> io::Result<()> {
    let length =
        u16::try_from(bytes.len()).map_err(|_| io::Error::other("the list of topics is too long"))?;
    let message = [&length.to_be_bytes(), bytes].concat();
    connection.write_all(&message).await
}

/// Frames with the buffers that WebSocket has here: so much to read, as much as it takes to write.
fn framed<C>(connection: Connection, codec: C, read_bytes: usize) -> Framed<Connection, C> {
    let mut framed = Framed::with_capacity(connection, codec, read_bytes);
    *framed.write_buffer_mut() = BytesMut::new();
    framed.set_backpressure_boundary(128 << 10);
    framed
}

#[cfg(test)]
conformance::suite!(crate::DESCRIPTION);
