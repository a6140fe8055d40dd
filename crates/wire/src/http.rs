//! hyper, driven the same way for everybody who speaks HTTP/1.1.

use crate::{Connection, Dialer, Headers, Listener, Slot, Timer};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self as client, SendRequest};
use hyper::server::conn::http1 as server;
use hyper::{Request, Response, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinHandle};

/// hyper's smallest buffer. Bodies stream through it; a request's head must fit.
const BUFFER_BYTES: usize = 8 << 10;

/// Serves a router until dropped; dropping it closes every connection.
///
/// A peer has `request_limit` to deliver the head of a request, also between two requests on a
/// kept-alive connection, and as long to take what is written to it; then it is cut. The first of the
/// two waits through the runtime's own timer, which is hyper's way; it is no part of what is measured.
///
/// # Errors
/// When no client can be accepted any more.
pub async fn serve(
    listener: Listener,
    router: axum::Router,
    request_limit: Duration,
    timer: Timer,
) -> io::Result<()> {
    let listener = listener.cutting_stalled(request_limit, timer);
    listener.serve_each(|connection| serve_one(connection, router.clone(), request_limit)).await
}

async fn serve_one(connection: Connection, router: axum::Router, request_limit: Duration) {
    let serving = server::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(request_limit)
        .max_buf_size(BUFFER_BYTES)
        // What is written is copied into one piece. A list of pieces takes memory of every connection, for as
        // long as it lasts, and the kernel more time than the copying.
        .writev(false)
        .serve_connection(TokioIo::new(connection), TowerToHyperService::new(router));
    // A peer that breaks off or talks nonsense ends its own connection and nothing else.
    let _ = serving.await;
}

/// One kept-alive connection to a server. Dropping it closes the connection at once.
#[derive(Debug)]
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    task: JoinHandle<()>,
    host: Option<header::HeaderValue>,
    headers: Headers,
    slot: Option<Slot>,
}

impl Client {
    /// Dials and gets ready to send.
    ///
    /// # Errors
    /// When the dial fails.
    pub async fn open(dialer: &Dialer) -> io::Result<Self> {
        let connection = dialer.dial().await?;
        let handshake = client::Builder::new().max_buf_size(BUFFER_BYTES).handshake(TokioIo::new(connection));
        let (sender, connection) = handshake.await.map_err(io::Error::other)?;
        let task = tokio::spawn(async move {
            // Its error reaches the request that is waiting.
            let _ = connection.await;
        });
        let host = header::HeaderValue::from_str(&dialer.address().to_string()).ok();
        Ok(Client { sender, task, host, headers: dialer.headers(), slot: None })
    }

    /// Holds a slot for as long as it is in use.
    #[must_use]
    pub fn in_slot(mut self, slot: Slot) -> Self {
        self.slot = Some(slot);
        self
    }

    pub(crate) fn give_up_slot(&mut self) -> Option<Slot> {
        self.slot.take()
    }

    /// Whether the connection can carry another request.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// What closes the connection from elsewhere, also while a response streams.
    #[must_use]
    pub fn closer(&self) -> AbortHandle {
        self.task.abort_handle()
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// # Errors
    /// When the connection ends before that, or what comes is no HTTP.
    pub async fn send(
        &mut self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, hyper::Error> {
        if let Some(host) = &self.host {
            request.headers_mut().insert(header::HOST, host.clone());
            let (method, name) = (request.method().clone(), host.to_str().unwrap_or_default());
            self.headers.add(&method, name, request.headers_mut());
        }
        self.sender.ready().await?;
        self.sender.send_request(request).await
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}
