//! The books once more, in the plainest way: sets, no ranges, no arithmetic.

use crate::world::START_NS;
use ledger::{Books, Distribution};
use scenario::Plan;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one subscriber knows of one topic.
#[derive(Default)]
struct View {
    delivered: BTreeSet<u32>,
    superseded: BTreeSet<u32>,
    seen: BTreeSet<u32>,
    announced: u64,
}

pub struct Oracle {
    plan: Arc<Plan>,
    views: BTreeMap<(usize, u32), View>,
    open: BTreeSet<usize>,
    ever: BTreeSet<usize>,
    subscribers: usize,
    slowest: BTreeMap<u64, u64>,
    pub books: Books,
    pub latency: Distribution,
    pub never_connected: u64,
}

impl Oracle {
    pub fn new(plan: Arc<Plan>, follows: &[Vec<u32>]) -> Oracle {
        let pairs = follows
            .iter()
            .enumerate()
            .flat_map(|(sub, topics)| topics.iter().map(move |&topic| (sub, topic)));
        Oracle {
            plan,
            views: pairs.map(|pair| (pair, View::default())).collect(),
            open: BTreeSet::new(),
            ever: BTreeSet::new(),
            subscribers: follows.len(),
            slowest: BTreeMap::new(),
            books: Books::default(),
            latency: Distribution::default(),
            never_connected: 0,
        }
    }

    pub fn opened(&mut self, sub: usize) {
        self.open.insert(sub);
        self.ever.insert(sub);
    }

    pub fn closed(&mut self, sub: usize) {
        self.open.remove(&sub);
        for (_, view) in self.views.iter_mut().filter(|((owner, _), _)| *owner == sub) {
            view.announced = 0;
        }
    }

    pub fn skipped(&mut self, sub: usize, topic: u32, count: u64) {
        match self.views.get_mut(&(sub, topic)) {
            Some(view) => view.announced += count,
            None => self.books.unknown += 1,
        }
    }

    pub fn update(&mut self, sub: usize, arrived_ns: u64, seq: u64, topic: u32, whole: bool) {
        let planned =
            self.plan.iter().zip(1..).find(|&(_, number)| number == seq).map(|(planned, _)| *planned);
        let (Some(planned), Some(view)) = (planned, self.views.get_mut(&(sub, topic))) else {
            self.books.unknown += 1;
            return;
        };
        if planned.topic != topic {
            self.books.unknown += 1;
            return;
        }
        let (index, counted) = (planned.index, u64::from(self.plan.in_window(&planned)));
        let accounted = view.delivered.contains(&index) || view.superseded.contains(&index);
        let newer_came = view.seen.last().is_some_and(|&newest| newest > index);
        match (whole, accounted) {
            (false, _) => self.books.damaged += counted,
            (true, true) => self.books.duplicated += counted,
            (true, false) => {
                view.delivered.insert(index);
                self.books.reordered += counted * u64::from(newer_came);
                if counted == 1 {
                    let due_ns = START_NS + planned.due_ns;
                    let latency_ns = arrived_ns.saturating_sub(due_ns);
                    self.books.early += u64::from(arrived_ns < due_ns);
                    self.latency.record(latency_ns);
                    let slowest = self.slowest.entry(seq).or_default();
                    *slowest = latency_ns.max(*slowest);
                }
            }
        }
        view.seen.insert(index);
        self.books.overstated_skips += counted * view.supersede_before(index);
    }

    pub fn is_complete(&self) -> bool {
        self.expected().all(|(pair, index)| {
            let view = &self.views[&pair];
            view.delivered.contains(&index) || view.superseded.contains(&index)
        })
    }

    pub fn close(&mut self) {
        self.never_connected = (0..self.subscribers).filter(|sub| !self.ever.contains(sub)).count() as u64;
        for ((sub, topic), index) in self.expected().collect::<Vec<_>>() {
            let view = &self.views[&(sub, topic)];
            let newer_came = view.seen.last().is_some_and(|&newest| newest >= index);
            let fate = match () {
                () if view.delivered.contains(&index) => &mut self.books.delivered,
                () if view.superseded.contains(&index) => &mut self.books.superseded,
                () if newer_came || !self.open.contains(&sub) => &mut self.books.lost,
                () => &mut self.books.in_flight,
            };
            *fate += 1;
            self.books.expected += 1;
        }
    }

    pub fn slowest(&self) -> Distribution {
        let mut slowest = Distribution::default();
        self.slowest.values().for_each(|&latency_ns| slowest.record(latency_ns));
        slowest
    }

    fn expected(&self) -> impl Iterator<Item = ((usize, u32), u32)> {
        let counted = || self.plan.iter().filter(|planned| self.plan.in_window(planned));
        self.views.keys().flat_map(move |&pair| {
            counted().filter(move |planned| planned.topic == pair.1).map(move |planned| (pair, planned.index))
        })
    }
}

impl View {
    /// Lets the announcement explain what is missing right before an update; returns what is left of it.
    fn supersede_before(&mut self, index: u32) -> u64 {
        let mut left = std::mem::take(&mut self.announced);
        for missing in (0..index).rev() {
            if left == 0 || self.delivered.contains(&missing) || self.superseded.contains(&missing) {
                break;
            }
            self.superseded.insert(missing);
            left -= 1;
        }
        left
    }
}
