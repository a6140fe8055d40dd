//! What the books cost per update: it must be small against the smallest thing that is measured, a
//! delivery of some microseconds.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ledger::Ledger;
use options::{Carriage, Values};
use scenario::{Bodies, Plan, Scenario, TransportKind};
use std::hint::black_box;
use std::sync::Arc;

const SUBSCRIBERS: usize = 100;
const TEXT: &str = "# What does recording cost?\nwarm_up = \"1s\"\nmeasure = \"10s\"\n\
                    [subscribers]\ncount = 100\n[[topic]]\nname = \"t\"\nevery = \"100ms\"\nbody = \"128B\"\n\
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
                ledger.update(subscriber, due_ns + 100_000, *seq, 0, black_box(body));
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

criterion_group!(benches, record);
criterion_main!(benches);
