//! `pushpull floor`: every transport as fast as it goes, held against raw TCP.
//!
//! One update to many subscribers, and the next when all have the last (*lockstep*), or when no more than a
//! window of them is under way, on average over the subscribers. Nothing is due at any time here, so this says nothing about latency: it
//! says what a transport costs when nothing but its own work limits it, where a scenario says what it
//! costs under a load that somebody has.
//!
//! Each contestant runs in blocks of four legs, floor, contestant, contestant, floor (ABBA), and in every other
//! block the other way round: what drifts in that second cancels out. A block has fresh processes, and the block is what the interval is over.
//! Raw TCP is entered a second time, as a control. Bare loops over sockets, in the server's place, in the
//! clients' and in both, say what the floor itself costs; they write each update by itself, so with a window
//! whoever batches is cheaper.

mod bare;
mod block;
pub(crate) mod crowd;
mod pace;
mod pair;
mod print;
pub(crate) mod server;

pub use block::{Figures, Measured, Mode};
pub use print::{json, text};

use crate::clock::Alarm;
use crate::placement;
use crate::transports;
use options::{Carriage, Values};
use pair::{Bare, Runner};
use scenario::Placement;
use std::time::Duration;
use tokio::sync::watch;
use transport::Description;

/// Every update has a body of so many bytes.
pub(crate) const BODY_BYTES: usize = 128;

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Request {
    /// How often everything is repeated, with fresh processes.
    pub blocks: u32,
    /// How many subscribers get each update.
    pub subscribers: u32,
    /// Updates under way at most, in the mode that is not lockstep.
    pub window: u32,
    /// How long one leg should take, about.
    pub leg: Duration,
    /// Transports by name; all that push or hold if there is none.
    pub only: Vec<String>,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// As it was asked for.
    pub request: Request,
    /// On which processors servers and crowds ran.
    pub placement: Option<String>,
    /// Each contestant in each mode.
    pub measured: Vec<Measured>,
    /// Blocks of one contestant that were run again because others used the machine.
    pub repeated: u32,
    /// Those that were still disturbed, and are in the figures.
    pub disturbed: u32,
}

/// Measures, and calls `told` with what it is doing.
///
/// # Errors
/// When a process ends early, or an update did not arrive exactly once and whole. An interruption ends it with
/// what there is.
pub async fn run(
    request: Request,
    mut interrupted: watch::Receiver<bool>,
    told: impl Fn(&str),
) -> anyhow::Result<Outcome> {
    let pin = placement::resolve(&Placement::Halves)?;
    let runners = runners(&request.only);
    let timer = Alarm::start()?.timer();
    let mut outcome = Outcome {
        placement: placement::describe(&pin),
        measured: block::empty(&runners),
        repeated: 0,
        disturbed: 0,
        request,
    };
    for number in 0..outcome.request.blocks {
        told(&format!("block {} of {}", number + 1, outcome.request.blocks));
        let running = block::run(&mut outcome, &runners, (&pin, &timer), number);
        tokio::select! {
            done = running => done?,
            // Dropped pairs end their processes.
            _ = interrupted.wait_for(|interrupted| *interrupted) => break,
        }
    }
    Ok(outcome)
}

/// The floor first, then who is held against it.
fn runners(only: &[String]) -> Vec<Runner> {
    let mut runners = Vec::new();
    let entry = |description: &Description, label: &str, bare| Runner {
        name: description.name,
        label: label.to_owned(),
        bare,
    };
    for floor in transports::list().iter().filter(|description| description.is_floor) {
        runners.push(entry(floor, floor.name, Bare::default()));
        runners.push(entry(floor, &format!("{} again", floor.name), Bare::default()));
        runners.push(entry(floor, "bare server", Bare { server: true, crowd: false }));
        runners.push(entry(floor, "bare clients", Bare { server: false, crowd: true }));
        runners.push(entry(floor, "both bare", Bare { server: true, crowd: true }));
    }
    let wanted =
        fast().filter(|description| only.is_empty() || only.iter().any(|name| name == description.name));
    runners.extend(wanted.map(|description| entry(description, description.name, Bare::default())));
    runners
}

/// The names of those that can be held against the floor.
#[must_use]
pub fn contestants() -> Vec<&'static str> {
    fast().map(|description| description.name).collect()
}

fn fast() -> impl Iterator<Item = &'static Description> {
    transports::list()
        .iter()
        .filter(|description| !description.is_floor && description.is_live && !waits(description))
}

/// A poller that asks at intervals has no speed of its own.
fn waits(description: &Description) -> bool {
    let carriage = (description.carriage)(&Values::defaults(description.options));
    matches!(carriage, Carriage::ShortPoll { .. })
}
