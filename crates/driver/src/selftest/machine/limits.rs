//! How much the system lets a program have, held against what a thousand subscribers need; and what it tells.

use super::{Finding, Grade};
use crate::{limits, memory, probe};
use std::fs::read_to_string;
use verdict::format;

/// The subscribers of each transport that there should be room for.
const SUBSCRIBERS: u64 = 1_000;
/// A connection takes about 12 KiB of a server, as much of a client, and 10 KiB of the kernel, each over five
/// transports at once.
const BYTES_PER_SUBSCRIBER: u64 = 5 * 34 * 1024;

/// What there is to know of them.
pub fn findings() -> Vec<Finding> {
    vec![
        open_files(limits::descriptors(), limits::most_descriptors()),
        ports(limits::ports()),
        waiting(number("/proc/sys/net/core/somaxconn")),
        free_memory(memory::available_bytes()),
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

fn ports(ports: u64) -> Finding {
    let grade = if ports < SUBSCRIBERS { Grade::Bad } else { Grade::Good };
    let wanted = format!("{SUBSCRIBERS}: each connection to a server takes one");
    Finding::new("ports", ports.to_string(), &wanted, grade, "widen net.ipv4.ip_local_port_range")
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

fn free_memory(available: Option<u64>) -> Finding {
    let needed = SUBSCRIBERS * BYTES_PER_SUBSCRIBER;
    let grade = match available {
        Some(bytes) if bytes < needed => Grade::Bad,
        Some(bytes) if bytes < 2 * needed => Grade::Note,
        Some(_) => Grade::Good,
        None => Grade::Note,
    };
    let print = |bytes: u64| format::bytes(bytes as f64);
    let found = available
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
        assert_eq!([500, 28_232].map(|count| ports(count).grade), [Grade::Bad, Grade::Good]);
        assert_eq!(
            [Some(128), Some(4_096), None].map(|most| waiting(most).grade),
            [Grade::Note, Grade::Good, Grade::Good]
        );
        let memory = [Some(1 << 20), Some(200 << 20), Some(8 << 30)].map(|bytes| free_memory(bytes).grade);
        assert_eq!(memory, [Grade::Bad, Grade::Note, Grade::Good]);
        assert_eq!([true, false].map(|tells| costs(tells, true).grade), [Grade::Good, Grade::Note]);
    }
}
