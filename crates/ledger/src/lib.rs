//! What arrived, when and how often: the books of one crowd of subscribers.
//!
//! The driver tells a [`Ledger`] what reached whom and when; closing it gives an [`Account`] in which
//! every (update x subscriber) has ended as delivered, superseded, lost or in flight. What is expected
//! follows from the plan alone, so nothing can go missing by not being mentioned.
//!
//! This crate must never read a clock, a file or a socket: instants come in as arguments, in
//! nanoseconds of the driver's one clock. Nothing that a peer sends may make it panic, or grow beyond
//! what plan and subscribers bound. And it never averages a percentile: distributions are merged.

mod account;
mod ages;
mod asking;
mod crowd;
mod distribution;
mod holes;
mod ledger;
mod posting;
mod recovering;
mod relaying;
mod split;
mod trace;
mod track;
mod work;

pub use account::{Account, Books, Quantile};
pub use asking::Asking;
pub use distribution::Distribution;
pub use ledger::{Ledger, Setup};
pub use posting::Posting;
pub use recovering::Recovery;
pub use split::{Delivered, Read, Split};
pub use trace::Trace;
pub use work::{Playback, Posts, Relayed, Replies, Timeline};
