//! What the subscribers of a process share.

use super::stamping::Stamping;
use ledger::{Account, Asking, Distribution, Ledger, Setup};
use results::{ExchangeTraffic, Steady};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, watch};

/// The books of a crowd: of what is published or posted, or of what is asked.
#[derive(Debug)]
pub(crate) enum Book {
    /// Updates, and what clients post.
    Updates(Box<Ledger>),
    /// Questions and their answers.
    Replies(Box<Asking>),
}

impl Book {
    pub(crate) fn start(&mut self, at_ns: u64) {
        match self {
            Book::Updates(ledger) => ledger.start(at_ns),
            Book::Replies(asking) => asking.start(at_ns),
        }
    }

    pub(crate) fn opened(&mut self, sub: usize, setup: Setup, (first, at_ns): (bool, u64)) {
        match self {
            Book::Updates(ledger) => {
                ledger.opened(sub, setup, first);
                if !first {
                    ledger.reopened(sub, at_ns);
                }
            }
            Book::Replies(asking) => asking.opened(sub, first),
        }
    }

    pub(crate) fn closed(&mut self, sub: usize, at_ns: u64) {
        match self {
            Book::Updates(ledger) => {
                ledger.closed(sub);
                ledger.noticed(sub, at_ns);
            }
            Book::Replies(asking) => asking.closed(sub),
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        match self {
            Book::Updates(ledger) => ledger.is_complete(),
            Book::Replies(asking) => asking.is_complete(),
        }
    }

    pub(crate) fn unknown(&self) -> u64 {
        match self {
            Book::Updates(ledger) => ledger.unknown(),
            Book::Replies(asking) => asking.unknown(),
        }
    }

    pub(crate) fn take_second(&mut self) -> Distribution {
        match self {
            Book::Updates(ledger) => ledger.take_second(),
            Book::Replies(asking) => asking.take_second(),
        }
    }

    pub(crate) fn close(self, end_ns: u64) -> Account {
        match self {
            Book::Updates(ledger) => ledger.close(end_ns),
            Book::Replies(asking) => asking.close(end_ns),
        }
    }
}

/// What the subscribers of a process share.
pub struct Books {
    pub(super) book: Mutex<Book>,
    /// Updates that arrived, warm-up included.
    pub(super) carried: AtomicU64,
    pub(super) complete: Notify,
    /// Told of every so many updates that arrived; a scheduled run does not ask.
    pub(super) pace: Option<Pace>,
    /// When the schedule begins, once that is known.
    pub(super) start_ns: watch::Sender<Option<u64>>,
    /// Why a connection last ended or could not be opened.
    pub(super) failure: Mutex<Option<String>>,
    /// How many connections were opened over each of several transports that are tried.
    pub(super) over: Mutex<BTreeMap<String, u64>>,
    pub(super) steady: Mutex<Steady>,
    pub(super) exchanges: Mutex<Option<ExchangeTraffic>>,
    /// Where the kernel is asked when what is read had come.
    pub(super) stamping: Option<Stamping>,
}

impl Books {
    pub(super) fn new(book: Book, pace: Option<Pace>, stamping: Option<Stamping>) -> Self {
        Books {
            book: Mutex::new(book),
            carried: 0.into(),
            complete: Notify::new(),
            pace,
            start_ns: watch::channel(None).0,
            failure: Mutex::default(),
            over: Mutex::default(),
            steady: Mutex::default(),
            exchanges: Mutex::default(),
            stamping,
        }
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        // Should a subscriber panic while it holds the book, the crowd ends with an error.
        lock(&self.book)
    }

    /// Enters something into the books of updates; says so if they are complete with it.
    pub(super) fn enter<T: Default>(&self, entry: impl FnOnce(&mut Ledger) -> T) -> T {
        let mut book = self.book();
        let Book::Updates(ledger) = &mut *book else { return T::default() };
        let entered = entry(ledger);
        self.look_whether_complete(book);
        entered
    }

    /// The same of the books of replies.
    pub(super) fn enter_reply<T: Default>(&self, entry: impl FnOnce(&mut Asking) -> T) -> T {
        let mut book = self.book();
        let Book::Replies(asking) = &mut *book else { return T::default() };
        let entered = entry(asking);
        self.look_whether_complete(book);
        entered
    }

    fn look_whether_complete(&self, book: MutexGuard<'_, Book>) {
        let is_complete = book.is_complete();
        drop(book);
        if is_complete {
            self.complete.notify_one();
        }
    }

    pub(super) fn carried(&self, count: u64) {
        let before = self.carried.fetch_add(count, Ordering::Relaxed);
        if let Some(Pace { every, reached, .. }) = &self.pace
            && (before + count) / every > before / every
        {
            reached.notify_one();
        }
    }

    /// Ends a second of the clock that stamps are taken from.
    pub(super) fn end_second_of_stamps(&self) {
        if let (Some(stamping), Book::Updates(ledger)) = (&self.stamping, &mut *self.book()) {
            ledger.end_second(stamping.look());
        }
    }

    pub(crate) fn failed(&self, error: &transport::Error) {
        *lock(&self.failure) = Some(error.to_string());
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who wants to know of every so many updates.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    pub every: u64,
    pub reached: Arc<Notify>,
    /// From the sending to the arrival at the first subscriber, in nanoseconds.
    pub first: Arc<Mutex<Distribution>>,
}
