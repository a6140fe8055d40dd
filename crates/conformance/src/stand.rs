//! A server of the transport under test, and clients for it, in one process.

#![expect(clippy::disallowed_methods, reason = "tests have no driver: their alarm is the runtime's")]

use crate::application::{Sample, Shared};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use options::Values;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use transport::{Batch, Description, Error, Hub, Requests, Shape, Subscription, Transport, Update, Updates};
use wire::{Alarm, Dialer, Listener, Meter, Timer};

/// The longest that any check may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Settings that let checks see in milliseconds what takes seconds in earnest.
const SHORT: &[(&str, &str)] = &[
    ("request-limit", "400ms"),
    ("heartbeat", "100ms"),
    ("interval", "10ms"),
    ("hold", "150ms"),
    ("reply-limit", "500ms"),
];

/// Runs one check on a runtime of its own.
///
/// # Panics
/// When the check fails or takes too long.
pub fn run<F, C>(description: &Description, check: C)
where
    C: FnOnce(Stand) -> F,
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let stand = Stand::new(description);
        tokio::time::timeout(LIMIT, check(stand))
            .await
            .expect("the check waited for something that never came");
    });
}

/// The same for a check that needs a subscription. A transport that carries none has to say so instead.
///
/// # Panics
/// When the check fails or takes too long.
pub fn run_live<F, C>(description: &Description, check: C)
where
    C: FnOnce(Stand) -> F,
    F: Future<Output = ()>,
{
    if description.is_live {
        return run(description, check);
    }
    run(description, async |stand: Stand| {
        let outcome = stand.try_connect(Subscription::new(vec![0])).await;
        assert!(matches!(outcome, Err(Error::Refused(_))), "{:?}", outcome.err());
    });
}

/// A running server and what is needed to be its client.
pub struct Stand {
    /// What is under test.
    pub transport: Arc<dyn Transport>,
    /// What it serves: three topics, 64 updates each, unless a check made another.
    pub hub: Hub,
    /// What its clients talk to.
    pub application: Arc<Sample>,
    /// Where it listens.
    pub address: SocketAddr,
    /// What its clients dialled.
    pub meter: Meter,
    is_live: bool,
    server: JoinHandle<()>,
}

impl Stand {
    /// A server with three topics that keep 64 updates each.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        let mut values = Values::defaults(description.options);
        for spec in description.options {
            if let Some((_, short)) = SHORT.iter().find(|(name, _)| *name == spec.name) {
                values.set(spec, spec.parse(short).expect("within its limits"));
            }
        }
        Stand::serve(Arc::from((description.build)(&values)), Shape::new(3, 64), description.is_live)
    }

    /// The same with another retention; the server of `self` ends.
    #[must_use]
    pub fn with_retention(self, retention: usize) -> Self {
        self.with_shape(Shape::new(3, retention))
    }

    /// The same with a hub of another shape; the server of `self` ends.
    #[must_use]
    pub fn with_shape(self, shape: Shape) -> Self {
        Stand::serve(self.transport.clone(), shape, self.is_live)
    }

    fn serve(transport: Arc<dyn Transport>, shape: Shape, is_live: bool) -> Self {
        let application = Arc::new(Sample::default());
        let hub = Hub::of_shape(shape, Arc::new(Shared(application.clone())));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(any, Meter::default()).expect("a port");
        let address = listener.address().expect("an address");
        let serving = transport.serve(listener, hub.clone(), timer());
        let ringing = hub.clone();
        // As in the driver: the fan-out runs beside the transport.
        let server = tokio::spawn(async move {
            tokio::select! {
                _ = serving => {}
                () = ringing.fan_out() => {}
            }
        });
        Stand { transport, hub, application, address, meter: Meter::default(), is_live, server }
    }

    /// Ends the server as the driver would: by dropping its future.
    pub fn stop_server(&self) {
        self.server.abort();
    }

    /// A dialer to the server.
    #[must_use]
    pub fn dialer(&self) -> Dialer {
        Dialer::new(self.address, self.meter.clone())
    }

    /// Connects one client.
    ///
    /// # Errors
    /// As the transport says.
    pub async fn try_connect(&self, subscription: Subscription) -> Result<Client, Error> {
        let (updates, requests) = self.transport.connect(self.dialer(), subscription, timer()).await?;
        Ok(Client { updates, requests })
    }

    /// Connects one client that must get through.
    ///
    /// # Panics
    /// When it does not.
    pub async fn connect(&self, subscription: Subscription) -> Client {
        self.try_connect(subscription).await.expect("the client connects")
    }

    /// A subscription to one topic, or to none where there can be none: for checks of what goes up.
    #[must_use]
    pub fn subscription(&self, topic: u32) -> Subscription {
        if self.is_live { Subscription::new(vec![topic]) } else { Subscription::none() }
    }

    /// Connects a client with that subscription to topic 0.
    ///
    /// # Panics
    /// When it does not get through.
    pub async fn client(&self) -> Client {
        self.connect(self.subscription(0)).await
    }

    /// Publishes numbered texts to a topic, `"0"`, `"1"` and so on.
    pub fn publish(&self, topic: u32, numbers: std::ops::Range<usize>) {
        for number in numbers {
            self.hub.publish(topic, Bytes::from(number.to_string()));
        }
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// One client.
pub struct Client {
    /// What arrives.
    pub updates: Updates,
    /// What is sent.
    pub requests: Requests,
}

impl Client {
    /// Reads for so long, and expects nothing but empty polls.
    ///
    /// # Panics
    /// When something comes, or the stream ends.
    pub async fn hear_nothing(&mut self, span: Duration) {
        let listening = async {
            let batch = self.batch().await;
            panic!("nothing was published, but {batch:?} came");
        };
        let _ = tokio::time::timeout(span, listening).await;
    }

    /// The next `count` updates, empty polls passed over.
    ///
    /// # Panics
    /// When the stream ends before.
    pub async fn take(&mut self, count: usize) -> Vec<Arc<Update>> {
        let mut taken = Vec::new();
        while taken.len() < count {
            taken.extend(self.batch().await.updates().cloned());
        }
        taken
    }

    /// The next batch that holds something.
    ///
    /// # Panics
    /// When the stream ends.
    pub async fn batch(&mut self) -> Batch {
        loop {
            let batch = self.updates.next().await.expect("the stream goes on").expect("without an error");
            if !batch.events.is_empty() {
                return batch;
            }
        }
    }

    /// Waits for a request while reading on, as the contract asks; updates that arrive are dropped.
    pub async fn during<T>(&mut self, request: impl Future<Output = T>) -> T {
        let mut request = std::pin::pin!(request);
        loop {
            tokio::select! {
                outcome = &mut request => return outcome,
                Some(_) = self.updates.next() => {}
            }
        }
    }
}

/// A timer on which everything passes ten times as fast: limits of ten seconds are seen in one.
pub(crate) fn hurried() -> Timer {
    Timer::new(Arc::new(Hurried))
}

struct Hurried;

impl Alarm for Hurried {
    fn after(&self, span: Duration) -> BoxFuture<'static, ()> {
        TokioAlarm.after(span / 10)
    }

    fn on_grid(&self, period: Duration, offset: Duration) -> BoxFuture<'static, ()> {
        TokioAlarm.on_grid(period / 10, offset / 10)
    }
}

/// A timer on the runtime's clock.
pub(crate) fn timer() -> Timer {
    Timer::new(Arc::new(TokioAlarm))
}

/// An alarm for tests and benches, which have no driver; as coarse as the runtime's timers.
#[derive(Debug, Clone, Copy)]
pub struct TokioAlarm;

impl Alarm for TokioAlarm {
    fn after(&self, span: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(span))
    }

    fn on_grid(&self, period: Duration, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(period))
    }
}
