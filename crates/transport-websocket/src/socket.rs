//! tungstenite's sockets as streams and sinks of messages.

use crate::message::{
    encode_down, encode_up, is_binary_down, is_binary_up, parse_binary_down, parse_binary_up, parse_down,
    parse_up,
};
use bytes::Bytes;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncReadExt;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::{self, Message};
use transport::Error;
use transport::multiplex::{Down, Up};
use wire::Connection;

/// The server's end.
pub(crate) struct ServerSocket {
    socket: WebSocketStream<Connection>,
    /// Why the connection must end, for the closing handshake.
    close_code: CloseCode,
}

impl ServerSocket {
    pub(crate) fn new(socket: WebSocketStream<Connection>) -> Self {
        ServerSocket { socket, close_code: CloseCode::Normal }
    }

    /// Says why, and reads on until the client has answered: then it is for the server to close the connection (RFC 6455,
    /// section 7.1.1), and the client waits for that. After a violation nothing that comes is a frame, but what is left
    /// unread would have the kernel reset the connection, and our reason with it.
    pub(crate) async fn close(&mut self) {
        let frame = CloseFrame { code: self.close_code, reason: "".into() };
        if self.socket.close(Some(frame)).await.is_err() {
            return;
        }
        while let Some(Ok(_)) = self.socket.next().await {}
        if self.close_code == CloseCode::Normal {
            return;
        }
        let mut rest = [0; 4096];
        while let Ok(1..) = self.socket.get_mut().read(&mut rest).await {}
    }

    fn note(&mut self, error: Error, code: CloseCode) -> Error {
        self.close_code = code;
        error
    }
}

impl Stream for ServerSocket {
    type Item = Result<Up, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return Poll::Ready(match ready!(poll_message(&mut self.socket, cx)) {
                None => None,
                Some(Ok(None)) => continue,
                Some(Ok(Some(said))) => match said.parse(parse_up, parse_binary_up) {
                    Ok(up) => Some(Ok(up)),
                    Err(error) => Some(Err(self.note(error, CloseCode::Protocol))),
                },
                Some(Err(error)) => {
                    let code = close_code(&error);
                    Some(Err(self.note(broken(error), code)))
                }
            });
        }
    }
}

impl Sink<Down> for ServerSocket {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_ready_unpin(cx).map_err(broken)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Down) -> Result<(), Error> {
        let message = match encode_down(&message) {
            Some(bytes) => whole(bytes, is_binary_down(&message)),
            None => Message::Ping(Bytes::new()),
        };
        self.socket.start_send_unpin(message).map_err(broken)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_flush_unpin(cx).map_err(broken)
    }

    /// Flushes; the closing handshake is [`ServerSocket::close`]'s.
    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.poll_flush(cx)
    }
}

/// The client's end.
pub(crate) struct ClientSocket {
    socket: WebSocketStream<Connection>,
}

impl ClientSocket {
    pub(crate) fn new(socket: WebSocketStream<Connection>) -> Self {
        ClientSocket { socket }
    }
}

impl Stream for ClientSocket {
    type Item = Result<Down, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(poll_message(&mut self.socket, cx));
        Poll::Ready(next.map(|message| match message.map_err(broken)? {
            Some(said) => said.parse(parse_down, parse_binary_down),
            None => Ok(Down::Heartbeat),
        }))
    }
}

impl Sink<Up> for ClientSocket {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_ready_unpin(cx).map_err(broken)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Up) -> Result<(), Error> {
        self.socket.start_send_unpin(whole(encode_up(&message), is_binary_up(&message))).map_err(broken)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_flush_unpin(cx).map_err(broken)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_close_unpin(cx).map_err(broken)
    }
}

/// A message from bytes that are shared by all who get it. Text is UTF-8 by contract and needs no second
/// look for every subscriber.
fn whole(bytes: Bytes, is_binary: bool) -> Message {
    let data = if is_binary { Data::Binary } else { Data::Text };
    Message::Frame(Frame::message(bytes, OpCode::Data(data), true))
}

/// A message that came.
enum Said {
    Text(Bytes),
    Binary(Bytes),
}

impl Said {
    fn parse<T>(
        self,
        text: impl Fn(Bytes) -> Result<T, Error>,
        binary: impl Fn(Bytes) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self {
            Said::Text(bytes) => text(bytes),
            Said::Binary(bytes) => binary(bytes),
        }
    }
}

/// The next message, or `None` for a control frame: tungstenite answers pings and completes
/// closes in passing.
fn poll_message(
    socket: &mut WebSocketStream<Connection>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Option<Said>, tungstenite::Error>>> {
    Poll::Ready(match ready!(socket.poll_next_unpin(cx)) {
        None => None,
        Some(Ok(Message::Text(text))) => Some(Ok(Some(Said::Text(text.into())))),
        Some(Ok(Message::Binary(bytes))) => Some(Ok(Some(Said::Binary(bytes)))),
        Some(Ok(_)) => Some(Ok(None)),
        Some(Err(tungstenite::Error::ConnectionClosed)) => None,
        Some(Err(error)) => Some(Err(error)),
    })
}

/// RFC 6455, section 7.4.1.
fn close_code(error: &tungstenite::Error) -> CloseCode {
    match error {
        tungstenite::Error::Capacity(_) => CloseCode::Size,
        tungstenite::Error::Utf8(_) => CloseCode::Invalid,
        _ => CloseCode::Protocol,
    }
}

pub(crate) fn broken(error: tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => Error::Closed,
        tungstenite::Error::Io(error) => Error::Broken(error.to_string()),
        other => Error::Protocol(other.to_string()),
    }
}

pub(crate) fn refused_or_broken(error: tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::Http(response) => {
            let why = response.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            Error::refused(&format!("{} {why}", response.status()))
        }
        other => broken(other),
    }
}
