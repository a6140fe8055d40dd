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
pub struct Path {
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
pub struct Tried {
    /// Its name.
    pub name: &'static str,
    /// Itself.
    pub transport: Arc<dyn Transport>,
    /// To the server that speaks it.
    pub dialer: Dialer,
}

/// What the subscribers of each browser dial with, by the browser's number: for every transport that they try one of the
/// browser's own, whose way, sessions of TLS and connections over HTTP its tabs share. Who is no tab is a browser.
fn browsers(path: &Path, browsers: Range<u32>, tabs: u32) -> BTreeMap<u32, Vec<Tried>> {
    let own = |browser: u32, tried: &Tried| {
        // Ports are counted by subscribers, of which it has so many.
        let dialer = link::placed(tried.dialer.clone(), (browser, browser * tabs)).of_one_client();
        let dialer = match tabs {
            1 => dialer,
            _ => dialer.of_browser(Arc::new(Origin::of(Origin::OF_BROWSERS))),
        };
        Tried { dialer, ..tried.clone() }
    };
    let browser = |browser| (browser, path.tried.iter().map(|tried| own(browser, tried)).collect());
    browsers.map(browser).collect()
}

impl Crowd {
    /// Lets the subscribers connect, each at its instant of the ramp.
    pub fn connect(&mut self, scenario: &Scenario, seed: u64, path: &Path) {
        let begun_ns = clock::now_ns();
        let mut said = self.said(path);
        let tabs = scenario.subscribers.tabs;
        let browsers = browsers(path, self.numbers.start / tabs..self.numbers.end.div_ceil(tabs), tabs);
        for (local, number) in self.numbers.clone().enumerate() {
            let stamps = self.books.stamping.as_ref().map(|_| Stamps::default());
            let dialled = Arc::<Dialled>::default();
            let own = |tried: &Tried| {
                let dialer = self.own(&tried.dialer, (local, number)).telling(dialled.clone());
                let dialer = match &stamps {
                    Some(stamps) => dialer.noting(stamps.clone()),
                    None => dialer,
                };
                Tried { dialer, ..tried.clone() }
            };
            let tried = browsers.get(&(number / tabs)).into_iter().flatten().map(own).collect();
            let subscriber = Subscriber {
                local,
                stamps,
                subscription: subscription(scenario, seed, number),
                connects_at_ns: begun_ns + scenario.connects_at(number).as_nanos() as u64,
                tried,
                at: 0,
                has_worked: false,
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

    /// A dialer for one subscriber: one that can be broken, and looked at, where that is asked.
    fn own(&self, dialer: &Dialer, (local, number): (usize, u32)) -> Dialer {
        let dialer = match self.disturbing.as_ref().and_then(|disturbing| disturbing.line(local)) {
            None => dialer.clone(),
            Some(line) => dialer.clone().on(line),
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
            said.extend(self.numbers.clone().zip(numbers).map(|(number, numbers)| {
                let fresh = link::placed(asker.fresh.clone(), (number, number)).of_one_client();
                let asker = Asker { fresh, ..asker.clone() };
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
