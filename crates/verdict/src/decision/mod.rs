//! The decision that a run allows: which transports fit, which difference matters, what is recommended, and why.
//!
//! The rule has four steps, printed by [`RULE`]: fit, matter, tie, reason. [`sheet`] takes the numbers from the run, and
//! [`rule`] looks at nothing else. The judgement of two candidates uses nothing but these two. Removing or adding
//! a candidate never reverses two others between the class, those that fit, and those that miss.

mod changes;
pub mod criterion;
mod markdown;
pub mod names;
pub mod role;
pub mod rule;
pub mod sheet;
pub mod stability;
mod summary;
pub mod table;
mod words;

pub use changes::{Basis, Change};
pub use criterion::{Criterion, Kind, Scale};
pub use role::{Path, role};
pub use rule::{Found, Met, Place, Ruling, Word};
pub use sheet::Sheet;
pub use stability::Stability;
pub use table::{Cell, Column, Mark, Table, TableRow};

use crate::objectives::{self, Held};
use crate::{Judgement, claims, known, statistics, warnings};
use results::{Run, WarningKind};

/// The rule, in plain words, for the reader to check.
pub const RULE: &str = "Fit: a candidate can do what the scenario needs, is not shown to miss an objective, and \
    delivered everything that was due in every round. Matter: a difference between two candidates counts if it is found \
    beyond the scenario\u{2019}s margin and its amount at the scale is beyond a floor; both with the 95\u{202f}% interval over \
    paired rounds (Student\u{2019}s t). Tie: a candidate that fits is beaten by another one that fits if it is worse in \
    something that matters and better in nothing that matters. Candidates that nobody beats are the class. Reason: within \
    the class, a candidate that is slower by an amount that matters comes after the others; the rest is ordered by \
    published facts, which is no measurement. References and what-ifs are never recommended. Each network path has an \
    answer of its own.";

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A transport is recommended.
    Recommended,
    /// The figures are not to be used.
    Invalid,
    /// The run was stopped before its end.
    Unfinished,
    /// No transport completed a round.
    NothingClosed,
    /// One round recommends nothing.
    OneRound,
    /// No candidate fits.
    NoneMeets,
    /// There is one candidate, and nothing is asked of it.
    Alone,
    /// The scenario's question is no choice of a transport.
    NoChoice,
}

/// What a run allows to decide.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// The run.
    pub run: &'a Run,
    /// All that can be compared within it.
    pub judgement: Judgement,
    /// What came of it.
    pub outcome: Outcome,
    /// The candidates in numbers.
    pub sheet: Sheet,
    /// Their places.
    pub ruling: Ruling,
    /// Every entry but repetitions against every objective.
    pub held: Vec<Held>,
    /// Whether the answer rests on one round.
    pub stability: Stability,
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
            Outcome::OneRound => "one-round",
            Outcome::NoneMeets => "none-meets",
            Outcome::Alone => "alone",
            Outcome::NoChoice => "no-choice",
        }
    }
}

impl<'a> Decision<'a> {
    /// Decides on a run.
    #[must_use]
    pub fn of(run: &'a Run) -> Decision<'a> {
        let judgement = Judgement::of(run);
        let sheet = Sheet::of(run, &judgement);
        let order = known::order(is_two_way(run));
        let ruling = Ruling::of(&sheet, &order, None);
        let stability = Stability::of(&sheet, &order, &ruling);
        let outcome = outcome(run, &sheet, &ruling);
        let held = objectives::objectives(run, &judgement);
        Decision { run, judgement, outcome, sheet, ruling, held, stability }
    }

    /// The labels of what is recommended, one for each network path that has any. Empty unless something is.
    #[must_use]
    pub fn recommended(&self) -> Vec<&str> {
        if self.outcome != Outcome::Recommended {
            return Vec::new();
        }
        let first = |path| self.ruling.class(path).first().copied();
        (0..self.sheet.paths.len()).filter_map(first).collect()
    }

    /// The labels of all classes, the recommended ones first. Empty unless something is recommended.
    #[must_use]
    pub fn class(&self) -> Vec<&str> {
        if self.outcome != Outcome::Recommended {
            return Vec::new();
        }
        (0..self.sheet.paths.len()).flat_map(|path| self.ruling.class(path)).collect()
    }

    /// The mean amount of a criterion of any entry, also of one that is no candidate.
    #[must_use]
    pub fn amount(&self, label: &str, criterion: &Criterion) -> Option<f64> {
        let known = self.sheet.criteria.iter().position(|known| known == criterion);
        match known.filter(|_| self.sheet.row(label).is_some()) {
            Some(index) => self.sheet.amount(label, index),
            None => sheet::amount_of(self.run, label, criterion),
        }
    }

    /// What an entry is held against, if it is one that stands for itself.
    #[must_use]
    pub fn held(&self, label: &str) -> Option<&Held> {
        self.held.iter().find(|held| held.label == label)
    }

    /// Why nobody is shown to meet every objective, as sentences; empty where the recommended transport of every path
    /// is, and where nothing is asked.
    #[must_use]
    pub fn not_shown(&self) -> Vec<String> {
        if !objectives::asks(self.run) || self.outcome == Outcome::NoChoice {
            return Vec::new();
        }
        let recommended = self.recommended();
        if recommended.len() < self.sheet.paths.len().max(1) {
            return vec!["no transport is recommended".to_owned()];
        }
        let held = recommended.iter().filter_map(|label| self.held(label));
        let open = held.flat_map(|held| {
            held.open().map(move |open| {
                let why = open.why.as_deref().unwrap_or("too little is known");
                format!("{}: {} {}: inconclusive: {why}", held.label, open.measure, open.asked())
            })
        });
        open.collect()
    }

    /// The answer in one line.
    #[must_use]
    pub fn headline(&self) -> String {
        words::headline(self)
    }

    /// The answer in a few words, for a browser's tab.
    #[must_use]
    pub fn title(&self) -> String {
        words::title(self)
    }

    /// Two or three sentences that support the headline; with it at most [`SUMMARY_WORDS`] words.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        summary::sentences(self)
    }

    /// At what the answer changes.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        changes::of(self)
    }

    /// What other conditions made of candidates, a sentence each.
    #[must_use]
    pub fn what_ifs(&self) -> Vec<String> {
        summary::what_ifs(self)
    }

    /// Why a candidate has its word, as a fragment: what it costs more, or which limit it misses. Empty where nothing
    /// is to be said.
    #[must_use]
    pub fn detail(&self, label: &str) -> String {
        words::detail(self, label)
    }

    /// How stable the answer is, a sentence each.
    #[must_use]
    pub fn stability(&self) -> Vec<String> {
        words::stability(self)
    }

    /// Which differences the run would not have shown, a sentence each.
    #[must_use]
    pub fn unseen(&self) -> Vec<String> {
        words::unseen(self)
    }

    /// Over what the answer holds.
    #[must_use]
    pub fn conditions(&self) -> String {
        words::conditions(self.run)
    }

    /// The most that the scenario allows of a latency, in nanoseconds; none where it limits none.
    #[must_use]
    pub fn latency_limit(&self) -> Option<f64> {
        self.sheet.criteria.iter().find(|criterion| criterion.figure == scenario::Figure::Latency)?.limit
    }

    /// A few lines of Markdown, to be pasted into a document.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::of(self)
    }

    /// What candidates and references were told apart by, with the 95 % interval over rounds.
    #[must_use]
    pub fn amounts(&self) -> Vec<Amount> {
        let entries = self.run.header.entries.iter().filter(|entry| entry.control_of.is_none());
        let amount = |label: &str, criterion: &Criterion| {
            let values: Vec<f64> =
                sheet::series(self.run, label, criterion).ok()?.into_iter().map(|(_, value)| value).collect();
            let interval = match values.as_slice() {
                [only] => statistics::Interval { value: *only, low: *only, high: *only },
                several => statistics::mean(several)?,
            };
            let (name, unit) = (criterion.name(), criterion.unit());
            let (value, low, high) = (interval.value, interval.low, interval.high);
            Some(Amount { label: label.to_owned(), name, unit, value, low, high })
        };
        let all =
            entries.flat_map(|entry| self.sheet.criteria.iter().map(move |criterion| (entry, criterion)));
        all.filter_map(|(entry, criterion)| amount(&entry.label, criterion)).collect()
    }

    /// The table that the decision is read from.
    #[must_use]
    pub fn table(&self) -> Table {
        table::of(self)
    }
}

/// A figure of an entry, at the scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// Whose it is.
    pub label: String,
    /// What it is called.
    pub name: String,
    /// What it counts in.
    pub unit: &'static str,
    /// Its mean over rounds.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
}

/// The most words that the headline and the summary have together.
pub const SUMMARY_WORDS: usize = 110;

/// Whether clients have something to say on the connection over which they are told something.
#[must_use]
pub fn is_two_way(run: &Run) -> bool {
    let needs_it = run.header.needs.iter().any(|need| need == "client_speaks_midstream");
    needs_it || matches!(run.header.shape.as_str(), "rooms" | "telemetry" | "duplex")
}

fn outcome(run: &Run, sheet: &Sheet, ruling: &Ruling) -> Outcome {
    let has_closed = run.accounts.iter().any(|account| account.complete);
    let is_alone = sheet.rows.len() == 1 && !objectives::asks(run);
    let fits = ruling.places.iter().any(|place| place.word != Word::Misses);
    match () {
        () if warnings::first_line(run).is_some() => Outcome::Invalid,
        () if is_unfinished(run) => Outcome::Unfinished,
        () if !has_closed => Outcome::NothingClosed,
        () if run.header.is_no_choice => Outcome::NoChoice,
        () if sheet.rows.is_empty() => Outcome::NoChoice,
        () if !fits => Outcome::NoneMeets,
        () if run.rounds_started() < 2 => Outcome::OneRound,
        () if is_alone => Outcome::Alone,
        () => Outcome::Recommended,
    }
}

/// Whether rounds are missing because the run was stopped, rather than because a transport broke down in them.
pub(crate) fn is_unfinished(run: &Run) -> bool {
    let was_stopped = || run.warnings.iter().any(|warning| warning.kind == WarningKind::Interrupted);
    run.truncated || run.end.as_ref().is_none_or(|end| !end.completed && was_stopped())
}

/// The verdict on the first claim, for a scenario whose question is no choice.
fn finding(decision: &Decision<'_>) -> Option<claims::Claimed> {
    claims::claims(decision.run, &decision.judgement).into_iter().next()
}
