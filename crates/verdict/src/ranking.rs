//! Who stays in, step by step: the rule without its words.

use crate::statistics::{self, Finding};
use crate::{Contrast, Judgement, Metric, Reach, Untold, contestants, due};
use results::Run;

/// Where every contestant ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ranking {
    /// Out: something due is missing, or a round.
    pub out: Vec<Reach>,
    /// The one with the lowest median latency of the rest.
    pub fastest: Option<String>,
    /// Found later than that by more than the margin; the base is the fastest.
    pub slower: Vec<Contrast>,
    /// The others, the fastest included, in the order of the header.
    pub level: Vec<String>,
    /// What their price was judged by.
    pub price: Metric,
    /// Found dearer than the cheapest of the level ones; the base is the cheapest.
    pub dearer: Vec<Contrast>,
    /// Dearer too, but perhaps faster than the cheapest: how much is not known well enough to drop them.
    pub kept: Vec<Contrast>,
    /// What is left of the level ones, in the order of the header. Never empty where `level` is not.
    pub recommended: Vec<String>,
}

impl Ranking {
    pub fn of(run: &Run, judgement: &Judgement) -> Ranking {
        let reaches = contestants(run).map(|entry| Reach::of(run, &entry.label));
        let (whole, out): (Vec<Reach>, Vec<Reach>) = reaches.partition(Reach::is_whole);
        let whole: Vec<String> = whole.into_iter().map(|reach| reach.label).collect();
        let (fastest, slower, level) = behind(run, judgement, Metric::MedianLatency, &whole);
        let price = price(run, &level);
        let (cheapest, pricey, _) = behind(run, judgement, price, &level);
        let may_be_faster = |contrast: &Contrast| {
            cheapest.as_deref().is_some_and(|cheapest| is_later(judgement, cheapest, &contrast.other))
        };
        let (kept, dearer): (Vec<_>, Vec<_>) = pricey.into_iter().partition(may_be_faster);
        let is_dearer = |label: &String| dearer.iter().any(|contrast| contrast.other == *label);
        let recommended = level.iter().filter(|label| !is_dearer(label)).cloned().collect();
        Ranking { out, fastest, slower, level, price, dearer, kept, recommended }
    }
}

/// The least of them by a metric, those found above it, and all others.
pub(crate) fn behind(
    run: &Run,
    judgement: &Judgement,
    metric: Metric,
    labels: &[String],
) -> (Option<String>, Vec<Contrast>, Vec<String>) {
    let known = labels.iter().filter_map(|label| Some((label, mean(run, metric, label)?)));
    let Some((least, _)) = known.min_by(|(_, one), (_, two)| one.total_cmp(two)) else {
        return (None, Vec::new(), labels.to_vec());
    };
    let above = |label: &String| {
        let pair = judgement.pair(metric, least, label)?;
        (pair.finding == Finding::Higher).then_some(pair)
    };
    let found: Vec<Contrast> = labels.iter().filter_map(above).collect();
    let is_rest = |label: &&String| found.iter().all(|contrast| contrast.other != **label);
    let rest = labels.iter().filter(is_rest).cloned().collect();
    (Some(least.clone()), found, rest)
}

/// The geometric mean over a transport's closed rounds; none where some round does not tell.
pub(crate) fn mean(run: &Run, metric: Metric, label: &str) -> Option<f64> {
    let rounds = run.rounds_of(label).into_iter().filter(|account| account.complete);
    let values: Option<Vec<f64>> = rounds.map(|account| metric.of(account).ok()).collect();
    statistics::geometric_mean(&values?)
}

/// What tables show of a transport: rounds merged. To be printed; transports are ranked by their rounds.
pub(crate) fn shown(run: &Run, metric: Metric, label: &str) -> Option<f64> {
    let merged = run.merged(label)?;
    let each = |amount: u64| {
        let updates = merged.steady.updates;
        (updates > 0).then(|| amount as f64 / updates as f64)
    };
    match metric {
        Metric::MedianLatency => {
            due::quantile(&merged.account, 0.5).ok().map(|figure| figure.value_ns as f64)
        }
        Metric::ServerCpu => each(merged.server_costs.transport_ns?),
        Metric::Bytes => each(merged.steady.bytes_in),
        _ => mean(run, metric, label),
    }
}

/// Processor time, unless the system does not tell it of all of them, or a link of packets takes a part of it from some.
pub(crate) fn price(run: &Run, labels: &[String]) -> Metric {
    let has_link = |label: &String| run.rounds_of(label).iter().any(|account| account.link.is_some());
    if labels.iter().any(has_link) && !labels.iter().all(has_link) {
        return Metric::Bytes;
    }
    let is_untold = |label: &String| {
        let rounds = run.rounds_of(label);
        rounds.iter().any(|account| Metric::ServerCpu.of(account) == Err(Untold::NotAvailable))
    };
    if labels.iter().any(is_untold) { Metric::Bytes } else { Metric::ServerCpu }
}

/// Whether this one was found later than the other, perhaps by more than the scenario's margin. Somebody
/// cheaper who may be much slower must not push anybody out: else who is recommended would turn on whether
/// a difference near the margin happened to be found beyond it.
fn is_later(judgement: &Judgement, this: &str, other: &str) -> bool {
    let pair = judgement.pair(Metric::MedianLatency, other, this);
    pair.is_some_and(|pair| {
        pair.by(0.0).finding == Finding::Higher && pair.by(judgement.margin).finding != Finding::NoDifference
    })
}
