//! What reading the hub costs, without any socket: an update is published, a thousand feeds are woken, and
//! each reads it.

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use transport::{Event, Feed, Hub, Subscription};

const READERS: u64 = 1000;
const BODY: Bytes = Bytes::from_static(&[b'x'; 128]);

/// A hub, and readers on the same thread, a task each, as connections are.
struct Stand {
    runtime: Runtime,
    hub: Hub,
    reading: JoinSet<()>,
    arrivals: Arc<Arrivals>,
}

#[derive(Default)]
struct Arrivals {
    missing: AtomicU64,
    all: Notify,
}

impl Stand {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (hub, arrivals) = (Hub::new(1, 1, Arc::new(())), Arc::<Arrivals>::default());
        let mut reading = JoinSet::new();
        let fan_out = hub.clone();
        reading.spawn_on(async move { fan_out.fan_out().await }, runtime.handle());
        for _ in 0..READERS {
            let feed = hub.feed(&Subscription::new(vec![0]));
            reading.spawn_on(read(feed, arrivals.clone()), runtime.handle());
        }
        Stand { runtime, hub, reading, arrivals }
    }

    /// Publishes an update and waits until everybody has read it.
    fn publish(&mut self) {
        self.runtime.block_on(async {
            self.arrivals.missing.store(READERS, Relaxed);
            self.hub.publish(0, BODY);
            tokio::select! {
                () = self.arrivals.all.notified() => {}
                ended = self.reading.join_next() => panic!("a reader ended: {ended:?}"),
            }
        });
    }
}

/// One reader: each update once, in order, and whole.
async fn read(mut feed: Feed, arrivals: Arc<Arrivals>) {
    let mut seq = 0;
    while let Some(batch) = feed.next().await {
        for event in batch.events {
            let Event::Update(update) = event else { panic!("nothing is left out, but {event:?} came") };
            seq += 1;
            assert_eq!((update.seq, update.topic, &update.body), (seq, 0, &BODY));
            if arrivals.missing.fetch_sub(1, Relaxed) == 1 {
                arrivals.all.notify_one();
            }
        }
    }
}

fn feed(criterion: &mut Criterion) {
    let mut stand = None;
    let mut group = criterion.benchmark_group("feed");
    group.throughput(Throughput::Elements(READERS));
    group.bench_function("1000", |bencher| {
        let stand = stand.get_or_insert_with(Stand::new);
        bencher.iter(|| stand.publish());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4)).sample_size(50);
    targets = feed
}
criterion_main!(benches);
