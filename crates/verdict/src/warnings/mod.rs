//! What speaks against a run's figures, how much, and what to do about it.
//!
//! A results file holds warnings as they were found, one per transport and round. A reader wants them by what they do to
//! the decision, each once: [`class`] says the first, [`groups`] does the second.
//!
//! | kind | found where | class |
//! | --- | --- | --- |
//! | books, bytes, clock | accounting or clock contradict each other | invalid; bytes beside broken connections: note, and expected where the scenario breaks them |
//! | publisher late, clients or machine saturated | a round had too little CPU time | caution |
//! | other programs | a round; the whole run | caution; invalid |
//! | link | its program dropped packets; was late | invalid; caution |
//! | not everything arrived, connections missing | a round | caution; expected where the scenario says so |
//! | transports disturbed each other | rounds together only; rounds of both orders | caution; expected, since the scenario asks for the comparison |
//! | control differs | the run | caution |
//! | client-bound, kernel timestamps, unusual machine | the run | note |
//! | too few samples, one round | the run | note; expected where a single transport is compared with nothing |
//! | a process failed, run incomplete | as it happens | caution |
//!
//! A scenario *says so* when a claim puts the share that arrives below all, or what is lost or opened again above
//! nothing; when the transport is behind a proxy; when something is broken on purpose. A claim that all arrives, that
//! nothing is lost or that no connection is opened again takes this back: then it is not what was expected. Where
//! transports had a shortage of CPU time or of samples, no scenario makes that its subject.

mod account;
mod class;
mod connecting;
mod draft;
mod fold;
mod groups;
mod machine;
mod marks;
mod missing;
mod remedy;
mod rounds;
mod run;
mod sentence;
mod tail;
mod thresholds;
mod title;

pub use account::{of_account, server_share};
pub use class::{Class, class};
pub use connecting::of_connecting;
pub use groups::{Group, groups};
pub use marks::{against, is_of_all, spoils};
pub use missing::{REFUSED, SILENT};
pub use run::of_run;
pub use sentence::LINE_CHARS;
pub use thresholds::*;
pub use title::title;

use results::{Run, Severity};

/// What a report says before anything else, where something makes the figures unfit for use.
#[must_use]
pub fn first_line(run: &Run) -> Option<String> {
    let mut invalid = run.warnings.iter().filter(|warning| warning.severity == Severity::Invalid);
    let warning = invalid.next()?;
    let place = match (&warning.label, warning.round) {
        (Some(label), Some(round)) => format!("{label}, round {}: ", u64::from(round) + 1),
        (Some(label), None) => format!("{label}: "),
        (None, Some(round)) => format!("round {}: ", u64::from(round) + 1),
        (None, None) => String::new(),
    };
    let more = match invalid.count() {
        0 => String::new(),
        1 => " One more warning of this weight stands below.".to_owned(),
        more => format!(" {more} more warnings of this weight stand below."),
    };
    let (message, advice) = (warning.message.trim_end_matches('.'), warning.advice.trim_end_matches('.'));
    Some(format!("Do not use these numbers: {place}{message}. What to do: {advice}.{more}"))
}
