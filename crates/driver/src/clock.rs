//! The one clock, and waiting for it.
//!
//! `CLOCK_MONOTONIC` counts alike in all processes of a boot, so a server's stamp can be held against
//! a client's. Nothing else in the project reads a clock.

#![expect(clippy::disallowed_methods, reason = "this module is the door to the clock")]

use futures_util::task::AtomicWaker;
use ledger::Distribution;
use rustix::time::{ClockId, Timespec, clock_gettime};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

const NS_PER_S: u64 = 1_000_000_000;

/// Nanoseconds of the monotonic clock.
#[must_use]
pub fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // The monotonic clock counts up from the boot: neither part is negative.
    now.tv_sec.unsigned_abs() * NS_PER_S + now.tv_nsec.unsigned_abs()
}

/// Processor time that a process has used so far, in nanoseconds: all its threads, those that have ended
/// too. None when there is no such process, or the system does not tell.
#[cfg(target_os = "linux")]
#[must_use]
pub fn processor_ns(pid: u32) -> Option<u64> {
    use nix::sys::time::TimeValLike;

    let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).ok()?);
    let clock = nix::time::ClockId::pid_cpu_clock_id(pid).ok()?;
    Some(clock.now().ok()?.num_nanoseconds().unsigned_abs())
}

/// Processor time that a process has used so far, in nanoseconds. This system does not tell.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn processor_ns(_: u32) -> Option<u64> {
    None
}

/// How far `CLOCK_REALTIME`, by which the kernel stamps what comes in, is ahead of this clock, in nanoseconds:
/// of several looks, that which took the least time.
#[must_use]
pub fn real_ahead_ns() -> i64 {
    const LOOKS: usize = 16;
    let look = || {
        let before = now_ns();
        let real = clock_gettime(ClockId::Realtime);
        let after = now_ns();
        let real_ns = real.tv_sec * NS_PER_S as i64 + real.tv_nsec;
        (after - before, real_ns - (before + (after - before) / 2) as i64)
    };
    (0..LOOKS).map(|_| look()).min_by_key(|(took_ns, _)| *took_ns).map_or(0, |(_, ahead_ns)| ahead_ns)
}

/// The time of day, for a person, as RFC 3339 in UTC.
#[must_use]
pub fn time_of_day() -> String {
    humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string()
}

/// Waits roughly, for displays: measuring waits through an [`Alarm`].
pub async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// Blocks this thread until the clock shows `deadline_ns`.
#[cfg(target_os = "linux")]
pub fn block_until(deadline_ns: u64) {
    let (seconds, rest) = (deadline_ns / NS_PER_S, deadline_ns % NS_PER_S);
    let request = Timespec { tv_sec: seconds as i64, tv_nsec: rest as i64 };
    while rustix::thread::clock_nanosleep_absolute(ClockId::Monotonic, &request).is_err() {
        // Interrupted by a signal: the deadline stands.
    }
}

/// Blocks this thread until the clock shows `deadline_ns`.
#[cfg(not(target_os = "linux"))]
pub fn block_until(deadline_ns: u64) {
    loop {
        let now = now_ns();
        if now >= deadline_ns {
            return;
        }
        std::thread::sleep(Duration::from_nanos(deadline_ns - now));
    }
}

/// Asks the kernel not to let this thread's waits be late for the sake of saving power.
pub fn wake_this_thread_sharply() {
    #[cfg(target_os = "linux")]
    {
        // Without it waits are up to 50 microseconds late, which is a pity and no failure.
        let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
    }
}

/// Rings for whoever waits, from a thread with absolute deadlines: a runtime's own timers tick in
/// milliseconds. How late each wait was noticed is recorded.
#[derive(Clone)]
pub struct Alarm(Arc<Shared>);

struct Shared {
    /// From where grids are counted.
    origin_ns: AtomicU64,
    waits: Mutex<Waits>,
    earlier: Condvar,
    lateness: Mutex<Distribution>,
}

#[derive(Default)]
struct Waits {
    by_deadline: BTreeMap<(u64, u64), Arc<Bell>>,
    last_id: u64,
    /// Until when the thread sleeps; 0 while it does not, since it looks for the next deadline before it does.
    rings_at_ns: u64,
    abandoned: bool,
}

/// What is rung for one wait.
#[derive(Default)]
struct Bell {
    rung: AtomicBool,
    waker: AtomicWaker,
}

impl Bell {
    fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.waker.wake();
    }
}

impl Alarm {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            origin_ns: AtomicU64::new(0),
            waits: Mutex::default(),
            earlier: Condvar::new(),
            lateness: Mutex::default(),
        });
        let ringing = shared.clone();
        std::thread::Builder::new().name("alarm".to_owned()).spawn(move || ringing.ring())?;
        Ok(Alarm(shared))
    }

    /// Waits until the clock shows `deadline_ns`.
    #[must_use]
    pub fn until(&self, deadline_ns: u64) -> Wait {
        Wait { shared: self.0.clone(), deadline_ns, entered: None }
    }

    /// Counts grids from here on: where a poll falls between two updates then follows from the
    /// scenario, and not from when the machine was started.
    pub fn set_origin(&self, origin_ns: u64) {
        self.0.origin_ns.store(origin_ns, Ordering::Relaxed);
    }

    /// Forgets how late waits were noticed so far.
    pub fn forget_lateness(&self) {
        lock(&self.0.lateness).clear();
    }

    /// How late waits were noticed so far, or since they were forgotten, in nanoseconds.
    #[must_use]
    pub fn lateness(&self) -> Distribution {
        lock(&self.0.lateness).clone()
    }

    /// The alarm as transports see it.
    #[must_use]
    pub fn timer(&self) -> wire::Timer {
        wire::Timer::new(Arc::new(self.clone()))
    }

    /// Ends the thread.
    pub fn stop(&self) {
        lock(&self.0.waits).abandoned = true;
        self.0.earlier.notify_one();
    }
}

impl wire::Alarm for Alarm {
    fn after(&self, span: Duration) -> futures_util::future::BoxFuture<'static, ()> {
        Box::pin(self.until(now_ns().saturating_add(span.as_nanos() as u64)))
    }

    fn on_grid(&self, period: Duration, offset: Duration) -> futures_util::future::BoxFuture<'static, ()> {
        let (period_ns, offset_ns) = (period.as_nanos() as u64, offset.as_nanos() as u64);
        // A grid goes on to both sides of its origin.
        let origin_ns = self.0.origin_ns.load(Ordering::Relaxed) % period_ns.max(1);
        Box::pin(self.until(next_on_grid(now_ns(), period_ns, origin_ns + offset_ns)))
    }

    fn in_turn(
        &self,
        turn: &mut wire::Turn,
        takes: Duration,
        then: Duration,
    ) -> futures_util::future::BoxFuture<'static, ()> {
        turn.done = now_ns().max(turn.done).saturating_add(takes.as_nanos() as u64);
        turn.rings = turn.rings.max(turn.done.saturating_add(then.as_nanos() as u64));
        Box::pin(self.until(turn.rings))
    }
}

/// The first instant of the grid after `now`.
fn next_on_grid(now: u64, period: u64, offset: u64) -> u64 {
    let period = period.max(1);
    let offset = offset % period;
    let passed = (now + period - offset) / period;
    passed * period + offset
}

impl Shared {
    fn ring(&self) {
        wake_this_thread_sharply();
        let mut waits = lock(&self.waits);
        while !waits.abandoned {
            let now = now_ns();
            let later = waits.by_deadline.split_off(&(now + 1, 0));
            let due = std::mem::replace(&mut waits.by_deadline, later);
            if !due.is_empty() {
                drop(waits);
                due.into_values().for_each(|bell| bell.ring());
                waits = lock(&self.waits);
                continue;
            }
            let next = waits.by_deadline.first_key_value().map(|((deadline, _), _)| *deadline);
            let span = Duration::from_nanos(next.map_or(NS_PER_S, |deadline| deadline - now));
            waits.rings_at_ns = next.unwrap_or(now + NS_PER_S);
            waits = match self.earlier.wait_timeout(waits, span) {
                Ok((waits, _)) => waits,
                Err(poisoned) => poisoned.into_inner().0,
            };
            waits.rings_at_ns = 0;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that can panic runs under these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Resolves when its deadline has passed.
pub struct Wait {
    shared: Arc<Shared>,
    deadline_ns: u64,
    /// Its number among the waits, once it is one of them.
    entered: Option<(u64, Arc<Bell>)>,
}

impl Wait {
    /// Whether its deadline has passed, for one that is polled again. A connection polls its heartbeat with
    /// every update: that must not cost a lock or a look at the clock.
    fn has_rung(&self, cx: &Context<'_>) -> Option<bool> {
        let (_, bell) = self.entered.as_ref()?;
        bell.waker.register(cx.waker());
        Some(bell.rung.load(Ordering::Acquire))
    }

    fn enter(&mut self, cx: &Context<'_>) {
        let bell = Arc::<Bell>::default();
        bell.waker.register(cx.waker());
        let mut waits = lock(&self.shared.waits);
        waits.last_id += 1;
        let key = (self.deadline_ns, waits.last_id);
        waits.by_deadline.insert(key, bell.clone());
        // The thread is woken only when it would be late: whoever puts off its one deadline again and again, as
        // a heartbeat does with each update, must not pay for a wake-up each time.
        let is_earlier = self.deadline_ns < waits.rings_at_ns;
        if is_earlier {
            waits.rings_at_ns = self.deadline_ns;
        }
        drop(waits);
        self.entered = Some((key.1, bell));
        if is_earlier {
            self.shared.earlier.notify_one();
        }
    }
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_rung(cx) == Some(false) {
            return Poll::Pending;
        }
        let now = now_ns();
        if now >= self.deadline_ns {
            lock(&self.shared.lateness).record(now - self.deadline_ns);
            return Poll::Ready(());
        }
        self.enter(cx);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some((id, _)) = &self.entered {
            lock(&self.shared.waits).by_deadline.remove(&(self.deadline_ns, *id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_its_next_instant_in_the_future() {
        assert_eq!(next_on_grid(0, 10, 3), 3);
        assert_eq!(next_on_grid(3, 10, 3), 13);
        assert_eq!(next_on_grid(2, 10, 3), 3);
        assert_eq!(next_on_grid(12, 10, 3), 13);
        assert_eq!(next_on_grid(100, 10, 25), 105);
    }

    #[test]
    fn waits_end_after_their_deadlines_and_dropped_ones_are_forgotten() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let alarm = Alarm::start().expect("a thread");
        runtime.block_on(async {
            let begun = now_ns();
            let (short, long) = (alarm.until(begun + 2_000_000), alarm.until(begun + 4_000_000));
            let dropped = alarm.until(begun + NS_PER_S * 3600);
            futures_util::future::select(dropped, futures_util::future::join(long, short)).await;
            assert!(now_ns() >= begun + 4_000_000);
        });
        assert!(lock(&alarm.0.waits).by_deadline.is_empty());
        assert_eq!(alarm.lateness().len(), 2);
        alarm.stop();
    }
}
