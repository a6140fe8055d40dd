use super::*;
use crate::testing::{parse, scenario, text};
use proptest::prelude::*;

#[test]
fn periods_do_not_drift() {
    let plan = Plan::new(&scenario("every = \"333us\""), 1);
    let first = plan.get(1).unwrap().due_ns;
    assert!(first < 333_000);
    for (turn, update) in (0..).zip(plan.iter()) {
        assert_eq!(update.due_ns, first + turn * 333_000);
    }
}

#[test]
fn bursts_share_their_instant() {
    let plan = Plan::new(&scenario("burst = 10\nevery = \"1s\""), 1);
    assert_eq!(plan.len(), 110);
    for (turn, burst) in (0..).zip(plan.updates.chunks(10)) {
        assert!(burst.iter().all(|update| update.due_ns == burst[0].due_ns));
        assert_eq!(burst[0].due_ns, plan.updates[0].due_ns + turn * 1_000_000_000);
    }
}

#[test]
fn sequence_numbers_lead_there_and_back() {
    let plan = Plan::new(&scenario("count = 3\npoisson = \"20/s\""), 1);
    assert_eq!(plan.topics(), 3);
    assert_eq!(plan.get(0), None);
    assert_eq!(plan.get(plan.len() as u64 + 1), None);
    for topic in 0..3 {
        for (index, seq) in (0..).zip(plan.of_topic(topic)) {
            let update = plan.get(u64::from(*seq)).unwrap();
            assert_eq!((update.topic, update.index), (topic, index));
        }
    }
    assert!(plan.of_topic(3).is_empty());
    assert!(plan.of_topic(u32::MAX).is_empty());
}

#[test]
fn another_topic_leaves_the_others_alone() {
    let less = Plan::new(&scenario("count = 2\npoisson = \"20/s\""), 1);
    let more = Plan::new(&scenario("count = 3\npoisson = \"20/s\""), 1);
    let same: Vec<_> = more.iter().filter(|update| update.topic < 2).copied().collect();
    assert_eq!(less.updates, same);
}

#[test]
fn sizes_follow_their_distribution() {
    let sizes = |body: &str| {
        let text = text("poisson = \"1000/s\"").replace("\"120B\"", body);
        let plan = Plan::new(&parse(&text), 1);
        let mut sizes: Vec<u32> = plan.iter().map(|update| update.bytes).collect();
        sizes.sort_unstable();
        sizes
    };
    let uniform = sizes("{ uniform = [\"64B\", \"66B\"] }");
    assert_eq!((uniform[0], uniform[uniform.len() / 2], uniform[uniform.len() - 1]), (64, 65, 66));
    let drawn = sizes("{ log_normal = { median = \"200B\", sigma = 1.5, max = \"1KiB\" } }");
    let median = drawn[drawn.len() / 2];
    assert!((190..210).contains(&median), "{median}");
    assert_eq!((drawn[0], drawn[drawn.len() - 1]), (16, 1_024));
}

#[test]
fn a_plan_is_fixed_for_good() {
    let text = text("poisson = \"3/s\"\ncount = 2")
        .replace("\"120B\"", "{ log_normal = { median = \"200B\", sigma = 0.5, max = \"4KiB\" } }");
    let plan = Plan::new(&parse(&text), 42);
    let lines: Vec<String> = plan.iter().take(6).map(|update| format!("{update:?}")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    Planned { due_ns: 277579304, topic: 0, index: 0, bytes: 224 }
    Planned { due_ns: 338455278, topic: 1, index: 0, bytes: 249 }
    Planned { due_ns: 416905158, topic: 0, index: 1, bytes: 314 }
    Planned { due_ns: 471900132, topic: 0, index: 2, bytes: 80 }
    Planned { due_ns: 511750593, topic: 1, index: 1, bytes: 174 }
    Planned { due_ns: 581727853, topic: 0, index: 3, bytes: 156 }
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn plans_are_sorted_and_near_their_rate(seed: u64, rate in 1_u32..500, kind in 0..3) {
        let rate = f64::from(rate);
        let schedule = match kind {
            0 => format!("poisson = \"{rate}/s\""),
            1 => format!("every = \"{}ns\"", (1e9 / rate) as u64),
            _ => format!("burst = 3\nevery = \"{}ns\"", (3e9 / rate) as u64),
        };
        let plan = Plan::new(&scenario(&schedule), seed);
        prop_assert!(plan.updates.is_sorted_by_key(|update| (update.due_ns, update.topic, update.index)));
        prop_assert!(plan.iter().all(|update| update.due_ns < 11_000_000_000));
        // Five deviations of a Poisson number, and a burst.
        let expected = rate * 11.0;
        let off = (plan.len() as f64 - expected).abs();
        prop_assert!(off <= 5.0 * expected.sqrt() + 4.0, "{} for {expected}", plan.len());
    }

    #[test]
    fn the_window_is_what_is_due_after_warming_up(seed: u64) {
        let plan = Plan::new(&scenario("poisson = \"50/s\""), seed);
        prop_assert_eq!(plan.window_ns(), 1_000_000_000..11_000_000_000);
        for update in plan.iter() {
            prop_assert_eq!(plan.in_window(update), update.due_ns >= 1_000_000_000);
        }
    }

    #[test]
    fn the_seed_decides_and_nothing_else(seed: u64) {
        let scenario = scenario("poisson = \"50/s\"");
        prop_assert_eq!(Plan::new(&scenario, seed), Plan::new(&scenario, seed));
        prop_assert_ne!(Plan::new(&scenario, seed), Plan::new(&scenario, seed.wrapping_add(1)));
    }
}
