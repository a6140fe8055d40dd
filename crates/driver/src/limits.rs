//! Whether this machine can open as many connections as a scenario asks for.

use crate::crowd::subscription;
use anyhow::bail;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use scenario::Scenario;
use transport::Subscription;

/// Descriptors that a process needs beside its connections.
pub(crate) const SPARE: u64 = 64;

/// Files and sockets that one process may have open.
#[must_use]
pub fn descriptors() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Raises this process's limit of open files as far as it may go.
pub fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Where the system refuses, what there is must do: checks are against that.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

/// Raises this process's limit, and so its workers', as far as it may go, and refuses what would not
/// fit even then. A server holds a connection of every subscriber, so splitting the clients over more
/// processes would not help.
///
/// # Errors
/// When a server could not hold that many connections, one address has not as many ports, or the
/// topics of a subscriber do not fit into a request.
pub fn check(scenario: &Scenario) -> anyhow::Result<()> {
    raise();
    if scenario.kernel_stamps && !cfg!(target_os = "linux") {
        bail!("kernel_stamps: only Linux notes when what is read had come; take it out");
    }
    fits("subscribers.count", scenario.subscribers.count.into(), descriptors(), ports())?;
    let longest = (0..scenario.subscribers.count.min(QUERIES_LOOKED_AT))
        .map(|number| subscription(scenario, scenario.seed, number).to_query().len())
        .max();
    if longest.is_some_and(|bytes| bytes > Subscription::QUERY_BYTES) {
        bail!(
            "a subscriber's topics do not fit into a request of {} bytes; lower subscribers.topics, or let everybody \
             follow all",
            Subscription::QUERY_BYTES
        );
    }
    Ok(())
}

/// Whether a server could hold that many connections, once [`check`] has raised the limit.
///
/// # Errors
/// When it could not.
pub fn check_idle(connections: u32) -> anyhow::Result<()> {
    fits("idle_connections", connections.into(), descriptors(), ports())
}

/// Subscribers' topics are drawn alike: some tell how long the list of another will be.
const QUERIES_LOOKED_AT: u32 = 100;

fn fits(key: &str, connections: u64, descriptors: u64, ports: u64) -> anyhow::Result<()> {
    if connections + SPARE > descriptors {
        bail!(
            "{connections} connections need a server with {} open descriptors, the limit is {descriptors}; raise it \
             (`ulimit -Hn`, or LimitNOFILE) or lower {key} to {}",
            connections + SPARE,
            descriptors.saturating_sub(SPARE)
        );
    }
    if connections > ports {
        bail!(
            "{connections} connections need as many ports, this system gives out {ports}; widen \
             net.ipv4.ip_local_port_range or lower {key}"
        );
    }
    Ok(())
}

/// Files and sockets that one process may have open once it has raised its limit as far as it may.
pub(crate) fn most_descriptors() -> u64 {
    getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX)
}

/// Ports that the system gives out to clients of one server.
pub(crate) fn ports() -> u64 {
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
        assert!(fits("x", 900, 1024, 28_232).is_ok());
        let error = fits("x", 1000, 1024, 28_232).unwrap_err().to_string();
        assert!(error.contains("lower x to 960"), "{error}");
        assert!(fits("x", 30_000, 1 << 20, 28_232).unwrap_err().to_string().contains("ip_local_port_range"));
    }
}
