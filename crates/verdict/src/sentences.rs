//! The words of a verdict.

use crate::ranking::{Ranking, shown};
use crate::statistics::Finding;
use crate::{Contrast, Judgement, Metric, Reach, caveats, contestants, format, prices};
use results::Run;

pub(crate) const NOTHING_CLOSED: &str = "No transport closed a round, so there is nothing to compare: see the \
    doubts for what broke, and run it again.";

/// What to use, what that costs, and what has to be known besides.
pub(crate) fn recommendation(run: &Run, judgement: &Judgement, ranking: &Ranking) -> Vec<String> {
    let mut sentences = vec![use_this(run, judgement, ranking)];
    sentences.extend(prices::sentence(run, judgement, ranking));
    sentences.extend(ranking.kept.iter().map(|contrast| kept(judgement, contrast)));
    sentences.extend(ranking.out.iter().map(shortfall));
    sentences.extend(caveats::sentences(run, judgement, ranking));
    sentences
}

/// Why somebody dear is recommended all the same.
fn kept(judgement: &Judgement, contrast: &Contrast) -> String {
    format!(
        "{} takes {} times the {} of {}, but is faster, perhaps by more than {}, so both stay.",
        contrast.other,
        times(contrast),
        contrast.metric,
        contrast.base,
        format::part(judgement.margin)
    )
}

fn use_this(run: &Run, judgement: &Judgement, ranking: &Ranking) -> String {
    let median = |label: &String| shown(run, Metric::MedianLatency, label).map(format::duration_f64);
    let (head, medians) = match ranking.recommended.as_slice() {
        [only] => (format!("Use {only}"), median(only).map(|median| format!("{median} of being due"))),
        several => {
            let each = several.iter().filter_map(|label| Some(format!("{} over {label}", median(label)?)));
            let each: Vec<String> = each.collect();
            let head = format!("Use {}, whichever your stack does more easily", either(several));
            (head, (!each.is_empty()).then(|| list(&each)))
        }
    };
    let medians = medians.map(|medians| format!("half of all updates arrive within {medians}"));
    let slower: Vec<String> = ranking.slower.iter().map(|contrast| slower(run, contrast)).collect();
    let slower = (!slower.is_empty()).then(|| list(&slower));
    let clauses: Vec<String> = medians.into_iter().chain(level(judgement, ranking)).chain(slower).collect();
    if clauses.is_empty() { format!("{head}.") } else { format!("{head}: {}.", clauses.join("; ")) }
}

/// What is known of those that are level with the fastest.
fn level(judgement: &Judgement, ranking: &Ranking) -> Option<String> {
    let fastest = ranking.fastest.as_ref()?;
    let widened = judgement.margin_of(Metric::MedianLatency);
    let margin = Some(widened).filter(|margin| margin.is_finite()).map(format::part)?;
    let is_within = |label: &&String| {
        let pair = judgement.pair(Metric::MedianLatency, fastest, label);
        pair.is_some_and(|pair| pair.finding == Finding::NoDifference)
    };
    let others = ranking.level.iter().filter(|label| *label != fastest);
    let (within, open): (Vec<&String>, Vec<&String>) = others.partition(is_within);
    // Where those named are just those recommended, the reader knows whom they are.
    let is_of_all = ranking.level == ranking.recommended;
    let lowest = match ranking.recommended.as_slice() {
        [only] if only == fastest => "it".to_owned(),
        several if several.contains(fastest) => fastest.clone(),
        _ => format!("the lowest, {fastest}"),
    };
    match (within.as_slice(), open.as_slice()) {
        ([], []) => None,
        (_, []) if is_of_all => Some(format!("they are level within {margin}")),
        ([], _) if is_of_all => Some(format!("no difference beyond {margin} between them could be shown")),
        (within, open) => {
            let are = |labels: &[&String]| if labels.len() == 1 { "is" } else { "are" };
            let within = (!within.is_empty())
                .then(|| format!("{} {} level with {lowest} within {margin}", list(within), are(within)));
            let open = (!open.is_empty())
                .then(|| format!("whether {} is later by more can\u{2019}t be told", either(open)));
            let said: Vec<String> = [within, open].into_iter().flatten().collect();
            Some(said.join(", "))
        }
    }
}

/// How much later, in time and as a ratio.
fn slower(run: &Run, contrast: &Contrast) -> String {
    let median = |label: &str| shown(run, Metric::MedianLatency, label);
    let later = median(&contrast.other).zip(median(&contrast.base)).map(|(other, base)| other - base);
    let later = later.filter(|later_ns| *later_ns > 0.0);
    let later = later.map_or_else(|| "later".to_owned(), |ns| format!("{} later", format::duration_f64(ns)));
    format!("{} comes {later} (\u{d7}{})", contrast.other, times(contrast))
}

pub(crate) fn times(contrast: &Contrast) -> String {
    contrast.ratio.as_ref().map_or_else(|_| format::NONE.to_owned(), |ratio| format::times(ratio.ratio))
}

/// What is missing over one transport.
pub(crate) fn shortfall(reach: &Reach) -> String {
    let label = &reach.label;
    if reach.closed == 0 {
        return format!("{label} is out: it closed none of {} rounds.", reach.started);
    }
    let arrived = match reach.expected.saturating_sub(reach.superseded) {
        0 => "nothing was due in what it closed".to_owned(),
        due => format!("{} of what was due arrived", format::percent(reach.delivered, due)),
    };
    match (reach.closed < reach.started, reach.is_short()) {
        (true, true) => {
            format!(
                "{label} is out: it closed {} of {} rounds, and in those {arrived}.",
                reach.closed, reach.started
            )
        }
        (true, false) => format!("{label} is out: it closed {} of {} rounds.", reach.closed, reach.started),
        (false, _) => format!("{label} is out: {arrived}."),
    }
}

pub(crate) fn unfinished(run: &Run) -> String {
    let reason = match &run.end {
        _ if run.truncated => "its file breaks off within a line".to_owned(),
        Some(end) => end.reason.trim_end_matches('.').to_owned(),
        None => "its file has no end, so it is still running or was killed".to_owned(),
    };
    format!("This run did not finish ({reason}), so it names no winner: let it run to its end.")
}

pub(crate) fn all_short(run: &Run, ranking: &Ranking) -> Vec<String> {
    let first = if run.header.disturbances.is_empty() {
        "No transport delivered everything that was due, so none can be recommended: lower the load, or look into the \
         doubts for what broke."
    } else {
        "No transport delivered everything that was due, so none can be recommended: what was made to happen outlasted \
         the log, or the drain."
    };
    std::iter::once(first.to_owned()).chain(ranking.out.iter().map(shortfall)).collect()
}

pub(crate) fn alone(run: &Run, ranking: &Ranking) -> Vec<String> {
    let labels: Vec<String> = contestants(run).map(|entry| entry.label.clone()).collect();
    let there_is = match labels.as_slice() {
        [] => "There is only the floor in this run".to_owned(),
        labels => format!("There is only {} in this run", list(labels)),
    };
    let first = format!("{there_is} and nothing to compare it with: add another transport to the scenario.");
    let medians = medians(run, &labels);
    std::iter::once(first).chain(medians).chain(ranking.out.iter().map(shortfall)).collect()
}

pub(crate) fn one_round(run: &Run, ranking: &Ranking) -> Vec<String> {
    let first = "One round names no winner, since nothing tells a difference from an accident: run it with \
        --rounds 5.";
    let medians = medians(run, &ranking.level);
    std::iter::once(first.to_owned()).chain(medians).chain(ranking.out.iter().map(shortfall)).collect()
}

fn medians(run: &Run, labels: &[String]) -> Option<String> {
    let known = labels.iter().filter_map(|label| {
        let median_ns = shown(run, Metric::MedianLatency, label)?;
        Some(format!("{} over {label}", format::duration_f64(median_ns)))
    });
    let known: Vec<String> = known.collect();
    (!known.is_empty()).then(|| format!("Half of what was due arrived within {}.", list(&known)))
}

pub(crate) fn list(items: &[impl AsRef<str>]) -> String {
    joined(items, "and")
}

pub(crate) fn either(items: &[impl AsRef<str>]) -> String {
    joined(items, "or")
}

fn joined(items: &[impl AsRef<str>], last_word: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {last_word} {last}", first.join(", ")),
    }
}
