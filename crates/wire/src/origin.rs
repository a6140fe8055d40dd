//! What a browser allows all of its tabs together.

use crate::http::Client;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The connections of HTTP/1.1 from one browser to one server. Whoever shares it shares them: what one keeps, another
/// may use, and where all are in use, one waits for the next that is free.
#[derive(Debug)]
pub struct Origin {
    in_use: Arc<Semaphore>,
    idle: Mutex<Vec<Client>>,
}

/// The right to use one of them, until dropped.
#[derive(Debug)]
pub struct Slot(
    #[expect(dead_code, reason = "it is held, and given back when dropped")] OwnedSemaphorePermit,
);

impl Origin {
    /// What browsers open to one server at the most (Chromium and Firefox).
    pub const OF_BROWSERS: usize = 6;
    /// Idle connections that are kept.
    const MAX_IDLE: usize = 6;

    /// At most so many connections at once.
    #[must_use]
    pub fn of(connections: usize) -> Self {
        Origin { in_use: Arc::new(Semaphore::new(connections)), idle: Mutex::default() }
    }

    /// As many connections as anybody wants.
    #[must_use]
    pub fn unlimited() -> Self {
        Origin::of(Semaphore::MAX_PERMITS)
    }

    /// Waits for a slot, for as long as it takes.
    pub async fn slot(&self) -> Slot {
        match self.in_use.clone().acquire_owned().await {
            Ok(permit) => Slot(permit),
            // Nobody ever closes it.
            Err(_) => std::future::pending().await,
        }
    }

    /// A connection that is kept, for who has a slot. With none there are fewer than the limit, and another may be
    /// opened.
    #[must_use]
    pub fn kept(&self) -> Option<Client> {
        let mut idle = self.idle();
        idle.retain(Client::is_open);
        idle.pop()
    }

    /// Keeps a connection for the next; its slot is free.
    pub fn keep(&self, mut client: Client) {
        let slot = client.give_up_slot();
        let mut idle = self.idle();
        if client.is_open() && idle.len() < Origin::MAX_IDLE {
            idle.push(client);
        }
        // Whoever gets the slot finds it there.
        drop(idle);
        drop(slot);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Client>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
