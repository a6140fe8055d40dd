//! When a subscriber's dial came how far.

use crate::clock;
use ledger::Setup;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wire::{Milestone, Milestones};

/// Notes the instants of its last dial, 0 where it has not come so far.
#[derive(Debug, Default)]
pub(crate) struct Dialled {
    connected_ns: AtomicU64,
    secured_ns: AtomicU64,
}

impl Milestones for Dialled {
    fn reached(&self, milestone: Milestone) {
        let now_ns = clock::now_ns();
        match milestone {
            Milestone::Connected => self.connected_ns.store(now_ns, Relaxed),
            Milestone::Secured => self.secured_ns.store(now_ns, Relaxed),
        }
    }
}

impl Dialled {
    /// How long opening took, which began and ended at these instants; the last of several attempts began at
    /// `attempt_ns`. Read once: the next dial may belong to something else.
    pub(crate) fn take(&self, begun_ns: u64, attempt_ns: u64, now_ns: u64) -> Setup {
        let at_ns = |instant: &AtomicU64| Some(instant.swap(0, Relaxed)).filter(|ns| *ns >= attempt_ns);
        let connected_ns = at_ns(&self.connected_ns);
        let secured_ns = at_ns(&self.secured_ns);
        Setup {
            total_ns: now_ns.saturating_sub(begun_ns),
            tcp_ns: connected_ns.map(|ns| ns - attempt_ns),
            tls_ns: secured_ns.zip(connected_ns).map(|(secured_ns, ns)| secured_ns.saturating_sub(ns)),
        }
    }
}
