//! Memory of processes and of the kernel, where the system tells (Linux).

use std::fs::read_to_string;

/// A process's memory that belongs to it alone and to no file, in bytes; None is this process.
///
/// The kernel walks the process's page tables for it: some 0.2 ms for a small process, and ten for each
/// gigabyte. Not to be done while something is timed. (What it keeps without walking, `RssAnon`, is off by dozens
/// of pages.)
#[must_use]
pub fn anonymous_bytes(pid: Option<u32>) -> Option<u64> {
    let process = pid.map_or_else(|| "self".to_owned(), |pid| pid.to_string());
    kib(&read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?, "Anonymous")
}

/// The same as the kernel keeps count of it, of this process: without a walk, and off by some dozens of pages.
#[must_use]
pub fn counted_bytes() -> Option<u64> {
    kib(&read_to_string("/proc/self/status").ok()?, "RssAnon")
}

/// What the kernel holds for its own structures (slabs) and for the data of TCP connections, on the
/// whole machine, in bytes.
#[must_use]
pub fn kernel_bytes() -> Option<u64> {
    let slabs = kib(&read_to_string("/proc/meminfo").ok()?, "Slab")?;
    let pages = tcp_pages(&read_to_string("/proc/net/sockstat").ok()?)?;
    Some(slabs + pages * rustix::param::page_size() as u64)
}

/// What programs could still take without others being written out, in bytes.
#[must_use]
pub fn available_bytes() -> Option<u64> {
    kib(&read_to_string("/proc/meminfo").ok()?, "MemAvailable")
}

/// A line `name:  123 kB`, in bytes.
fn kib(text: &str, name: &str) -> Option<u64> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, size) = lines.find(|(found, _)| *found == name)?;
    size.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

/// The number behind `mem` in the line on TCP: pages.
fn tcp_pages(sockstat: &str) -> Option<u64> {
    let line = sockstat.lines().find(|line| line.starts_with("TCP:"))?;
    let mut words = line.split_whitespace().skip_while(|word| *word != "mem");
    words.nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let rollup = "5cc3-7fff ---p 00000000 00:00 0    [rollup]\nAnonymous:          116 kB\nSwap:  0 kB\n";
        assert_eq!(kib(rollup, "Anonymous"), Some(116 * 1024));
        assert_eq!(kib(rollup, "Anon"), None);
        let sockstat = "sockets: used 19\nTCP: inuse 1 orphan 0 tw 22 alloc 1 mem 32\nUDP: inuse 0 mem 5\n";
        assert_eq!(tcp_pages(sockstat), Some(32));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_that_is_touched_is_counted() {
        const BYTES: usize = 64 << 20;
        let before = anonymous_bytes(None).expect("Linux tells");
        let block = std::hint::black_box(vec![1_u8; BYTES]);
        let after = anonymous_bytes(Some(std::process::id())).expect("Linux tells");
        assert!(after - before > BYTES as u64 * 9 / 10, "{before} {after}");
        drop(block);
        assert!(kernel_bytes().is_some_and(|bytes| bytes > 0));
    }
}
