//! How many connections this machine can hold, and what is missing for more.

use crate::crowd::subscription;
use crate::{lineup, memory};
use anyhow::{bail, ensure};
use results::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use scenario::{IdleCount, Order, Scenario};
use std::fs::read_to_string;
use std::sync::OnceLock;
use transport::Subscription;

/// Descriptors that a process needs beside its connections.
pub(crate) const SPARE: u64 = 64;

/// Connections that are dialled from one address, at the most. Where half of an address's ports are taken, the
/// kernel looks longer for a free one with each connection.
const FROM_ONE_ADDRESS: u64 = 10_000;

/// Addresses that may be dialled from: 127.0.0.1 and those after it are all this machine's, on Linux.
const ADDRESSES: u64 = if cfg!(target_os = "linux") { 1 << 16 } else { 1 };

/// What a connection takes of the machine, in bytes. Measured with default settings: 4 KiB (WebSocket) to 11 (polling)
/// for the server, about 10 for both of its ends in the kernel, and up to 30 for the client with its books. It is
/// there to refuse what can't be, not to plan by.
pub(crate) const CONNECTION_BYTES: u64 = 52 << 10;

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

/// From which of this machine's addresses a subscriber dials, by its number: see [`wire::Dialer::from_place`].
/// The same over every transport, and the first, which is the usual one, for the first ten thousand.
#[must_use]
pub fn place(subscriber: u32) -> u32 {
    static PORTS: OnceLock<u64> = OnceLock::new();
    (u64::from(subscriber) / from_one_address(*PORTS.get_or_init(ports))) as u32
}

/// Raises this process's limit, and so its workers', as far as it may go, and refuses what would not
/// fit even then. A server holds a connection of every subscriber, so splitting the clients over more
/// processes would not help.
///
/// # Errors
/// When a server could not hold that many connections, the machine has not as many ports, files or bytes, or
/// the topics of a subscriber do not fit into a request.
pub fn check(scenario: &Scenario) -> anyhow::Result<()> {
    raise();
    if scenario.kernel_stamps && !cfg!(target_os = "linux") {
        bail!("kernel_stamps: only Linux notes when what is read had come; take it out");
    }
    let at_once = if scenario.order == Order::Apart { 1 } else { runners(scenario) };
    Capacity::now().fits("subscribers.count", scenario.subscribers.count.into(), at_once)?;
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

/// The counts of idle connections that a scenario asks for, fewer first, once [`check`] has raised the limit.
///
/// # Errors
/// When one of them does not fit.
pub fn idle_counts(scenario: &Scenario) -> anyhow::Result<Vec<u32>> {
    const KEY: &str = "idle_connections";
    let (capacity, at_once) = (Capacity::now(), scenario.transports.len() as u64);
    let mut counts = Vec::new();
    for count in &scenario.idle_connections {
        match *count {
            IdleCount::Exactly(count) => {
                capacity.fits(KEY, count.into(), at_once)?;
                counts.push(count);
            }
            IdleCount::Most => {
                let most = capacity.idle_most(at_once);
                let before = counts.last().copied().unwrap_or(0);
                ensure!(
                    most > before,
                    "\"most\" are {most} connections here; lower the {before} of {KEY}, or take \"most\" out"
                );
                counts.push(most);
            }
        }
    }
    Ok(counts)
}

/// Whether so many transports at once can have so many connections each, once the limit is raised as far as it may.
///
/// # Errors
/// When they can't: with what is missing, and what to do about `key`.
pub fn check_connections(key: &str, connections: u32, transports: usize) -> anyhow::Result<()> {
    raise();
    Capacity::now().fits(key, connections.into(), transports as u64)
}

/// Subscribers' topics are drawn alike: some tell how long the list of another will be.
const QUERIES_LOOKED_AT: u32 = 100;

fn runners(scenario: &Scenario) -> u64 {
    lineup::runners(scenario, Mode::Together).len() as u64
}

/// Files and sockets that one process may have open once it has raised its limit as far as it may.
pub(crate) fn most_descriptors() -> u64 {
    getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX)
}

/// What the machine has for connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capacity {
    /// Files and sockets of one process.
    pub(crate) descriptors: u64,
    /// The same of all processes, as far as they are free. None where the system does not tell.
    pub(crate) files: Option<u64>,
    /// From one address to one server.
    pub(crate) ports: u64,
    /// That can be given to programs. None where the system does not tell.
    pub(crate) memory_bytes: Option<u64>,
}

impl Capacity {
    pub(crate) fn now() -> Self {
        Capacity {
            descriptors: descriptors(),
            files: files(),
            ports: ports(),
            memory_bytes: memory::available_bytes(),
        }
    }

    /// The most connections that each of so many transports can have at once.
    fn most(&self, transports: u64) -> u64 {
        let transports = transports.max(1);
        let files = self.files.map_or(u64::MAX, |files| files / 2 / transports);
        let memory = self.by_memory(transports).unwrap_or(u64::MAX);
        self.descriptors.saturating_sub(SPARE).min(self.by_ports()).min(files).min(memory)
    }

    /// What `"most"` stands for: the same, where connecting them does not take minutes.
    fn idle_most(&self, transports: u64) -> u32 {
        u32::try_from(self.most(transports)).unwrap_or(u32::MAX).min(scenario::limits::IDLE_MOST)
    }

    /// The most connections to one server that there are ports for, over all addresses.
    pub(crate) fn by_ports(&self) -> u64 {
        ADDRESSES.saturating_mul(from_one_address(self.ports))
    }

    /// The most connections that each of so many transports has memory for. None where the system does not tell.
    pub(crate) fn by_memory(&self, transports: u64) -> Option<u64> {
        self.memory_bytes.map(|bytes| bytes / CONNECTION_BYTES / transports)
    }

    /// Refuses what can't be, with what is missing for it, and how much.
    fn fits(&self, key: &str, connections: u64, transports: u64) -> anyhow::Result<()> {
        let most = self.most(transports);
        if connections <= most {
            return Ok(());
        }
        let instead = format!("or lower {key} to {most}");
        let needed = connections + SPARE;
        if needed > self.descriptors {
            bail!(
                "{connections} connections need a server with {needed} open descriptors, the limit is {}, {} too few; \
                 raise it (`ulimit -Hn`, or LimitNOFILE) {instead}",
                self.descriptors,
                needed - self.descriptors
            );
        }
        if let Some(files) = self.files.filter(|files| connections * 2 * transports > *files) {
            let needed = connections * 2 * transports;
            bail!(
                "{connections} connections of {transports} transports at once need {needed} open files, both ends \
                 counted, {files} are free, {} too few; raise fs.file-max {instead}",
                needed - files
            );
        }
        if let Some(free) =
            self.memory_bytes.filter(|free| connections * transports * CONNECTION_BYTES > *free)
        {
            let needed = connections * transports * CONNECTION_BYTES;
            bail!(
                "{connections} connections of {transports} transports at once need about {} of memory, {} are free, \
                 {} too little; close other programs {instead}",
                mebibytes(needed),
                mebibytes(free),
                mebibytes(needed - free)
            );
        }
        bail!(
            "{connections} connections need as many ports, this system gives out {}; widen \
             net.ipv4.ip_local_port_range {instead}",
            self.ports
        );
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

/// How many connections one address is taken for, where there are others.
fn from_one_address(ports: u64) -> u64 {
    match ADDRESSES {
        1 => ports.max(1),
        _ => FROM_ONE_ADDRESS.min(ports / 2).max(1),
    }
}

/// Ports that the system gives out to clients of one server, for each address of theirs.
fn ports() -> u64 {
    const USUAL: u64 = 28_232;
    let Ok(range) = read_to_string("/proc/sys/net/ipv4/ip_local_port_range") else { return USUAL };
    let bounds: Vec<u64> = range.split_whitespace().filter_map(|bound| bound.parse().ok()).collect();
    match bounds[..] {
        [low, high] if high >= low => high - low + 1,
        _ => USUAL,
    }
}

/// Files that all processes together may still open.
fn files() -> Option<u64> {
    let text = read_to_string("/proc/sys/fs/file-nr").ok()?;
    let numbers: Vec<u64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [open, unused, most] = numbers[..] else { return None };
    Some(most.saturating_sub(open.saturating_sub(unused)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOMY: Capacity = Capacity { descriptors: 1 << 20, files: None, ports: 28_232, memory_bytes: None };

    fn refusal(capacity: Capacity, connections: u64, transports: u64) -> String {
        capacity.fits("x", connections, transports).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_opened_is_refused_with_what_is_missing_and_a_number_that_can() {
        let few = Capacity { descriptors: 1024, ..ROOMY };
        assert!(few.fits("x", 900, 5).is_ok());
        let error = refusal(few, 1000, 5);
        assert!(error.contains("40 too few") && error.ends_with("lower x to 960"), "{error}");
        let error = refusal(Capacity { files: Some(10_000), ..ROOMY }, 1_001, 5);
        assert!(error.contains("10 too few") && error.ends_with("lower x to 1000"), "{error}");
        let error = refusal(Capacity { memory_bytes: Some(520 << 20), ..ROOMY }, 4_096, 5);
        assert!(error.contains("1040 MiB of memory, 520 MiB are free, 520 MiB too little"), "{error}");
        assert!(error.ends_with("lower x to 2048"), "{error}");
    }

    #[test]
    fn the_most_is_what_fits_and_can_be_connected_in_a_minute() {
        let few = Capacity { descriptors: 1024, ..ROOMY };
        assert_eq!(few.idle_most(5), 960);
        let endless = Capacity { descriptors: 1 << 40, ports: 1 << 40, ..ROOMY };
        assert!(endless.idle_most(5) <= scenario::limits::IDLE_MOST);
        assert!(scenario::limits::IDLE_CONNECTIONS.contains(&scenario::limits::IDLE_MOST.into()));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn more_than_one_address_has_ports_for_come_from_several() {
        assert!(ROOMY.fits("x", 200_000, 1).is_ok());
        assert!(refusal(Capacity { ports: 4, ..ROOMY }, 200_000, 1).contains("ip_local_port_range"));
        assert_eq!(place(0), 0);
        let places: Vec<u32> = (0..200_000).map(place).collect();
        assert!(places.is_sorted() && places.windows(2).all(|pair| pair[1] - pair[0] <= 1));
        assert!(places.last().is_some_and(|last| *last > 0));
    }
}
