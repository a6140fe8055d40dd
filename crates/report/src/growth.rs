//! How cost grows with a key: charts and tables of several runs as one.

mod idle;

pub(crate) use idle::{Idle, idle};

use crate::chart::axis;
use crate::chart::growth::{self as chart, Frame, Place};
use crate::chart::look::Look;
use crate::chart::marker;
use crate::table::{Cell, Group, Row, Table};
use crate::{format, warnings};
use results::Run;
use std::borrow::Cow;
use verdict::growth::{Growth, NoSlope, Point, Quantity, Series, Spread, Subscriber, Told};
use verdict::{Metric, Untold};

/// All that the page says of it.
pub(crate) struct View {
    pub key: String,
    pub findings: Vec<String>,
    pub parts: Vec<Part>,
    /// What one subscriber costs an update, where it is their number that differs.
    pub subscriber: Option<Table>,
    pub idle: Option<Idle>,
}

/// One figure at all values.
pub(crate) struct Part {
    pub chart: Option<chart::Growth>,
    pub table: Table,
}

/// A figure, and how it is shown.
struct Figure {
    metric: Metric,
    title: &'static str,
    reading: &'static str,
    of: fn(&Point) -> &Told,
    model: bool,
}

const FIGURES: [Figure; 3] = [
    Figure {
        metric: Metric::ServerCpu,
        title: "Server time per delivery",
        reading: "Processor time of the server's transport thread for each update that arrived. It falls as \
                  long as more of them share a wake-up.",
        of: |point| &point.server,
        model: false,
    },
    Figure {
        metric: Metric::ClientCpu,
        title: "Client time per delivery",
        reading: "The same of the clients' transport threads. Where it is more than the server's, the clients set the \
                  pace of an update to many.",
        of: |point| &point.clients,
        model: false,
    },
    Figure {
        metric: Metric::MedianLatency,
        title: "Median latency",
        reading: "From due to arrival. An update goes to one subscriber after the other, so with many the median grows \
                  as their number does.",
        of: |point| &point.median,
        model: true,
    },
];

pub(crate) fn view(growth: &Growth, runs: &[Run]) -> View {
    let looks = looks(&runs[0]);
    let subscriber = growth.series.iter().any(|series| series.subscriber != Err(NoSlope::OtherKey));
    View {
        key: growth.key.clone(),
        findings: growth.findings(),
        parts: FIGURES.iter().map(|figure| part(growth, runs, &looks, figure)).collect(),
        subscriber: subscriber.then(|| subscriber_table(growth, &looks)),
        idle: runs.iter().max_by_key(|run| run.idle.as_ref().map(|idle| idle.points.len())).and_then(idle),
    }
}

/// Each transport's look, as on a run's own page.
fn looks(run: &Run) -> Vec<(String, Look)> {
    let entries = &run.header.entries;
    entries.iter().map(|entry| entry.label.clone()).zip(Look::deal(entries)).collect()
}

fn look(looks: &[(String, Look)], label: &str) -> Look {
    looks.iter().find(|(known, _)| known == label).map_or(Look::Aside, |(_, look)| *look)
}

fn row(looks: &[(String, Look)], label: &str, cells: Vec<Cell>) -> Row {
    Row { head: label.to_owned(), swatch: marker::swatch(look(looks, label)), remark: None, cells }
}

fn part(growth: &Growth, runs: &[Run], looks: &[(String, Look)], figure: &Figure) -> Part {
    let values = growth.steps.iter().map(|step| Cow::Owned(step.value.text.clone())).collect();
    let rows = growth.series.iter().map(|series| {
        let cells = growth.steps.iter().zip(&series.points);
        let cells = cells.map(|(step, point)| cell(&runs[step.run], &series.label, figure, point));
        row(looks, &series.label, cells.collect())
    });
    let table = Table {
        caption: format!("{}; below each figure the rounds that lie farthest apart", figure.title),
        corner: "Transport",
        groups: vec![Group { title: growth.key.clone(), columns: values }],
        rows: rows.collect(),
    };
    Part { chart: draw(growth, looks, figure, &table), table }
}

fn cell(run: &Run, label: &str, figure: &Figure, point: &Point) -> Cell {
    let spread = match (figure.of)(point) {
        Err(Untold::NotAvailable) => return Cell::untold(),
        Err(why) => return Cell::missing(why.to_string()),
        Ok(spread) => spread,
    };
    let reason = || {
        warnings::against(run, label, figure.metric)
            .unwrap_or_else(|| "too few different updates, or warnings about the whole run".to_owned())
    };
    Cell::plain(figure.metric.print(spread.value))
        .doubted(spread.doubted.then(reason))
        .with_under(Some(range(spread)))
}

/// The rounds' own ends; the unit stands once where both have it.
fn range(spread: &Spread) -> String {
    let [low, high] = [spread.low, spread.high].map(format::duration_f64);
    match (low.split_once('\u{202f}'), high.split_once('\u{202f}')) {
        _ if low == high => low,
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number} to {high}"),
        _ => format!("{low} to {high}"),
    }
}

fn draw(growth: &Growth, looks: &[(String, Look)], figure: &Figure, table: &Table) -> Option<chart::Growth> {
    let place = |(step, point): (&verdict::growth::Step, &Point)| {
        let spread = (figure.of)(point).as_ref().ok()?;
        Some(Place {
            x: step.value.number,
            y: spread.value,
            spread: (spread.low, spread.high),
            doubted: spread.doubted,
            model: point.model_ns.filter(|_| figure.model).map(|ns| ns as f64),
        })
    };
    let line = |series: &Series| chart::Series {
        label: series.label.clone(),
        look: look(looks, &series.label),
        points: growth.steps.iter().zip(&series.points).filter_map(place).collect(),
    };
    let frame = Frame {
        title: figure.title,
        reading: figure.reading.to_owned(),
        from_zero: false,
        quantity: axis::Quantity::Time,
        key: growth.key.clone(),
        key_quantity: match growth.quantity {
            Quantity::Number | Quantity::Rate => axis::Quantity::Number,
            Quantity::Time => axis::Quantity::Time,
            Quantity::Bytes => axis::Quantity::Bytes,
        },
        values: growth.steps.iter().map(|step| (step.value.number, step.value.text.clone())).collect(),
        description: describe(growth, table),
    };
    chart::of(frame, &growth.series.iter().map(line).collect::<Vec<_>>())
}

/// The table in a sentence for each transport.
pub(super) fn describe(growth: &Growth, table: &Table) -> String {
    let sentence = |row: &Row| {
        let values = growth.steps.iter().zip(&row.cells);
        let said: Vec<String> =
            values.map(|(step, cell)| format!("{} at {}", cell.text(), step.value.text)).collect();
        format!("{}: {}.", row.head, said.join(", "))
    };
    table.rows.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

fn subscriber_table(growth: &Growth, looks: &[(String, Look)]) -> Table {
    let rows = growth.series.iter().map(|series| {
        let cells = match &series.subscriber {
            Ok(subscriber) => subscriber_cells(growth, subscriber),
            Err(why) => vec![Cell::missing(why.to_string()); 5],
        };
        row(looks, &series.label, cells)
    });
    Table {
        caption: "What one more subscriber costs an update".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("By the median", &["slope, doubled", "through"]),
            Group::new("By processor time, at the largest", &["server", "clients"]),
            Group::new("", &["who sets the pace"]),
        ],
        rows: rows.collect(),
    }
}

fn subscriber_cells(growth: &Growth, subscriber: &Subscriber) -> Vec<Cell> {
    let time = |ns: f64| Cell::plain(format::duration_f64(ns));
    let through = format!("{} of {} sizes", subscriber.points, growth.steps.len());
    let pace = match subscriber.client_limited {
        true => Cell::doubtful(
            "client-limited",
            "a delivery costs the clients more than the server, so the slope is theirs, on this one machine",
        ),
        false => Cell::plain("the server"),
    };
    vec![
        time(subscriber.doubled_slope.value).with_under(Some(range(&subscriber.doubled_slope))),
        Cell::plain(through),
        time(subscriber.server_ns),
        time(subscriber.clients_ns),
        pace,
    ]
}
