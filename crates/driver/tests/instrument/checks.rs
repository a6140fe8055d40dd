//! The checks. Times are in microseconds; each bound is a promise.

use crate::bare::{self, Setting};
use crate::bench::{Bench, median};
use crate::capture::{self, Capture, Passed};
use ledger::Distribution;
use results::{Account, Run};
use serde_json::Value;

pub type Check = fn(&mut Bench);

/// All checks, in the order in which they run.
pub const ALL: &[(&str, Check)] = &[
    ("one update after another costs little more than bare loops", one_after_another),
    ("one update after a pause costs little more than a bare ping-pong", after_a_pause),
    ("what is reported is what tcpdump sees, and waking up", wire),
];

/// Blocks of each kind, in turns: the machine is then the same for both.
const BLOCKS: usize = 5;

/// Who needs much less than a loop with nothing in it has stamped too early, or arrived too soon.
const TOO_GOOD: f64 = 0.8;

/// What a runtime, a hub and a codec may add to bare loops when the next update is sent as soon as the last has
/// come: the aim of the whole. The same code measured 1.09 on one virtual machine and 1.29 to 1.37 on another one, where a
/// bare loop takes 14 instead of some 10 µs. One more thread to be woken would add a bare loop's time: 2.0.
const AFTER_ANOTHER_LIMIT: f64 = 1.5;

/// What they may add when 5 ms pass between two updates. It is no measure of the harness's work: in a pause its
/// code leaves the caches, and bare loops have less code to lose. Measured were 1.4 to 1.6, that is 30 to 45 µs.
/// This bound catches what makes it worse, such as one more thread to be woken.
const AFTER_A_PAUSE_LIMIT: f64 = 2.0;

/// One subscriber over the floor, without any schedule: both halves are pushpull's, or both are bare loops.
fn one_after_another(bench: &mut Bench) {
    if bare::processors().is_none() {
        return bench.say("left out: it takes two processors".to_owned());
    }
    let words = "floor --subscribers 1 --blocks 5 --leg 100ms --transports websocket --json";
    let arguments: Vec<&str> = words.split_whitespace().collect();
    let printed: Value = serde_json::from_slice(&bench.printed(&arguments)).expect("a JSON document");
    let measured = printed["measured"].as_array().expect("contestants");
    let one_way = |label: &str| {
        let mut found = measured.iter().filter(|one| one["label"] == label && one["mode"] == "lockstep");
        found.next().map(|one| &one["first_one_way_us"]).expect("a contestant")
    };
    // All are held against pushpull over raw TCP, so this one is turned over.
    let bare = one_way("both bare");
    let times = |contestant: &Value| contestant["median"].as_f64().expect("a ratio");
    let (ratio, again) = (1.0 / times(bare), times(one_way("tcp again")));
    let us = |side: &str| {
        let blocks = bare[side].as_array().expect("blocks");
        median(blocks.iter().map(|block| block.as_f64().expect("a time")).collect())
    };
    bench.say(format!("{:.1} µs one way, p50; bare {:.1} µs", us("floor"), us("own")));
    bench.say(format!("raw TCP over itself: {again:.2} times"));
    // What raw TCP is off from itself, its blocks can't tell from a difference.
    let most = AFTER_ANOTHER_LIMIT * again.max(again.recip());
    bench.between("over bare loops: times, the median of the blocks", ratio, TOO_GOOD, most);
    if printed["disturbed"] != 0 && !(TOO_GOOD..=most).contains(&ratio) {
        bench.doubt("others used the machine in blocks that count");
    }
}

/// One subscriber, one update at a time by a schedule, over the floor.
fn after_a_pause(bench: &mut Bench) {
    let Some((server, client)) = bare::processors() else {
        return bench.say("left out: it takes two processors".to_owned());
    };
    let scenario = format!(
        "# What does the harness add?\nwarm_up = \"200ms\"\nmeasure = \"1500ms\"\nidle_connections = 0\n\
         pin = {{ servers = [{server}], clients = [{client}] }}\n\n[subscribers]\ncount = 1\nramp = \"10ms\"\n\n\
         [[topic]]\nname = \"t\"\nevery = \"5ms\"\nbody = \"128B\"\n\n[[transport]]\nuse = \"tcp\"\n"
    );
    let setting = Setting { server, client, period_ns: 5_000_000, messages: 300, handed_over: false };
    let (mut alone, mut alike, mut late_us, mut bare_us) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for block in 1..=BLOCKS {
        let bare = bare::ping_pong(setting);
        let handed = bare::ping_pong(Setting { handed_over: true, ..setting });
        let run = bench.run(&scenario);
        let account = run.rounds_of("tcp")[0];
        let reported_us = us(&account.ledger.sent_latency, 0.5);
        late_us.push(us(&account.lateness, 0.99));
        alone.push(reported_us / bare.one_way_us);
        bare_us.push(bare.one_way_us);
        alike.push(reported_us / handed.one_way_us);
        bench.say(format!(
            "block {block}: {reported_us:6.1} µs from sent; bare, one way {:6.1} µs, handed over {:6.1} µs; half of the \
             round trip {:6.1} µs",
            bare.one_way_us,
            handed.one_way_us,
            bare.round_trip_us / 2.0
        ));
    }
    bench.say(format!("over one bare thread: {:.2} times, the median of the blocks", median(alone)));
    bench.between(
        "over two bare threads: times, the median of the blocks",
        median(alike),
        TOO_GOOD,
        AFTER_A_PAUSE_LIMIT,
    );
    // A block that somebody disturbed must not decide.
    let most_us = 200.0 * slowness(median(bare_us));
    bench.at_most("lateness of the publisher, p99, µs, the median of the blocks", median(late_us), most_us);
}

/// How much longer than usual this machine takes to wake a sleeper, at least 1: what a bare loop takes one way, of
/// which nearly all is waking, against what it takes where the bounds were set. A virtual machine's host decides.
fn slowness(bare_one_way_us: f64) -> f64 {
    (bare_one_way_us / 70.0).max(1.0)
}

/// A hundred connections with ten updates a second each, at different instants.
fn wire(bench: &mut Bench) {
    if let Some(why) = capture::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why}, and CI is set");
        return bench.say(format!("left out: {why}"));
    }
    let Some((server, client)) = bare::processors() else {
        return bench.say("left out: it takes two processors".to_owned());
    };
    let setting = Setting { server, client, period_ns: 5_000_000, messages: 300, handed_over: false };
    let bare_us = bare::ping_pong(setting).one_way_us;
    bench.say(format!("a bare loop takes {bare_us:.1} µs one way"));
    for stamps in [false, true] {
        let capture = Capture::start(&bench.file("capture"));
        let run = bench.run(&hundred(stamps));
        let Some(passed) = capture.finish() else {
            return bench.doubt("a clock was set meanwhile");
        };
        for label in ["tcp", "websocket", "sse"] {
            let account = run.rounds_of(label)[0];
            hold(bench, &run, account, &passed, 70.0 * slowness(bare_us));
        }
    }
}

fn hundred(kernel_stamps: bool) -> String {
    let transports = ["tcp", "websocket", "sse"].map(|name| format!("[[transport]]\nuse = \"{name}\"\n\n"));
    format!(
        "# Is what is reported what passed by?\nwarm_up = \"200ms\"\nmeasure = \"2s\"\nidle_connections = 0\n\
         order = \"apart\"\nkernel_stamps = {kernel_stamps}\n\n[subscribers]\ncount = 100\nramp = \"100ms\"\ntopics = 1\n\n\
         [[topic]]\nname = \"t\"\ncount = 100\nevery = \"100ms\"\nbody = \"128B\"\n\n{}",
        transports.concat()
    )
}

/// Holds a transport's figures against what passed by while its window was open.
fn hold(bench: &mut Bench, run: &Run, account: &Account, passed: &[Passed], beyond_us: f64) {
    let window_ns = account.start_ns + run.header.warm_up_ns
        ..account.start_ns + run.header.warm_up_ns + run.header.measure_ns;
    let mut seen = Distribution::default();
    let in_window = passed.iter().filter(|update| window_ns.contains(&update.sent_ns));
    in_window.for_each(|update| seen.record(update.seen_ns - update.sent_ns));
    let (label, wire_us) = (&account.label, us(&seen, 0.5));
    let reported_us = us(&account.ledger.sent_latency, 0.5);
    bench.say(format!(
        "{label}: {} delivered, {} seen; p50 from sent {reported_us:.1} µs reported, {wire_us:.1} µs on the wire",
        account.ledger.books.delivered,
        seen.len()
    ));
    // Whoever is sent late passes by outside the window: one in a hundred.
    let unseen = 1.0 - seen.len() as f64 / account.ledger.books.delivered as f64;
    bench.at_most(&format!("{label}: share of deliveries that was not seen"), unseen.abs(), 0.01);
    match &account.ledger.split {
        // Waking a client that sleeps, reading and parsing. No update can arrive before it passed by: what is
        // allowed below nothing is for clocks that move against each other, and for the histograms' steps.
        None => {
            bench.between(
                &format!("{label}: reported beyond the wire, p50, µs"),
                reported_us - wire_us,
                -10.0,
                beyond_us,
            );
        }
        Some(split) => {
            let stamped_us = us(&split.sent_to_machine, 0.5);
            let off = (stamped_us / wire_us - 1.0).abs();
            bench.say(format!(
                "{label}: {} stamps, p50 {stamped_us:.1} µs to the machine, {:.1} µs from there to the program",
                split.machine_to_program.len(),
                us(&split.machine_to_program, 0.5)
            ));
            bench.at_most(&format!("{label}: stamps against the wire, p50, as a part of one"), off, 0.15);
            let left_out =
                1.0 - split.machine_to_program.len() as f64 / account.ledger.books.delivered as f64;
            bench.at_most(&format!("{label}: share of deliveries without a stamp"), left_out, 0.5);
        }
    }
}

fn us(distribution: &Distribution, q: f64) -> f64 {
    distribution.quantile(q).expect("deliveries") as f64 / 1e3
}
