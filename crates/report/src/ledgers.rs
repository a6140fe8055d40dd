//! The books, and what the harness says about itself.

use crate::standing::{NOT_CLOSED, Standing};
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
            Group::new("Connections", &["never made", "made again"]),
            Group::new("Responses", &["all", "empty"]),
        ],
        rows: rows(standings, 17, books_cells),
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
        rows: rows(standings, 13, harness_cells),
    }
}

fn rows(standings: &[Standing], columns: usize, cells: fn(&Merged) -> Vec<Cell>) -> Vec<Row> {
    let row = |standing: &Standing| Row {
        head: standing.label().to_owned(),
        remark: standing.remark(),
        cells: match &standing.merged {
            Some(merged) => cells(merged),
            None => vec![Cell::missing(NOT_CLOSED); columns],
        },
    };
    standings.iter().map(row).collect()
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
    cells.extend(counts(&[account.never_connected, account.reconnects]));
    cells.extend(counts(&[account.responses, account.empty_responses]));
    cells
}

fn balance(books: &Books) -> Cell {
    if books.balance() {
        return Cell::Plain("✓ balanced".to_owned());
    }
    let why = "the parts do not add up to what was expected".to_owned();
    Cell::Wrong("✗ not balanced".to_owned(), why)
}

fn harness_cells(merged: &Merged) -> Vec<Cell> {
    let mut cells =
        vec![Cell::Plain(format!("{} / {}", format::count(merged.published), format::count(merged.planned)))];
    for (lateness, when_empty) in [
        (&merged.lateness, "nothing was published"),
        (&merged.timer_lateness, "its clients never waited on a timer"),
    ] {
        cells.push(columns::independent(lateness, 0.5, when_empty));
        cells.push(columns::independent(lateness, 0.99, when_empty));
        cells.push(columns::worst(lateness, when_empty));
    }
    let Merged { server, clients, .. } = merged;
    cells.extend(both_ends(server, clients));
    cells.extend(both_ends(clients, server));
    cells
}

fn both_ends(writer: &Traffic, reader: &Traffic) -> [Cell; 3] {
    let [written, read] = [writer.bytes_out, reader.bytes_in].map(|bytes| Cell::Plain(format::count(bytes)));
    let ends = match writer.ends(reader) {
        Ends::Agree => Cell::Plain("✓ agree".to_owned()),
        Ends::UnderWay(off) => Cell::Plain(format!("✓ but for {} under way", format::count(off))),
        Ends::Apart(off) => Cell::Wrong(
            format!("✗ {} apart", format::count(off)),
            "what one end wrote is not what the other end read".to_owned(),
        ),
    };
    [written, read, ends]
}

fn counts(numbers: &[u64]) -> Vec<Cell> {
    numbers.iter().map(|number| Cell::Plain(format::count(*number))).collect()
}
