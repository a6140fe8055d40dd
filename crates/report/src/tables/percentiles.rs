//! The figures behind the curves, for who wants them exactly.

use super::row;
use crate::chart::curves::TICKS;
use crate::columns;
use crate::standing::{self, Standing};
use crate::table::{Group, Table};

pub(crate) fn table(standings: &[Standing]) -> Table {
    let known =
        |q: f64| standings.iter().any(|standing| standing.quantile(q).is_ok_and(|figure| figure.is_known()));
    let ticks: Vec<(f64, &'static str)> =
        TICKS.into_iter().filter(|(q, _)| *q <= 0.99 || known(*q)).collect();
    let drawn = standing::without_controls(standings);
    let cells = |standing: &Standing| {
        row(standing, ticks.len(), |_| {
            ticks.iter().map(|(q, _)| columns::latency(&standing.quantile(*q))).collect()
        })
    };
    Table {
        caption: "Latency from due, at each percentile".to_owned(),
        corner: "Transport",
        groups: vec![Group::new("", &ticks.iter().map(|(_, name)| *name).collect::<Vec<_>>())],
        rows: drawn.map(cells).collect(),
    }
}
