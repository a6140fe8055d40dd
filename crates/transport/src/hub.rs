//! Where a server's updates are kept and waited for.

use crate::feed::Reader;
use crate::log::Log;
use crate::{Feed, Seq, Subscription, Update};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::task::AtomicWaker;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// What a server does with what its clients send.
pub trait Application: Send + Sync {
    /// Takes a message from a client; it is acknowledged when this returns. Those of one client come one
    /// after the other, in the order in which it posted them.
    ///
    /// # Errors
    /// When the server wants no such message; the client is told why.
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Refused>>;

    /// Answers a question with a feed that ends: the hub returned has one topic, number 0, and is
    /// closed after its last update. [`Hub::stopped`] tells when nobody wants more of it.
    ///
    /// # Errors
    /// When the server answers no such question; the client is told why.
    fn ask(&self, body: Bytes) -> Result<Hub, Refused>;
}

/// Why a server did not take a message, for the client that sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// A server that only publishes.
impl Application for () {
    fn post(&self, _: Bytes) -> BoxFuture<'static, Result<(), Refused>> {
        Box::pin(async { Err(Refused("this server takes no posts".to_owned())) })
    }

    fn ask(&self, _: Bytes) -> Result<Hub, Refused> {
        Err(Refused("this server answers no questions".to_owned()))
    }
}

/// One bounded log per topic, one order for all of them, and the readers who wait for news.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Told of news when a fan-out runs; the readers are then told by it.
    bell: AtomicWaker,
    has_fan_out: AtomicBool,
    stopped: AtomicBool,
    on_stop: AtomicWaker,
    retention: usize,
    is_binary: bool,
    application: Arc<dyn Application>,
}

/// What a hub is like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    topics: u32,
    retention: usize,
    is_binary: bool,
    in_full: Vec<u32>,
}

impl Shape {
    /// So many topics, of each of which the newest `retention` updates are kept. Bodies are text, and
    /// readers who conflate skip in every topic.
    #[must_use]
    pub fn new(topics: u32, retention: usize) -> Self {
        Shape { topics, retention, ..Shape::default() }
    }

    /// Bodies may be any bytes.
    #[must_use]
    pub fn binary(self) -> Self {
        Shape { is_binary: true, ..self }
    }

    /// Of these topics every update counts: also a reader who conflates gets them all.
    #[must_use]
    pub fn in_full(self, topics: impl IntoIterator<Item = u32>) -> Self {
        Shape { in_full: topics.into_iter().collect(), ..self }
    }
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) logs: Vec<Log>,
    pub(crate) readers: Vec<Option<Reader>>,
    pub(crate) free: Vec<usize>,
    /// The newest update.
    pub(crate) last: Seq,
    /// The newest update that readers were told of.
    pub(crate) announced: Seq,
    /// Topics appended to since the readers were last told.
    pub(crate) news: Vec<u32>,
    pub(crate) closed: bool,
}

impl Hub {
    /// A hub of `topics` topics that keeps the newest `retention` updates of each.
    #[must_use]
    pub fn new(topics: u32, retention: usize, application: Arc<dyn Application>) -> Self {
        Hub::of_shape(Shape::new(topics, retention), application)
    }

    /// A hub of that shape.
    #[must_use]
    pub fn of_shape(shape: Shape, application: Arc<dyn Application>) -> Self {
        let mut logs: Vec<Log> = (0..shape.topics).map(|_| Log::default()).collect();
        for topic in shape.in_full {
            if let Some(log) = logs.get_mut(topic as usize) {
                log.in_full = true;
            }
        }
        Hub(Arc::new(Shared {
            state: Mutex::new(State { logs, ..State::default() }),
            bell: AtomicWaker::new(),
            has_fan_out: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            on_stop: AtomicWaker::new(),
            retention: shape.retention,
            is_binary: shape.is_binary,
            application,
        }))
    }

    /// Whether the bodies of its updates may be any bytes.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.0.is_binary
    }

    /// Appends an update to a topic and gives it the next place in the hub's order. It never waits
    /// for a reader.
    ///
    /// # Panics
    /// When the hub has no such topic.
    pub fn publish(&self, topic: u32, body: Bytes) -> Seq {
        let mut state = self.state();
        state.last += 1;
        let seq = state.last;
        let log = &mut state.logs[topic as usize];
        let update = if self.0.is_binary { Update::binary } else { Update::new };
        log.append(Arc::new(update(seq, topic, body)), self.0.retention);
        if !std::mem::replace(&mut log.has_news, true) {
            state.news.push(topic);
        }
        self.tell(state);
        seq
    }

    /// Ends every feed once it has given what there is.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for log in 0..state.logs.len() {
            if !std::mem::replace(&mut state.logs[log].has_news, true) {
                state.news.push(log as u32);
            }
        }
        self.tell(state);
    }

    /// Tells the readers of news from where it is polled, for ever.
    ///
    /// A publisher on a thread of its own would pay one system call for each reader it woke. While
    /// this future runs, on the readers' own runtime, the publisher wakes it alone.
    pub async fn fan_out(&self) {
        let _leaving = LeavingFanOut(self);
        std::future::poll_fn(|cx| {
            self.0.bell.register(cx.waker());
            self.0.has_fan_out.store(true, Ordering::Release);
            wake_all(self.state().announce());
            Poll::Pending
        })
        .await
    }

    /// Reads what a subscription asks for. Topics that the hub does not have stay silent.
    #[must_use]
    pub fn feed(&self, subscription: &Subscription) -> Feed {
        Feed::new(self.clone(), subscription)
    }

    /// Whether the hub has every topic of a subscription.
    #[must_use]
    pub fn has(&self, subscription: &Subscription) -> bool {
        let topics = self.state().logs.len();
        subscription.topics.as_slice().iter().all(|topic| (*topic as usize) < topics)
    }

    /// Hands a client's message to the application.
    ///
    /// # Errors
    /// When the application refuses it.
    pub async fn post(&self, body: Bytes) -> Result<(), Refused> {
        self.0.application.post(body).await
    }

    /// Asks the application: the hub returned is the reply, see [`Application::ask`].
    ///
    /// # Errors
    /// When the application refuses it.
    pub fn ask(&self, body: Bytes) -> Result<Hub, Refused> {
        self.0.application.ask(body)
    }

    /// Says that nobody wants more of this reply.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        self.0.on_stop.wake();
    }

    /// Waits until nobody wants more of this reply. One task may wait.
    pub async fn stopped(&self) {
        std::future::poll_fn(|cx| {
            self.0.on_stop.register(cx.waker());
            if self.is_stopped() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }

    /// Whether [`Hub::stop`] was called.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under this lock runs foreign code, so a poisoned state is whole.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, mut state: MutexGuard<'_, State>) {
        if self.0.has_fan_out.load(Ordering::Acquire) {
            drop(state);
            self.0.bell.wake();
        } else {
            let wakers = state.announce();
            drop(state);
            wake_all(wakers);
        }
    }
}

/// Without a fan-out the publisher tells the readers itself.
struct LeavingFanOut<'a>(&'a Hub);

impl Drop for LeavingFanOut<'_> {
    fn drop(&mut self) {
        self.0.0.has_fan_out.store(false, Ordering::Release);
        self.0.tell(self.0.state());
    }
}

impl State {
    /// Notes for every reader which of its topics have news; returns who must be woken.
    fn announce(&mut self) -> Vec<Waker> {
        let mut wakers = Vec::new();
        for topic in self.news.drain(..) {
            let log = &mut self.logs[topic as usize];
            log.has_news = false;
            for (reader, place) in &log.readers {
                if let Some(reader) = &mut self.readers[*reader] {
                    reader.note(*place);
                    wakers.extend(reader.waker.take());
                }
            }
        }
        if self.closed {
            // Also who follows nothing is to learn of the end.
            wakers.extend(self.readers.iter_mut().flatten().filter_map(|reader| reader.waker.take()));
        }
        self.announced = self.last;
        wakers
    }
}

fn wake_all(wakers: Vec<Waker>) {
    for waker in wakers {
        waker.wake();
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Hub").field("topics", &state.logs.len()).field("last", &state.last).finish()
    }
}
