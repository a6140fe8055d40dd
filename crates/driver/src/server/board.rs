//! What the server does with what its clients post and ask.

use super::answers::Answers;
use crate::clock;
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt, ready};
use ledger::Ledger;
use results::AccountRecord;
use scenario::{Bodies, By, Plan, PostTo, Scenario};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use transport::{Application, Hub, Refused};

/// The application of a scenario's server: takes posts once each, relays those that are for rooms, and
/// answers questions.
pub(crate) struct Board {
    posts: Option<Posts>,
    /// Where clients ask.
    pub answers: Option<Answers>,
    /// Where relayed posts go.
    hub: OnceLock<Hub>,
}

struct Posts {
    /// As each author sends them.
    plan: Arc<Plan>,
    /// As their rooms get them; none where nothing is relayed.
    rooms: Option<Plan>,
    uplink: Mutex<Uplink>,
    /// For each client, how many of its posts have been taken.
    taken: Vec<AtomicU16>,
    relayed: AtomicU64,
}

/// The books of what comes up, and what has come: a client that lost its connection sends again what it has no
/// answer to.
struct Uplink {
    ledger: Ledger,
    seen: Vec<bool>,
}

impl Board {
    pub(crate) fn new(scenario: &Scenario, seed: u64, answers: Option<Answers>) -> Self {
        let posts = (!scenario.posts.is_empty()).then(|| Posts::new(scenario, seed));
        Board { posts, answers, hub: OnceLock::new() }
    }

    /// Says where relayed posts go.
    pub(crate) fn relay_to(&self, hub: &Hub) {
        // It is said once.
        let _ = self.hub.set(hub.clone());
    }

    /// Sets the common start.
    pub(crate) fn start(&self, at_ns: u64) {
        if let Some(posts) = &self.posts {
            posts.uplink().ledger.start(at_ns);
        }
        if let Some(answers) = &self.answers {
            answers.start(at_ns);
        }
    }

    /// How many posts of a client have been taken, modulo 2¹⁶.
    pub(crate) fn taken(&self, client: u32) -> u16 {
        let taken = self.posts.as_ref().and_then(|posts| posts.taken.get(client as usize));
        taken.map_or(0, |taken| taken.load(Ordering::Relaxed))
    }

    /// How many posts were passed on to rooms.
    pub(crate) fn relayed(&self) -> u64 {
        self.posts.as_ref().map_or(0, |posts| posts.relayed.load(Ordering::Relaxed))
    }

    /// Closes the books of what came up.
    pub(crate) fn close(&self) -> Option<AccountRecord> {
        let posts = self.posts.as_ref()?;
        // What comes from now on is refused as unknown: the ledger that knew it is gone.
        let empty = Ledger::new(posts.plan.clone(), Arc::new(Bodies::new(0)), Vec::new());
        let ledger = std::mem::replace(&mut posts.uplink().ledger, empty);
        Some(AccountRecord::from(&ledger.close(clock::now_ns())))
    }

    fn take(&self, body: Bytes) -> Result<(), Refused> {
        let posts = self.posts.as_ref().ok_or_else(|| Refused("this server takes no posts".to_owned()))?;
        let number = scenario::read_number(&body).unwrap_or_default();
        let Some(planned) = posts.plan.get(number) else {
            return Err(Refused("a post has no number that anybody planned".to_owned()));
        };
        {
            let mut uplink = posts.uplink();
            uplink.ledger.update(0, clock::now_ns(), number, planned.topic, &body);
            if std::mem::replace(&mut uplink.seen[number as usize - 1], true) {
                return Ok(());
            }
        }
        if let Some(taken) = posts.plan.author(number).and_then(|author| posts.taken.get(author as usize)) {
            taken.fetch_add(1, Ordering::Relaxed);
        }
        if let (Some(topic), Some(hub)) = (posts.room_of(number), self.hub.get()) {
            hub.publish(topic, body);
            posts.relayed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Posts {
    fn new(scenario: &Scenario, seed: u64) -> Self {
        let plan = Arc::new(Plan::of_posts(scenario, seed, By::Author));
        let relays = scenario.posts.iter().any(|stream| stream.to == PostTo::Room);
        let rooms = relays.then(|| Plan::of_posts(scenario, seed, By::Room));
        let streams = (0..plan.topics()).collect();
        let mut ledger = Ledger::new(plan.clone(), Arc::new(Bodies::new(seed)), vec![streams]);
        ledger.opened(0, 0, true);
        Posts {
            uplink: Mutex::new(Uplink { ledger, seen: vec![false; plan.len()] }),
            taken: (0..scenario.subscribers.count).map(|_| AtomicU16::new(0)).collect(),
            relayed: AtomicU64::new(0),
            rooms,
            plan,
        }
    }

    /// The topic of the room that gets a post, if one does.
    fn room_of(&self, number: u64) -> Option<u32> {
        let rooms = self.rooms.as_ref()?;
        rooms.get(number).map(|planned| planned.topic).filter(|topic| rooms.is_of_room(*topic))
    }

    fn uplink(&self) -> MutexGuard<'_, Uplink> {
        self.uplink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Application for Board {
    fn post(&self, body: Bytes) -> BoxFuture<'static, Result<(), Refused>> {
        ready(self.take(body)).boxed()
    }

    fn ask(&self, body: Bytes) -> Result<Hub, Refused> {
        match &self.answers {
            Some(answers) => answers.begin(&body),
            None => Err(Refused("this server answers no questions".to_owned())),
        }
    }
}
