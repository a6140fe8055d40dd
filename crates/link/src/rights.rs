//! Whether this process may make a link.

use crate::device::TUN;

/// Bits of capabilities, from linux/capability.h.
const NET_ADMIN: u64 = 1 << 12;
const SYS_ADMIN: u64 = 1 << 21;

/// What this machine or this user lacks for a link; nothing where one can be made.
#[must_use]
pub fn missing() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lacks = [(NET_ADMIN, "CAP_NET_ADMIN"), (SYS_ADMIN, "CAP_SYS_ADMIN")]
        .into_iter()
        .filter(|(bit, _)| effective(&status).is_none_or(|has| has & bit == 0))
        .map(|(_, name)| name)
        .collect::<Vec<_>>();
    if !lacks.is_empty() {
        return Some(format!("the right to make network namespaces and devices ({})", lacks.join(" and ")));
    }
    let opened = std::fs::OpenOptions::new().read(true).write(true).open(TUN);
    opened.err().map(|error| format!("TUN devices ({TUN}: {error})"))
}

/// The capabilities in effect, as the kernel writes them down.
fn effective(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_read_as_the_kernel_writes_them() {
        assert_eq!(effective("Name:\tx\nCapEff:\t0000000000201000\n"), Some(NET_ADMIN | SYS_ADMIN));
        assert_eq!(effective("Name:\tx\n"), None);
    }
}
