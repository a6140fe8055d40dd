//! The table that the page is about: a row per transport.

use crate::standing::{NOT_CLOSED, Standing};
use crate::table::{Cell, Group, Row, Table};
use crate::{columns, contrasts, costs, format, warnings};
use ledger::Distribution;
use results::{Merged, Run};
use verdict::{Judgement, Metric};

pub(crate) const NO_RESPONSE: &str = "no frame, event or response came";
pub(crate) const NOTHING_HELD: &str = "no subscriber ever held an update";
const NO_MODEL: &str = "there is no model for it";

pub(crate) fn table(run: &Run, judgement: &Judgement, standings: &[Standing]) -> Table {
    Table {
        caption: "What each transport did, its closed rounds merged".to_owned(),
        corner: "Transport",
        groups: groups(),
        rows: standings.iter().map(|standing| row(run, judgement, standing)).collect(),
    }
}

/// Its columns.
pub(super) fn groups() -> Vec<Group> {
    vec![
        Group::new("What arrived", &["delivered"]),
        Group::new("Latency, from due to arrival", &["p50", "p99", "max"]),
        Group::new("Age of what is shown", &["staleness, mean"]),
        Group::new("Cost per delivery", &["server time", "bytes down", "bytes up", "segments"]),
        Group::new("Cost per client", &["idle memory", "requests/s"]),
    ]
}

/// The cells of [`crate::SUMMARY_COLUMNS`].
pub(crate) fn summary_row(standing: &Standing) -> [String; 8] {
    let model = match &standing.entry.prediction {
        None => Cell::missing(NO_MODEL),
        Some(model) => columns::predicted(model.p50_ns),
    };
    let cells = match &standing.merged {
        None => std::array::from_fn(|_| Cell::missing(NOT_CLOSED)),
        Some(merged) => figures(standing, merged),
    };
    let [delivered, p50, p99, max, stale, bytes] = cells.map(|cell| cell.text());
    [name(standing), delivered, p50, p99, max, model.text(), stale, bytes]
}

/// A label that does not let a terminal's reader take it for more than it is.
fn name(standing: &Standing) -> String {
    let floor = standing.entry.floor.then(|| "floor".to_owned());
    let control = standing.entry.control_of.is_some().then(|| "control".to_owned());
    let rounds =
        (!standing.is_whole()).then(|| format!("{} of {} rounds", standing.closed(), standing.started));
    let remarks: Vec<String> = [floor, control, rounds].into_iter().flatten().collect();
    match remarks.is_empty() {
        true => standing.label().to_owned(),
        false => format!("{} ({})", standing.label(), remarks.join(", ")),
    }
}

fn row(run: &Run, judgement: &Judgement, standing: &Standing) -> Row {
    let mut row = super::row(standing, 11, |merged| cells(run, standing, merged));
    for (at, metric) in METRICS {
        let mark = warnings::mark(run, standing.label(), metric);
        let ratio =
            (at != MAX && at != 7).then(|| contrasts::to_best(judgement, metric, standing.label())).flatten();
        row.cells[at] = row.cells[at].clone().doubted(mark).with_under(ratio);
    }
    row
}

/// The places of the cells that hold these metrics, or share what speaks against them.
const METRICS: [(usize, Metric); 7] = [
    (1, Metric::MedianLatency),
    (2, Metric::TailLatency),
    (MAX, Metric::TailLatency),
    (4, Metric::Staleness),
    (5, Metric::ServerCpu),
    (6, Metric::Bytes),
    (7, Metric::Bytes),
];

/// The place of the worst latency, of which no ratio is taken: it is one update's.
const MAX: usize = 3;

fn cells(run: &Run, standing: &Standing, merged: &Merged) -> Vec<Cell> {
    let [delivered, p50, p99, max, stale, bytes_down] = figures(standing, merged);
    let steady = merged.steady;
    vec![
        delivered,
        p50,
        p99,
        max,
        stale,
        columns::told_each(merged.server_costs.transport_ns, steady.updates, format::duration_f64),
        bytes_down,
        columns::bytes_each(steady.bytes_out, steady.updates),
        costs::segments(merged).map_or_else(Cell::untold, |each| Cell::plain(format::number(each))),
        idle(run, standing),
        requests(run, standing, merged),
    ]
}

/// What page and terminal both show: delivered, median, tail, worst, staleness and bytes that the server
/// sent for each update.
fn figures(standing: &Standing, merged: &Merged) -> [Cell; 6] {
    let Merged { account, steady, .. } = merged;
    let [p50, p99] = [0.5, 0.99].map(|q| columns::latency(&standing.quantile(q)));
    [
        columns::share(account.books.delivered, account.books.expected, "nothing was due"),
        p50,
        p99,
        columns::worst_latency(account),
        columns::mean(&account.staleness, NOTHING_HELD),
        columns::bytes_each(steady.bytes_in, steady.updates),
    ]
}

fn idle(run: &Run, standing: &Standing) -> Cell {
    match (&run.idle, costs::idle_bytes(run, standing.label())) {
        (None, _) => Cell::missing("memory of idle connections was not measured"),
        (Some(_), None) => Cell::missing("its idle connections were not measured"),
        (Some(_), Some(bytes)) => Cell::plain(format::kibibytes(bytes)),
    }
}

fn requests(run: &Run, standing: &Standing, merged: &Merged) -> Cell {
    match costs::requests_a_second(&run.header, standing.entry, merged) {
        Some(rate) => Cell::plain(format::number(rate)),
        None => Cell::plain("none"),
    }
}

/// Updates per frame, event or response that carried any.
pub(crate) fn updates_each(batch: &Distribution) -> Cell {
    batch.mean().map_or_else(|| Cell::missing(NO_RESPONSE), |mean| Cell::plain(format::number(mean)))
}
