//! The warnings of a run by class, kind and cause, each once.

use super::class::{Class, class};
use super::draft::{Draft, Found};
use super::sentence::{Sentence, shorten};
use super::{account, connecting, fold, run, title};
use results::{Run, Warning, WarningKind};

/// Warnings that say the same of several transports or rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they do to the decision.
    pub class: Class,
    /// Of what kind they are.
    pub kind: WarningKind,
    /// That kind in a few words.
    pub title: &'static str,
    /// The transports that they are about, by label. Empty is all.
    pub who: Vec<String>,
    /// The rounds that they are about, from 0. Empty is all.
    pub rounds: Vec<u32>,
    /// Both in words, as in "sse, rounds 1 and 3". Empty where they are about all of the run.
    pub about: String,
    /// What was seen, in at most [`LINE_CHARS`](super::LINE_CHARS) characters.
    pub line: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// What to add to the command line for it.
    pub command: Option<String>,
}

/// The warnings of a run, the worst first.
///
/// Files hold texts, those of older versions other ones. What follows from the accounts is said anew from them; of the
/// rest the first text stands for its group.
#[must_use]
pub fn groups(run: &Run) -> Vec<Group> {
    let mut open: Vec<Open> = Vec::new();
    for told in told(run) {
        let class = class(run, &told.found.clone().into_warning());
        match open.iter_mut().find(|open| open.class == class && open.told.is_like(&told)) {
            Some(open) => open.add(told.found),
            None => open.push(Open::new(class, told)),
        }
    }
    open.sort_by_key(|open| open.class);
    open.into_iter().map(|open| open.close(run)).collect()
}

/// A warning as this version says it.
struct Told {
    found: Found,
    /// Whether these are the words of the file.
    is_quoted: bool,
}

fn told(run: &Run) -> Vec<Told> {
    if run.warnings.is_empty() {
        return Vec::new();
    }
    let of_accounts = run.accounts.iter().flat_map(|account| account::found(&run.header, account));
    let mut known: Vec<(Found, bool)> =
        of_accounts.chain(run::found(run)).map(|found| (found, false)).collect();
    let mut told = Vec::new();
    for warning in run.warnings.iter().filter(|warning| !is_repeated(run, warning)) {
        if let Some(found) = connecting::again(&run.header, warning) {
            told.push(Told { found, is_quoted: false });
            continue;
        }
        let alike = known.iter_mut().filter(|(found, _)| is_about(found, warning));
        let mut is_known = false;
        for (found, is_told) in alike {
            is_known = true;
            if !std::mem::replace(is_told, true) {
                told.push(Told { found: found.clone(), is_quoted: false });
            }
        }
        if !is_known && !is_settled(warning) {
            told.push(Told { found: quoted(warning), is_quoted: true });
        }
    }
    told
}

/// Whether the file's warning is this one. One about the whole run names transports in its text alone, in older files.
fn is_about(found: &Found, warning: &Warning) -> bool {
    let draft = &found.draft;
    (draft.kind, draft.severity, found.round) == (warning.kind, warning.severity, warning.round)
        && (found.round.is_none() || found.label == warning.label)
}

/// Whether the figures show that there is no cause for it. Older versions warned of few rounds without looking at intervals.
fn is_settled(warning: &Warning) -> bool {
    warning.kind == WarningKind::TooFewSamples && warning.round.is_none() && warning.label.is_none()
}

/// Whether another warning says that nothing at all arrived in this round, because nobody was connected.
fn is_repeated(run: &Run, warning: &Warning) -> bool {
    let is_same =
        |label: &String, round: u32| Some(label) == warning.label.as_ref() && Some(round) == warning.round;
    let is_told = |other: &Warning| {
        other.kind == WarningKind::Unsustained
            && (&other.label, other.round) == (&warning.label, warning.round)
    };
    let is_empty = |account: &results::Account| {
        let ledger = &account.ledger;
        ledger.books.delivered == 0 && ledger.never_connected > 0 && is_same(&account.label, account.round)
    };
    warning.kind == WarningKind::ConnectionsMissing
        && run.warnings.iter().any(is_told)
        && run.accounts.iter().any(is_empty)
}

fn quoted(warning: &Warning) -> Found {
    let sentence = Sentence::of(shorten(&warning.message));
    let draft = Draft::new(warning.kind, warning.severity, sentence, warning.advice.as_str());
    draft.about(warning.label.as_deref(), warning.round)
}

impl Told {
    fn is_like(&self, other: &Told) -> bool {
        let (mine, theirs) = (&self.found.draft, &other.found.draft);
        let says_the_same = match self.is_quoted {
            // The same text with other numbers is another round's.
            true => words(&mine.sentence) == words(&theirs.sentence),
            false => mine.sentence.is_like(&theirs.sentence),
        };
        let keys = |told: &Told| (told.is_quoted, told.found.draft.kind);
        keys(self) == keys(other) && mine.advice == theirs.advice && says_the_same
    }
}

fn words(sentence: &Sentence) -> String {
    sentence.print().chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect()
}

/// A group that more may be added to.
struct Open {
    class: Class,
    told: Told,
    labels: Vec<Option<String>>,
    rounds: Vec<Option<u32>>,
}

impl Open {
    fn new(class: Class, told: Told) -> Self {
        let (labels, rounds) = (vec![told.found.label.clone()], vec![told.found.round]);
        Open { class, told, labels, rounds }
    }

    fn add(&mut self, found: Found) {
        self.labels.push(found.label);
        self.rounds.push(found.round);
        let draft = &mut self.told.found.draft;
        if !self.told.is_quoted {
            draft.sentence.widen(&found.draft.sentence);
        }
        draft.failure = draft.failure.take().or(found.draft.failure);
        draft.command = draft.command.take().or(found.draft.command);
    }

    fn close(self, run: &Run) -> Group {
        let Draft { kind, advice, command, .. } = &self.told.found.draft;
        let named: Option<Vec<String>> = self.labels.iter().cloned().collect();
        let named = named.unwrap_or_default();
        let who: Vec<String> =
            run.labels().map(str::to_owned).filter(|label| named.contains(label)).collect();
        let rounds: Option<Vec<u32>> = self.rounds.iter().copied().collect();
        let rounds = fold::sorted(rounds.unwrap_or_default());
        let labels = fold::labels(&who, run.header.entries.len());
        let when = fold::rounds(&rounds, run.rounds_started());
        let about: Vec<String> = [labels, when].into_iter().filter(|words| !words.is_empty()).collect();
        Group {
            class: self.class,
            kind: *kind,
            title: title(*kind),
            who,
            rounds,
            about: about.join(", "),
            line: self.told.found.draft.line(),
            advice: Some(advice.clone()).filter(|advice| !advice.is_empty()),
            command: command.clone(),
        }
    }
}
