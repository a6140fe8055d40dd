//! What the recommended transport costs, and the others beside it.

use crate::ranking::{Ranking, mean, shown};
use crate::sentences::{list, times};
use crate::statistics::Finding;
use crate::{Judgement, Metric, format, objectives};
use results::Run;

/// One sentence: processor time and bytes per delivery, and memory per idle connection, as far as known.
pub(crate) fn sentence(run: &Run, judgement: &Judgement, ranking: &Ranking) -> Option<String> {
    let lead = lead(run, ranking)?;
    let mut clauses = vec![own(run, ranking, lead)?];
    let others: Vec<&String> = judgement.labels.iter().filter(|label| *label != lead).collect();
    let mut beside: Vec<String> = others.iter().filter_map(|label| against(judgement, lead, label)).collect();
    if let Some(first) = beside.first_mut() {
        first.insert_str(0, "beside it, ");
    }
    clauses.extend(beside);
    clauses.extend(memory(run, lead, &others));
    Some(format!("{}.", clauses.join("; ")))
}

/// Whom the costs are told of: of several that are recommended, the one that sends the fewest bytes.
fn lead<'a>(run: &Run, ranking: &'a Ranking) -> Option<&'a String> {
    let bytes = |label: &String| mean(run, Metric::Bytes, label).unwrap_or(f64::INFINITY);
    ranking.recommended.iter().min_by(|one, two| bytes(one).total_cmp(&bytes(two)))
}

fn own(run: &Run, ranking: &Ranking, lead: &str) -> Option<String> {
    let cpu = shown(run, Metric::ServerCpu, lead)
        .map(|ns| format!("{} of server processor time", format::duration_f64(ns)));
    let bytes = shown(run, Metric::Bytes, lead).map(format::bytes);
    let costs: Vec<String> = [cpu, bytes].into_iter().flatten().collect();
    if costs.is_empty() {
        return None;
    }
    let costs = list(&costs);
    let whom =
        if objectives::asks(run) { "Of those that do what is asked" } else { "Of those that are level" };
    let is_cheapest = ranking.dearer.iter().any(|contrast| contrast.base == lead);
    Some(match (ranking.recommended.len(), is_cheapest, ranking.price) {
        (1, true, Metric::ServerCpu) => {
            format!("{whom} it is the cheapest: {costs} a delivery")
        }
        (1, true, _) => format!("{whom} it sends the fewest bytes: {costs} a delivery"),
        (1, false, _) => format!("A delivery costs {costs}"),
        _ => format!("Of these, {lead} sends the fewest bytes: a delivery costs {costs} down"),
    })
}

/// Only what was found to differ is named. Bytes hardly vary from round to round, so of them that is most.
fn against(judgement: &Judgement, lead: &str, label: &str) -> Option<String> {
    let pair = |metric| judgement.pair(metric, lead, label).filter(|pair| pair.ratio.is_ok());
    let cpu = pair(Metric::ServerCpu)
        .filter(|pair| matches!(pair.finding, Finding::Higher | Finding::Lower))
        .map(|pair| format!("{} times the processor time", times(&pair)));
    let bytes = pair(Metric::Bytes)
        .filter(|pair| times(pair) != "1.00")
        .map(|pair| format!("{} times the bytes down", times(&pair)));
    let costs: Vec<String> = [cpu, bytes].into_iter().flatten().collect();
    (!costs.is_empty()).then(|| format!("{label} takes {}", list(&costs)))
}

fn memory(run: &Run, lead: &str, others: &[&String]) -> Option<String> {
    let idle = run.idle.as_ref()?;
    let bytes = |label: &str| idle.per_connection(label).filter(|bytes| *bytes > 0.0).map(format::kibibytes);
    let own = bytes(lead)?;
    let others: Vec<String> =
        others.iter().filter_map(|label| Some(format!("{} over {label}", bytes(label)?))).collect();
    let others = if others.is_empty() { String::new() } else { format!(", against {}", list(&others)) };
    Some(format!("an idle connection takes {own} of memory{others}"))
}
