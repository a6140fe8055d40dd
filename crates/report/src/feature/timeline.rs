//! One reply as it came to its reader: a stroke for each chunk.

use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Strip};
use crate::format;
use crate::standing::{self, NOT_CLOSED, Standing};
use crate::table::Cell;
use ledger::Timeline;

/// Which of a transport's replies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Typical,
    Worst,
}

/// None where nobody has a reply to show.
pub(super) fn lanes(standings: &[Standing], which: Which) -> Option<Lanes> {
    let (title, of) = match which {
        Which::Typical => {
            ("A typical reply, chunk by chunk", "whose greatest lag is the median of all replies\u{2019}")
        }
        Which::Worst => ("The worst reply, chunk by chunk", "with the greatest lag of all"),
    };
    let reading = format!(
        "The reply {of}, over the time since its question was due. A stroke above is a chunk that arrived, a faint one below \
         a chunk that was due. Each transport shows a reply of its own, so lengths differ."
    );
    let mut strips = Vec::new();
    let mut entries = Vec::new();
    for standing in standing::without_controls(standings) {
        let timeline = reply(standing, which);
        let cell = timeline.map_or_else(|| Cell::missing(NOT_CLOSED), |timeline| Cell::plain(said(timeline)));
        entries.push(Entry {
            label: standing.name().to_owned(),
            look: standing.look,
            marks: Vec::new(),
            cell,
        });
        strips.push(timeline);
    }
    let ends = strips.iter().flatten().flat_map(|timeline| &timeline.chunks);
    let axis = Axis::from_zero(Quantity::Time, ends.map(|(due, came)| (*due).max(*came) as f64))?;
    let strips = strips.iter().map(|timeline| timeline.map(strokes).unwrap_or_default());
    let mut drawn = lanes::lanes(title, reading, &axis, Backdrop::Nothing, entries);
    drawn.add(strips, &axis);
    Some(drawn)
}

pub(super) fn reply<'a>(standing: &'a Standing, which: Which) -> Option<&'a Timeline> {
    let replies = standing.merged.as_ref()?.account.replies.as_ref()?;
    let timeline = match which {
        Which::Typical => replies.typical.as_ref(),
        Which::Worst => replies.worst.as_ref(),
    };
    timeline.filter(|timeline| !timeline.chunks.is_empty())
}

fn strokes(timeline: &Timeline) -> Vec<Strip> {
    let came = timeline.chunks.iter().map(|(_, came_ns)| *came_ns as f64).collect();
    let due = timeline.chunks.iter().map(|(due_ns, _)| *due_ns as f64).collect();
    vec![Strip::Due(due), Strip::Came(came)]
}

fn said(timeline: &Timeline) -> String {
    let first = timeline.chunks.iter().map(|(_, came_ns)| *came_ns).min().unwrap_or_default();
    let stopped =
        timeline.stop_ns.map(|ns| format!(", stopped after {}", format::duration(ns))).unwrap_or_default();
    format!(
        "first after {}, at most {} late{stopped}",
        format::duration(first),
        format::duration(timeline.greatest_lag_ns())
    )
}
