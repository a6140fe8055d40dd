//! One question, one answer: over a connection opened for it, and over one that is kept.

use super::{Feature, NOTHING, doubted, p50_p99, spread};
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{format, tables};
use results::{Merged, Traffic};

pub(super) fn feature(standings: &[Standing]) -> Feature {
    let charts = [
        spread(
            standings,
            "Over a connection opened for it",
            "From when a question was due until its answer was there, dialling included: the marker is the median, the bar reaches \
             to the 99th percentile, or to the longest.",
            |merged| Some(&merged.account.replies.as_ref()?.cold),
        ),
        spread(
            standings,
            "Over a connection that is kept",
            "The same where the connection is there already.",
            |merged| Some(&merged.account.replies.as_ref()?.warm),
        ),
    ];
    Feature {
        id: "feature",
        title: "The whole exchange",
        intro: "Every client asks in turn over a connection opened for the one question and over one that it keeps. The figures above \
            are of both together; here they stand apart.",
        tables: vec![table(standings)],
        charts: charts.into_iter().flatten().collect(),
        terms: vec![
            (
                "cold",
                "the answer\u{2019}s arrival \u{2212} when the question was due, over a connection opened for it",
            ),
            ("warm", "the same over a connection that is kept"),
            (
                "bytes",
                "in both directions, above TCP, set-up included where there is one, per exchange of the measured window",
            ),
        ],
    }
}

fn table(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let (Some(replies), Some(traffic)) = (&merged.account.replies, &merged.exchanges) else {
            return vec![Cell::missing(NOTHING); 9];
        };
        let times = p50_p99(Some(&replies.cold)).into_iter().chain(p50_p99(Some(&replies.warm)));
        let mut cells: Vec<Cell> = doubted(times, replies.failed + replies.unfinished).collect();
        let added = replies.cold.quantile(0.5).zip(replies.warm.quantile(0.5));
        cells.push(added.map_or_else(
            || Cell::missing(NOTHING),
            |(cold, warm)| Cell::plain(format::duration(cold.saturating_sub(warm))),
        ));
        cells.extend([
            bytes(traffic.cold, traffic.cold_exchanges),
            bytes(traffic.warm, traffic.warm_exchanges),
            Cell::plain(format::count(replies.answered)),
            Cell::plain(format::count(replies.failed + replies.unfinished)),
        ]);
        cells
    };
    Table {
        caption: "Exchanges over fresh and over kept connections".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Cold", &["p50", "p99"]),
            Group::new("Warm", &["p50", "p99"]),
            Group::new("", &["a fresh connection adds"]),
            Group::new("Bytes", &["cold", "warm"]),
            Group::new("Exchanges", &["answered", "not"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 9, cells)).collect(),
    }
}

fn bytes(traffic: Traffic, exchanges: u64) -> Cell {
    match exchanges {
        0 => Cell::missing(NOTHING),
        count => Cell::plain(format::bytes((traffic.bytes_in + traffic.bytes_out) as f64 / count as f64)),
    }
}
