//! How replies would have sounded.

use super::timeline::{Which, reply};
use super::{NOTHING, p50_p99};
use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Strip};
use crate::standing::{self, NOT_CLOSED, Standing};
use crate::table::{Cell, Group, Table};
use crate::{columns, format, tables};
use ledger::{Playback, Timeline};
use results::Merged;

pub(super) const TERMS: [(&str, &str); 3] = [
    (
        "underrun",
        "the player had nothing to play in mid-reply: it begins when it holds the start buffer, and waits for the next chunk \
         when it has played all",
    ),
    (
        "least buffer",
        "for each reply, the least sound to begin with that would have played it without a break",
    ),
    ("first sound", "from when the question was due to the first sound out of the player"),
];

pub(super) fn of<'a>(standing: &'a Standing) -> Option<&'a Playback> {
    in_merged(standing.merged.as_ref()?)
}

fn in_merged(merged: &Merged) -> Option<&Playback> {
    merged.account.replies.as_ref()?.playback.as_ref()
}

/// None where replies hold no sound.
pub(super) fn table(standings: &[Standing]) -> Option<Table> {
    let start_buffer_ns = standings.iter().find_map(of)?.start_buffer_ns;
    let cells = |merged: &Merged| {
        let Some(playback) = in_merged(merged) else { return vec![Cell::missing(NOTHING); 8] };
        let [first_p50, first_p99] = p50_p99(Some(&playback.first_sound));
        let [least_p50, least_p99] = p50_p99(Some(&playback.least_buffer));
        vec![
            Cell::plain(format::count(playback.played)),
            first_p50,
            first_p99,
            Cell::plain(format::count(playback.underruns)),
            columns::independent(&playback.silence, 0.5, NOTHING),
            columns::worst(&playback.silence, NOTHING),
            least_p50,
            least_p99,
        ]
    };
    Some(Table {
        caption: format!("How replies sounded, with a start buffer of {}", format::duration(start_buffer_ns)),
        corner: "Transport",
        groups: vec![
            Group::new("", &["played"]),
            Group::new("First sound", &["p50", "p99"]),
            Group::new("Underruns", &["all", "median silence", "longest"]),
            Group::new("Least buffer", &["p50", "p99"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 8, cells)).collect(),
    })
}

/// When the worst reply of each transport would have been heard.
pub(super) fn lanes(standings: &[Standing]) -> Option<Lanes> {
    standings.iter().find_map(of)?;
    let (mut strips, mut entries, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for standing in standing::without_controls(standings) {
        let heard =
            of(standing).zip(reply(standing, Which::Worst)).map(|(playback, reply)| heard(playback, reply));
        let cell = match &heard {
            None => Cell::missing(NOT_CLOSED),
            Some(heard) => Cell::plain(match heard.len().saturating_sub(1) {
                0 => "without a break".to_owned(),
                1 => "one break".to_owned(),
                breaks => format!("{breaks} breaks"),
            }),
        };
        ends.extend(heard.iter().flatten().map(|(_, end)| *end));
        entries.push(Entry {
            label: standing.name().to_owned(),
            look: standing.look,
            marks: Vec::new(),
            cell,
        });
        strips.push(heard.map(|heard| vec![Strip::Heard(heard)]).unwrap_or_default());
    }
    let reading = "The reply with the greatest lag of each transport, as a player would have let it be heard, over the time \
        since its question was due. Each gap between two bars is an underrun."
        .to_owned();
    let axis = Axis::from_zero(Quantity::Time, ends.into_iter())?;
    let mut drawn = lanes::lanes("The worst reply, as it sounds", reading, &axis, Backdrop::Nothing, entries);
    drawn.add(strips.into_iter(), &axis);
    Some(drawn)
}

/// The stretches in which something plays.
fn heard(playback: &Playback, reply: &Timeline) -> Vec<(f64, f64)> {
    let chunk_ns = playback.chunk_ns.max(1);
    let mut ready: Vec<u64> = reply.chunks.iter().map(|(_, came_ns)| *came_ns).collect();
    for place in 1..ready.len() {
        ready[place] = ready[place].max(ready[place - 1]);
    }
    let begin_with = (playback.start_buffer_ns.div_ceil(chunk_ns).max(1) as usize).min(ready.len());
    let Some(begin_ns) = begin_with.checked_sub(1).and_then(|place| ready.get(place)) else {
        return Vec::new();
    };
    let mut stretches = vec![(*begin_ns as f64, *begin_ns as f64)];
    for at_ns in ready {
        let (_, end) = stretches[stretches.len() - 1];
        if at_ns as f64 > end {
            stretches.push((at_ns as f64, at_ns as f64));
        }
        let last = stretches.len() - 1;
        stretches[last].1 += chunk_ns as f64;
    }
    stretches
}
