//! The answer in a few plain sentences, by a rule that is printed.

use crate::objectives::Choice;
use crate::ranking::Ranking;
use crate::{Contrast, Judgement, Reach, advice, contestants, objectives, sentences, through, warnings};
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

/// The rule of scenarios that ask something of their transports, in plain words.
pub const RULE_OF_OBJECTIVES: &str = "Whoever can\u{2019}t do what the scenario needs is out. So is whoever was found to miss \
    an objective: the 95\u{202f}% interval of its rounds\u{2019} figures (Student\u{2019}s t) lies wholly beyond the limit, where \
    what never arrived counts as infinitely late; counts are held against their limit as they stand, and what is looked \
    at once in a run is known to within the scenario\u{2019}s margin. So is whoever did not deliver everything that was due, in \
    every round. Of the rest, those whose server was found to use more processor time per delivery than the \
    cheapest one\u{2019}s are dearer (bytes per update decide where the system does not tell processor time). Of those who \
    are left, those whose memory per idle connection exceeds the least by more than the margin are out, where it was \
    looked at; of those, the ones found to send more bytes per update than the least. Who is left is recommended. \
    Nobody is dropped but on a clear finding: of whom it can\u{2019}t be told whether an objective is met stays, and the \
    answer says so. \u{201c}Found\u{201d} of two transports means: round is held against round, and the 95\u{202f}% interval of \
    the ratio lies wholly beyond the scenario\u{2019}s margin, or beyond what this run shows to be its own noise. Raw \
    TCP is the floor and stays out of it; so does what carries no live updates, unless single exchanges are all that is asked.";

/// The rule by which a run is judged.
#[must_use]
pub fn rule_of(run: &Run) -> &'static str {
    if objectives::asks(run) { RULE_OF_OBJECTIVES } else { RULE }
}

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
    /// The scenario asks for something, and no transport does it.
    NoneMeets,
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
    /// Which objectives those that are recommended are not shown to meet, as sentences; where nobody is
    /// recommended, that. Empty where the scenario asks for nothing.
    pub missed: Vec<String>,
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
            Outcome::NoneMeets => "none-meets",
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
        let verdict = match objectives::asks(run) {
            true => Verdict::on_objectives(run, judgement),
            false => Verdict::by_latency(run, judgement),
        };
        match verdict.outcome {
            Outcome::Invalid | Outcome::Unfinished | Outcome::NothingClosed => verdict,
            // Who does not come through what stands between needs no other figure.
            _ => Verdict { sentences: [through::sentences(run), verdict.sentences].concat(), ..verdict },
        }
    }

    /// By the rule of scenarios that ask for nothing.
    fn by_latency(run: &Run, judgement: &Judgement) -> Verdict {
        let ranking = Ranking::of(run, judgement);
        let outcome = outcome(run, &ranking);
        let sentences = match outcome {
            Outcome::Recommended => sentences::recommendation(run, judgement, &ranking),
            Outcome::Invalid => warnings::first_line(run).into_iter().collect(),
            Outcome::Unfinished => vec![sentences::unfinished(run)],
            Outcome::NothingClosed => vec![sentences::NOTHING_CLOSED.to_owned()],
            Outcome::AllShort => sentences::all_short(run, &ranking),
            Outcome::Alone => sentences::alone(run, &ranking),
            Outcome::OneRound => sentences::one_round(run, &ranking),
            // Who asks for nothing can't be refused it.
            Outcome::NoneMeets => Vec::new(),
        };
        let judged = outcome == Outcome::Recommended;
        Verdict {
            outcome,
            sentences,
            recommended: if judged { ranking.recommended } else { Vec::new() },
            out: ranking.out,
            slower: if judged { ranking.slower } else { Vec::new() },
            dearer: if judged { ranking.dearer } else { Vec::new() },
            missed: Vec::new(),
        }
    }

    /// By the rule of scenarios that ask something.
    fn on_objectives(run: &Run, judgement: &Judgement) -> Verdict {
        let choice = Choice::of(run, judgement);
        let outcome = match outcome(run, &choice.ranking) {
            // One that is alone can still do what is asked, or not.
            Outcome::AllShort | Outcome::Alone | Outcome::OneRound if choice.ranking.level.is_empty() => {
                Outcome::NoneMeets
            }
            Outcome::Alone if run.rounds_started() < 2 => Outcome::OneRound,
            Outcome::Alone => Outcome::Recommended,
            other => other,
        };
        let sentences = match outcome {
            Outcome::Recommended => advice::recommendation(run, judgement, &choice),
            Outcome::Invalid => warnings::first_line(run).into_iter().collect(),
            Outcome::Unfinished => vec![sentences::unfinished(run)],
            Outcome::NothingClosed => vec![sentences::NOTHING_CLOSED.to_owned()],
            Outcome::OneRound => {
                sentences::one_round(run, &Ranking { out: Vec::new(), ..choice.ranking.clone() })
                    .into_iter()
                    .chain(advice::standing(&choice))
                    .collect()
            }
            Outcome::AllShort | Outcome::Alone | Outcome::NoneMeets => advice::nobody(run, &choice),
        };
        let judged = outcome == Outcome::Recommended;
        let missed = if judged { not_shown(&choice) } else { vec!["no transport is recommended".to_owned()] };
        let Choice { ranking, talkative, .. } = choice;
        Verdict {
            outcome,
            sentences,
            recommended: if judged { ranking.recommended } else { Vec::new() },
            out: ranking.out,
            slower: Vec::new(),
            dearer: if judged { ranking.dearer.into_iter().chain(talkative).collect() } else { Vec::new() },
            missed,
        }
    }
}

/// The objectives that somebody who is recommended is not shown to meet.
fn not_shown(choice: &Choice) -> Vec<String> {
    let recommended = choice.ranking.recommended.iter().filter_map(|label| choice.held(label));
    let open = recommended.flat_map(|held| {
        held.open().map(move |open| {
            let why = open.why.as_deref().unwrap_or("too little is known");
            format!(
                "{}: whether {} is {} can\u{2019}t be told: {why}",
                held.label,
                open.measure,
                open.asked()
            )
        })
    });
    open.collect()
}

fn outcome(run: &Run, ranking: &Ranking) -> Outcome {
    let contestants = contestants(run).count();
    match () {
        () if warnings::first_line(run).is_some() => Outcome::Invalid,
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
