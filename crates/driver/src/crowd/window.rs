//! What a crowd's sockets carry within the measured window.

use super::Times;
use super::books::{Books, lock};
use crate::clock::Alarm;
use results::{ExchangeTraffic, Steady, Traffic};
use std::sync::atomic::Ordering;
use wire::{Meter, Tally};

/// Counts what is carried between the two ends of the window; what goes over connections of single exchanges
/// is counted by the second meter, and what goes through above TLS by the third.
pub(super) async fn count(
    times: Times,
    (meter, fresh, plain): (&Meter, &Meter, &Meter),
    books: &Books,
    alarm: &Alarm,
) {
    let count = || (meter.tally(), fresh.tally(), books.carried.load(Ordering::Relaxed));
    alarm.until(times.window_start_ns).await;
    // Connecting is a crowd of its own, about which nothing is said.
    alarm.forget_lateness();
    let (before, fresh_before, carried_before) = count();
    let plain_before = plain.tally();
    alarm.until(times.window_end_ns).await;
    let (after, fresh_after, carried_after) = count();
    let plain_after = plain.tally();
    let is_secured = plain_after.read_bytes > 0;
    *lock(&books.steady) = Steady {
        bytes_in: after.read_bytes - before.read_bytes,
        bytes_out: after.written_bytes - before.written_bytes,
        updates: carried_after - carried_before,
        plain: is_secured.then(|| {
            let Traffic { bytes_in, bytes_out, .. } = traffic(plain_before, plain_after);
            (bytes_in, bytes_out)
        }),
    };
    if fresh_after.connections > 0 {
        let (all, cold) = (traffic(before, after), traffic(fresh_before, fresh_after));
        let warm = Traffic {
            bytes_in: all.bytes_in - cold.bytes_in,
            bytes_out: all.bytes_out - cold.bytes_out,
            connections: all.connections - cold.connections,
        };
        *lock(&books.exchanges) = Some(ExchangeTraffic { cold, warm, ..ExchangeTraffic::default() });
    }
}

fn traffic(before: Tally, after: Tally) -> Traffic {
    Traffic {
        bytes_in: after.read_bytes - before.read_bytes,
        bytes_out: after.written_bytes - before.written_bytes,
        connections: after.connections - before.connections,
    }
}
