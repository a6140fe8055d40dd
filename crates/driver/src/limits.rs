//! Whether this machine can open as many connections as a scenario asks for.

use anyhow::bail;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use scenario::Scenario;

/// Descriptors that a process needs beside its connections.
const SPARE: u64 = 64;
/// A polling client that posts may have a second connection.
const PER_SUBSCRIBER: u64 = 1;

/// Files and sockets that one process may have open.
#[must_use]
pub fn descriptors() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Raises this process's limit, and so its workers', as far as it may go, and says over how many
/// client processes the subscribers of one transport must be spread.
///
/// # Errors
/// When a server could not hold that many connections, or one address has not as many ports.
pub fn crowds_for(scenario: &Scenario) -> anyhow::Result<u32> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Where the system refuses, what there is must do: the check below is against that.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
    let subscribers = u64::from(scenario.subscribers.count);
    check(subscribers, descriptors(), ports())?;
    Ok(scenario.subscribers.crowds.max(crowds_needed(subscribers, descriptors())))
}

fn check(subscribers: u64, descriptors: u64, ports: u64) -> anyhow::Result<()> {
    if subscribers * PER_SUBSCRIBER + SPARE > descriptors {
        bail!(
            "{subscribers} subscribers need a server with {} open descriptors, the limit is {descriptors}; raise it \
             (`ulimit -Hn`, or LimitNOFILE) or lower subscribers.count to {}",
            subscribers + SPARE,
            descriptors.saturating_sub(SPARE)
        );
    }
    if subscribers > ports {
        bail!(
            "{subscribers} subscribers need as many ports, this system gives out {ports}; widen \
             net.ipv4.ip_local_port_range or lower subscribers.count"
        );
    }
    Ok(())
}

fn crowds_needed(subscribers: u64, descriptors: u64) -> u32 {
    let each = descriptors.saturating_sub(SPARE).max(1);
    (subscribers * PER_SUBSCRIBER).div_ceil(each) as u32
}

/// Ports that the system gives out to clients of one server.
fn ports() -> u64 {
    const USUAL: u64 = 28_232;
    let Ok(range) = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range") else { return USUAL };
    let bounds: Vec<u64> = range.split_whitespace().filter_map(|bound| bound.parse().ok()).collect();
    match bounds[..] {
        [low, high] if high >= low => high - low + 1,
        _ => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_opened_is_refused_with_a_number_that_can() {
        assert!(check(900, 1024, 28_232).is_ok());
        let error = check(1000, 1024, 28_232).unwrap_err().to_string();
        assert!(error.contains("to 960"), "{error}");
        assert!(check(30_000, 1 << 20, 28_232).unwrap_err().to_string().contains("ip_local_port_range"));
    }

    #[test]
    fn subscribers_are_spread_where_one_process_cannot_hold_them() {
        assert_eq!(crowds_needed(900, 1024), 1);
        assert_eq!(crowds_needed(2000, 1064), 2);
        assert_eq!(crowds_needed(2001, 1064), 3);
    }
}
