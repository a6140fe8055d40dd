//! What happens to connections and servers in a round, by the schedule.

use crate::Scenario;
use crate::draw::{Draw, Purpose};
use std::time::Duration;

/// Something that happens once in every round, to the same clients over every transport. Tables `[[disturbance]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Disturbance {
    /// When, from the beginning of the measured window.
    /// Key `at`, has to be said.
    pub at: Instant,
    /// What.
    /// Key `what`, and `how` with a cut.
    pub what: What,
    /// To which part of the clients, drawn by seed; what happens to the server happens to all.
    /// Key `share`, default `"100%"`.
    pub share: f64,
    /// How long it lasts; nothing of a cut.
    /// Key `for`, default `"1s"`.
    pub span: Duration,
}

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instant {
    /// So long after the beginning of the window.
    After(Duration),
    /// At any time of the window that leaves room for it, drawn by seed; to each client at a time of its own. `"random"`.
    Random,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Connections end. `"cut"`.
    Cut(How),
    /// Nothing passes between clients and their server, and dials wait. `"outage"`.
    Outage,
    /// Clients read nothing, and what they send passes. `"stall"`.
    Stall,
    /// The server stands still. `"pause"`.
    Pause,
    /// The server is killed; another one begins where it listened. `"restart"`.
    Restart,
    /// Another server begins, and then the first one ends its connections in order. `"deploy"`.
    Deploy,
}

/// How connections end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Both ends get a reset. `"reset"`.
    Reset,
    /// Both ends get an end. `"close"`.
    Close,
    /// Neither end gets anything. `"silent"`.
    Silent,
}

/// Something that happens to one client, since the start of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// When.
    pub at: Duration,
    /// When it is over.
    pub over: Duration,
    /// What.
    pub what: What,
}

impl Disturbance {
    /// How long it takes: a cut is over when it happens.
    pub(crate) fn lasts(&self) -> Duration {
        if matches!(self.what, What::Cut(_)) { Duration::ZERO } else { self.span }
    }

    /// Said of it in reports.
    #[must_use]
    pub fn describe(&self) -> String {
        let when = match self.at {
            Instant::After(after) => format!("after {}", options::print_duration(after)),
            Instant::Random => "at random".to_owned(),
        };
        let span = match self.what {
            What::Cut(_) | What::Deploy => String::new(),
            _ => format!(" for {}", options::print_duration(self.span)),
        };
        let whom = match self.what.is_the_servers() {
            true => String::new(),
            false => format!(", {:.0}\u{202f}% of the clients", self.share * 100.0),
        };
        format!("{when}: {}{span}{whom}", self.what.describe())
    }
}

impl What {
    /// Whether it happens to the server, and so to all.
    #[must_use]
    pub fn is_the_servers(self) -> bool {
        matches!(self, What::Pause | What::Restart | What::Deploy)
    }

    /// Whether a server ends and another one begins.
    #[must_use]
    pub fn replaces_the_server(self) -> bool {
        matches!(self, What::Restart | What::Deploy)
    }

    /// Said of it in reports.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            What::Cut(How::Reset) => "connections reset",
            What::Cut(How::Close) => "connections closed",
            What::Cut(How::Silent) => "connections half open",
            What::Outage => "nothing passes",
            What::Stall => "clients read nothing",
            What::Pause => "server stands still",
            What::Restart => "server killed, another begins",
            What::Deploy => "server replaced in order",
        }
    }
}

impl Scenario {
    /// What happens to the server in a round of this seed, in order.
    #[must_use]
    pub fn hits_of_server(&self, seed: u64) -> Vec<Hit> {
        let ours = (0..).zip(&self.disturbances).filter(|(_, one)| one.what.is_the_servers());
        in_order(ours.map(|(place, one)| self.hit(one, seed, (place, SERVER)).1))
    }

    /// What happens to a client in a round of this seed, in order; also what happens to the server.
    #[must_use]
    pub fn hits_of_client(&self, seed: u64, client: u32) -> Vec<Hit> {
        let hits = (0..).zip(&self.disturbances).filter_map(|(place, one)| {
            let whom = if one.what.is_the_servers() { SERVER } else { client };
            let (drawn, hit) = self.hit(one, seed, (place, whom));
            (one.what.is_the_servers() || drawn < one.share).then_some(hit)
        });
        in_order(hits)
    }

    /// A number by which it is decided whether it happens to them, and when and what it is.
    fn hit(&self, one: &Disturbance, seed: u64, (place, whom): (u32, u32)) -> (f64, Hit) {
        let mut draw = Draw::new(seed, Purpose::Disturbances, (place << CLIENT_BITS) | whom);
        let (whether, when) = (draw.unit(), draw.unit());
        let span = one.lasts();
        let after = match one.at {
            Instant::After(after) => after,
            Instant::Random => self.measure.saturating_sub(span).mul_f64(when),
        };
        let at = self.warm_up + after;
        (whether, Hit { at, over: at + span, what: one.what })
    }
}

/// Enough for every client that a scenario may have; the rest is for its disturbances.
const CLIENT_BITS: u32 = 26;
/// Draws for the server.
const SERVER: u32 = (1 << CLIENT_BITS) - 1;

fn in_order(hits: impl Iterator<Item = Hit>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = hits.collect();
    hits.sort_by_key(|hit| hit.at);
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{parse, text};

    fn scenario(disturbances: &str) -> Scenario {
        parse(&(text("every = \"100ms\"") + disturbances))
    }

    #[test]
    fn a_share_of_the_clients_is_hit_by_seed_and_all_by_what_happens_to_the_server() {
        let half = scenario("[[disturbance]]\nat = \"300ms\"\nwhat = \"cut\"\nshare = \"50%\"\n");
        let hit = |seed| (0..2_000).filter(|client| !half.hits_of_client(seed, *client).is_empty()).count();
        assert!((900..1_100).contains(&hit(1)) && hit(1) == hit(1) && half.hits_of_server(1).is_empty());
        let all = scenario("[[disturbance]]\nat = \"300ms\"\nwhat = \"restart\"\nfor = \"200ms\"\n");
        let expected = Hit {
            at: all.warm_up + Duration::from_millis(300),
            over: all.warm_up + Duration::from_millis(500),
            what: What::Restart,
        };
        assert_eq!(all.hits_of_server(1), [expected]);
        assert!((0..50).all(|client| all.hits_of_client(1, client) == [expected]));
    }

    #[test]
    fn random_instants_differ_between_clients_and_leave_room() {
        let random = scenario("[[disturbance]]\nat = \"random\"\nwhat = \"outage\"\nfor = \"100ms\"\n");
        let hits: Vec<Hit> = (0..50).flat_map(|client| random.hits_of_client(7, client)).collect();
        assert_eq!(hits.len(), 50);
        let end = random.warm_up + random.measure;
        assert!(hits.iter().all(|hit| hit.at >= random.warm_up && hit.over <= end));
        assert!(hits.windows(2).any(|pair| pair[0].at != pair[1].at));
        assert_eq!(random.hits_of_client(7, 3), random.hits_of_client(7, 3));
    }
}
