//! How much the system lets a program have, held against what a thousand subscribers need; and what it tells.

use super::{Finding, Grade};
use crate::limits::{self, Capacity};
use crate::{memory, probe};
use std::fs::read_to_string;
use verdict::format;

/// The subscribers of each transport that there should be room for.
const SUBSCRIBERS: u64 = 1_000;
/// The transports that they are connected over at once.
const TRANSPORTS: u64 = 5;

/// What there is to know of them.
pub fn findings() -> Vec<Finding> {
    let capacity = Capacity::now();
    vec![
        open_files(capacity.descriptors, limits::most_descriptors()),
        ports(&capacity),
        waiting(number("/proc/sys/net/core/somaxconn")),
        free_memory(&capacity),
        costs(probe::tells_time(), memory::anonymous_bytes(None).is_some()),
    ]
}

fn open_files(soft: u64, hard: u64) -> Finding {
    let needed = SUBSCRIBERS + limits::SPARE;
    let grade = if hard < needed { Grade::Bad } else { Grade::Good };
    let found = format!("{soft}, and up to {hard} when asked for");
    let wanted = format!("{needed}, for {SUBSCRIBERS} subscribers");
    let advice = format!(
        "a run is refused above {} subscribers: raise the limit (`ulimit -Hn`, or LimitNOFILE)",
        hard.saturating_sub(limits::SPARE)
    );
    Finding::new("open files", found, &wanted, grade, &advice)
}

fn ports(capacity: &Capacity) -> Finding {
    let fits = capacity.by_ports();
    let grade = if fits < SUBSCRIBERS { Grade::Bad } else { Grade::Good };
    let found = format!("{} for each address, for {fits} connections in all", capacity.ports);
    let wanted = format!("{SUBSCRIBERS}: each connection to a server takes one");
    Finding::new("ports", found, &wanted, grade, "widen net.ipv4.ip_local_port_range")
}

fn waiting(somaxconn: Option<u64>) -> Finding {
    const ENOUGH: u64 = 1_024;
    let grade = match somaxconn {
        Some(most) if most < ENOUGH => Grade::Note,
        _ => Grade::Good,
    };
    let found = somaxconn.map_or_else(|| "this system does not tell".to_owned(), |most| most.to_string());
    let advice = "a crowd that dials at once may wait a second for the next attempt: raise net.core.somaxconn, or give \
                  scenarios a longer subscribers.ramp";
    Finding::new("dials waiting", found, "1024 or more may wait to be accepted", grade, advice)
}

fn free_memory(capacity: &Capacity) -> Finding {
    let needed = SUBSCRIBERS * TRANSPORTS * limits::CONNECTION_BYTES;
    let grade = match capacity.by_memory(TRANSPORTS) {
        Some(fits) if fits < SUBSCRIBERS => Grade::Bad,
        Some(fits) if fits < 2 * SUBSCRIBERS => Grade::Note,
        Some(_) => Grade::Good,
        None => Grade::Note,
    };
    let print = |bytes: u64| format::bytes(bytes as f64);
    let found = capacity
        .memory_bytes
        .map_or_else(|| "this system does not tell".to_owned(), |bytes| format!("{} free", print(bytes)));
    let wanted = format!("{}, for {SUBSCRIBERS} subscribers over five transports", print(2 * needed));
    Finding::new(
        "memory",
        found,
        &wanted,
        grade,
        "close other programs, or run fewer subscribers or transports at once",
    )
}

/// What only some systems tell: without it cells stay empty, and nothing is wrong.
fn costs(time: bool, memory: bool) -> Finding {
    let found = match (time, memory) {
        (true, true) => "processor time by thread, memory by process",
        (true, false) => "processor time by thread; no memory",
        (false, true) => "memory by process; no processor time by thread",
        (false, false) => "neither processor time nor memory",
    };
    let grade = if time && memory { Grade::Good } else { Grade::Note };
    let advice = "costs read \"not available\" in reports; on Linux, see whether /proc/self/schedstat and \
                  /proc/self/smaps_rollup can be read";
    Finding::new("costs", found.to_owned(), "what /proc tells on Linux", grade, advice)
}

fn number(path: &str) -> Option<u64> {
    read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_held_against_a_thousand_subscribers() {
        assert_eq!(
            [256, 1_063, 1_064].map(|hard| open_files(256, hard).grade),
            [Grade::Bad, Grade::Bad, Grade::Good]
        );
        assert!(open_files(256, 256).advice.is_some_and(|advice| advice.contains("above 192")));
        let capacity = Capacity { descriptors: 1_064, files: None, ports: 500, memory_bytes: None };
        let spread = if cfg!(target_os = "linux") { Grade::Good } else { Grade::Bad };
        let graded = [500, 28_232].map(|count| ports(&Capacity { ports: count, ..capacity }).grade);
        assert_eq!(graded, [spread, Grade::Good], "many addresses have ports for many");
        assert_eq!(
            [Some(128), Some(4_096), None].map(|most| waiting(most).grade),
            [Grade::Note, Grade::Good, Grade::Good]
        );
        let memory = [Some(1 << 20), Some(300 << 20), Some(8 << 30)]
            .map(|memory_bytes| free_memory(&Capacity { memory_bytes, ..capacity }).grade);
        assert_eq!(memory, [Grade::Bad, Grade::Note, Grade::Good]);
        assert_eq!([true, false].map(|tells| costs(tells, true).grade), [Grade::Good, Grade::Note]);
    }
}
