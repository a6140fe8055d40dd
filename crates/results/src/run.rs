//! A whole file, read.

use crate::{Account, End, FORMAT, Header, Idle, Line, Merged, Mode, Previous, ReadError, Second, Warning};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A run, or as much of it as its file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What was run, by what and where.
    pub header: Header,
    /// Second by second, in the order of the file.
    pub seconds: Vec<Second>,
    /// What idle connections cost, where that was measured.
    pub idle: Option<Idle>,
    /// One per transport, round and mode that was closed, in the order of the file.
    pub accounts: Vec<Account>,
    /// The warnings, in the order of the file.
    pub warnings: Vec<Warning>,
    /// What the last stored run of the same scenario answered, where there was one.
    pub previous: Option<Previous>,
    /// How it ended, when there was time to write it down.
    pub end: Option<End>,
    /// Whether the file ended within a line, which was dropped.
    pub truncated: bool,
}

impl Run {
    /// Reads a file's text or bytes. A file that was cut anywhere after its header can be read.
    ///
    /// # Errors
    /// When there is no header that this version understands, or when a complete line is damaged.
    pub fn read(file: impl AsRef<[u8]>) -> Result<Run, ReadError> {
        let (lines, rest) = split(file.as_ref());
        let Some((first, following)) = lines.split_first() else {
            // A complete header can stand there without its line feed.
            return match read_header(rest) {
                _ if rest.is_empty() => Err(ReadError::Empty),
                Err(ReadError::NoHeader { .. }) if begins(rest) => Err(ReadError::HeaderCut),
                header => Ok(Run::new(header?)),
            };
        };
        let mut run = Run::new(read_header(first)?);
        for (index, line) in following.iter().enumerate() {
            run.add(line).map_err(|reason| ReadError::Damaged { line: index + 2, reason })?;
        }
        // No proper part of an object is an object, so a last line that can be read is complete.
        run.truncated = !rest.is_empty() && run.add(rest).is_err();
        Ok(run)
    }

    fn new(header: Header) -> Self {
        Run {
            header,
            seconds: Vec::new(),
            idle: None,
            accounts: Vec::new(),
            warnings: Vec::new(),
            previous: None,
            end: None,
            truncated: false,
        }
    }

    fn add(&mut self, line: &[u8]) -> Result<(), String> {
        match serde_json::from_slice(line).map_err(|error| reason(&error))? {
            Line::Header(_) => return Err("a second header: two runs in one file".to_owned()),
            Line::Second(second) => {
                self.check_label(&second.label)?;
                self.seconds.push(second);
            }
            Line::Account(account) => {
                self.check_label(&account.label)?;
                self.check_once(&account)?;
                self.check_sums(&account)?;
                self.accounts.push(*account);
            }
            Line::Idle(idle) => self.idle = Some(idle),
            Line::Warning(warning) => self.warnings.push(warning),
            Line::Previous(previous) => self.previous = Some(previous),
            Line::End(end) => self.end = Some(end),
        }
        Ok(())
    }

    /// A figure under a label that no report lists would vanish without a word.
    fn check_label(&self, label: &str) -> Result<(), String> {
        if self.labels().any(|known| known == label) {
            return Ok(());
        }
        Err(format!("the header names no transport `{label}`"))
    }

    /// A round that stands there twice would count twice.
    fn check_once(&self, account: &Account) -> Result<(), String> {
        let key = |account: &Account| (account.round, account.mode, account.label.clone());
        let same = |known: &Account| key(known) == key(account);
        match self.accounts.iter().any(same) {
            true => Err(format!("a second account of `{}` in round {}", account.label, account.round)),
            false => Ok(()),
        }
    }

    /// Rounds are added up.
    fn check_sums(&self, account: &Account) -> Result<(), String> {
        let known = self.accounts.iter().filter(|known| known.label == account.label);
        match crate::sums::exist(known.chain([account])) {
            true => Ok(()),
            false => Err(format!("the rounds of `{}` count more than can be counted", account.label)),
        }
    }

    /// The transports, in the order of the header.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.header.entries.iter().map(|entry| entry.label.as_str())
    }

    /// The mode whose rounds figures and verdicts are taken from: apart where there was one, since nobody
    /// was in anybody's way there.
    #[must_use]
    pub fn mode(&self) -> Mode {
        if self.header.modes.contains(&Mode::Apart) { Mode::Apart } else { Mode::Together }
    }

    /// The closed accounts of a transport in the run's [`mode`](Run::mode), by round.
    #[must_use]
    pub fn rounds_of(&self, label: &str) -> Vec<&Account> {
        self.rounds_in(self.mode(), label)
    }

    /// The closed accounts of a transport in one mode, by round.
    #[must_use]
    pub fn rounds_in(&self, mode: Mode, label: &str) -> Vec<&Account> {
        let chosen = |account: &&Account| account.mode == mode && account.label == label;
        let mut rounds: Vec<_> = self.accounts.iter().filter(chosen).collect();
        rounds.sort_by_key(|account| account.round);
        rounds
    }

    /// The rounds of a transport as one: histograms merged, counts added. None before the first.
    ///
    /// Rounds that were cut short are left out where there is one that ran to its end.
    #[must_use]
    pub fn merged(&self, label: &str) -> Option<Merged> {
        Merged::of(&self.rounds_of(label))
    }

    /// How many rounds were begun: a transport with fewer accounts broke down, or was not reached yet.
    ///
    /// All that were planned, where the run says that it came to its end; else as many as any line
    /// mentions.
    #[must_use]
    pub fn rounds_started(&self) -> u32 {
        let planned = if self.is_complete() { self.header.rounds } else { 0 };
        let last = self.rounds_mentioned().last();
        last.map_or(0, |last| last.saturating_add(1)).max(planned)
    }

    /// The rounds that some line is about, from 0, each once and in order.
    pub fn rounds_mentioned(&self) -> impl DoubleEndedIterator<Item = u32> + use<> {
        let seconds = self.seconds.iter().map(|second| second.round);
        let accounts = self.accounts.iter().map(|account| account.round);
        let warnings = self.warnings.iter().filter_map(|warning| warning.round);
        seconds.chain(accounts).chain(warnings).collect::<BTreeSet<u32>>().into_iter()
    }

    /// Whether the run says of itself that all its rounds were run.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.truncated && self.end.as_ref().is_some_and(|end| end.completed)
    }
}

/// Scenarios allow half of it; what is added to tell entries apart has to fit too.
const LABEL_CHARS: usize = 64;

/// The complete lines, and what follows the last line feed.
fn split(file: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    let rest = lines.pop().unwrap_or_default();
    (lines, rest)
}

/// Whether this may be the beginning of a header.
fn begins(line: &[u8]) -> bool {
    line.iter().zip(b"{\"line\":\"header\"").all(|(found, expected)| found == expected)
}

/// Reads the version alone first: the rest of a newer header may look like nothing known here.
fn read_header(line: &[u8]) -> Result<Header, ReadError> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }

    let no_header = |reason: String| ReadError::NoHeader { reason };
    let Version { format } = serde_json::from_slice(line).map_err(|error| no_header(reason(&error)))?;
    match format {
        1..=FORMAT => {}
        0 => return Err(no_header("formats count from 1".to_owned())),
        _ => return Err(ReadError::Newer { found: format }),
    }
    match serde_json::from_slice(line) {
        Ok(Line::Header(header)) => match header.entries.iter().find(|entry| !is_label(&entry.label)) {
            None => Ok(*header),
            Some(entry) => Err(no_header(format!("no transport can be called {:?}", entry.label))),
        },
        Ok(_) => Err(no_header("another kind of line".to_owned())),
        Err(error) => Err(no_header(reason(&error))),
    }
}

/// Whether this can be the name of a transport: exports make files' names of labels.
fn is_label(label: &str) -> bool {
    let right = |c: char| c.is_alphanumeric() || " -_()".contains(c);
    !label.is_empty() && label.chars().count() <= LABEL_CHARS && label.chars().all(right)
}

/// What the library says, but for its own count of lines: it has seen only one.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}
