//! Whether there are rounds enough to see a difference.

use super::draft::Draft;
use super::sentence::Sentence;
use super::thresholds::FEW_ROUNDS;
use crate::{Judgement, Metric, statistics};
use results::{Run, WarningKind};

/// A note where differences as small as the scenario's margin would not be seen. None where there is nothing to hold
/// against each other.
pub(super) fn rounds(run: &Run, judgement: &Judgement) -> Option<Draft> {
    let rounds = run.header.rounds;
    if judgement.labels.len() < 2 || rounds >= FEW_ROUNDS {
        return None;
    }
    if rounds < 2 {
        let sentence = Sentence::of("one round can't tell a difference between transports from an accident");
        let draft = Draft::note(WarningKind::SingleRound, sentence, "run more rounds");
        return Some(draft.with(Some(format!("--rounds {FEW_ROUNDS}"))));
    }
    let begun = Sentence::of("").count(rounds.into()).text(" rounds: ");
    let note = |sentence, needed: u32| {
        let draft = Draft::note(WarningKind::TooFewSamples, sentence, "run more rounds");
        draft.with(Some(format!("--rounds {needed}")))
    };
    match detectable(judgement) {
        None => Some(note(begun.text("too few figures are known in all of them to compare"), FEW_ROUNDS)),
        Some(least) if least <= run.header.margin => None,
        Some(least) => {
            let sentence = begun.text("differences under about ").share(least).text(" would not be seen");
            Some(note(sentence, needed(least, rounds, run.header.margin)))
        }
    }
}

/// The smallest difference that would be seen, as a part of one: half the width of the 95 % interval of the median pair,
/// by median latency and the server's CPU time. None where no interval is known.
fn detectable(judgement: &Judgement) -> Option<f64> {
    let decides = |metric| matches!(metric, Metric::MedianLatency | Metric::ServerCpu);
    let ratios =
        judgement.pairs.iter().filter(|pair| decides(pair.metric)).filter_map(|pair| pair.ratio.ok());
    let mut halves: Vec<f64> = ratios.map(|ratio| (ratio.high / ratio.low).sqrt() - 1.0).collect();
    halves.sort_by(f64::total_cmp);
    halves.get(halves.len() / 2).copied()
}

/// More rounds than these are not asked for: then it is the machine that has to be quieter.
const MOST_ROUNDS: u32 = 20;

/// How many rounds would show a difference of the margin, if they scatter as these do.
fn needed(least: f64, rounds: u32, margin: f64) -> u32 {
    let width =
        |rounds: u32| statistics::student(f64::from(rounds) - 1.0).map(|t| t / f64::from(rounds).sqrt());
    let deviation = width(rounds).map(|width| least.ln_1p() / width);
    let is_enough = |more: &u32| {
        let half = deviation.zip(width(*more)).map(|(deviation, width)| deviation * width);
        half.is_some_and(|half| half <= margin.ln_1p())
    };
    (FEW_ROUNDS..MOST_ROUNDS).find(is_enough).unwrap_or(MOST_ROUNDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_needed_follow_from_the_interval() {
        // Half of the interval is t x deviation / sqrt(n): of 3 rounds 2.484 deviations, of 5 rounds 1.242, of 7 rounds 0.925.
        let half = |widths: f64| (0.1_f64.ln_1p() * widths).exp_m1();
        assert_eq!(needed(half(2.484 / 1.25), 3, 0.1), 5);
        assert_eq!(needed(half(2.484 / 0.95), 3, 0.1), 7);
        assert_eq!(needed(half(100.0), 3, 0.1), MOST_ROUNDS);
    }
}
