//! The clock, and waiting for it.

use super::{Finding, Grade};
use crate::clock::{block_until, now_ns, wake_this_thread_sharply};
use crate::placement;
use ledger::Distribution;
use scenario::{Pin, Placement};
use std::thread::JoinHandle;
use verdict::format;
use verdict::warnings::TIMER_LATE_NS;

/// Sources that a processor reads without leaving the program.
const QUICK: [&str; 5] =
    ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "riscv_clocksource"];
/// Sources behind a bus: a microsecond or two for each look.
const SLOW: [&str; 4] = ["hpet", "acpi_pm", "jiffies", "refined-jiffies"];

/// What a look at the clock may cost, in nanoseconds: each delivery takes one, and costs some microseconds.
const GOOD_READ_NS: f64 = 200.0;
const BAD_READ_NS: f64 = 1_000.0;

/// Waits later than this are longer than a delivery on one host takes.
const LATE_NS: u64 = 1_000_000;

/// The clock's source, and what a look at it costs.
pub fn clock() -> Vec<Finding> {
    let path = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    let source = std::fs::read_to_string(path).ok();
    vec![source_of(source.as_deref().map(str::trim)), cost_of(reading_ns())]
}

fn source_of(source: Option<&str>) -> Finding {
    let grade = match source {
        Some(source) if SLOW.contains(&source) => Grade::Bad,
        Some(source) if QUICK.contains(&source) => Grade::Good,
        _ => Grade::Note,
    };
    let advice = match grade {
        Grade::Bad => {
            "a look at it costs as much as a delivery: `dmesg | grep -i clocksource` says why the kernel gave up the \
             quick one"
        }
        _ => "look at what reading it costs, below",
    };
    let found = source.unwrap_or("this system does not tell").to_owned();
    Finding::new("clock", found, "tsc, kvm-clock or another that is quick", grade, advice)
}

fn cost_of(ns: f64) -> Finding {
    let grade = match ns {
        ns if ns < GOOD_READ_NS => Grade::Good,
        ns if ns < BAD_READ_NS => Grade::Note,
        _ => Grade::Bad,
    };
    let advice = "reading the clock is a part of every figure here: expect small latencies to be too large";
    Finding::new("clock reading", format!("{ns:.0} ns"), "less than 200 ns", grade, advice)
}

/// What one look costs, in nanoseconds: the best of several tries, since whoever interrupts one makes it dearer.
fn reading_ns() -> f64 {
    const LOOKS: u32 = 20_000;
    let one = || {
        let begun = now_ns();
        (1..LOOKS).for_each(|_| {
            std::hint::black_box(now_ns());
        });
        (now_ns() - begun) as f64 / f64::from(LOOKS)
    };
    (0..5).map(|_| one()).fold(f64::INFINITY, f64::min)
}

/// Threads on each half of the processors that sleep to absolute deadlines, one after the other.
pub struct Sleepers(Vec<(&'static str, JoinHandle<Distribution>)>);

impl Sleepers {
    /// Starts them; each is done in eight tenths of a second.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start() -> std::io::Result<Self> {
        let Pin { servers, clients } = placement::resolve(&Placement::Halves).unwrap_or_default();
        let halves = [("server timers", servers), ("client timers", clients)];
        let start = |(what, processors): (&'static str, Vec<u32>)| {
            let thread = std::thread::Builder::new().name("sleeper".to_owned());
            // A place that it can't have leaves it wherever it is.
            thread.spawn(move || sleep(placement::take(&processors))).map(|thread| (what, thread))
        };
        halves.into_iter().map(start).collect::<std::io::Result<Vec<_>>>().map(Sleepers)
    }

    /// Waits for their end; how late their sleeps were.
    pub fn findings(self) -> Vec<Finding> {
        let ended = self.0.into_iter().map(|(what, thread)| (what, thread.join().unwrap_or_default()));
        ended.map(|(what, lateness)| late(what, &lateness)).collect()
    }
}

fn sleep(_place: anyhow::Result<()>) -> Distribution {
    const SLEEPS: u64 = 400;
    const STEP_NS: u64 = 2_000_000;
    wake_this_thread_sharply();
    let mut lateness = Distribution::default();
    let begun = now_ns();
    for deadline_ns in (1..=SLEEPS).map(|step| begun + step * STEP_NS) {
        // One that is past already, because the one before was so late, counts as late as it is.
        block_until(deadline_ns);
        lateness.record(now_ns().saturating_sub(deadline_ns));
    }
    lateness
}

fn late(what: &'static str, lateness: &Distribution) -> Finding {
    let (p50, p99) =
        (lateness.quantile(0.5).unwrap_or(u64::MAX), lateness.quantile(0.99).unwrap_or(u64::MAX));
    let grade = match p99 {
        p99 if p99 > TIMER_LATE_NS => Grade::Bad,
        p99 if p99 > LATE_NS => Grade::Note,
        _ => Grade::Good,
    };
    let advice = "sleeps end late, so updates are sent late and arrivals noticed late: close other programs; on a \
                  virtual machine, its host may be busy";
    let found = format!("{} late (p50), {} (p99)", format::duration(p50), format::duration(p99));
    Finding::new(what, found, "p99 at most 1 ms; beyond 10 ms nothing holds", grade, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_behind_a_bus_is_told_from_one_that_nobody_knows() {
        let grades = [Some("tsc"), Some("hpet"), Some("quartz"), None].map(|source| source_of(source).grade);
        assert_eq!(grades, [Grade::Good, Grade::Bad, Grade::Note, Grade::Note]);
        let grades = [20.0, 500.0, 1_500.0].map(|ns| cost_of(ns).grade);
        assert_eq!(grades, [Grade::Good, Grade::Note, Grade::Bad]);
        assert!(reading_ns() > 0.0);
    }

    #[test]
    fn the_tail_decides_on_timers() {
        let grade = |tail_ns: u64| {
            let mut lateness = Distribution::default();
            lateness.record_n(60_000, 390);
            lateness.record_n(tail_ns, 10);
            late("timers", &lateness).grade
        };
        assert_eq!([80_000, 3_000_000, 20_000_000].map(grade), [Grade::Good, Grade::Note, Grade::Bad]);
        assert_eq!(late("timers", &Distribution::default()).grade, Grade::Bad);
    }
}
