//! Runs become one HTML page, and nothing else.
//!
//! [`render`] turns [`Run`]s into a page that opens from disk, offline, and needs no script;
//! [`summary`] gives the same cells as plain text for a terminal. Same runs in, same bytes out.
//!
//! A page is what a person reads from its top: whether the figures may be used, the question, the answer,
//! what speaks against it, one table, pictures, and then all that stands behind them. A run is first merged
//! (`standing`), then shown as tables (`tables`, whose cells carry their own marks) and as pictures
//! (`charts` decides which, `chart` draws them). There are two ways of drawing. Curves are SVG from plotters,
//! with classes in place of colours. Bars, ranges and dots are lanes: their places are shares of the width,
//! and their text stays text, so that they fit a phone, paper and a screen reader as they are.
//!
//! This crate must never read a file or a clock, name a winner that the numbers don't support, print
//! a number that no line of the results file leads to, or let a text from a scenario become markup.

mod card;
mod chart;
mod charts;
mod columns;
mod contrasts;
mod costs;
mod facts;
mod feature;
mod growth;
mod notes;
mod outcomes;
mod page;
mod standing;
mod table;
mod tables;
mod traces;
pub mod warnings;

use results::Run;
use verdict::{Decision, format};

/// The titles over the columns of [`summary`].
pub const SUMMARY_COLUMNS: [&str; 8] =
    ["transport", "delivered", "p50", "p99", "max", "model p50", "stale mean", "bytes/update"];

/// One HTML page for these runs: the page of a single one, or the index of several.
///
/// # Panics
/// Never: a template that is compiled in writes into a string.
#[must_use]
pub fn render(runs: &[Run]) -> String {
    page::render(runs, &[])
}

/// The same, with the addresses of the runs' own pages, in their order, for the index of several to lead to.
///
/// # Panics
/// Never, as [`render`].
#[must_use]
pub fn render_linked(runs: &[Run], pages: &[Option<String>]) -> String {
    page::render(runs, pages)
}

/// The answer in a few plain sentences, as on the page: the headline first.
#[must_use]
pub fn answer(run: &Run) -> Vec<String> {
    let decision = Decision::of(run);
    std::iter::once(decision.headline()).chain(decision.summary()).collect()
}

/// Where the time went, a sentence per transport. Empty unless the run asked the kernel.
#[must_use]
pub fn where_time_goes(run: &Run) -> Vec<String> {
    standing::of(run).iter().filter_map(tables::split::sentence).collect()
}

/// A row of plain text per transport, in the order of the header, under [`SUMMARY_COLUMNS`].
///
/// Latencies count from due, and are quantiles of what was due: what never arrived is infinitely late. A
/// `~` marks a figure with too little behind it, `–` one that there is not; `bytes/update` is what the
/// server sent in the measured window. A transport that closed fewer rounds than the run began says so
/// after its name.
#[must_use]
pub fn summary(run: &Run) -> Vec<[String; 8]> {
    standing::of(run).iter().map(tables::side_by_side::summary_row).collect()
}
