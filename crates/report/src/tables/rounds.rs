//! Round by round: how much a figure moves when everything is done again.

use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Mark};
use crate::chart::marker;
use crate::standing::{self, Standing};
use crate::table::{Cell, Group, Row, Table};
use crate::{columns, format, warnings};
use results::{Account, Run};
use verdict::Metric;

/// Rounds count from 0 in the file and from 1 for people.
pub(crate) fn number(round: u32) -> String {
    (u64::from(round) + 1).to_string()
}

/// None while no round is closed.
pub(crate) fn table(run: &Run, standings: &[Standing]) -> Option<Table> {
    let rows = |standing: &Standing| -> Vec<Row> {
        let rounds = run.rounds_of(standing.label());
        rounds.into_iter().map(|account| row(run, standing, account)).collect()
    };
    let rows: Vec<Row> = standings.iter().flat_map(rows).collect();
    (!rows.is_empty()).then(|| Table {
        caption: "Every transport in every round".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("", &["round"]),
            Group::new("What arrived", &["delivered"]),
            Group::new("Latency from due", &["p50", "p99", "max"]),
            Group::new("Per delivery", &["server time", "bytes down"]),
            Group::new("The machine", &["busy", "by others"]),
        ],
        rows,
    })
}

fn row(run: &Run, standing: &Standing, account: &Account) -> Row {
    let figures = ledger::Account::from(&account.ledger);
    let [p50, p99] = [0.5, 0.99].map(|q| columns::latency(&standing::quantile(&figures, q)));
    let busy = |share: fn(&results::HostLoad) -> f64| {
        account.host.as_ref().map_or_else(Cell::untold, |host| Cell::plain(format::part(share(host))))
    };
    let updates = account.steady.updates;
    let mark = |metric| warnings::mark_round(run, standing.label(), account.round, metric);
    Row {
        head: standing.label().to_owned(),
        swatch: marker::swatch(standing.look),
        remark: (!account.complete).then(|| "cut short".to_owned()),
        cells: vec![
            Cell::plain(number(account.round)),
            columns::share(figures.books.delivered, figures.books.expected, "nothing was due"),
            p50.doubted(mark(Metric::MedianLatency)),
            p99.doubted(mark(Metric::TailLatency)),
            columns::worst_latency(&figures).doubted(mark(Metric::TailLatency)),
            columns::told_each(account.server_costs.transport_ns, updates, format::duration_f64)
                .doubted(mark(Metric::ServerCpu)),
            columns::bytes_each(account.steady.bytes_in, updates).doubted(mark(Metric::Bytes)),
            busy(results::HostLoad::busy_share),
            busy(results::HostLoad::foreign_share),
        ],
    }
}

/// The median of every round as a dot, the 99th percentile as a hollow one. None for fewer than two rounds.
pub(crate) fn strips(run: &Run, standings: &[Standing]) -> Option<Lanes> {
    let entries: Vec<Entry> = standings.iter().map(|standing| strip(run, standing)).collect();
    if entries.iter().all(|entry| entry.marks.iter().filter(|mark| matches!(mark, Mark::Dot(_))).count() < 2)
    {
        return None;
    }
    let axis = Axis::over(Quantity::Time, lanes::values(&entries))?;
    let reading = "Latency from due: a filled marker for each round's median, a hollow one for its 99th percentile \
        where it is known. What scatters little would come out the same again; the figures are the lowest and the \
        highest median."
        .to_owned();
    Some(lanes::lanes("Median and tail of each round", reading, &axis, Backdrop::Nothing, entries))
}

fn strip(run: &Run, standing: &Standing) -> Entry {
    let rounds: Vec<ledger::Account> = run
        .rounds_of(standing.label())
        .into_iter()
        .filter(|account| account.complete)
        .map(|account| (&account.ledger).into())
        .collect();
    let known = |q: f64| -> Vec<u64> {
        let figures = rounds.iter().filter_map(|account| standing::quantile(account, q).ok());
        figures.filter(standing::Figure::is_known).map(|figure| figure.value_ns).collect()
    };
    let (p50, p99) = (known(0.5), known(0.99));
    let ends = p50.iter().min().zip(p50.iter().max());
    let cell = match ends {
        None => Cell::missing("no round of it has a median that is known"),
        Some((low, high)) => Cell::plain(format!("{}–{}", format::duration(*low), format::duration(*high))),
    };
    let hollow = p99.iter().map(|ns| Mark::Hollow(*ns as f64));
    let dots = p50.iter().map(|ns| Mark::Dot(*ns as f64));
    Entry {
        label: standing.name().to_owned(),
        look: standing.look,
        marks: hollow.chain(dots).collect(),
        cell,
    }
}
