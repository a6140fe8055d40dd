//! Whether somebody else is using the machine.

use driver::clock::{block_until, now_ns};
use std::fs::read_to_string;

/// Processor time, in the kernel's ticks.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// All that any processor spent on anything but idling, stolen time included.
    busy: u64,
    /// All that passed.
    total: u64,
    /// What this process and the ended children of it and its children used.
    own: u64,
}

impl Load {
    /// Up to now; none where the system does not tell.
    pub fn now() -> Option<Load> {
        let stat = read_to_string("/proc/stat").ok()?;
        let fields: Vec<u64> =
            stat.lines().next()?.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
        // user nice system idle iowait irq softirq steal; guest time is within user's.
        let counted = fields.get(..8)?;
        let idle = counted[3] + counted[4];
        let total: u64 = counted.iter().sum();
        Some(Load { busy: total - idle, total, own: own_ticks()? })
    }

    /// The share of the machine that others used since `earlier`.
    pub fn foreign_since(self, earlier: Load) -> f64 {
        let busy = self.busy - earlier.busy;
        let foreign = busy.saturating_sub(self.own - earlier.own);
        foreign as f64 / (self.total - earlier.total).max(1) as f64
    }
}

/// Waits for a second in which nobody else uses the machine, but for half a minute at most.
pub fn wait_for_quiet() {
    const SECOND_NS: u64 = 1_000_000_000;
    const QUIET: f64 = 0.05;
    for _ in 0..30 {
        let before = Load::now();
        block_until(now_ns() + SECOND_NS);
        match before.zip(Load::now()) {
            Some((before, after)) if after.foreign_since(before) > QUIET => {}
            _ => return,
        }
    }
}

/// Fields 14 to 17 of the process's line: user and system time, its own and its ended children's.
fn own_ticks() -> Option<u64> {
    let stat = read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    fields.get(11..15)?.iter().map(|field| field.parse::<u64>().ok()).sum()
}
