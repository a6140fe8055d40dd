//! Carrying packets from one end to the other.

use crate::device::Tun;
use crate::{Conditions, Counts, Direction, Ends};
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Longer than any packet of a device with the usual MTU.
const PACKET_BYTES: usize = 2_048;
/// Packets that are fetched from one end before the other one has its turn.
const AT_ONCE: usize = 64;
/// How soon it is noticed that it is to stop, when nothing moves.
const LOOK: Duration = Duration::from_millis(50);

/// What a link has carried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// From the server to the clients.
    pub down: Counts,
    /// From the clients to the server.
    pub up: Counts,
}

/// Carries packets between the ends until `stop` turns true. `now_ns` is the clock; `late` hears of every packet how much
/// later than it was to be it was handed over, in nanoseconds: what it waited at the most until it was fetched, and what
/// it waited here.
///
/// # Errors
/// When a device is gone.
pub fn carry(
    ends: &Ends,
    conditions: &Conditions,
    seed: u64,
    stop: &AtomicBool,
    now_ns: impl Fn() -> u64,
    mut late: impl FnMut(u64),
) -> io::Result<Carried> {
    let mut down = Direction::down(conditions.down, seed);
    let mut up = Direction::up(conditions.up, seed);
    let mut buffer = [0; PACKET_BYTES];
    // Since when each device may have had a packet.
    let (mut server_since, mut clients_since) = (now_ns(), now_ns());
    while !stop.load(Ordering::Relaxed) {
        deliver(&mut down, &ends.clients, &now_ns, &mut late);
        deliver(&mut up, &ends.server, &now_ns, &mut late);
        let next_ns = [&down, &up].into_iter().filter_map(Direction::next_arrival_ns).min();
        let wait =
            next_ns.map_or(LOOK, |at_ns| Duration::from_nanos(at_ns.saturating_sub(now_ns())).min(LOOK));
        let has_slept = wait_for_packets(ends, wait)?;
        if has_slept {
            // Both were empty, and a packet ends the wait.
            (server_since, clients_since) = (now_ns(), now_ns());
        }
        fetch(&ends.server, &mut down, &mut buffer, &now_ns, &mut server_since)?;
        fetch(&ends.clients, &mut up, &mut buffer, &now_ns, &mut clients_since)?;
    }
    down.overflow(ends.server.dropped());
    up.overflow(ends.clients.dropped());
    Ok(Carried { down: down.counts(), up: up.counts() })
}

fn deliver(direction: &mut Direction, to: &Tun, now_ns: &impl Fn() -> u64, late: &mut impl FnMut(u64)) {
    let mut now = now_ns();
    while let Some(arrival) = direction.arrival(now) {
        late(now - arrival.at_ns + arrival.waited_ns);
        // A kernel that has no room for it drops it, as it would one from a network card.
        let _ = to.write(&arrival.packet);
        now = now_ns();
    }
}

/// Fetches what the kernel has sent; what is fetched may have been there since `since`.
fn fetch(
    from: &Tun,
    direction: &mut Direction,
    buffer: &mut [u8],
    now_ns: &impl Fn() -> u64,
    since: &mut u64,
) -> io::Result<()> {
    for _ in 0..AT_ONCE {
        let Some(bytes) = from.read(buffer)? else {
            *since = now_ns();
            return Ok(());
        };
        let now = now_ns();
        direction.send(&buffer[..bytes], now, now.saturating_sub(*since));
    }
    Ok(())
}

/// Waits for a packet at either end; whether there was none at first.
fn wait_for_packets(ends: &Ends, wait: Duration) -> io::Result<bool> {
    let mut ends = [&ends.server, &ends.clients].map(|end| PollFd::new(end.as_fd(), PollFlags::POLLIN));
    let mut ready = |wait| match ppoll(&mut ends, Some(TimeSpec::from_duration(wait)), None) {
        Ok(ready) => Ok(ready > 0),
        Err(nix::errno::Errno::EINTR) => Ok(false),
        Err(error) => Err(io::Error::from(error)),
    };
    if ready(Duration::ZERO)? {
        return Ok(false);
    }
    ready(wait).map(|_| true)
}
