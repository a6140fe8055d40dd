//! What this run is measured on.

use results::{Machine, Tool};
use std::fs::read_to_string;

/// This build.
#[must_use]
pub fn tool() -> Tool {
    Tool {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        revision: option_env!("PUSHPULL_REVISION").map(str::to_owned),
    }
}

/// This machine. What only Linux tells is left out elsewhere.
#[must_use]
pub fn machine() -> Machine {
    let kernel = read("/proc/sys/kernel/osrelease").unwrap_or_else(|| "unknown".to_owned());
    Machine {
        os: std::env::consts::OS.to_owned(),
        kernel,
        cpu_model: field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32),
        memory_bytes: field("/proc/meminfo", "MemTotal").and_then(|size| kib(&size)).unwrap_or(0),
        governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        congestion_control: read("/proc/sys/net/ipv4/tcp_congestion_control"),
        descriptor_limit: crate::limits::descriptors(),
        timer_note: "waits ring from a thread with absolute deadlines on CLOCK_MONOTONIC".to_owned(),
    }
}

/// The algorithms of TCP's that a program may choose, in words, where the system tells.
pub(crate) fn congestion_controls() -> Option<String> {
    let names = read("/proc/sys/net/ipv4/tcp_available_congestion_control")?;
    Some(names.split_whitespace().collect::<Vec<_>>().join(", "))
}

fn read(path: &str) -> Option<String> {
    read_to_string(path).ok().map(|text| text.trim().to_owned())
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

fn kib(size: &str) -> Option<u64> {
    size.strip_suffix("kB").and_then(|number| number.trim().parse::<u64>().ok()).map(|kib| kib * 1024)
}
