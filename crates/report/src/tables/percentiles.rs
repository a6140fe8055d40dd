//! The figures behind the curves, for who wants them exactly.

use super::row;
use crate::chart::curves::TICKS;
use crate::columns;
use crate::standing::Standing;
use crate::table::{Group, Table};

pub(crate) fn table(standings: &[Standing]) -> Table {
    let drawn = standings.iter().filter(|standing| standing.entry.control_of.is_none());
    let cells = |standing: &Standing| {
        row(standing, TICKS.len(), |_| {
            TICKS.iter().map(|(q, _)| columns::latency(&standing.quantile(*q))).collect()
        })
    };
    Table {
        caption: "Latency from due, at each percentile".to_owned(),
        corner: "Transport",
        groups: vec![Group::new("", &TICKS.map(|(_, name)| name))],
        rows: drawn.map(cells).collect(),
    }
}
