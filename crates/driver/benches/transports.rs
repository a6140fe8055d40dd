//! The transports side by side, in one process: `cargo bench -p driver`.
//!
//! `delivery` is one update to one subscriber; `fan_out` one update to each of a hundred. Server and
//! clients share a runtime here, so that what is compared is the code's own cost; latencies between
//! processes are what `pushpull run` measures. Short polling is left out: its interval is what it costs.

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use driver::clock::Alarm;
use driver::transports::TRANSPORTS;
use futures_util::StreamExt;
use options::{Carriage, Values};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::runtime::Runtime;
use transport::{Description, Hub, Subscription, Transport, Updates};
use wire::{Dialer, Listener, Meter};

const BODY_BYTES: usize = 128;

/// A server and its subscribers on one runtime.
struct Bench {
    runtime: Runtime,
    hub: Hub,
    subscribers: Vec<Updates>,
    alarm: Alarm,
}

impl Bench {
    fn new(description: &Description, subscribers: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let alarm = Alarm::start().expect("a thread");
        let hub = Hub::new(1, 64, Arc::new(()));
        let transport: Box<dyn Transport> = (description.build)(&Values::defaults(description.options));
        let subscribers = runtime.block_on(async {
            let listener =
                Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), Meter::default()).expect("a port");
            let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
            tokio::spawn(transport.serve(listener, hub.clone(), alarm.timer()));
            let mut connected = Vec::new();
            for _ in 0..subscribers {
                let opening = transport.connect(dialer.clone(), Subscription::new(vec![0]), alarm.timer());
                connected.push(opening.await.expect("a client").0);
            }
            connected
        });
        Bench { runtime, hub, subscribers, alarm }
    }

    /// Publishes one update and waits until everybody has it.
    fn publish(&mut self) {
        let body = Bytes::from_static(&[b'x'; BODY_BYTES]);
        let (hub, subscribers) = (&self.hub, &mut self.subscribers);
        self.runtime.block_on(async {
            let seq = hub.publish(0, body);
            for updates in subscribers {
                loop {
                    let batch = updates.next().await.expect("goes on").expect("without an error");
                    if batch.updates().any(|update| update.seq == seq) {
                        break;
                    }
                }
            }
        });
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.alarm.stop();
    }
}

fn compare(criterion: &mut Criterion, name: &str, subscribers: usize) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(subscribers as u64));
    for description in TRANSPORTS {
        let carriage = (description.carriage)(&Values::defaults(description.options));
        if matches!(carriage, Carriage::ShortPoll { .. }) {
            continue;
        }
        let mut bench = Bench::new(description, subscribers);
        let id = BenchmarkId::from_parameter(description.name);
        group.bench_function(id, |bencher| bencher.iter(|| bench.publish()));
    }
    group.finish();
}

fn delivery(criterion: &mut Criterion) {
    compare(criterion, "delivery", 1);
}

fn fan_out(criterion: &mut Criterion) {
    compare(criterion, "fan_out", 100);
}

criterion_group!(benches, delivery, fan_out);
criterion_main!(benches);
