//! What goes on after a reader has stopped a reply: until the server knows, it makes chunks for nothing.

use super::NOTHING;
use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Mark};
use crate::format;
use crate::standing::{self, NOT_CLOSED, Standing};
use crate::table::Cell;
use results::Merged;

const READING: &str = "Time 0 is the instant at which a reader was due to stop its reply. The full bar ends where the server knew of it, \
    at the median; the paler one at the 99th percentile, or at the longest where there are too few. What the server makes \
    meanwhile, it makes for nothing.";

/// None where nobody stopped anything.
pub(super) fn lanes(standings: &[Standing]) -> Option<Lanes> {
    let drawn = standing::without_controls(standings);
    let entries: Vec<Entry> = drawn
        .map(|standing| {
            let (marks, cell) = match &standing.merged {
                None => (Vec::new(), Cell::missing(NOT_CLOSED)),
                Some(merged) => stopped(merged).unwrap_or((Vec::new(), Cell::missing(NOTHING))),
            };
            Entry { label: standing.name().to_owned(), look: standing.look, marks, cell }
        })
        .collect();
    let axis = Axis::from_zero(Quantity::Time, lanes::values(&entries))?;
    Some(lanes::lanes("Interrupted", READING.to_owned(), &axis, Backdrop::Nothing, entries))
}

fn stopped(merged: &Merged) -> Option<(Vec<Mark>, Cell)> {
    let stopped = &merged.uplink.as_ref()?.stopped.as_ref()?.0;
    let p50 = stopped.quantile(0.5)?;
    let end = if stopped.supports(0.99) { stopped.quantile(0.99) } else { stopped.max() }? as f64;
    let made = merged.uplink.as_ref()?.for_nothing.as_ref().and_then(|record| record.0.mean());
    let made = made.map(|chunks| format!(", {} chunks for nothing", format::number(chunks)));
    let said = format!("{}{}", format::duration(p50), made.unwrap_or_default());
    Some((vec![Mark::Bar(p50 as f64), Mark::More(p50 as f64, end)], Cell::plain(said)))
}
