//! Questions and their answers, chunk by chunk.

use super::{Feature, NOTHING, bundled, doubted, interruption, p50_p99, playback, timeline};
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{columns, format, tables};
use ledger::Replies;
use results::Merged;

pub(super) fn feature(standings: &[Standing]) -> Feature {
    let charts = [
        timeline::lanes(standings, timeline::Which::Typical),
        timeline::lanes(standings, timeline::Which::Worst),
        playback::lanes(standings),
        interruption::lanes(standings),
    ];
    let tables = [Some(pace(standings)), Some(ends(standings)), playback::table(standings)];
    Feature {
        id: "feature",
        title: "As its reader sees it",
        intro: "Every chunk of a reply is due at a fixed time after its question was due, so the way up counts, and so does \
            dialling where the connection is not there.",
        tables: tables.into_iter().flatten().collect(),
        charts: charts.into_iter().flatten().collect(),
        terms: terms(standings),
    }
}

fn replies(merged: &Merged) -> Option<&Replies> {
    merged.account.replies.as_ref()
}

fn pace(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let Some(replies) = replies(merged) else { return vec![Cell::missing(NOTHING); 11] };
        let mut cells: Vec<Cell> = p50_p99(Some(&replies.first)).into();
        cells.extend(bundled(&replies.gap, replies.first.len()));
        cells.push(columns::independent(&replies.per_chunk, 0.5, NOTHING));
        cells.extend(p50_p99(Some(&replies.longest_stall)));
        cells.push(per_minute(replies.stutters, replies.streamed_ns));
        cells.push(columns::share(replies.in_time, replies.after_first, NOTHING));
        cells.push(columns::independent(&replies.wait, 0.5, NOTHING));
        cells.push(columns::independent(&replies.whole, 0.5, NOTHING));
        doubted(cells, replies.failed + replies.unfinished).collect()
    };
    Table {
        caption: "How replies came".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("TTFT", &["p50", "p99"]),
            Group::new("ITL", &["p50", "p99"]),
            Group::new("TPOT", &["p50"]),
            Group::new("Longest stall", &["p50", "p99"]),
            Group::new("", &["stutter/min", "fluidity"]),
            Group::new("Medians", &["wait", "whole"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 11, cells)).collect(),
    }
}

fn ends(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let Some(replies) = replies(merged) else { return vec![Cell::missing(NOTHING); 10] };
        let count = |count: u64| Cell::plain(format::count(count));
        let uplink = merged.uplink.as_ref();
        let stopped = uplink.and_then(|uplink| uplink.stopped.as_ref()).map(|record| &record.0);
        let for_nothing =
            uplink.and_then(|uplink| uplink.for_nothing.as_ref()).and_then(|record| record.0.mean());
        let number = |mean: Option<f64>| {
            mean.map_or_else(|| Cell::missing(NOTHING), |mean| Cell::plain(format::number(mean)))
        };
        let [stop, _] = p50_p99(stopped);
        vec![
            count(replies.asked),
            count(replies.answered),
            count(replies.interrupted),
            count(replies.failed),
            count(replies.unfinished),
            count(replies.overlapped),
            count(replies.withdrawn),
            stop,
            number(for_nothing),
            number(replies.unwanted.mean()),
        ]
    };
    Table {
        caption: "How replies ended".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Questions", &["due", "answered", "stopped", "failed", "unfinished", "overlapping"]),
            Group::new("Stopping", &["not come", "server knew", "made for nothing", "came after"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 10, cells)).collect(),
    }
}

fn per_minute(count: u64, span_ns: u64) -> Cell {
    match span_ns {
        0 => Cell::missing(NOTHING),
        span_ns => Cell::plain(format::number(count as f64 * 60e9 / span_ns as f64)),
    }
}

fn terms(standings: &[Standing]) -> Vec<(&'static str, &'static str)> {
    let mut terms = vec![
        ("TTFT", "time to first token: the first chunk\u{2019}s arrival \u{2212} when the question was due"),
        (
            "ITL",
            "inter-token latency: each gap between a chunk and the one before it, pooled over all replies; the first chunk is \
             in none. Some tools count TTFT in, others call TPOT so",
        ),
        (
            "TPOT",
            "time per output token: (last arrival \u{2212} first arrival) / (chunks \u{2212} 1) of each whole reply",
        ),
        ("longest stall", "the longest gap of each reply"),
        ("stutter", "gaps longer than twice the nominal one, per minute from first to last arrival"),
        (
            "fluidity",
            "the share of chunks that came no later than one nominal gap behind the pace that the first set: arrival \u{2264} \
             first arrival + nominal distance from the first + one nominal gap",
        ),
        (
            "wait",
            "for each whole reply, the mean over its chunks of (arrival \u{2212} when the question was due)",
        ),
        ("whole", "the last chunk\u{2019}s arrival \u{2212} when the question was due"),
        ("not come", "chunks that had not come when their reader stopped: nobody expects them any more"),
        ("server knew", "median of the time from when stopping was due until the server knew"),
        ("made for nothing", "chunks that the server made after stopping was due, for each stopped reply"),
        ("came after", "chunks that reached the reader after it had stopped, for each stopped reply"),
    ];
    if standings.iter().any(|standing| playback::of(standing).is_some()) {
        terms.extend(playback::TERMS);
    }
    terms
}
