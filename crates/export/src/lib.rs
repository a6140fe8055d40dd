//! Runs for other programs: [`json()`] for what a run says, [`csv()`] for what was measured in every round, [`junit()`] for
//! objectives as test cases, [`bencher()`] and [`github()`] for those who follow figures over time.
//!
//! This crate must never compute a figure of its own: what it writes is in the results file or comes from
//! the verdict, so that no two outputs can disagree.

mod asked;
mod benchmarks;
mod junit;
mod rounds;
mod summary;

pub use asked::{CHECK_COLUMNS, checks_csv};
pub use benchmarks::{bencher, github};
pub use junit::junit;
pub use rounds::{COLUMNS, csv};
pub use summary::{answer, comparison, json};
