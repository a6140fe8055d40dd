//! What each way of carrying updates must show, if nothing but distance and waiting cost time.
//!
//! Pure functions of rates and delays, all in seconds unless a name says otherwise, and
//! [`predict`], which applies them to an entry of a scenario. Where a measurement contradicts one of
//! them, the measurement is the first suspect. Every formula is checked against a simulation in the
//! tests of its module.

mod age;
mod boundary;
mod long_polling;
mod predict;
mod short_polling;
#[cfg(test)]
mod simulation;

pub use age::{age_long_polled, age_of_information};
pub(crate) use boundary::is_key;
pub use boundary::{Boundary, boundary};
pub use long_polling::{LongPolling, long_polling, long_polling_periodic};
pub use predict::{Prediction, predict};
pub use short_polling::{ShortPolling, short_polling};

/// Delivery latency of a pushed update in seconds: one transit, whenever it comes.
#[must_use]
pub fn push(one_way_s: f64) -> f64 {
    one_way_s
}
