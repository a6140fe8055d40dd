//! How busy the machine is while something is measured.

use crate::clock;
use results::HostLoad;
use scenario::Scenario;
use std::fs::read_to_string;
use std::ops::Range;
use std::time::Duration;
use wire::Timer;

/// The part of the measured window that all transports have in common when the last begins `offset_ns` after the
/// first: as soon as the first has closed its books, its processes end. Empty when there is none.
pub(crate) fn shared(scenario: &Scenario, start_ns: u64, offset_ns: u64) -> Range<u64> {
    let begins_ns = start_ns + scenario.warm_up.as_nanos() as u64;
    begins_ns + offset_ns..begins_ns + scenario.measure.as_nanos() as u64
}

/// Looks at the machine at both ends of a window, given in nanoseconds of the clock, and at what this process
/// and its workers took of it. None where the system does not tell, a worker ended meanwhile, or the window is
/// empty.
pub(crate) async fn watch(timer: Timer, window_ns: Range<u64>, workers: Vec<u32>) -> Option<HostLoad> {
    let until =
        |deadline_ns: u64| timer.sleep(Duration::from_nanos(deadline_ns.saturating_sub(clock::now_ns())));
    if window_ns.is_empty() {
        return None;
    }
    until(window_ns.start).await;
    let before = Reading::now(&workers)?;
    until(window_ns.end).await;
    Reading::now(&workers)?.since(&before)
}

/// What a watch found when the work beside it was done; None when that was before the end of its window.
pub(crate) async fn beside<T>(
    watching: impl Future<Output = Option<HostLoad>>,
    work: impl Future<Output = T>,
) -> (Option<HostLoad>, T) {
    let (mut watching, mut work) = (std::pin::pin!(watching), std::pin::pin!(work));
    tokio::select! {
        // The watch first: workers end right after the window, and can't be asked any more.
        biased;
        load = &mut watching => (load, work.await),
        outcome = &mut work => (None, outcome),
    }
}

/// The machine's books at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    at_ns: u64,
    own_ns: u64,
    machine: Machine,
}

/// What the kernel has counted since the boot, over all processors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Machine {
    cores: u32,
    idle_ticks: u64,
    interrupt_ticks: u64,
    stolen_ticks: u64,
}

impl Reading {
    /// None where the system does not tell, or a worker has ended.
    pub(crate) fn now(workers: &[u32]) -> Option<Self> {
        let machine = Machine::parse(&read_to_string("/proc/stat").ok()?)?;
        let processes = workers.iter().copied().chain([std::process::id()]);
        let own_ns = processes.map(clock::processor_ns).sum::<Option<u64>>()?;
        Some(Reading { at_ns: clock::now_ns(), own_ns, machine })
    }

    /// What happened since an earlier moment.
    pub(crate) fn since(&self, before: &Reading) -> Option<HostLoad> {
        let ns = |ticks: u64| ticks * (1_000_000_000 / rustix::param::clock_ticks_per_second());
        let (now, then) = (self.machine, before.machine);
        let elapsed_ns = self.at_ns - before.at_ns;
        let stolen_ns = ns(now.stolen_ticks.checked_sub(then.stolen_ticks)?);
        // What was idle is known exactly where processors sleep without a tick; what was busy is sampled.
        let not_busy_ns = ns(now.idle_ticks.checked_sub(then.idle_ticks)?) + stolen_ns;
        let busy_ns = (elapsed_ns * u64::from(now.cores)).saturating_sub(not_busy_ns);
        // Interrupts on a machine that measures a network are the network's.
        let interrupts_ns = ns(now.interrupt_ticks.checked_sub(then.interrupt_ticks)?);
        let own_ns = (self.own_ns.checked_sub(before.own_ns)? + interrupts_ns).min(busy_ns);
        Some(HostLoad { elapsed_ns, cores: now.cores, busy_ns, own_ns, stolen_ns })
    }
}

impl Machine {
    /// Reads /proc/stat, see proc_stat(5).
    fn parse(stat: &str) -> Option<Self> {
        let mut lines = stat.lines();
        let all = lines.next()?.strip_prefix("cpu ")?;
        let ticks = all.split_whitespace().map(|ticks| ticks.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let [_, _, _, idle, waiting, interrupts, soft_interrupts, stolen_ticks, ..] = ticks[..] else {
            return None;
        };
        let cores = lines.take_while(|line| line.starts_with("cpu")).count() as u32;
        let (idle_ticks, interrupt_ticks) = (idle + waiting, interrupts + soft_interrupts);
        Some(Machine { cores, idle_ticks, interrupt_ticks, stolen_ticks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let stat = "cpu  100 20 30 5000 600 7 8 90 40 0\ncpu0 1 2 3\ncpu1 1 2 3\nintr 5 6\nctxt 9\n";
        let expected = Machine { cores: 2, idle_ticks: 5_600, interrupt_ticks: 15, stolen_ticks: 90 };
        assert_eq!(Machine::parse(stat), Some(expected));
        assert_eq!(Machine::parse("intr 5\n"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_worker_that_is_gone_leaves_no_figure() {
        let mut child = std::process::Command::new("true").spawn().expect("it starts");
        let pid = child.id();
        child.wait().expect("it ends");
        assert!(Reading::now(&[pid]).is_none());
        assert!(Reading::now(&[]).is_some_and(|reading| reading.own_ns > 0));
    }
}
