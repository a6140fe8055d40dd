//! Opens the books that a scenario needs.

use ledger::{Asking, Ledger, Posting};
use scenario::{Bodies, Plan, Replies, Scenario};
use std::ops::Range;
use std::sync::Arc;

/// Of questions and their answers.
pub(super) fn asking(
    scenario: &Scenario,
    plan: &Arc<Replies>,
    bodies: &Arc<Bodies>,
    clients: &Range<u32>,
) -> Asking {
    let sound = scenario.reply.as_ref().and_then(|work| Some((work.sound?, work.start_buffer)));
    Asking::new(plan.clone(), bodies.clone(), clients.clone(), sound)
}

/// Of what is published or posted.
pub(super) fn updates(
    scenario: &Scenario,
    seed: u64,
    bodies: &Arc<Bodies>,
    clients: &Range<u32>,
    posts: Option<&Arc<Plan>>,
) -> Ledger {
    let follows = clients.clone().map(|number| scenario.follows(seed, number)).collect();
    let plan = Arc::new(Plan::new(scenario, seed));
    let mut ledger = Ledger::new(plan, bodies.clone(), follows);
    if scenario.relays() {
        ledger.relay(clients.start);
    }
    if let Some(posts) = posts {
        ledger.post(Posting::new(posts.clone(), clients.clone()));
    }
    if scenario.topics.iter().any(|topic| topic.effects) {
        let place = |client: u32| {
            let members = scenario.members(scenario.room_of(client));
            (client - members.start, members.len() as u32)
        };
        ledger.count_posts(&clients.clone().map(place).collect::<Vec<_>>());
    }
    ledger
}
