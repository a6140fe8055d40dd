//! What arrived, when and how often: the books of one crowd of subscribers.
//!
//! The driver tells a [`Ledger`] what reached whom and when; closing it gives an [`Account`] in which
//! every (update x subscriber) has ended as delivered, superseded, lost or in flight.
//!
//! This crate must never read a clock, a file or a socket: instants come in as arguments, in
//! nanoseconds of the driver's one clock.

mod account;
mod distribution;

pub use account::{Account, Books};
pub use distribution::Distribution;
