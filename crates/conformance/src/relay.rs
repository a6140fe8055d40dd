//! A line between a client and a server that goes wrong at a given byte.

#![expect(clippy::disallowed_methods, reason = "tests have no driver: their alarm is the runtime's")]

use crate::stand::{Client, Stand};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::task::JoinHandle;
use transport::{Error, Subscription};
use wire::{Connection, Dialer, Listener, Meter, Timer};

/// More than this is poured into nobody: whoever has taken it would take anything.
pub(crate) const FLOOD_BYTES: usize = 64 << 20;
/// Whoever takes nothing of a flood for so long keeps it at bay.
const STALLED: Duration = Duration::from_secs(1);

/// Which direction goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    /// From client to server.
    Up,
    /// From server to client.
    Down,
}

/// What happens when the bytes that may pass have passed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Harm {
    /// The line is closed.
    Close,
    /// Nothing more passes, and the line stays.
    Silence,
    /// This comes instead, again and again.
    Flood(&'static [u8]),
}

/// Carries connections to a stand's server until dropped.
pub(crate) struct Relay {
    dialer: Dialer,
    line: Arc<Line>,
    carrying: JoinHandle<()>,
}

struct Line {
    way: Way,
    harm: Harm,
    /// Bytes that may still pass, over all connections, the way that goes wrong.
    left: AtomicUsize,
    up: AtomicUsize,
    down: AtomicUsize,
    poured: AtomicUsize,
}

impl Relay {
    /// Lets so many bytes pass that way before it goes wrong.
    pub(crate) fn start(stand: &Stand, way: Way, passing: usize, harm: Harm) -> Self {
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(here, Meter::default()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
        let count = || AtomicUsize::new(0);
        let line =
            Arc::new(Line { way, harm, left: passing.into(), up: count(), down: count(), poured: count() });
        let (server, shared) = (stand.dialer(), line.clone());
        let carrying = tokio::spawn(async move {
            let serve = |client| shared.clone().carry(client, server.clone());
            let _ = listener.serve_each(serve).await;
        });
        Relay { dialer, line, carrying }
    }

    /// Connects a client of the stand's transport through this line.
    pub(crate) async fn connect(&self, stand: &Stand, topic: u32, timer: Timer) -> Result<Client, Error> {
        self.subscribe(stand, stand.subscription(topic), timer).await
    }

    /// The same with any subscription.
    pub(crate) async fn subscribe(
        &self,
        stand: &Stand,
        asked: Subscription,
        timer: Timer,
    ) -> Result<Client, Error> {
        let (updates, requests) = stand.transport.connect(self.dialer.clone(), asked, timer).await?;
        Ok(Client { updates, requests })
    }

    /// From now on so many bytes pass before it goes wrong.
    pub(crate) fn arm(&self, passing: usize) {
        self.line.left.store(passing, Relaxed);
    }

    /// Bytes that were carried up and down.
    pub(crate) fn carried(&self) -> (usize, usize) {
        (self.line.up.load(Relaxed), self.line.down.load(Relaxed))
    }

    /// Bytes of the flood that somebody took, sockets' buffers included.
    pub(crate) fn poured(&self) -> usize {
        self.line.poured.load(Relaxed)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

impl Line {
    /// One connection, until either end of it closes.
    async fn carry(self: Arc<Self>, client: Connection, server: Dialer) {
        let Ok(server) = server.dial().await else { return };
        let ((from_client, to_client), (from_server, to_server)) = (split(client), split(server));
        tokio::select! {
            () = self.pass(Way::Up, from_client, to_server) => {}
            () = self.pass(Way::Down, from_server, to_client) => {}
        }
    }

    async fn pass(&self, way: Way, mut from: ReadHalf<Connection>, mut to: WriteHalf<Connection>) {
        let mut buffer = [0; 4096];
        loop {
            let left = if way == self.way { self.left.load(Relaxed) } else { usize::MAX };
            if left == 0 {
                return self.harm(&mut to).await;
            }
            let Ok(read @ 1..) = from.read(&mut buffer).await else { return };
            // How much may pass can have changed meanwhile.
            let left = if way == self.way { self.left.load(Relaxed) } else { usize::MAX };
            let passing = read.min(left);
            if to.write_all(&buffer[..passing]).await.is_err() {
                return;
            }
            let carried = if way == Way::Up { &self.up } else { &self.down };
            carried.fetch_add(passing, Relaxed);
            if way == self.way {
                self.left.store(left - passing, Relaxed);
            }
        }
    }

    async fn harm(&self, to: &mut WriteHalf<Connection>) {
        let Harm::Flood(drops) = self.harm else {
            return match self.harm {
                Harm::Close | Harm::Flood(_) => {}
                Harm::Silence => std::future::pending().await,
            };
        };
        let wave = drops.repeat((16 << 10) / drops.len());
        while self.poured.load(Relaxed) < FLOOD_BYTES {
            match tokio::time::timeout(STALLED, to.write_all(&wave)).await {
                Ok(Ok(())) => self.poured.fetch_add(wave.len(), Relaxed),
                Ok(Err(_)) | Err(_) => return,
            };
        }
    }
}
