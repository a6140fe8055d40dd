//! What a run's figures allow to say, and what speaks against them.
//!
//! * [`Judgement::of`] holds every two transports of a run against each other, metric by metric, round by
//!   round: ratios, 95 % intervals, findings. Beside them stand the control's differences from itself
//!   and what the transports do to each other.
//! * [`Decision::of`] says what to use, what that costs, and what would change it, by a rule that is printed: [`RULE`].
//! * [`claims::claims`] says whether what the scenario claims came out, and [`objectives::objectives`] which transports
//!   meet what it asks.
//! * [`known`] holds what is known of transports without measuring them.
//! * [`warnings::of_account`] and [`warnings::of_run`] say what speaks against the figures, and what to do.
//! * [`compare()`] holds two runs against each other.
//! * [`Growth::of`] makes series of runs that differ in one key.
//!
//! This crate must never read a clock or a file, take updates for replicates of an experiment, or call
//! something better because no difference was found.

pub mod claims;
pub mod compare;
pub mod contrast;
pub mod decision;
pub mod due;
mod fan_out;
mod figures;
pub mod format;
pub mod growth;
mod interference;
pub mod judgement;
pub mod known;
pub mod metric;
pub mod objectives;
mod reach;
pub mod statistics;
mod through;
pub mod warnings;

pub use claims::{Answer, Checked, Claimed};
pub use compare::{Comparison, Refusal, compare};
pub use contrast::Contrast;
pub use decision::{Decision, Outcome, RULE};
pub use growth::Growth;
pub use judgement::Judgement;
pub use metric::{Metric, Untold};
pub use objectives::Held;
pub use reach::{Reach, contestants};
pub use statistics::{Finding, Ratio};
pub use through::Passage;
