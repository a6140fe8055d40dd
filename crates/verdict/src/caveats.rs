//! What limits a recommendation.

use crate::ranking::Ranking;
use crate::sentences::list;
use crate::{Contrast, Judgement, Metric, Reach, contestants, fan_out, format, warnings};
use results::{Run, Severity, WarningKind};

/// One sentence each, of what there is to say.
pub(crate) fn sentences(run: &Run, judgement: &Judgement, ranking: &Ranking) -> Vec<String> {
    let clients = ranking.slower.iter().filter_map(|contrast| clients_share(run, contrast));
    let clients = clients.chain(conflated(run));
    clients.chain(limits(judgement)).chain(exhausted(run)).chain(doubtful(run)).collect()
}

/// Says so where most of what one comes after another is the clients' work, which readers with processors of
/// their own would do at the same time.
fn clients_share(run: &Run, slower: &Contrast) -> Option<String> {
    let later_ns = slower.other_value? - slower.base_value?;
    let excess_ns = |label: &str| fan_out::clients_excess_ns(run, label);
    let clients_ns = excess_ns(&slower.other)? - excess_ns(&slower.base)?;
    (clients_ns > later_ns / 2.0).then(|| {
        format!(
            "Of what {} comes after {}, about {} is the clients\u{2019} work on this machine; readers with \
            processors of their own would see less of a difference.",
            slower.other,
            slower.base,
            format::duration_f64(clients_ns.min(later_ns))
        )
    })
}

/// From this share of superseded updates on, the latency of the others is not that of what was published.
const CONFLATED_SHARE: f64 = 0.05;

/// Whoever skipped much has only its newest updates measured, which are quick by selection.
fn conflated(run: &Run) -> impl Iterator<Item = String> {
    contestants(run).filter_map(|entry| {
        let reach = Reach::of(run, &entry.label);
        let share = reach.superseded as f64 / reach.expected.max(1) as f64;
        (share > CONFLATED_SHARE).then(|| {
            format!(
                "Over {}, {} of what was due was skipped in favour of something newer: its latency is that of the \
                rest, so staleness says more, and what it costs is shared by fewer deliveries.",
                entry.label,
                format::part(share)
            )
        })
    })
}

/// What makes the margin larger than the scenario's.
fn limits(judgement: &Judgement) -> Option<String> {
    let margin = judgement.margin_of(Metric::MedianLatency);
    if margin <= judgement.margin {
        return None;
    }
    let instead = format!("{} instead of {}", format::part(margin), format::part(judgement.margin));
    let what = match margin {
        _ if margin.is_infinite() => "no difference in latency is named".to_owned(),
        _ => format!("only differences in latency beyond {instead} are named"),
    };
    let noise = judgement.noise(Metric::MedianLatency).filter(|contrast| contrast.differs());
    let noise = noise.and_then(|contrast| contrast.ratio.ok()).map_or(0.0, |ratio| ratio.reach());
    Some(if judgement.inflation >= noise {
        format!(
            "The transports ran at once and waited for the processor, so {what}: run it with --set order=apart for more."
        )
    } else {
        format!(
            "The same transport, measured twice, differed from itself, so {what}: run it on a quieter machine for more."
        )
    })
}

/// Servers that had nothing left to give.
fn exhausted(run: &Run) -> Option<String> {
    let exhausted: Vec<String> = contestants(run)
        .filter_map(|entry| {
            let rounds = run.rounds_of(&entry.label);
            let shares = rounds.iter().filter_map(|account| warnings::server_share(&run.header, account));
            let share = shares.fold(0.0, f64::max);
            (share > warnings::SATURATED_SHARE).then(|| entry.label.clone())
        })
        .collect();
    (!exhausted.is_empty()).then(|| {
        format!("The server used all of one processor over {}: more load would queue up.", list(&exhausted))
    })
}

/// Whose figures are doubted, for another reason than those that widen the margin.
fn doubtful(run: &Run) -> Option<String> {
    let counts = |kind| !matches!(kind, WarningKind::ControlDiffers | WarningKind::Interference);
    let decides = |kind| {
        let spoils = warnings::spoils(kind);
        spoils.contains(&Metric::MedianLatency) || spoils.contains(&Metric::ServerCpu)
    };
    let weighty: Vec<_> = run
        .warnings
        .iter()
        .filter(|warning| warning.severity > Severity::Note && counts(warning.kind) && decides(warning.kind))
        .collect();
    let is_doubted = |label: &str| {
        weighty.iter().any(|warning| warning.label.as_deref().is_none_or(|about| about == label))
    };
    let labels: Vec<&str> =
        contestants(run).map(|entry| entry.label.as_str()).filter(|label| is_doubted(label)).collect();
    (!labels.is_empty()).then(|| {
        format!("Doubts speak against some figures of {}: read them before you rely on this.", list(&labels))
    })
}
