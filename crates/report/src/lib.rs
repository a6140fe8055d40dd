//! Runs become one HTML page, and nothing else.
//!
//! [`render`] turns [`Run`]s into a page that opens from disk, offline, and needs no script;
//! [`summary`] gives the same cells as plain text for a terminal. Same runs in, same bytes out.
//!
//! This crate must never read a file or a clock, name a winner that the numbers don't support, print
//! a number that no line of the results file leads to, or let a text from a scenario become markup.

mod answer;
mod chart;
mod columns;
mod comparison;
mod doubts;
mod facts;
mod ledgers;
mod models;
mod order;
mod page;
mod rounds;
mod standing;
mod table;

use results::Run;
use verdict::format;

/// The titles over the columns of [`summary`].
pub const SUMMARY_COLUMNS: [&str; 8] =
    ["transport", "delivered", "p50", "p99", "max", "model p50", "stale mean", "bytes/update"];

/// One HTML page for these runs: the page of a single one, or several below an index.
///
/// # Panics
/// Never: a template that is compiled in writes into a string.
#[must_use]
pub fn render(runs: &[Run]) -> String {
    page::render(runs)
}

/// The answer in a few plain sentences, as on the page; the first one stands for itself.
#[must_use]
pub fn answer(run: &Run) -> Vec<String> {
    answer::sentences(run, &standing::of(run))
}

/// A row of plain text per transport, in the order of the header, under [`SUMMARY_COLUMNS`].
///
/// Latencies count from due, and are quantiles of what was due: what never arrived is infinitely late. A
/// `~` marks a figure with too little behind it, `–` one that there is not; `bytes/update` is what the
/// server sent in the measured window. A transport that closed fewer rounds than the run began says so
/// after its name.
#[must_use]
pub fn summary(run: &Run) -> Vec<[String; 8]> {
    standing::of(run).iter().map(comparison::summary_row).collect()
}
