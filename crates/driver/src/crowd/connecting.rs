//! How a crowd connects.

use super::books::{Book, lock};
use super::dialled::Dialled;
use super::inquiry::{Asker, Inquiry};
use super::outbox::Outbox;
use super::subscriber::{Says, Subscriber};
use super::{CONNECTING_LIMIT, Crowd, Progress, subscription};
use crate::{clock, link};
use scenario::{Reconnect, Scenario};
use std::collections::VecDeque;
use std::sync::Arc;
use transport::Transport;
use wire::{Dialer, Stamps};

impl Crowd {
    /// Lets the subscribers connect, each at its instant of the ramp.
    pub fn connect(
        &mut self,
        scenario: &Scenario,
        seed: u64,
        (transport, reconnect): (&Arc<dyn Transport>, Reconnect),
        (dialer, fresh): (&Dialer, &Dialer),
    ) {
        let begun_ns = clock::now_ns();
        let mut said = self.said(transport, fresh);
        for (local, number) in self.numbers.clone().enumerate() {
            let stamps = self.books.stamping.as_ref().map(|_| Stamps::default());
            let dialled = Arc::<Dialled>::default();
            let dialer = link::placed(dialer.clone(), number).of_one_client();
            let dialer = dialer.telling(dialled.clone());
            let dialer = match self.disturbing.as_ref().and_then(|disturbing| disturbing.line(local)) {
                None => dialer,
                Some(line) => dialer.on(line),
            };
            let dialer = match &self.capture {
                Some(capture) if number == 0 => dialer.captured_by(capture.clone()),
                _ => dialer,
            };
            let dialer = match &stamps {
                Some(stamps) => dialer.noting(stamps.clone()),
                None => dialer,
            };
            let subscriber = Subscriber {
                local,
                stamps,
                subscription: subscription(scenario, seed, number),
                connects_at_ns: begun_ns + scenario.connects_at(number).as_nanos() as u64,
                transport: transport.clone(),
                dialer,
                dialled,
                reconnect,
                alarm: self.alarm.clone(),
                books: self.books.clone(),
                connected: self.connected.clone(),
                settled: self.settled.clone(),
                says: said.next().unwrap_or(Says::Nothing),
            };
            self.tasks.spawn(subscriber.listen());
        }
    }

    /// What each of the subscribers has to say, in their order.
    fn said(&self, transport: &Arc<dyn Transport>, fresh: &Dialer) -> std::vec::IntoIter<Says> {
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
                transport: transport.clone(),
                fresh: fresh.clone(),
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
