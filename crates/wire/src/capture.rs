//! Keeping the first bytes of a connection, as somebody on the way would see them.

use std::sync::{Arc, Mutex, PoisonError};

/// The first bytes of the first connection that it is given to, in each direction.
#[derive(Debug, Clone, Default)]
pub struct Capture(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_taken: bool,
    captured: Captured,
}

/// What was on the way, beneath TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// From the client.
    pub up: Vec<u8>,
    /// To it.
    pub down: Vec<u8>,
}

impl Capture {
    /// Bytes that are kept of each direction.
    pub const BYTES: usize = 1_024;

    /// What was kept so far.
    #[must_use]
    pub fn captured(&self) -> Captured {
        self.lock().captured.clone()
    }

    /// For one connection; none where another one had it before.
    pub(crate) fn take(&self) -> Option<Capture> {
        let is_taken = std::mem::replace(&mut self.lock().is_taken, true);
        (!is_taken).then(|| self.clone())
    }

    /// Keeps what was sent.
    pub(crate) fn sent<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>) {
        let mut state = self.lock();
        pieces.for_each(|bytes| keep(&mut state.captured.up, bytes));
    }

    /// Keeps what came.
    pub(crate) fn came(&self, bytes: &[u8]) {
        keep(&mut self.lock().captured.down, bytes);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    let room = Capture::BYTES - kept.len();
    kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
}
