//! Whose processor time is whose, in a process of its own: threads are told apart by name.

#![cfg(target_os = "linux")]

use driver::clock::{block_until, now_ns};
use driver::probe::{PUBLISHER, Probe};
use results::Costs;
use std::ops::Range;
use wire::Meter;

/// Long enough for a thread that never rests to get on a processor, however busy that is.
const WINDOW_NS: u64 = 600_000_000;
/// How often the transport's thread goes to sleep within the window.
const NAPS: u64 = 10;

/// Burns processor time through a whole window and a little longer.
fn burn(window_ns: &Range<u64>) {
    while now_ns() < window_ns.end + 5_000_000 {
        std::hint::spin_loop();
    }
}

/// Probes a window, with `transport` running on this thread and `beside` on one of that name.
fn probed(transport: fn(&Range<u64>), name: &str, beside: fn(&Range<u64>)) -> Costs {
    let begins_ns = now_ns() + 20_000_000;
    let window_ns = begins_ns..begins_ns + WINDOW_NS;
    let probe = Probe::start(window_ns.clone(), &Meter::default(), None).expect("a thread");
    let other = window_ns.clone();
    // It outlives the window: the system forgets what a thread used when it ends.
    let thread = std::thread::Builder::new().name(name.to_owned());
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let thread = thread.spawn(move || {
        beside(&other);
        let _ = wait.recv();
    });
    transport(&window_ns);
    block_until(window_ns.end);
    let costs = probe.finish().costs;
    drop(done);
    thread.expect("a thread").join().expect("it ends");
    costs
}

/// What the three shares are, and that they are about all there is.
fn shares(costs: &Costs) -> [u64; 3] {
    let shares =
        [costs.transport_ns, costs.publisher_ns, costs.harness_ns].map(|ns| ns.expect("Linux tells"));
    let (sum, whole) = (shares.iter().sum::<u64>(), costs.user_ns.zip(costs.system_ns).map(|(u, s)| u + s));
    let whole = whole.expect("every Unix tells");
    assert!(sum.abs_diff(whole) < whole / 5 + 8_000_000, "{costs:?}");
    shares
}

#[test]
fn processor_time_is_charged_to_whom_it_belongs() {
    let idle: fn(&Range<u64>) = |_| {};
    let [transport, publisher, harness] = shares(&probed(burn, "idle", idle));
    assert!(transport > 3 * (publisher + harness), "{transport} {publisher} {harness}");
    let [transport, publisher, harness] = shares(&probed(idle, PUBLISHER, burn));
    assert!(publisher > 3 * (transport + harness), "{transport} {publisher} {harness}");
    let [transport, publisher, harness] = shares(&probed(idle, "alarm", burn));
    assert!(harness > 3 * (transport + publisher), "{transport} {publisher} {harness}");

    let sleepy = probed(
        |window_ns| (1..=NAPS).for_each(|nap| block_until(window_ns.start + nap * WINDOW_NS / (NAPS + 2))),
        "idle",
        idle,
    );
    assert!(sleepy.voluntary_switches.is_some_and(|switches| switches >= NAPS), "{sleepy:?}");
    assert!(sleepy.anonymous_bytes.is_some_and(|bytes| bytes > 0), "{sleepy:?}");
    assert_eq!((sleepy.segments_in, sleepy.socket_bytes), (Some(0), Some(0)), "nothing was sent");

    // A window that was cut short has no costs.
    let far = now_ns() + 3_600_000_000_000;
    let probe = Probe::start(now_ns()..far, &Meter::default(), None).expect("a thread");
    assert_eq!(probe.finish().costs, Costs::default());
}
