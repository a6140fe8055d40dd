//! Updates over WebSocket (RFC 6455), carried by tungstenite.
//!
//! One message is one update; posts, questions and replies share the socket. It must never send
//! an update before the client has asked for its topic, nor read a clock: heartbeats (pings) wait
//! through the timer. Compression (permessage-deflate) is not offered.
//!
//! # Protocol
//! The client upgrades `GET /updates?topics=0-3&cursor=17`. Each message is a line, in which words and
//! numbers are separated by one space, and for some kinds a line feed and a body. See [`message`].

pub mod message;
mod socket;

use futures_util::future::BoxFuture;
use options::{Carriage, Kind, Spec, Values};
use socket::{ClientSocket, ServerSocket};
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{Error as SocketError, ProtocolError};
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config, client_async_with_config};
use transport::multiplex::{self, Heartbeat};
use transport::{
    Description, Error, Hub, MAX_POST_BYTES, Requests, Silence, Subscription, Transport, Updates, settings,
};
use wire::{Connection, Dialer, Listener, Timer};

const READ_BUFFER: Spec = Spec {
    name: "read-buffer",
    kind: Kind::Size { min: 512, max: 1 << 20 },
    default: "4KiB",
    help: "tungstenite's read buffer in the client; its own default, 128KiB, is filled with zeros on every read",
};
const SERVER_READ_BUFFER: Spec = Spec {
    name: "server-read-buffer",
    kind: Kind::Size { min: 512, max: 1 << 20 },
    default: "1KiB",
    help: "the same in the server, which holds one for every connection and reads little",
};

/// What the list of transports holds of this one.
pub const DESCRIPTION: Description = Description {
    name: "websocket",
    summary: "one socket for both directions (RFC 6455), a message per update",
    options: &[
        READ_BUFFER,
        SERVER_READ_BUFFER,
        settings::HEARTBEAT,
        settings::PATIENCE,
        settings::REQUEST_LIMIT,
    ],
    carriage: |_| Carriage::Push,
    build: |values| Box::new(WebSocket::new(values)),
    is_floor: false,
    is_live: true,
};

/// The longest message that is accepted: the longest post and its first line.
const MAX_MESSAGE_BYTES: usize = MAX_POST_BYTES + 64;
/// What whoever does not ask for an upgrade is told (RFC 9110, section 15.5.22).
const UPGRADE_REQUIRED: &str = "HTTP/1.1 426 Upgrade Required\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade, close\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 48\r\n\r\n\
    this server speaks WebSocket: ask for an upgrade";
/// How long the server waits for a client's half of the closing handshake.
const CLOSING: Duration = Duration::from_secs(1);

/// WebSocket on both ends.
#[derive(Debug, Clone)]
pub struct WebSocket {
    /// tungstenite's read buffer in the client, in bytes.
    pub read_buffer_bytes: usize,
    /// The same in the server.
    pub server_read_buffer_bytes: usize,
    /// How often the server pings.
    pub heartbeat: Duration,
    /// How much longer than two of them a client bears silence.
    pub patience: Duration,
    /// How long a client may take over its upgrade request.
    pub request_limit: Duration,
}

impl WebSocket {
    /// With these settings.
    #[must_use]
    pub fn new(values: &Values) -> Self {
        WebSocket {
            read_buffer_bytes: values.size(READ_BUFFER.name),
            server_read_buffer_bytes: values.size(SERVER_READ_BUFFER.name),
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
        let mut subscription = None;
        #[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
        let opening = |request: &Request, response: Response| match accept(request, &hub) {
            Ok(asked) => {
                subscription = Some(asked);
                Ok(response)
            }
            Err(refusal) => Err(refusal),
        };
        let config = config(self.server_read_buffer_bytes);
        // Lent, since somebody who asked for something else is to be told so.
        let upgrade = accept_hdr_async_with_config(&mut connection, opening, Some(config));
        let upgraded = timer.at_most(self.request_limit, Box::pin(upgrade)).await;
        if let Err(error) = upgraded.ok_or(Error::Silent(self.request_limit))? {
            if is_no_upgrade(&error) {
                timer.at_most(CLOSING, connection.write_all(UPGRADE_REQUIRED.as_bytes())).await;
            }
            return Err(socket::broken(error));
        }
        let Some(subscription) = subscription else { return Ok(()) };
        // Nothing was read beyond the request: who sends more before our answer was turned away.
        let socket = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await;
        let mut socket = ServerSocket::new(socket);
        let heartbeat = Heartbeat { every: self.heartbeat, timer: timer.clone() };
        let outcome = multiplex::serve(&mut socket, hub, subscription, heartbeat).await;
        let _ = timer.at_most(CLOSING, Box::pin(socket.close())).await;
        outcome
    }
}

impl Transport for WebSocket {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>> {
        Box::pin(self.clone().serve_all(listener, hub, timer))
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        let (config, patience) = (config(self.read_buffer_bytes), self.patience);
        let silence = Silence::after_heartbeats(self.heartbeat, self.patience, timer.clone());
        Box::pin(async move {
            let opening = async {
                let host = dialer.address().to_string();
                let url = format!("ws://{host}/updates?{}", subscription.to_query());
                let mut request = url.into_client_request().map_err(socket::broken)?;
                dialer.headers().add_to_upgrade(&host, request.headers_mut());
                let connection = dialer.dial().await?;
                let upgraded = client_async_with_config(request, connection, Some(config)).await;
                upgraded.map_err(socket::refused_or_broken)
            };
            let opened = timer.at_most(patience, Box::pin(opening)).await;
            let (socket, _) = opened.ok_or(Error::Silent(patience))??;
            Ok(multiplex::client(ClientSocket::new(socket), silence))
        })
    }
}

fn config(read_buffer_bytes: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(read_buffer_bytes)
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES))
}

#[expect(clippy::result_large_err, reason = "the error is tungstenite's response")]
fn accept(request: &Request, hub: &Hub) -> Result<Subscription, ErrorResponse> {
    if request.uri().path() != "/updates" {
        return Err(refusal(StatusCode::NOT_FOUND, "ask for /updates?topics=0".to_owned()));
    }
    let query = request.uri().query().unwrap_or_default();
    let bad = |bad: transport::BadQuery| refusal(StatusCode::BAD_REQUEST, bad.to_string());
    let subscription = Subscription::from_query(query).map_err(bad)?;
    if !hub.has(&subscription) {
        return Err(refusal(StatusCode::NOT_FOUND, "there is no such topic".to_owned()));
    }
    Ok(subscription)
}

/// Whether it was a request, but for no WebSocket.
fn is_no_upgrade(error: &SocketError) -> bool {
    use ProtocolError::{
        MissingConnectionUpgradeHeader, MissingSecWebSocketKey, MissingSecWebSocketVersionHeader,
        MissingUpgradeWebSocketHeader, WrongHttpMethod, WrongHttpVersion,
    };
    matches!(
        error,
        SocketError::Protocol(
            MissingConnectionUpgradeHeader
                | MissingUpgradeWebSocketHeader
                | MissingSecWebSocketVersionHeader
                | MissingSecWebSocketKey
                | WrongHttpMethod
                // As a proxy asks that was not told to speak HTTP/1.1.
                | WrongHttpVersion
        )
    )
}

fn refusal(status: StatusCode, why: String) -> ErrorResponse {
    let length = HeaderValue::from(why.len());
    let mut response = ErrorResponse::new(Some(why));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_LENGTH, length);
    response
}

#[cfg(test)]
conformance::suite!(crate::DESCRIPTION);

#[cfg(test)]
mod tests;
