//! What a transport is.

use crate::{Batch, Hub, Subscription};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use options::{Carriage, Spec, Values};
use std::fmt;
use std::io;
use std::sync::Arc;
use wire::{Dialer, Listener, Timer};

/// Longer posts and questions are refused by every transport, in bytes.
pub const MAX_POST_BYTES: usize = 1 << 20;

/// How long a client waits for an answer that the server need not hold back, over every transport.
pub const ANSWER_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// As much of a server's reason for a refusal is kept, in characters.
const REASON_CHARS: usize = 200;

/// Carries updates from a hub to clients, and clients' messages back. A plain struct whose fields are
/// its settings.
pub trait Transport: Send + Sync {
    /// Serves the hub to whoever connects, until dropped: that closes every connection.
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, io::Result<()>>;

    /// Opens one client. It is ready when the server has answered the opening request, in which the
    /// topics and the cursor travel. For [`Subscription::none`] no request need be sent; the updates then
    /// stay silent, and are to be polled all the same.
    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>>;
}

/// What arrives, until the stream ends or fails. Whoever wants to go on connects again, from the seq
/// of the last update; that is the driver's affair, so that all transports give one guarantee.
pub type Updates = BoxStream<'static, Result<Batch, Error>>;

/// Sends a client's messages. Over transports with one connection for both directions they move while
/// the updates are polled.
///
/// Posts keep their order over every transport: the application gets those of one client one by one, in the
/// order in which they were first polled, and the next may be sent before the last is acknowledged. Whoever
/// has polled a post polls it to its end or drops it.
#[derive(Clone)]
pub struct Requests(Arc<dyn Upstream>);

/// What stands behind [`Requests`].
pub trait Upstream: Send + Sync {
    /// See [`Requests::post`].
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Error>>;
    /// See [`Requests::ask`].
    fn ask(&self, body: Bytes) -> BoxFuture<'static, Result<Reply, Error>>;
}

/// A finite answer: its updates end when it is complete.
pub struct Reply {
    /// The answer's parts, numbered from 1.
    pub updates: Updates,
    /// Interrupts it; resolves when the server has been told. Dropping the updates does so too.
    pub stop: BoxFuture<'static, Result<(), Error>>,
}

/// What a server said to a post.
pub type Answer = Result<(), Error>;

/// Why a connection ended or a request failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The server could not be reached, or the connection broke.
    #[error("connection failed: {0}")]
    Broken(String),
    /// The server closed the connection.
    #[error("closed by the server")]
    Closed,
    /// The server answered no, or somebody on the way to it.
    #[error("refused: {0}")]
    Refused(String),
    /// What came breaks the protocol's rules or limits.
    #[error("protocol violated: {0}")]
    Protocol(String),
    /// No answer within the limit.
    #[error("no answer within {0:?}")]
    Silent(std::time::Duration),
}

impl Error {
    /// How the words of a refusal begin.
    pub const REFUSED: &str = "refused: ";

    /// A refusal with the server's reason, of which a line is enough: whoever answers at an address may
    /// send a page.
    #[must_use]
    pub fn refused(reason: &str) -> Self {
        // Of a page, what stands before it: for people it says the same once more.
        let reason = reason.split_once("<").map_or(reason, |(before, _)| before);
        let words: Vec<&str> = reason.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(REASON_CHARS) {
            Some((end, _)) => Error::Refused(format!("{}…", &line[..end])),
            None => Error::Refused(line),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Broken(error.to_string())
    }
}

impl Requests {
    /// Requests that go through `upstream`.
    pub fn new(upstream: Arc<dyn Upstream>) -> Self {
        Requests(upstream)
    }

    /// Sends a message; done when the server's application has taken it.
    ///
    /// # Errors
    /// When the server refuses it or the connection ends first.
    pub async fn post(&self, body: Bytes) -> Answer {
        self.0.post(body).await
    }

    /// Asks a question that is answered with a finite feed.
    ///
    /// # Errors
    /// When the server refuses it or the connection ends first.
    pub async fn ask(&self, body: Bytes) -> Result<Reply, Error> {
        self.0.ask(body).await
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests")
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply")
    }
}

/// What the list of transports holds of each: names, settings, validation, help, benches and reports
/// follow from it.
#[derive(Clone, Copy)]
pub struct Description {
    /// The word in scenario files and reports.
    pub name: &'static str,
    /// One line for a person.
    pub summary: &'static str,
    /// Its settings.
    pub options: &'static [Spec],
    /// How it carries an update, given its settings.
    pub carriage: fn(&Values) -> Carriage,
    /// Builds it.
    pub build: fn(&Values) -> Box<dyn Transport>,
    /// No contestant, but what the contestants are held against.
    pub is_floor: bool,
    /// It carries subscriptions. One that does not carries replies and posts alone.
    pub is_live: bool,
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Description").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_reasons_becomes_a_line() {
        let told = |reason: &str| Error::refused(reason).to_string();
        assert_eq!(told("404\r\n\x1b[31m  no \n"), "refused: 404 [31m no");
        assert_eq!(told("403 Forbidden <html><h1>403 Forbidden</h1></html>"), "refused: 403 Forbidden");
        assert!(told(&"é".repeat(5000)).chars().count() < 300);
    }
}
