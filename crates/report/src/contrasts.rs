//! Transports held against the best of them, and the control against what it repeats.

use crate::chart::axis::Axis;
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Mark};
use crate::standing::Standing;
use crate::table::Cell;
use verdict::{Contrast, Judgement, Metric, Ratio, format};

/// The metrics that are drawn: what a transport is chosen by.
const DRAWN: [Metric; 5] =
    [Metric::MedianLatency, Metric::TailLatency, Metric::ServerCpu, Metric::Bytes, Metric::Staleness];

/// The contestant with the lowest value, of those whose value is known in every round; of a tail none unless
/// all are known.
pub(crate) fn best(judgement: &Judgement, metric: Metric) -> Option<&str> {
    let pairs = judgement.pairs.iter().filter(|pair| pair.metric == metric);
    let values = pairs
        .flat_map(|pair| [(pair.base.as_str(), pair.base_value), (pair.other.as_str(), pair.other_value)]);
    let known: Vec<(&str, f64)> = values.clone().filter_map(|(label, value)| Some((label, value?))).collect();
    // A tail that is known of some only has no lowest: those with few updates beyond it may lie below.
    if metric == Metric::TailLatency && known.len() < values.count() {
        return None;
    }
    known.into_iter().min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(label, _)| label)
}

/// What stands below a figure in the table: by how much it exceeds the best, with its interval.
pub(crate) fn to_best(judgement: &Judgement, metric: Metric, label: &str) -> Option<String> {
    let best = best(judgement, metric)?;
    if best == label {
        return Some("lowest".to_owned());
    }
    let contrast = judgement.pair(metric, best, label)?;
    contrast.ratio.ok().map(|_| format!("×{}", contrast.text()))
}

/// A chart for each metric of which a ratio is known.
pub(crate) fn charts(judgement: &Judgement, standings: &[Standing]) -> Vec<Lanes> {
    DRAWN.into_iter().filter_map(|metric| chart(judgement, standings, metric)).collect()
}

fn chart(judgement: &Judgement, standings: &[Standing], metric: Metric) -> Option<Lanes> {
    let best = best(judgement, metric)?;
    let margin = judgement.margin_of(metric);
    let contestants =
        standings.iter().filter(|standing| judgement.labels.iter().any(|l| l == standing.label()));
    let others = contestants.filter(|standing| standing.label() != best);
    let mut entries: Vec<Entry> = others
        .filter_map(|standing| {
            let contrast = judgement.pair(metric, best, standing.label())?;
            Some(entry(standing.label().to_owned(), standing, &contrast))
        })
        .collect();
    if entries.iter().all(|entry| entry.marks.is_empty()) {
        return None;
    }
    let noise = judgement.noise(metric).and_then(|contrast| {
        let control = standings.iter().find(|standing| standing.label() == contrast.other)?;
        Some(entry(format!("{} to itself (control)", contrast.base), control, contrast))
    });
    let has_noise = noise.is_some();
    entries.extend(noise);
    let (low, high) = (1.0 / (1.0 + margin), 1.0 + margin);
    let axis = Axis::of_ratios(lanes::values(&entries).chain([low, high]))?;
    let noise = if has_noise { "; the control, the same transport twice, is the noise floor" } else { "" };
    let reading = format!(
        "How many times that of {best}, the lowest: a difference matters where the line, the 95 % interval over \
        rounds, lies wholly outside the band of {}{noise}.",
        format::part(margin)
    );
    Some(lanes::lanes(title(metric), reading, &axis, Backdrop::Margin(low, high), entries))
}

fn entry(label: String, standing: &Standing, contrast: &Contrast) -> Entry {
    let marks = |ratio: Ratio| vec![Mark::Interval(ratio.low, ratio.high), Mark::Dot(ratio.ratio)];
    Entry {
        label,
        look: standing.look,
        marks: contrast.ratio.map(marks).unwrap_or_default(),
        cell: match contrast.ratio {
            Ok(_) => Cell::plain(format!("×{}, {}", contrast.text(), contrast.said())),
            Err(why) => Cell::missing(why.to_string()),
        },
    }
}

fn title(metric: Metric) -> &'static str {
    match metric {
        Metric::MedianLatency => "Median latency, to the lowest",
        Metric::TailLatency => "99th percentile, to the lowest",
        Metric::ServerCpu => "Server time per delivery, to the lowest",
        Metric::ClientCpu => "Client time per delivery, to the lowest",
        Metric::Bytes => "Bytes down per update, to the lowest",
        Metric::Staleness => "Staleness, to the lowest",
        Metric::SetUp => "Set-up, to the lowest",
    }
}
