//! What members of rooms see of each other's posts.

use crate::Relayed;
use scenario::Plan;
use std::sync::Arc;

/// The open account of what is relayed. Numbers are those of the plan of posts.
#[derive(Debug)]
pub(crate) struct Relaying {
    plan: Arc<Plan>,
    /// The number of the first subscriber of these books.
    first: u32,
    /// At which place of its room's order each post was first seen; 0 where it was not.
    places: Vec<u64>,
    /// For each topic, how many of its posts have been due.
    due: Vec<usize>,
    account: Relayed,
}

/// A post that arrived for the first time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard {
    pub number: u64,
    pub topic: u32,
    /// Who heard it, by its number in these books.
    pub sub: usize,
    /// How many posts of the topic it has, this one too.
    pub has: u32,
    /// Since the start, in nanoseconds.
    pub at_ns: u64,
    /// From when it was due, in nanoseconds.
    pub latency_ns: u64,
}

impl Relaying {
    pub fn new(plan: Arc<Plan>, first: u32) -> Self {
        let (posts, topics) = (plan.len(), plan.topics() as usize);
        Relaying { plan, first, places: vec![0; posts], due: vec![0; topics], account: Relayed::default() }
    }

    /// A post was seen at this place of the server's order, which has to be the same for all.
    pub fn placed(&mut self, number: u64, seq: u64) {
        let Some(place) = number.checked_sub(1).and_then(|at| self.places.get_mut(at as usize)) else {
            return;
        };
        match *place {
            0 => *place = seq,
            known if known != seq => self.account.disagreements += 1,
            _ => {}
        }
    }

    /// A post of the measured window arrived at a member.
    pub fn heard(&mut self, heard: &Heard) {
        let of_topic = self.plan.of_topic(heard.topic);
        let mut due = self.due[heard.topic as usize];
        while of_topic.get(due).is_some_and(|seq| self.is_due(u64::from(*seq), heard.at_ns)) {
            due += 1;
        }
        self.due[heard.topic as usize] = due;
        self.account.behind.record((due as u64).saturating_sub(u64::from(heard.has)));
        if self.plan.author(heard.number) == Some(self.first + heard.sub as u32) {
            self.account.own_echo.record(heard.latency_ns);
        }
    }

    pub fn close(self) -> Relayed {
        self.account
    }

    fn is_due(&self, number: u64, at_ns: u64) -> bool {
        self.plan.get(number).is_some_and(|planned| planned.due_ns <= at_ns)
    }
}
