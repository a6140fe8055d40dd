//! The open sockets of a meter, and what the kernel counted for those that are closed.

use crate::kernel::{self, Fd, Segments};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the kernel says of all connections of a [`Meter`](crate::Meter) at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SocketTally {
    /// TCP segments received so far, over open and closed connections.
    pub segments_in: u64,
    /// TCP segments sent so far, pure acknowledgements and retransmissions included. What follows a
    /// close (its FIN) is not in it, on either side.
    pub segments_out: u64,
    /// Of those sent, the ones that were sent again.
    pub retransmitted: u64,
    /// What the kernel holds for the data of open connections, in bytes: their queues and what it has
    /// set aside for them, without its own structures.
    pub held_bytes: u64,
}

/// Open sockets by number. A number is taken out before its socket is closed, and looked at only under
/// the lock: so none is asked about that the system has given to somebody else.
#[derive(Debug, Default)]
pub(crate) struct Sockets(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    open: BTreeSet<Fd>,
    closed: Segments,
    /// A connection closed of which the kernel did not tell.
    unknown: bool,
}

impl Sockets {
    pub(crate) fn opened(&self, fd: Fd) {
        self.lock().open.insert(fd);
    }

    /// Has to be called before the socket is closed.
    pub(crate) fn closing(&self, fd: Fd) {
        let mut state = self.lock();
        if state.open.remove(&fd) {
            match kernel::segments(fd) {
                Some(segments) => state.closed += segments,
                None => state.unknown = true,
            }
        }
    }

    /// None where the system does not tell.
    pub(crate) fn tally(&self) -> Option<SocketTally> {
        let state = self.lock();
        if state.unknown || cfg!(not(target_os = "linux")) {
            return None;
        }
        let (mut segments, mut held_bytes) = (state.closed, 0);
        for fd in &state.open {
            segments += kernel::segments(*fd)?;
            held_bytes += kernel::held_bytes(*fd)?;
        }
        Some(SocketTally {
            segments_in: segments.received,
            segments_out: segments.sent,
            retransmitted: segments.retransmitted,
            held_bytes,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
