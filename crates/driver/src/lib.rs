//! The driver: processes, the clock, the list of transports; the binary `pushpull`.
//!
//! Here the measured world (transports, which know neither clock nor histogram) and the measuring
//! world (scenarios, ledgers, results, reports, which know neither socket nor protocol) meet. Only this
//! crate starts processes, only [`clock`] reads a clock. It must never know how a transport carries
//! what it carries.

pub mod clock;
pub mod crowd;
pub mod job;
pub mod probe;
pub mod publisher;
pub mod transports;

mod asked;
mod capacity;
mod card;
mod certificates;
mod cli;
mod commands;
mod earlier;
mod estimate;
mod files;
mod floor;
mod found;
mod help;
mod host;
mod idle;
mod init;
mod lane;
mod limits;
mod lineup;
mod link;
mod machine;
mod memory;
mod opener;
mod paint;
mod placement;
mod process;
mod progress;
mod round;
mod run;
mod selftest;
mod server;
mod shipped;
mod terminal;
mod via;
mod warnings;
mod worker;

pub use commands::{main, main_with};
