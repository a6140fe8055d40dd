//! What broke, and how it mended.

use super::{Feature, NOTHING, doubted, p50_p99, spread};
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{columns, format, tables};
use ledger::Recovery;
use results::Merged;

const TERMS: [(&str, &str); 8] = [
    ("noticed", "from the instant at which it happened until the client knew that its connection had ended"),
    ("reconnected", "from then until it had another one: pauses, failed attempts and setting up"),
    (
        "caught up",
        "from then (or, where the connection stayed, from when it was over) until the client had the newest update that had been \
         due of each of its topics",
    ),
    ("away", "from the instant at which it happened until then: all of it together"),
    (
        "unnoticed",
        "cuts that a client never noticed, and had no need to: a poller\u{2019}s between two polls, whose next poll dials again",
    ),
    (
        "not back",
        "without a connection when the round ended, or with a dead one that nothing had found out yet",
    ),
    ("replayed", "updates that came to somebody who was catching up"),
    ("gaps", "how often a client was told that the log no longer reached back to its cursor"),
];

/// None where nothing was to happen.
pub(super) fn feature(standings: &[Standing]) -> Option<Feature> {
    let has = |standing: &Standing| standing.merged.as_ref().is_some_and(|merged| of(merged).is_some());
    if !standings.iter().any(has) {
        return None;
    }
    let charts = [
        spread(
            standings,
            "Away",
            "From the instant at which something happened until a client had everything again that was due: the marker is the median, \
             the bar reaches to the 99th percentile, or to the longest.",
            |merged| Some(&of(merged)?.away),
        ),
        spread(
            standings,
            "Until it was noticed",
            "From the instant at which something happened until a client knew that its connection had ended.",
            |merged| Some(&of(merged)?.noticed),
        ),
    ];
    Some(Feature {
        id: "recovery",
        title: "What broke, and how it mended",
        intro: "The same things happened at the same instants of the schedule to the same clients over every transport. Who lost a \
            connection came back with its cursor, and where the scenario says nothing else, by one rule for all: at once if the \
            connection had brought anything, else after pauses that double from 100 ms to 5 s.",
        tables: vec![times(standings), counts(standings)],
        charts: charts.into_iter().flatten().collect(),
        terms: TERMS.to_vec(),
    })
}

fn of(merged: &Merged) -> Option<&Recovery> {
    merged.account.recovery.as_ref()
}

fn times(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let Some(recovery) = of(merged) else { return vec![Cell::missing(NOTHING); 10] };
        let mut cells = Vec::new();
        for values in [&recovery.noticed, &recovery.reconnected, &recovery.caught_up, &recovery.away] {
            let [p50, _] = p50_p99(Some(values));
            cells.extend(doubted([p50, columns::worst(values, NOTHING)], recovery.not_back));
        }
        cells.extend(p50_p99(Some(&recovery.undisturbed)));
        cells
    };
    Table {
        caption: "How long it took, and what the others saw of it".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Noticed", &["p50", "longest"]),
            Group::new("Reconnected", &["p50", "longest"]),
            Group::new("Caught up", &["p50", "longest"]),
            Group::new("Away", &["p50", "longest"]),
            Group::new("Latency of those not hit", &["p50", "p99"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 10, cells)).collect(),
    }
}

fn counts(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let Some(recovery) = of(merged) else { return vec![Cell::missing(NOTHING); 10] };
        let books = &merged.account.books;
        let per_second = format!("{}/s", format::count(recovery.peak_opened * 10));
        let mut cells: Vec<Cell> =
            [recovery.hits, merged.account.reconnects, recovery.unnoticed, recovery.not_back]
                .map(|count| Cell::plain(format::count(count)))
                .into();
        cells.push(Cell::plain(per_second));
        cells.extend(
            [recovery.replayed, books.duplicated, books.lost, books.in_flight, books.gaps]
                .map(|count| Cell::plain(format::count(count))),
        );
        cells
    };
    Table {
        caption: "How often, and what became of the updates".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Clients", &["hit", "connected again", "unnoticed", "not back", "peak"]),
            Group::new("Updates", &["replayed", "again", "lost", "in flight"]),
            Group::new("", &["gaps"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 10, cells)).collect(),
    }
}
