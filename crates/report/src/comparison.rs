//! The table that the page is about: a row per transport.

use crate::standing::{NOT_CLOSED, Standing};
use crate::table::{Cell, Group, Row, Table};
use crate::{columns, format};
use ledger::Distribution;
use results::Merged;

const NO_RESPONSE: &str = "no frame, event or response came";
const NO_SETUP: &str = "no connection was set up";
const NOTHING_HELD: &str = "no subscriber ever held an update";
const NO_MODEL: &str = "there is no model for it";

pub(crate) fn table(standings: &[Standing]) -> Table {
    Table {
        caption: "What each transport did, its closed rounds merged".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Delivered", &["of expected", "reach"]),
            Group::new("Latency from due", &["p50", "p99", "max"]),
            Group::new("From sent", &["p50", "p99"]),
            Group::new("Model, from due", &["p50", "p99"]),
            Group::new("Staleness", &["mean"]),
            Group::new("Responses", &["updates", "empty"]),
            Group::new("Connections", &["opened", "set-up p50"]),
            Group::new("Bytes sent per update", &["server", "clients"]),
        ],
        rows: standings.iter().map(row).collect(),
    }
}

/// The cells of [`crate::SUMMARY_COLUMNS`].
pub(crate) fn summary_row(standing: &Standing) -> [String; 8] {
    let cells = cells(standing);
    let [model_p50, _] = model(standing);
    let [delivered, p50, p99, max, stale, bytes] =
        [1, 2, 3, 4, 9, 14].map(|column: usize| cells[column].text());
    [name(standing), delivered, p50, p99, max, model_p50.text(), stale, bytes]
}

/// A label that does not let a terminal's reader take it for more than it is.
fn name(standing: &Standing) -> String {
    let floor = standing.entry.floor.then(|| "floor".to_owned());
    let rounds =
        (!standing.is_whole()).then(|| format!("{} of {} rounds", standing.closed(), standing.started));
    let remarks: Vec<String> = [floor, rounds].into_iter().flatten().collect();
    match remarks.is_empty() {
        true => standing.label().to_owned(),
        false => format!("{} ({})", standing.label(), remarks.join(", ")),
    }
}

fn row(standing: &Standing) -> Row {
    Row { head: standing.label().to_owned(), remark: standing.remark(), cells: cells(standing) }
}

fn cells(standing: &Standing) -> Vec<Cell> {
    let model = model(standing);
    let Some(merged) = &standing.merged else {
        let mut cells = vec![Cell::missing(NOT_CLOSED); 16];
        cells.splice(7..9, model);
        return cells;
    };
    [&delivery(merged)[..], &latencies(standing, merged), &model, &carriage(merged)].concat()
}

fn delivery(merged: &Merged) -> [Cell; 2] {
    let books = &merged.account.books;
    let of = format!("{} / {}", format::count(books.delivered), format::count(books.expected));
    [Cell::Plain(of), columns::share(books.delivered, books.expected, "nothing was due")]
}

fn latencies(standing: &Standing, merged: &Merged) -> [Cell; 5] {
    let [p50, p99] = [0.5, 0.99].map(|q| standing.quantile(q));
    let sent = &merged.account.sent_latency;
    [
        columns::latency(&p50),
        columns::latency(&p99),
        columns::worst_latency(&merged.account),
        columns::beside(sent, &p50),
        columns::beside(sent, &p99),
    ]
}

fn model(standing: &Standing) -> [Cell; 2] {
    match &standing.entry.prediction {
        None => [Cell::missing(NO_MODEL), Cell::missing(NO_MODEL)],
        Some(model) => [model.p50_ns, model.p99_ns].map(columns::predicted),
    }
}

fn carriage(merged: &Merged) -> [Cell; 7] {
    let account = &merged.account;
    [
        columns::mean(&account.staleness, NOTHING_HELD),
        updates_each(&account.batch),
        columns::share(account.empty_responses, account.responses, NO_RESPONSE),
        Cell::Plain(format::count(merged.clients.connections)),
        columns::independent(&account.setup, 0.5, NO_SETUP),
        columns::bytes_each(merged.steady.bytes_in, merged.steady.updates),
        columns::bytes_each(merged.steady.bytes_out, merged.steady.updates),
    ]
}

/// Updates per frame, event or response that carried any.
pub(crate) fn updates_each(batch: &Distribution) -> Cell {
    batch.mean().map_or_else(|| Cell::missing(NO_RESPONSE), |mean| Cell::Plain(format::number(mean)))
}
