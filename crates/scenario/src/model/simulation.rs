//! Event-by-event simulations of polling clients, against which the formulas are held.

use crate::draw::{Draw, Purpose};
use options::Pacing;

/// What a client saw.
pub(super) struct Seen {
    /// Due and arrived, in seconds, in the order of arrival.
    pub(super) deliveries: Vec<(f64, f64)>,
    filled: usize,
    empty: usize,
}

impl Seen {
    pub(super) fn mean(&self) -> f64 {
        self.latencies().iter().sum::<f64>() / self.deliveries.len() as f64
    }

    pub(super) fn quantile(&self, q: f64) -> f64 {
        let mut latencies = self.latencies();
        latencies.sort_by(f64::total_cmp);
        latencies[((latencies.len() - 1) as f64 * q) as usize]
    }

    pub(super) fn updates_per_response(&self) -> f64 {
        self.deliveries.len() as f64 / self.filled as f64
    }

    pub(super) fn empty_share(&self) -> f64 {
        self.empty as f64 / (self.empty + self.filled) as f64
    }

    fn latencies(&self) -> Vec<f64> {
        self.deliveries.iter().map(|(due, arrived)| arrived - due).collect()
    }
}

/// Updates at random instants.
pub(super) fn poisson(rate_per_s: f64, count: usize) -> Vec<f64> {
    let mut draw = Draw::new(11, Purpose::Gaps, 0);
    let mut at = 0.0;
    std::iter::repeat_with(|| {
        at += draw.exponential() / rate_per_s;
        at
    })
    .take(count)
    .collect()
}

/// Updates at even distances.
pub(super) fn periodic(period: f64, count: usize) -> Vec<f64> {
    (0..count).map(|turn| turn as f64 * period).collect()
}

/// A client that asks every `interval`.
pub(super) fn short_polls(dues: &[f64], interval: f64, one_way: f64, pacing: Pacing) -> Seen {
    let mut seen = Seen { deliveries: Vec::new(), filled: 0, empty: 0 };
    let mut asks_at = 0.377 * interval;
    while seen.deliveries.len() < dues.len() {
        let answered_at = asks_at + one_way;
        answer(&mut seen, dues, answered_at, one_way);
        asks_at = match pacing {
            Pacing::FixedRate => asks_at + interval,
            Pacing::FixedDelay => answered_at + one_way + interval,
        };
    }
    seen
}

/// A client that asks again as soon as it got an answer, which the server holds back.
pub(super) fn long_polls(dues: &[f64], one_way: f64, turnaround: f64, hold: f64) -> Seen {
    let mut seen = Seen { deliveries: Vec::new(), filled: 0, empty: 0 };
    let mut asked_at = 0.0;
    while let Some(next_due) = dues.get(seen.deliveries.len()) {
        let answered_at = next_due.clamp(asked_at, asked_at + hold);
        answer(&mut seen, dues, answered_at, one_way);
        asked_at = answered_at + 2.0 * one_way + turnaround;
    }
    seen
}

fn answer(seen: &mut Seen, dues: &[f64], answered_at: f64, one_way: f64) {
    let waiting = dues[seen.deliveries.len()..].iter().take_while(|due| **due <= answered_at);
    let before = seen.deliveries.len();
    seen.deliveries.extend(waiting.map(|due| (*due, answered_at + one_way)));
    match seen.deliveries.len() - before {
        0 => seen.empty += 1,
        _ => seen.filled += 1,
    }
}

/// Mean age of the newest update held, from the first arrival to the last.
pub(super) fn age(deliveries: &[(f64, f64)]) -> f64 {
    let area = |pair: &[(f64, f64)]| {
        let ((due, from), (_, to)) = (pair[0], pair[1]);
        ((to - due).powi(2) - (from - due).powi(2)) / 2.0
    };
    let span = deliveries[deliveries.len() - 1].1 - deliveries[0].1;
    deliveries.windows(2).map(area).sum::<f64>() / span
}

/// The deliveries of a topic to which each update belongs with this chance.
pub(super) fn thin(deliveries: &[(f64, f64)], share: f64) -> Vec<(f64, f64)> {
    let mut draw = Draw::new(11, Purpose::Follows, 0);
    deliveries.iter().filter(|_| draw.unit() < share).copied().collect()
}

/// Within a share of the model's figure.
pub(super) fn assert_near(seen: f64, model: f64, tolerance: f64) {
    assert!((seen - model).abs() <= tolerance * model, "the simulation says {seen}, the model {model}");
}
