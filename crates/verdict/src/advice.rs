//! The words of an answer to a scenario that asks something of its transports.

use crate::claims::{Answer, Checked};
use crate::objectives::{Choice, Heavier, Held};
use crate::sentences::{either, list, shortfall, times};
use crate::{Judgement, caveats, format, prices};
use results::Run;
use scenario::{At, Figure, NEEDS};

/// What to use, what that costs, who is out and what would change it.
pub(crate) fn recommendation(run: &Run, judgement: &Judgement, choice: &Choice) -> Vec<String> {
    let mut sentences = vec![use_this(run, choice)];
    sentences.extend(prices::sentence(run, judgement, &choice.ranking));
    sentences.extend(dropped(choice));
    sentences.extend(out(choice));
    sentences.extend(would_change(run, choice));
    sentences.extend(caveats::sentences(run, judgement, &choice.ranking));
    sentences
}

/// Where nobody is left.
pub(crate) fn nobody(run: &Run, choice: &Choice) -> Vec<String> {
    let first = match run.header.objectives.len() {
        0 => "No transport can be recommended: none does all that is needed and delivers everything.",
        _ => "No transport can be recommended: none does all that is asked.",
    };
    let nearest = choice.missing.iter().filter_map(|held| Some((held, least_missed(held)?)));
    let nearest = nearest.max_by(|(_, one), (_, two)| one.1.total_cmp(&two.1));
    let nearest = nearest.map(|(held, (missed, _))| {
        format!(
            "The nearest is {}: {} is {}, and {} is asked.",
            held.label,
            missed.measure,
            value(missed),
            missed.asked()
        )
    });
    std::iter::once(first.to_owned())
        .chain(nearest)
        .chain(out(choice))
        .chain(would_change(run, choice))
        .collect()
}

/// What can be said of the objectives where no winner is named.
pub(crate) fn standing(choice: &Choice) -> Vec<String> {
    out(choice).collect()
}

fn use_this(run: &Run, choice: &Choice) -> String {
    let recommended = &choice.ranking.recommended;
    let head = match recommended.as_slice() {
        [only] => format!("Use {only}"),
        several => format!("Use {}, whichever your stack does more easily", either(several)),
    };
    let asked = run.header.objectives.len();
    let all = if asked == 1 { "the objective" } else { "every objective" };
    let held: Vec<&Held> = recommended.iter().filter_map(|label| choice.held(label)).collect();
    let (it, verb) = if held.len() == 1 { ("it", "meets") } else { ("they", "meet") };
    let mut clauses: Vec<String> = match (asked, held.iter().all(|held| held.open().next().is_none())) {
        (0, _) if held.len() == 1 => vec!["it does all that is needed".to_owned()],
        (0, _) => vec!["they do all that is needed".to_owned()],
        (_, true) => vec![format!("{it} {verb} {all}")],
        (_, false) => held.iter().map(|held| said_of(held, all)).collect(),
    };
    clauses.extend(within(choice));
    format!("{head}: {}.", clauses.join("; "))
}

/// One that may not meet everything.
fn said_of(held: &Held, all: &str) -> String {
    let open: Vec<&str> = held.open().map(|open| open.measure.as_str()).collect();
    match open.as_slice() {
        [] => format!("{} meets {all}", held.label),
        open => format!("whether {} meets the limit on {} can\u{2019}t be told", held.label, list(open)),
    }
}

/// The figures of the first that is recommended.
fn within(choice: &Choice) -> Option<String> {
    let held = choice.held(choice.ranking.recommended.first()?)?;
    let figures: Vec<String> = held
        .objectives
        .iter()
        .filter(|objective| objective.answer == Answer::Holds)
        .map(|objective| format!("{} {} ({})", objective.measure, value(objective), objective.asked()))
        .collect();
    let over =
        if choice.ranking.recommended.len() == 1 { String::new() } else { format!(" over {}", held.label) };
    (!figures.is_empty()).then(|| format!("{}{over}", list(&figures)))
}

/// Who meets everything but costs more.
fn dropped(choice: &Choice) -> impl Iterator<Item = String> + '_ {
    let costs = |contrast: &crate::Contrast| {
        format!(
            "{} does what is asked too, but takes {} times the {} of {}.",
            contrast.other,
            times(contrast),
            contrast.metric,
            contrast.base
        )
    };
    let heavy = |heavier: &Heavier| {
        format!(
            "{} does what is asked too and is no dearer, but an idle connection takes {} of memory against {} over {}.",
            heavier.label,
            format::kibibytes(heavier.bytes),
            format::kibibytes(heavier.least),
            heavier.lightest
        )
    };
    let dearer = choice.ranking.dearer.iter().map(costs);
    dearer.chain(choice.heavier.iter().map(heavy)).chain(choice.talkative.iter().map(costs))
}

fn out(choice: &Choice) -> impl Iterator<Item = String> + '_ {
    let unfit = choice.unfit.iter().map(|held| {
        let lacks: Vec<&str> = held.lacks.iter().map(|need| in_words(need)).collect();
        format!("{} is out: over it this is not so, and it is needed: {}.", held.label, lacks.join("; "))
    });
    let missing = choice.missing.iter().map(|held| {
        let missed: Vec<String> = held
            .missed()
            .map(|missed| format!("{} is {}, and {} is asked", missed.measure, value(missed), missed.asked()))
            .collect();
        format!("{} is out: {}.", held.label, missed.join("; "))
    });
    unfit.chain(missing).chain(choice.ranking.out.iter().map(shortfall))
}

fn in_words(need: &str) -> &str {
    NEEDS.iter().find(|(name, _)| *name == need).map_or(need, |(_, words)| words)
}

fn value(checked: &Checked) -> String {
    checked.came_out().unwrap_or_else(|| format::NONE.to_owned())
}

/// The nearest limit of who is recommended, and at which interval polling would do.
fn would_change(run: &Run, choice: &Choice) -> Vec<String> {
    let recommended = choice.ranking.recommended.iter().filter_map(|label| choice.held(label));
    let met = recommended.flat_map(|held| {
        let met = held.objectives.iter().filter(|objective| objective.answer == Answer::Holds);
        met.filter_map(move |objective| Some((held, objective, objective.share_to_spare()?)))
    });
    let nearest =
        met.min_by(|(_, _, one), (_, _, two)| one.total_cmp(two)).map(|(held, objective, share)| {
            format!(
                "What is nearest to changing this: {} over {}, {} with {} of the limit to spare.",
                objective.measure,
                held.label,
                value(objective),
                format::part(share)
            )
        });
    nearest.into_iter().chain(choice.missing.iter().filter_map(|held| would_do(run, held))).collect()
}

/// The objective that a transport misses by the largest part of its limit, and that part, negative.
fn least_missed(held: &Held) -> Option<(&Checked, f64)> {
    let missed = held.missed().filter_map(|missed| Some((missed, missed.share_to_spare()?)));
    missed.min_by(|(_, one), (_, two)| one.total_cmp(two))
}

/// Up to which interval a transport that polls by a clock would meet the latencies that it misses, by the model:
/// the wait is uniform over a cycle. None where it misses something else, or no interval would do.
fn would_do(run: &Run, held: &Held) -> Option<String> {
    let entry = run.header.entries.iter().find(|entry| entry.label == held.label)?;
    let interval_ns = options::duration(entry.options.get("interval")?).ok()?.as_nanos() as f64;
    if !matches!(run.header.shape.as_str(), "" | "broadcast") {
        return None;
    }
    let one_way_ns = entry.delay_ns.unwrap_or(run.header.delay_ns) as f64;
    let mut longest_ns = f64::INFINITY;
    for (missed, record) in held.objectives.iter().zip(&run.header.objectives) {
        if missed.answer != Answer::DoesNotHold {
            continue;
        }
        let at = record.at.as_deref().and_then(|at| At::parse(at, missed.unit));
        let share = match (missed.figure?, at?) {
            (Figure::Latency, At::Quantile(q)) => q,
            (Figure::Latency, At::Mean) => 0.5,
            (Figure::Latency, At::Max) => 1.0,
            _ => return None,
        };
        longest_ns = longest_ns.min((missed.limits.at_most? - one_way_ns) / share);
    }
    // From the answer to the next request, a round trip is part of the cycle.
    let fixed_delay = entry.options.get("pacing").is_some_and(|pacing| pacing == "fixed-delay");
    let longest_ns = if fixed_delay { longest_ns - 2.0 * one_way_ns } else { longest_ns };
    (longest_ns > 0.0 && longest_ns < interval_ns).then(|| {
        format!(
            "By the model, {} would do with an interval of {} or less: a poll waits half of it in the mean, and 99\u{202f}% of \
            it at p99. Shorter intervals cost more polls.",
            held.label,
            format::duration_f64(longest_ns)
        )
    })
}
