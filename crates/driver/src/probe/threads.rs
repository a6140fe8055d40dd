//! This process's threads, told apart by what they are for. Linux tells; elsewhere there is nothing to read.

use super::PUBLISHER;
use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// What the threads of this process had used at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Threads {
    pub transport: Time,
    pub publisher_ns: u64,
    /// All others: timer, probe, reports.
    pub harness_ns: u64,
    /// Of the transport's thread, as are the next.
    pub voluntary_switches: Option<u64>,
    pub involuntary_switches: Option<u64>,
}

/// One thread's time, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Time {
    /// On a processor.
    pub ran_ns: u64,
    /// Ready to run, and waiting for one.
    pub waited_ns: u64,
}

/// The number of the calling thread.
#[cfg(target_os = "linux")]
pub(super) fn current() -> Option<u32> {
    Some(rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs())
}

/// The number of the calling thread.
#[cfg(not(target_os = "linux"))]
pub(super) fn current() -> Option<u32> {
    None
}

impl Threads {
    /// Reads all threads; `transport` is the one that the transport runs on.
    pub fn read(transport: u32) -> Option<Self> {
        let tasks = Path::new("/proc/self/task");
        let own = tasks.join(transport.to_string());
        // The transport's first: the rest takes time, some of which others may take from it.
        let mut threads = Threads { transport: time(&own)?, ..Threads::default() };
        let status = read_to_string(own.join("status")).ok()?;
        threads.voluntary_switches = count(&status, "voluntary_ctxt_switches");
        threads.involuntary_switches = count(&status, "nonvoluntary_ctxt_switches");
        for entry in read_dir(tasks).ok()? {
            let task = entry.ok()?.path();
            if task == own {
                continue;
            }
            // A thread that has just ended is no error.
            let (Some(Time { ran_ns, .. }), Ok(name)) = (time(&task), read_to_string(task.join("comm")))
            else {
                continue;
            };
            let place =
                if name.trim() == PUBLISHER { &mut threads.publisher_ns } else { &mut threads.harness_ns };
            *place += ran_ns;
        }
        Some(threads)
    }
}

/// See the kernel's Documentation/scheduler/sched-stats.rst: time run, time waited, and turns.
fn time(task: &Path) -> Option<Time> {
    parse(&read_to_string(task.join("schedstat")).ok()?)
}

fn parse(schedstat: &str) -> Option<Time> {
    let mut numbers = schedstat.split_whitespace().map(|number| number.parse::<u64>().ok());
    let (ran_ns, waited_ns) = (numbers.next()??, numbers.next()??);
    // A kernel that was built without these statistics says zero for ever; each thread has run.
    (ran_ns > 0).then_some(Time { ran_ns, waited_ns })
}

fn count(status: &str, name: &str) -> Option<u64> {
    let mut lines = status.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(found, _)| *found == name)?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        assert_eq!(
            parse("178588059 21653432 645\n"),
            Some(Time { ran_ns: 178_588_059, waited_ns: 21_653_432 })
        );
        assert_eq!(parse("0 0 0\n"), None, "statistics that are switched off");
        assert_eq!(parse("12\n"), None);
        let status = "Name:\tx\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t545\n";
        assert_eq!(count(status, "voluntary_ctxt_switches"), Some(150));
        assert_eq!(count(status, "nonvoluntary_ctxt_switches"), Some(545));
        assert_eq!(count(status, "switches"), None);
    }
}
