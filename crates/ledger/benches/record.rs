//! What the books cost per arrival: it must be small against the smallest thing that is measured, a
//! delivery of some microseconds.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ledger::Ledger;
use options::{Carriage, Values};
use scenario::{Bodies, Plan, Scenario, TransportKind};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

const SUBSCRIBERS: usize = 1000;
const TEXT: &str = "# What does recording cost?\nwarm_up = \"1s\"\nmeasure = \"10s\"\n\
                    [subscribers]\ncount = 1000\n[[topic]]\nname = \"t\"\nevery = \"100ms\"\nbody = \"128B\"\n\
                    [[transport]]\nuse = \"any\"\n";

fn record(criterion: &mut Criterion) {
    let any = TransportKind { name: "any", options: &[], carriage: |_: &Values| Carriage::Push };
    let scenario = Scenario::parse(TEXT, &[any]).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let (plan, bodies) = (Arc::new(Plan::new(&scenario, 1)), Arc::new(Bodies::new(1)));
    let arrivals: Vec<_> = plan
        .iter()
        .zip(1_u64..)
        .map(|(planned, seq)| (seq, planned.due_ns, bodies.write(planned, planned.due_ns)))
        .collect();
    let open = || {
        let mut ledger = Ledger::new(plan.clone(), bodies.clone(), vec![vec![0]; SUBSCRIBERS]);
        (0..SUBSCRIBERS).for_each(|subscriber| ledger.opened(subscriber, 1000, true));
        ledger.start(0);
        ledger
    };
    let deliver = |mut ledger: Ledger| {
        for (seq, due_ns, body) in &arrivals {
            for subscriber in 0..SUBSCRIBERS {
                // One after the other, as a fan-out arrives: latencies fall into many buckets.
                let arrived_ns = due_ns + 50_000 + 7_000 * subscriber as u64;
                ledger.update(subscriber, arrived_ns, *seq, 0, black_box(body));
                ledger.response(arrived_ns, 1);
            }
        }
        assert!(ledger.is_complete(), "every update was entered");
        ledger
    };
    let mut group = criterion.benchmark_group("ledger");
    group.throughput(Throughput::Elements((arrivals.len() * SUBSCRIBERS) as u64));
    group.bench_function("record", |bencher| bencher.iter_batched(open, deliver, BatchSize::LargeInput));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4)).sample_size(50);
    targets = record
}
criterion_main!(benches);
