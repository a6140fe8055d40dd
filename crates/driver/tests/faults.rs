//! A transport that loses, doubles, swaps or damages one single update is caught, by name.

use driver::clock::{Alarm, now_ns};
use driver::crowd::{Crowd, Path, Share, Times, Tried};
use driver::publisher::Publisher;
use driver::transports::{TRANSPORTS, kinds};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use results::BooksRecord;
use scenario::{Bodies, Plan, Scenario};
use std::net::SocketAddr;
use std::sync::Arc;
use transport::{Batch, Description, Error, Event, Hub, Requests, Subscription, Transport, Update, Updates};
use wire::{Dialer, Listener, Meter, Timer};

/// What is done to update number [`VICTIM`].
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    Drop,
    Double,
    /// With the one after it.
    Swap,
    Damage,
}

const VICTIM: u64 = 20;

/// A real transport whose clients do one thing wrong.
struct Faulty(Box<dyn Transport>, Fault);

impl Transport for Faulty {
    fn serve(&self, listener: Listener, hub: Hub, timer: Timer) -> BoxFuture<'static, std::io::Result<()>> {
        self.0.serve(listener, hub, timer)
    }

    fn connect(
        &self,
        dialer: Dialer,
        subscription: Subscription,
        timer: Timer,
    ) -> BoxFuture<'static, Result<(Updates, Requests), Error>> {
        let (opening, fault) = (self.0.connect(dialer, subscription, timer), self.1);
        Box::pin(async move {
            let (updates, requests) = opening.await?;
            let mut kept = None;
            let events = updates.flat_map(move |batch| {
                let events = match batch {
                    Ok(batch) => {
                        batch.events.into_iter().flat_map(|event| harm(event, fault, &mut kept)).collect()
                    }
                    Err(error) => panic!("the transport broke: {error}"),
                };
                stream::iter(Vec::<Event>::into_iter(events).map(|event| Ok(Batch::from(event))))
            });
            Ok((events.boxed(), requests))
        })
    }
}

fn harm(event: Event, fault: Fault, kept: &mut Option<Event>) -> Vec<Event> {
    let Event::Update(update) = &event else { return vec![event] };
    if update.seq == VICTIM + 1 {
        return [event].into_iter().chain(kept.take()).collect();
    }
    if update.seq != VICTIM {
        return vec![event];
    }
    match fault {
        Fault::None => vec![event],
        Fault::Drop => Vec::new(),
        Fault::Double => vec![event.clone(), event],
        Fault::Swap => {
            *kept = Some(event);
            Vec::new()
        }
        Fault::Damage => {
            let mut body = update.body.to_vec();
            body[40] ^= 1;
            vec![Event::Update(Arc::new(Update::new(update.seq, update.topic, body.into())))]
        }
    }
}

const SUBSCRIBERS: u64 = 3;

fn scenario() -> Scenario {
    let text = "# Which fault is it?\nwarm_up = \"20ms\"\nmeasure = \"500ms\"\ndrain = \"1s\"\n\
                [subscribers]\ncount = 3\nramp = \"10ms\"\n\
                [[topic]]\nname = \"t\"\nevery = \"10ms\"\nbody = \"100B\"\n\
                [[transport]]\nuse = \"tcp\"\n";
    Scenario::parse(text, &kinds()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// The books of a small run over one transport with one fault.
fn books(description: &Description, fault: Fault) -> BooksRecord {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (scenario, seed) = (scenario(), 1);
        let alarm = Alarm::start().expect("a thread");
        let mut values = options::Values::defaults(description.options);
        if let Some(interval) = description.options.iter().find(|option| option.name == "interval") {
            values.set(interval, interval.parse("15ms").expect("allowed"));
        }
        let transport: Arc<dyn Transport> = Arc::new(Faulty((description.build)(&values), fault));
        let listener =
            Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), Meter::default()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
        let hub = Hub::new(1, 64, Arc::new(()));
        tokio::spawn(transport.serve(listener, hub.clone(), alarm.timer()));
        let ringing = hub.clone();
        tokio::spawn(async move { ringing.fan_out().await });

        let mut crowd = Crowd::new(&scenario, seed, Share { crowd: 0, crowds: 1 }, alarm.clone());
        let tried = vec![Tried { name: "faulty", transport, dialer: dialer.clone() }];
        let entry = &scenario.transports[0];
        let (fallback_after, reconnect) = (entry.fallback_after, entry.way.reconnect);
        crowd.connect(&scenario, seed, &Path { tried, fresh: dialer, fallback_after, reconnect });
        assert_eq!(u64::from(crowd.connected(&scenario).await.connected), SUBSCRIBERS);
        let start_ns = now_ns() + 10_000_000;
        crowd.start(start_ns);
        let plan = Arc::new(Plan::new(&scenario, seed));
        let publisher =
            Publisher::start(hub, plan, Bodies::new(seed).into(), (start_ns, 0)).expect("a thread");
        crowd.over(Times::new(&scenario, start_ns)).await.expect("no subscriber breaks down");
        let published = publisher.finish();
        assert!(published.count > VICTIM, "the victim was published");
        let account = crowd.close(true).await.expect("the books are closed");
        alarm.stop();
        account.ledger.books
    })
}

fn check(fault: Fault, expected: impl Fn(BooksRecord) -> BooksRecord) {
    for description in TRANSPORTS.iter().filter(|description| description.is_live) {
        let found = books(description, fault);
        let all =
            BooksRecord { expected: found.expected, delivered: found.expected, ..BooksRecord::default() };
        assert_eq!(found, expected(all), "{} with {fault:?}", description.name);
    }
}

#[test]
fn no_fault_leaves_spotless_books() {
    check(Fault::None, |all| all);
}

#[test]
fn a_dropped_update_is_lost() {
    check(Fault::Drop, |all| BooksRecord {
        delivered: all.delivered - SUBSCRIBERS,
        lost: SUBSCRIBERS,
        ..all
    });
}

#[test]
fn a_doubled_update_is_duplicated() {
    check(Fault::Double, |all| BooksRecord { duplicated: SUBSCRIBERS, ..all });
}

#[test]
fn a_swapped_update_is_reordered() {
    check(Fault::Swap, |all| BooksRecord { reordered: SUBSCRIBERS, ..all });
}

#[test]
fn a_damaged_update_is_damaged_and_lost() {
    check(Fault::Damage, |all| BooksRecord {
        delivered: all.delivered - SUBSCRIBERS,
        lost: SUBSCRIBERS,
        damaged: SUBSCRIBERS,
        ..all
    });
}
