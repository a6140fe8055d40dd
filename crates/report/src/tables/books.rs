//! The books, and what the harness says about itself.

use super::side_by_side::{NO_RESPONSE, updates_each};
use crate::standing::Standing;
use crate::table::{Cell, Group, Row, Table};
use crate::{columns, format};
use ledger::Books;
use results::{Ends, Merged, Traffic};

/// Where everything went.
pub(crate) fn books(standings: &[Standing]) -> Table {
    Table {
        caption: "The books: where every update for every subscriber went, its closed rounds added"
            .to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new(
                "Must add up",
                &["expected", "delivered", "superseded", "lost", "in flight", "balance"],
            ),
            Group::new(
                "Counted beside",
                &["again", "out of order", "damaged", "unknown", "early", "overstated skips", "gaps"],
            ),
        ],
        rows: rows(standings, 13, books_cells),
    }
}

/// What the connections carried, and how often they had to be made.
pub(crate) fn carriage(standings: &[Standing]) -> Table {
    Table {
        caption: "Connections, and the frames, events or responses over them".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Connections", &["opened", "never made", "made again"]),
            Group::new("Set-up", &["p50", "p99", "max"]),
            Group::new("Responses", &["all", "empty", "share empty"]),
            Group::new("Updates per response", &["mean", "max"]),
        ],
        rows: rows(standings, 11, carriage_cells),
    }
}

/// Whether the harness itself kept up and counted right.
pub(crate) fn harness(standings: &[Standing]) -> Table {
    Table {
        caption: "The harness: did it keep its own schedule, and do both ends agree".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Published", &["of planned"]),
            Group::new("Publisher late by", &["p50", "p99", "max"]),
            Group::new("Clients' timer late by", &["p50", "p99", "max"]),
            Group::new("Bytes, server to clients", &["written", "read", "ends"]),
            Group::new("Bytes, clients to server", &["written", "read", "ends"]),
        ],
        rows: standings
            .iter()
            .map(|standing| {
                let between = standing.entry.via();
                super::row(standing, 13, |merged| harness_cells(merged, between))
            })
            .collect(),
    }
}

fn rows(standings: &[Standing], columns: usize, cells: fn(&Merged) -> Vec<Cell>) -> Vec<Row> {
    standings.iter().map(|standing| super::row(standing, columns, cells)).collect()
}

fn books_cells(merged: &Merged) -> Vec<Cell> {
    let account = &merged.account;
    // Taken apart in full, so that a count the ledger gains can't be forgotten here.
    let Books {
        expected,
        delivered,
        superseded,
        lost,
        in_flight,
        duplicated,
        reordered,
        damaged,
        unknown,
        early,
        overstated_skips,
        gaps,
    } = account.books;
    let mut cells = counts(&[expected, delivered, superseded, lost, in_flight]);
    cells.push(balance(&account.books));
    cells.extend(counts(&[duplicated, reordered, damaged, unknown, early, overstated_skips, gaps]));
    cells
}

fn carriage_cells(merged: &Merged) -> Vec<Cell> {
    let account = &merged.account;
    let mut cells = counts(&[merged.clients.connections, account.never_connected, account.reconnects]);
    let no_setup = "no connection was set up";
    cells.extend([0.5, 0.99].map(|q| columns::independent(&account.setup, q, no_setup)));
    cells.push(columns::worst(&account.setup, no_setup));
    cells.extend(counts(&[account.responses, account.empty_responses]));
    cells.push(columns::share(account.empty_responses, account.responses, NO_RESPONSE));
    cells.push(updates_each(&account.batch));
    cells.push(match account.batch.max() {
        None => Cell::missing(NO_RESPONSE),
        Some(most) => Cell::plain(format::count(most)),
    });
    cells
}

fn balance(books: &Books) -> Cell {
    if books.balance() {
        return Cell::plain("✓ balanced".to_owned());
    }
    let why = "the parts do not add up to what was expected".to_owned();
    Cell::wrong("✗ not balanced".to_owned(), why)
}

fn harness_cells(merged: &Merged, between: Option<&str>) -> Vec<Cell> {
    let mut cells =
        vec![Cell::plain(format!("{} / {}", format::count(merged.published), format::count(merged.planned)))];
    for (lateness, when_empty) in [
        (&merged.lateness, "nothing was published"),
        (&merged.timer_lateness, "its clients never waited on a timer"),
    ] {
        cells.push(columns::independent(lateness, 0.5, when_empty));
        cells.push(columns::independent(lateness, 0.99, when_empty));
        cells.push(columns::worst(lateness, when_empty));
    }
    let Merged { server, clients, .. } = merged;
    for (writer, reader) in [(server, clients), (clients, server)] {
        let [written, read, ends] = both_ends(writer, reader);
        let ends = match between {
            None if merged.restarts > 0 => {
                Cell::missing("of a server that was replaced nobody knows what it counted")
            }
            None => ends,
            Some(_) => {
                Cell::missing("a proxy stands between the two ends, and adds header fields of its own")
            }
        };
        cells.extend([written, read, ends]);
    }
    cells
}

fn both_ends(writer: &Traffic, reader: &Traffic) -> [Cell; 3] {
    let [written, read] = [writer.bytes_out, reader.bytes_in].map(|bytes| Cell::plain(format::count(bytes)));
    let ends = match writer.ends(reader) {
        Ends::Agree => Cell::plain("✓ agree".to_owned()),
        Ends::UnderWay(off) => Cell::plain(format!("✓ but for {} under way", format::count(off))),
        Ends::Apart(off) => Cell::wrong(
            format!("✗ {} apart", format::count(off)),
            "what one end wrote is not what the other end read".to_owned(),
        ),
    };
    [written, read, ends]
}

fn counts(numbers: &[u64]) -> Vec<Cell> {
    numbers.iter().map(|number| Cell::plain(format::count(*number))).collect()
}
