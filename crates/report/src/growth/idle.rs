//! Memory of idle connections at several counts of them.

use super::{look, looks, row};
use crate::chart::axis::Quantity;
use crate::chart::growth::{self as chart, Frame, Place, Series};
use crate::chart::look::Look;
use crate::format;
use crate::table::{Cell, Group, Row, Table};
use results::{IdleStep, Run};
use std::borrow::Cow;

/// The picture and the figures.
pub(crate) struct Idle {
    pub chart: Option<chart::Growth>,
    pub table: Table,
}

const NOT_LOOKED_AT: &str = "it was not looked at with so many connections";

/// None where a run looked at no more than one count.
pub(crate) fn idle(run: &Run) -> Option<Idle> {
    let idle = run.idle.as_ref().filter(|idle| idle.points.len() > 1)?;
    let looks = looks(run);
    let entries = || run.header.entries.iter().filter(|entry| entry.control_of.is_none());
    let ends: Vec<(u32, u32)> =
        idle.points.windows(2).map(|pair| (pair[0].connections, pair[1].connections)).collect();
    let each = |steps: &[IdleStep]| -> Vec<Cell> {
        let step = |(from, to): &(u32, u32)| steps.iter().find(|step| (step.from, step.to) == (*from, *to));
        let cell = |step: Option<&IdleStep>| match step {
            None => Cell::missing(NOT_LOOKED_AT),
            Some(step) => Cell::plain(format::kibibytes(step.bytes)),
        };
        ends.iter().map(|ends| cell(step(ends))).collect()
    };
    let servers = entries().map(|entry| {
        let held = idle.points.iter().map(|point| {
            let server = point.servers.iter().find(|server| server.label == entry.label);
            server.map_or_else(
                || Cell::missing(NOT_LOOKED_AT),
                |server| Cell::plain(format::bytes(server.anonymous_bytes as f64)),
            )
        });
        row(&looks, &entry.label, held.chain(each(&idle.steps(&entry.label))).collect())
    });
    let kernel = idle.points.iter().map(|point| {
        point.kernel_bytes.map_or_else(Cell::untold, |bytes| Cell::plain(format::bytes(bytes as f64)))
    });
    let kernel = Row {
        head: "the kernel".to_owned(),
        remark: Some("both ends, all transports; per connection of one".to_owned()),
        cells: kernel.chain(each(&idle.kernel_steps())).collect(),
        ..Row::default()
    };
    let counts = || idle.points.iter().map(|point| format::count(point.connections.into()));
    let between =
        ends.iter().map(|(from, to)| [from, to].map(|count| format::count(u64::from(*count))).join(" to "));
    let table = Table {
        caption: "The server's own memory with idle connections, and what each one more took".to_owned(),
        corner: "Transport",
        groups: vec![
            Group { title: "held, with so many".to_owned(), columns: counts().map(Cow::Owned).collect() },
            Group { title: "for one more, from".to_owned(), columns: between.map(Cow::Owned).collect() },
        ],
        rows: servers.chain([kernel]).collect(),
    };
    let lines: Vec<Series> =
        entries().map(|entry| line(run, &entry.label, look(&looks, &entry.label))).collect();
    let values = idle
        .points
        .iter()
        .map(|point| (f64::from(point.connections), format::count(point.connections.into())));
    let frame = Frame {
        title: "Memory of the server",
        reading: "What belongs to the server's process alone, with so many connections that had received three updates \
                  and waited. What the kernel holds for both ends comes on top, and stands in the table."
            .to_owned(),
        from_zero: true,
        quantity: Quantity::Bytes,
        key: "idle connections".to_owned(),
        key_quantity: Quantity::Number,
        values: values.collect(),
        description: describe(&table),
    };
    Some(Idle { chart: chart::of(frame, &lines), table })
}

fn line(run: &Run, label: &str, look: Look) -> Series {
    let points = run.idle.iter().flat_map(|idle| &idle.points).filter_map(|point| {
        let server = point.servers.iter().find(|server| server.label == label)?;
        let y = server.anonymous_bytes as f64;
        let x = f64::from(point.connections);
        Some(Place { x, y, spread: (y, y), doubted: false, model: None })
    });
    Series { label: label.to_owned(), look, points: points.collect() }
}

fn describe(table: &Table) -> String {
    let heads: Vec<&str> = table.groups.iter().flat_map(|group| &group.columns).map(AsRef::as_ref).collect();
    let sentence = |row: &Row| {
        let said: Vec<String> =
            heads.iter().zip(&row.cells).map(|(head, cell)| format!("{head}: {}", cell.text())).collect();
        format!("{}: {}.", row.head, said.join(", "))
    };
    table.rows.iter().map(sentence).collect::<Vec<_>>().join(" ")
}
