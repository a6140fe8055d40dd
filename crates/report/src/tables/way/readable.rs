//! What somebody on the way can read of a connection.

use crate::format;
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use results::{CaptureSeen, Run, SeenBytes};

/// Whose first connection shows what.
pub(crate) struct Readable {
    pub table: Table,
    pub shown: Vec<Shown>,
}

/// The first bytes of one connection.
pub(crate) struct Shown {
    pub title: String,
    pub up: String,
    pub down: String,
}

/// None where nobody looked.
pub(super) fn of(run: &Run, standings: &[Standing]) -> Option<Readable> {
    let captured: Vec<(&Standing, &CaptureSeen)> = standings
        .iter()
        .filter(|standing| standing.entry.control_of.is_none())
        .filter_map(|standing| Some((standing, capture(run, standing.label())?)))
        .collect();
    if captured.is_empty() {
        return None;
    }
    let table = Table {
        caption: "What somebody on the way can read of the first bytes of a connection".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Up", &["bytes", "readable", "the first line"]),
            Group::new("Down", &["bytes", "readable", "the first line"]),
        ],
        rows: captured
            .iter()
            .map(|(standing, seen)| {
                super::super::row(standing, 6, |_| {
                    [&seen.up, &seen.down].into_iter().flat_map(cells).collect()
                })
            })
            .collect(),
    };
    let shown = captured.iter().map(|(standing, seen)| Shown {
        title: standing.label().to_owned(),
        up: seen.up.text.clone(),
        down: seen.down.text.clone(),
    });
    Some(Readable { table, shown: shown.collect() })
}

fn capture<'a>(run: &'a Run, label: &str) -> Option<&'a CaptureSeen> {
    run.rounds_of(label).into_iter().find_map(|account| account.capture.as_ref())
}

fn cells(seen: &SeenBytes) -> [Cell; 3] {
    /// Characters of a line that are shown.
    const LINE: usize = 60;
    if seen.bytes == 0 {
        return [(); 3].map(|()| Cell::missing("nothing was sent"));
    }
    let line: String = seen.text.lines().next().unwrap_or_default().chars().take(LINE).collect();
    // A handshake of TLS begins with five bytes of which none is a sign.
    let first = match line.contains('\u{b7}') || seen.readable == 0 {
        true => Cell::missing("it can\u{2019}t be read"),
        false => Cell::plain(line),
    };
    [Cell::plain(format::count(seen.bytes)), Cell::plain(format::percent(seen.readable, seen.bytes)), first]
}
