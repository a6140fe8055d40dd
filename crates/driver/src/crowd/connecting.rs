//! How a crowd connects.

use super::books::{Book, lock};
use super::dialled::Dialled;
use super::inquiry::{Asker, Inquiry};
use super::outbox::Outbox;
use super::subscriber::{Says, Subscriber};
use super::{CONNECTING_LIMIT, Crowd, Progress, subscription};
use crate::{clock, link};
use scenario::{Reconnect, Scenario};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use transport::Transport;
use wire::{Dialer, Origin, Stamps};

/// How subscribers get to their server.
pub(crate) struct Path {
    /// What they try, in this order: mostly it is one.
    pub tried: Vec<Tried>,
    /// For exchanges over connections of their own.
    pub fresh: Dialer,
    /// How long they try each of them but the last.
    pub fallback_after: Duration,
    /// When they come back.
    pub reconnect: Reconnect,
}

/// A transport that is tried.
#[derive(Clone)]
pub(crate) struct Tried {
    pub name: &'static str,
    pub transport: Arc<dyn Transport>,
    pub dialer: Dialer,
}

/// The browsers of these subscribers by their numbers; none where each is for itself.
fn browsers(scenario: &Scenario, numbers: &Range<u32>) -> BTreeMap<u32, Arc<Origin>> {
    let tabs = scenario.subscribers.tabs;
    if tabs == 1 {
        return BTreeMap::new();
    }
    let browser = |number: u32| (number / tabs, Arc::new(Origin::of(Origin::OF_BROWSERS)));
    numbers.clone().map(browser).collect()
}

impl Crowd {
    /// Lets the subscribers connect, each at its instant of the ramp.
    pub(crate) fn connect(&mut self, scenario: &Scenario, seed: u64, path: &Path) {
        let begun_ns = clock::now_ns();
        let mut said = self.said(path);
        let browsers = browsers(scenario, &self.numbers);
        for (local, number) in self.numbers.clone().enumerate() {
            let stamps = self.books.stamping.as_ref().map(|_| Stamps::default());
            let dialled = Arc::<Dialled>::default();
            let own = |tried: &Tried| {
                let dialer = match browsers.get(&(number / scenario.subscribers.tabs)) {
                    Some(origin) => &tried.dialer.clone().of_browser(origin.clone()),
                    None => &tried.dialer,
                };
                let dialer = self.own(dialer, (local, number)).telling(dialled.clone());
                let dialer = match &stamps {
                    Some(stamps) => dialer.noting(stamps.clone()),
                    None => dialer,
                };
                Tried { dialer, ..tried.clone() }
            };
            let tried = path.tried.iter().map(own).collect();
            let subscriber = Subscriber {
                local,
                stamps,
                subscription: subscription(scenario, seed, number),
                connects_at_ns: begun_ns + scenario.connects_at(number).as_nanos() as u64,
                tried,
                at: 0,
                fallback_after: path.fallback_after,
                dialled,
                reconnect: path.reconnect,
                alarm: self.alarm.clone(),
                books: self.books.clone(),
                connected: self.connected.clone(),
                settled: self.settled.clone(),
                says: said.next().unwrap_or(Says::Nothing),
            };
            self.tasks.spawn(subscriber.listen());
        }
    }

    /// A dialer for one subscriber: from its own place, and on its own line.
    fn own(&self, dialer: &Dialer, (local, number): (usize, u32)) -> Dialer {
        let dialer = link::placed(dialer.clone(), number).of_one_client();
        let dialer = match self.disturbing.as_ref().and_then(|disturbing| disturbing.line(local)) {
            None => dialer,
            Some(line) => dialer.on(line),
        };
        match &self.capture {
            Some(capture) if number == 0 => dialer.captured_by(capture.clone()),
            _ => dialer,
        }
    }

    /// What each of the subscribers has to say, in their order.
    fn said(&self, path: &Path) -> std::vec::IntoIter<Says> {
        let mut said = Vec::new();
        if let (Some(plan), Book::Updates(ledger)) = (&self.posts, &mut *self.books.book()) {
            for local in 0..self.numbers.len() {
                let numbers = ledger.posting().map(|posting| posting.of_client(local).to_vec());
                let outbox =
                    Outbox::new(local, plan.clone(), self.bodies.clone(), numbers.unwrap_or_default());
                said.push(Says::Posts(outbox));
            }
        }
        if let Some(plan) = &self.replies {
            let mut numbers = vec![VecDeque::new(); self.numbers.len()];
            for (number, reply) in (1..).zip(plan.iter()) {
                if self.numbers.contains(&reply.client) {
                    numbers[(reply.client - self.numbers.start) as usize].push_back(number);
                }
            }
            let asker = Asker {
                plan: plan.clone(),
                bodies: self.bodies.clone(),
                books: self.books.clone(),
                alarm: self.alarm.clone(),
                // Who asks has one transport.
                transport: path.tried[0].transport.clone(),
                fresh: path.fresh.clone(),
            };
            said.extend(numbers.into_iter().map(|numbers| {
                let asker = Asker { fresh: asker.fresh.clone().of_one_client(), ..asker.clone() };
                Says::Asks(Inquiry { numbers, asker })
            }));
        }
        said.into_iter()
    }

    /// Waits until all are connected or refused, or the time for it is over.
    pub async fn connected(&self, scenario: &Scenario) -> Progress {
        let all = self.numbers.len() as u32;
        let mut settled = self.settled.subscribe();
        let limit = scenario.subscribers.ramp + CONNECTING_LIMIT;
        let connecting = settled.wait_for(|settled| *settled == all);
        let _ = self.alarm.timer().at_most(limit, connecting).await;
        let connected = *self.connected.borrow();
        let failure = if connected < all { lock(&self.books.failure).clone() } else { None };
        Progress { connected, failure }
    }
}
