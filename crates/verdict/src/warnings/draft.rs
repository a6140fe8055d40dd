//! A warning before it is written down.

use super::sentence::{LINE_CHARS, Sentence, shorten};
use results::{Severity, Warning, WarningKind};

/// What was seen and what to do about it.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub kind: WarningKind,
    pub severity: Severity,
    pub sentence: Sentence,
    /// What a connection last said, where that tells something.
    pub failure: Option<String>,
    pub advice: String,
    /// What to add to the command line.
    pub command: Option<String>,
}

/// The same, with what it is about: a transport or all, a round or all.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub label: Option<String>,
    pub round: Option<u32>,
    pub draft: Draft,
}

impl Draft {
    pub fn new(kind: WarningKind, severity: Severity, sentence: Sentence, advice: impl Into<String>) -> Self {
        Draft { kind, severity, sentence, failure: None, advice: advice.into(), command: None }
    }

    pub fn invalid(kind: WarningKind, sentence: Sentence, advice: impl Into<String>) -> Self {
        Draft::new(kind, Severity::Invalid, sentence, advice)
    }

    pub fn caution(kind: WarningKind, sentence: Sentence, advice: impl Into<String>) -> Self {
        Draft::new(kind, Severity::Caution, sentence, advice)
    }

    pub fn note(kind: WarningKind, sentence: Sentence, advice: impl Into<String>) -> Self {
        Draft::new(kind, Severity::Note, sentence, advice)
    }

    pub fn after(self, failure: Option<&str>) -> Self {
        Draft { failure: failure.map(str::to_owned), ..self }
    }

    pub fn with(self, command: Option<String>) -> Self {
        Draft { command, ..self }
    }

    pub fn about(self, label: Option<&str>, round: Option<u32>) -> Found {
        Found { label: label.map(str::to_owned), round, draft: self }
    }

    /// What was seen, in a line.
    pub fn line(&self) -> String {
        let seen = self.sentence.print();
        let Some(failure) = &self.failure else {
            return shorten(&seen);
        };
        let with = format!("{seen}{LAST_FAILURE}{failure}");
        let room = LINE_CHARS.saturating_sub(seen.chars().count() + LAST_FAILURE.chars().count() + 1);
        match with.chars().count() {
            fits if fits <= LINE_CHARS => with,
            _ if room < LINE_CHARS / 5 => shorten(&seen),
            _ => {
                let head: String = failure.chars().take(room).collect();
                format!("{seen}{LAST_FAILURE}{}\u{2026}", head.trim_end())
            }
        }
    }
}

impl Found {
    pub fn into_warning(self) -> Warning {
        let Found { label, round, draft } = self;
        let message = draft.line();
        let advice = match &draft.command {
            Some(command) => format!("{}: {command}", draft.advice),
            None => draft.advice,
        };
        Warning { kind: draft.kind, severity: draft.severity, round, label, message, advice }
    }
}

/// Between what was seen and what a connection said.
pub(super) const LAST_FAILURE: &str = "; last failure: ";
