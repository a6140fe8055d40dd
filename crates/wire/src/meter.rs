//! Counting what goes through sockets.

use crate::SocketTally;
use crate::kernel::Fd;
use crate::sockets::Sockets;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts the bytes and connections of every socket that shares it.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    read_bytes: AtomicU64,
    written_bytes: AtomicU64,
    writes: AtomicU64,
    connections: AtomicU64,
    sockets: Sockets,
    /// What these are a part of.
    whole: Option<Meter>,
}

/// What a [`Meter`] had counted at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bytes that the kernel handed to us.
    pub read_bytes: u64,
    /// Bytes that the kernel took from us.
    pub written_bytes: u64,
    /// Calls in which it took any.
    pub writes: u64,
    /// Connections opened or accepted so far.
    pub connections: u64,
}

impl Meter {
    /// A meter of some of this one's sockets: what it counts, this one counts too.
    #[must_use]
    pub fn part(&self) -> Meter {
        Meter(Arc::new(Counters { whole: Some(self.clone()), ..Counters::default() }))
    }

    /// The counts of this moment.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally {
            read_bytes: self.0.read_bytes.load(Relaxed),
            written_bytes: self.0.written_bytes.load(Relaxed),
            writes: self.0.writes.load(Relaxed),
            connections: self.0.connections.load(Relaxed),
        }
    }

    /// What the kernel says at this moment of the sockets that share this meter. None where it does not
    /// tell.
    ///
    /// Takes two system calls for each open connection, and keeps others from opening or closing one
    /// meanwhile.
    #[must_use]
    pub fn sockets(&self) -> Option<SocketTally> {
        self.0.sockets.tally()
    }

    pub(crate) fn read(&self, bytes: usize) {
        self.0.read_bytes.fetch_add(bytes as u64, Relaxed);
        if let Some(whole) = &self.0.whole {
            whole.read(bytes);
        }
    }

    pub(crate) fn written(&self, bytes: usize) {
        if bytes > 0 {
            self.0.written_bytes.fetch_add(bytes as u64, Relaxed);
            self.0.writes.fetch_add(1, Relaxed);
            if let Some(whole) = &self.0.whole {
                whole.written(bytes);
            }
        }
    }

    /// Counts a connection, until the guard is dropped: before the socket is closed.
    pub(crate) fn connected(&self, fd: Fd) -> Metered {
        self.opened(fd);
        Metered { meter: self.clone(), fd }
    }

    fn opened(&self, fd: Fd) {
        self.0.connections.fetch_add(1, Relaxed);
        self.0.sockets.opened(fd);
        if let Some(whole) = &self.0.whole {
            whole.opened(fd);
        }
    }

    fn closing(&self, fd: Fd) {
        self.0.sockets.closing(fd);
        if let Some(whole) = &self.0.whole {
            whole.closing(fd);
        }
    }
}

/// A connection that a meter counts.
#[derive(Debug)]
pub(crate) struct Metered {
    pub(crate) meter: Meter,
    fd: Fd,
}

impl Drop for Metered {
    fn drop(&mut self) {
        self.meter.closing(self.fd);
    }
}
