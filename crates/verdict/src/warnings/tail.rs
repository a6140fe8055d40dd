//! Whether the 99th percentile is known, and how long a run has to measure for it.

use super::draft::{Draft, Found};
use super::sentence::Sentence;
use crate::due;
use ledger::Distribution;
use results::{Run, WarningKind};

/// The percentile that tables show.
const TAIL: f64 = 0.99;

/// A window longer than this is not asked for, in seconds.
const LONGEST_S: u64 = 3_600;

/// What is known of a tail that is too thin.
struct Thin<'a> {
    label: &'a str,
    /// Distinct updates seen, over all rounds.
    seen: u64,
    /// And how many it takes.
    needed: u64,
    /// How long it takes to measure so many, in seconds. None where the tail is among what never arrived.
    measure_s: Option<u64>,
}

/// A note for each transport whose tail is too thin.
pub(super) fn tail(run: &Run) -> Vec<Found> {
    let thin: Vec<Thin> = run.labels().filter_map(|label| thin(run, label)).collect();
    // One window for all: that of the one that needs most.
    let longest = thin.iter().filter_map(|thin| thin.measure_s).max();
    let command =
        longest.filter(|seconds| *seconds <= LONGEST_S).map(|seconds| format!("--set measure={seconds}s"));
    let advice = match (&command, longest) {
        (Some(_), _) => "measure longer",
        (None, Some(_)) => "updates are too rare for a 99th percentile: read medians",
        (None, None) => "too much is missing for a 99th percentile: read what arrived",
    };
    let found = |thin: Thin| {
        let sentence =
            Sentence::of("p99 is not known: ").count(thin.seen).text(" distinct updates seen, about ");
        let sentence = sentence.count(thin.needed).text(" needed");
        let draft = Draft::note(WarningKind::TooFewSamples, sentence, advice).with(command.clone());
        draft.about(Some(thin.label), None)
    };
    thin.into_iter().map(found).collect()
}

fn thin<'a>(run: &Run, label: &'a str) -> Option<Thin<'a>> {
    let account = run.merged(label)?.account;
    let figure = due::quantile(&account, TAIL).ok().filter(|figure| !figure.is_known())?;
    let seen = account.slowest.len();
    let share_beyond = 1.0 - figure.share_of_arrived;
    // Of so many, ten lie beyond. Rounding in the share must not ask for one more.
    let needed = (Distribution::TAIL_SAMPLES as f64 / share_beyond * (1.0 - 1e-9)).ceil();
    let is_finite = needed.is_finite() && seen > 0;
    let needed = if is_finite { needed as u64 } else { 0 };
    let beyond = account.quantile(figure.share_of_arrived)?.distinct_updates_beyond;
    // Where there are enough of them and still too few lie beyond, those have to grow to ten.
    let (times, of) =
        if needed > seen { (needed, seen) } else { (Distribution::TAIL_SAMPLES, beyond.max(1)) };
    let ns = u128::from(run.header.measure_ns) * u128::from(times);
    let seconds = ns.div_ceil(u128::from(of.max(1)) * 1_000_000_000);
    let measure_s = is_finite.then(|| u64::try_from(seconds).unwrap_or(u64::MAX));
    Some(Thin { label, seen, needed: needed.max(1_000), measure_s })
}
