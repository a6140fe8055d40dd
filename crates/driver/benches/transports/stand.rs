//! A server of one transport and its subscribers, on one thread. Every byte that arrives is looked at.

use bytes::Bytes;
use driver::clock::{Alarm, now_ns};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use options::Values;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use scenario::{Bodies, Planned};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use transport::{Application, Description, Event, Hub, Refused, Requests, Subscription, Transport, Updates};
use wire::{Dialer, Listener, Meter};

/// What an update or a message carries.
pub const BODY_BYTES: u32 = 128;
/// The longest that one call may take: what never arrives is a failure, not a bench that hangs.
const LIMIT: Duration = Duration::from_secs(120);
const TOPIC: u32 = 0;

/// A server, and subscribers that have had everything so far.
pub struct Stand {
    server: Server,
    listening: JoinSet<()>,
    requests: Vec<Requests>,
    arrivals: Arc<Arrivals>,
    /// How many updates.
    published: u64,
    /// How many messages.
    posted: u64,
}

struct Server {
    transport: Box<dyn Transport>,
    hub: Hub,
    bodies: Ring,
    application: Arc<Counting>,
    dialer: Dialer,
    /// Of its own sockets.
    meter: Meter,
    alarm: Alarm,
}

impl Stand {
    /// Starts a server, connects so many subscribers and gives each a first update.
    pub async fn new(description: &Description, subscribers: u64) -> Self {
        allow_descriptors();
        let mut stand = Stand {
            server: Server::start(description),
            listening: JoinSet::new(),
            requests: Vec::new(),
            arrivals: Arc::default(),
            published: 0,
            posted: 0,
        };
        for _ in 0..subscribers {
            let (updates, requests) = stand.dial().await;
            let (bodies, arrivals) = (stand.server.bodies.clone(), stand.arrivals.clone());
            stand.listening.spawn(listen(updates, bodies, arrivals));
            stand.requests.push(requests);
        }
        stand.deliver(1).await;
        stand
    }

    /// Calls one of the methods below, and ends this process should it never return.
    pub async fn within_limit<F>(&mut self, iterate: &F, iterations: u64) -> Duration
    where
        F: AsyncFn(&mut Stand, u64) -> Duration,
    {
        let limit = self.server.alarm.timer().sleep(LIMIT);
        // In a task of its own, so that it costs nothing while all goes well.
        let watching = tokio::spawn(async move {
            limit.await;
            give_up()
        });
        let took = iterate(self, iterations).await;
        watching.abort();
        took
    }

    /// Publishes updates, each when all subscribers have the one before.
    pub async fn deliver(&mut self, iterations: u64) -> Duration {
        let begun_ns = now_ns();
        for _ in 0..iterations {
            self.arrivals.missing.store(self.requests.len() as u64, Relaxed);
            self.published += 1;
            let seq = self.server.hub.publish(TOPIC, self.server.bodies.of(self.published));
            assert_eq!(seq, self.published, "the hub numbers what is published");
            tokio::select! {
                () = self.arrivals.all.notified() => {}
                ended = self.listening.join_next() => panic!("a subscriber ended: {ended:?}"),
            }
        }
        since(begun_ns)
    }

    /// Opens connections one after the other, each until its first update. Then the client closes, and
    /// until no task is left of it on either side the clock stands still.
    pub async fn connect(&mut self, iterations: u64) -> Duration {
        let tasks = Handle::current().metrics();
        let (tasks_before, opened_before) = (tasks.num_alive_tasks(), self.server.meter.tally().connections);
        let newest = self.server.bodies.of(self.published);
        let mut took = Duration::ZERO;
        for _ in 0..iterations {
            let begun_ns = now_ns();
            let (mut updates, requests) = self.dial().await;
            let update = loop {
                let batch = updates.next().await.expect("goes on").expect("without an error");
                if let Some(update) = batch.updates().next() {
                    break update.clone();
                }
            };
            took += since(begun_ns);
            assert_eq!((update.seq, &update.body), (self.published, &newest));
            drop((updates, requests));
            while tasks.num_alive_tasks() > tasks_before {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(self.server.meter.tally().connections, opened_before + iterations, "one each");
        took
    }

    /// Posts messages from the first client, each when the one before is acknowledged.
    pub async fn post(&mut self, iterations: u64) -> Duration {
        let begun_ns = now_ns();
        for _ in 0..iterations {
            self.posted += 1;
            self.requests[0].post(self.server.bodies.of(self.posted)).await.expect("acknowledged");
            assert_eq!(
                self.server.application.taken.load(Relaxed),
                self.posted,
                "taken once, and before the answer"
            );
        }
        since(begun_ns)
    }

    /// Checks that everybody had everything once.
    pub async fn end(mut self) {
        // What came too often is found by the next update at the latest.
        self.deliver(1).await;
        assert_eq!(self.arrivals.sum.load(Relaxed), self.published * self.requests.len() as u64);
        assert_eq!(self.server.application.taken.load(Relaxed), self.posted);
    }

    async fn dial(&self) -> (Updates, Requests) {
        let Server { transport, dialer, alarm, .. } = &self.server;
        let opening = transport.connect(dialer.clone(), Subscription::new(vec![TOPIC]), alarm.timer());
        opening.await.expect("the client connects")
    }
}

impl Server {
    fn start(description: &Description) -> Self {
        let alarm = Alarm::start().expect("a thread");
        let bodies = Ring::new();
        let application = Arc::new(Counting { bodies: bodies.clone(), taken: AtomicU64::new(0) });
        // The newest update is all that those who connect later get.
        let hub = Hub::new(1, 1, application.clone());
        let transport = (description.build)(&Values::defaults(description.options));
        let meter = Meter::default();
        let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), meter.clone()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
        tokio::spawn(transport.serve(listener, hub.clone(), alarm.timer()));
        let fan_out = hub.clone();
        // As in the driver, readers are told of news from their own runtime.
        tokio::spawn(async move { fan_out.fan_out().await });
        tokio::spawn(tick(alarm.clone()));
        Server { transport, hub, bodies, application, dialer, meter, alarm }
    }
}

/// In a run somebody always waits for the next second. Without it each limit of ten seconds would be the
/// first to ring, and wake the alarm's thread to be told so.
async fn tick(alarm: Alarm) {
    loop {
        alarm.until(now_ns() + 1_000_000_000).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.alarm.stop();
    }
}

/// Who still misses the newest update.
#[derive(Default)]
struct Arrivals {
    missing: AtomicU64,
    all: Notify,
    /// Of all updates together.
    sum: AtomicU64,
}

/// One subscriber: each update once, in order, and whole.
async fn listen(mut updates: Updates, bodies: Ring, arrivals: Arc<Arrivals>) {
    let mut seq = 0;
    loop {
        let batch = updates.next().await.expect("goes on").expect("without an error");
        for event in batch.events {
            let Event::Update(update) = event else { panic!("nothing is left out, but {event:?} came") };
            seq += 1;
            assert_eq!((update.seq, update.topic, &update.body), (seq, TOPIC, &bodies.of(seq)));
            arrivals.sum.fetch_add(1, Relaxed);
            if arrivals.missing.fetch_sub(1, Relaxed) == 1 {
                arrivals.all.notify_one();
            }
        }
    }
}

/// The bodies of updates and messages, by number, again and again; neighbours differ.
#[derive(Clone)]
struct Ring(Arc<Vec<Bytes>>);

impl Ring {
    const LENGTH: u32 = 64;

    fn new() -> Self {
        let bodies = Bodies::new(1);
        let planned = |index| Planned { due_ns: 0, topic: TOPIC, index, bytes: BODY_BYTES };
        Ring(Arc::new((0..Ring::LENGTH).map(|index| bodies.write(&planned(index), 0).into()).collect()))
    }

    fn of(&self, number: u64) -> Bytes {
        self.0[(number % u64::from(Ring::LENGTH)) as usize].clone()
    }
}

/// Takes messages that follow each other.
struct Counting {
    bodies: Ring,
    taken: AtomicU64,
}

impl Application for Counting {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Refused>> {
        let number = self.taken.fetch_add(1, Relaxed) + 1;
        let is_due = body == self.bodies.of(number);
        Box::pin(async move { if is_due { Ok(()) } else { Err(Refused(format!("not message {number}"))) } })
    }

    fn ask(&self, _: Bytes) -> Result<Hub, Refused> {
        Err(Refused("nothing is answered here".to_owned()))
    }
}

fn since(begun_ns: u64) -> Duration {
    Duration::from_nanos(now_ns() - begun_ns)
}

#[expect(clippy::print_stderr, reason = "a bench speaks to the terminal, as criterion does")]
fn give_up() {
    eprintln!("failed to get everything that was sent within {LIMIT:?}");
    std::process::exit(1)
}

/// Both ends of a thousand connections are open in this process.
fn allow_descriptors() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Where the system refuses, the connecting tells.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}
