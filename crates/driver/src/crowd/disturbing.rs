//! What happens to a crowd's subscribers, when it is due.

use super::books::Books;
use crate::clock::Alarm;
use scenario::{Hit, How, Scenario, What};
use std::ops::Range;
use wire::{Cut, Line};

/// The subscribers of a crowd, and what will happen to each.
pub(super) struct Disturbing {
    /// One for each subscriber.
    lines: Vec<Line>,
    hits: Vec<Vec<Hit>>,
}

/// One instant of it.
struct Event {
    since_start_ns: u64,
    sub: usize,
    /// What begins; none where it is over.
    begins: Option<What>,
    what: What,
}

impl Disturbing {
    /// None where nothing happens to anybody.
    pub fn new(scenario: &Scenario, seed: u64, numbers: &Range<u32>) -> Option<Self> {
        if scenario.disturbances.is_empty() {
            return None;
        }
        let hits: Vec<Vec<Hit>> =
            numbers.clone().map(|number| scenario.hits_of_client(seed, number)).collect();
        Some(Disturbing { lines: hits.iter().map(|_| Line::default()).collect(), hits })
    }

    /// To whom anything happens.
    pub fn affected(&self) -> Vec<bool> {
        self.hits.iter().map(|hits| !hits.is_empty()).collect()
    }

    /// On which a subscriber's connections are.
    pub fn line(&self, sub: usize) -> Option<Line> {
        self.lines.get(sub).cloned()
    }

    /// Lets it all happen; ends with the last of it.
    pub async fn happen(&self, start_ns: u64, books: &Books, alarm: &Alarm) {
        for event in self.events() {
            let at_ns = start_ns + event.since_start_ns;
            alarm.until(at_ns).await;
            self.let_happen(&event, at_ns, books);
        }
    }

    fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for (sub, hit) in
            self.hits.iter().enumerate().flat_map(|(sub, hits)| hits.iter().map(move |hit| (sub, hit)))
        {
            let at = |since_start: std::time::Duration, begins| Event {
                since_start_ns: since_start.as_nanos() as u64,
                sub,
                begins,
                what: hit.what,
            };
            events.push(at(hit.at, Some(hit.what)));
            // Of a cut only its end tells that it was one.
            if !matches!(hit.what, What::Cut(_)) {
                events.push(at(hit.over, None));
            }
        }
        events.sort_by_key(|event| event.since_start_ns);
        events
    }

    fn let_happen(&self, event: &Event, at_ns: u64, books: &Books) {
        let Event { sub, begins, what, .. } = *event;
        let Some(line) = self.lines.get(sub) else { return };
        books.enter(|ledger| match begins {
            Some(what) => ledger.hit(sub, at_ns, matches!(what, What::Cut(_))),
            None => ledger.over(sub, at_ns),
        });
        match (what, begins.is_some()) {
            (What::Cut(how), _) => line.cut(match how {
                How::Reset => Cut::Reset,
                How::Close => Cut::Close,
                How::Silent => Cut::Silent,
            }),
            (What::Outage, true) => line.hold(),
            (What::Stall, true) => line.stop_reading(),
            (What::Outage | What::Stall, false) => line.release(),
            // The driver does that to the server.
            (What::Pause | What::Restart | What::Deploy, _) => {}
        }
    }
}
