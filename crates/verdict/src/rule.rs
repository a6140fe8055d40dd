//! The answer in a few plain sentences, by a rule that is printed.

use crate::ranking::Ranking;
use crate::{Contrast, Judgement, Reach, contestants, doubts, sentences};
use results::{Run, WarningKind};

/// The rule, in plain words, for the reader to check.
pub const RULE: &str = "Whoever did not deliver everything that was due, in every round, is out; what was skipped \
    in favour of something newer, where the scenario allows it, is not missing. Of the rest, those whose median \
    latency was found to be higher than the lowest one's are slower. Of those who are left, the ones whose server \
    was found to use more processor time per delivery than the cheapest one's are dearer (bytes per update decide \
    where the system does not tell processor time), unless the cheapest is found to be later by an amount that \
    may exceed the margin. Who is left is recommended, and nobody is dropped but on a clear finding. \u{201c}Found\u{201d} \
    means: round is held against round, and the 95\u{202f}% interval of the ratio (Student's t, over the logarithms \
    of the rounds' ratios) lies wholly beyond the scenario's margin. If it lies wholly within, there is no \
    difference that matters; else it can't be told. Where the same transport, measured twice, is found to differ from \
    itself beyond the margin, or waiting for a processor among transports that ran at once may have added \
    more, that amount takes the margin's place. Raw TCP is the floor and stays out of it.";

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// One or several transports are recommended.
    Recommended,
    /// The figures are not to be used.
    Invalid,
    /// The run was stopped before its end.
    Unfinished,
    /// No transport closed a round.
    NothingClosed,
    /// No transport delivered everything.
    AllShort,
    /// There is one contestant, and nothing to compare it with.
    Alone,
    /// One round names no winner.
    OneRound,
}

/// What to use, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What came of it.
    pub outcome: Outcome,
    /// For a person. The first one says what to use, the second what that costs; others name who is out
    /// and what limits the answer. Never empty.
    pub sentences: Vec<String>,
    /// The labels of what is recommended, in the order of the header. Empty unless the outcome is
    /// [`Outcome::Recommended`].
    pub recommended: Vec<String>,
    /// Who is out, for something due or some round is missing.
    pub out: Vec<Reach>,
    /// Who comes later than the fastest (the base) by more than the margin.
    pub slower: Vec<Contrast>,
    /// Who is not slower, but costs more than the cheapest of those (the base).
    pub dearer: Vec<Contrast>,
}

impl Outcome {
    /// One word that stands for it where machines read.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Recommended => "recommended",
            Outcome::Invalid => "invalid",
            Outcome::Unfinished => "unfinished",
            Outcome::NothingClosed => "nothing-closed",
            Outcome::AllShort => "all-short",
            Outcome::Alone => "alone",
            Outcome::OneRound => "one-round",
        }
    }
}

impl Verdict {
    /// The verdict on a run.
    #[must_use]
    pub fn of(run: &Run) -> Verdict {
        Verdict::from_judgement(run, &Judgement::of(run))
    }

    /// The same, for those who have judged the run already.
    #[must_use]
    pub fn from_judgement(run: &Run, judgement: &Judgement) -> Verdict {
        let ranking = Ranking::of(run, judgement);
        let outcome = outcome(run, &ranking);
        let sentences = match outcome {
            Outcome::Recommended => sentences::recommendation(run, judgement, &ranking),
            Outcome::Invalid => doubts::first_line(run).into_iter().collect(),
            Outcome::Unfinished => vec![sentences::unfinished(run)],
            Outcome::NothingClosed => vec![sentences::NOTHING_CLOSED.to_owned()],
            Outcome::AllShort => sentences::all_short(&ranking),
            Outcome::Alone => sentences::alone(run, &ranking),
            Outcome::OneRound => sentences::one_round(run, &ranking),
        };
        let judged = outcome == Outcome::Recommended;
        Verdict {
            outcome,
            sentences,
            recommended: if judged { ranking.recommended } else { Vec::new() },
            out: ranking.out,
            slower: if judged { ranking.slower } else { Vec::new() },
            dearer: if judged { ranking.dearer } else { Vec::new() },
        }
    }
}

fn outcome(run: &Run, ranking: &Ranking) -> Outcome {
    let contestants = contestants(run).count();
    match () {
        () if doubts::first_line(run).is_some() => Outcome::Invalid,
        () if is_unfinished(run) => Outcome::Unfinished,
        () if contestants > 0 && !has_closed(run) => Outcome::NothingClosed,
        () if contestants < 2 => Outcome::Alone,
        () if ranking.level.is_empty() => Outcome::AllShort,
        () if run.rounds_started() < 2 => Outcome::OneRound,
        () => Outcome::Recommended,
    }
}

fn has_closed(run: &Run) -> bool {
    contestants(run).any(|entry| run.rounds_of(&entry.label).iter().any(|account| account.complete))
}

/// Whether rounds are missing because the run was stopped, rather than because a transport broke down in
/// them: who broke down is out, and the others can be judged.
pub(crate) fn is_unfinished(run: &Run) -> bool {
    let was_stopped = || run.warnings.iter().any(|warning| warning.kind == WarningKind::Interrupted);
    run.truncated || run.end.as_ref().is_none_or(|end| !end.completed && was_stopped())
}
