//! What lies between clients and servers: who comes through, and what it adds.

mod readable;

use crate::standing::Standing;
use crate::table::{Cell, Group, Row, Table};
use crate::{columns, format};
pub(crate) use readable::Readable;
use results::{Merged, Run, ViaSeen};
use std::collections::BTreeMap;
use verdict::Passage;

/// The section on the way, where there is anything on it.
pub(crate) struct WaySection {
    pub table: Table,
    /// Where there are links of packets.
    pub links: Option<Table>,
    /// What somebody on the way can read, where it was looked at.
    pub readable: Option<Readable>,
    /// One for each transport behind a proxy.
    pub seen: Vec<Seen>,
}

/// What a proxy had noted of one transport.
pub(crate) struct Seen {
    pub title: String,
    pub access: String,
    pub errors: String,
    pub configuration: String,
}

const NO_TLS: &str = "there is no TLS";
const NOT_NOTED: &str = "this file does not tell";
const NO_TWIN: &str = "the same transport was not run without it";

/// None where every client dials its server, and says no more than it needs.
pub(crate) fn section(run: &Run, standings: &[Standing]) -> Option<WaySection> {
    if run.header.entries.iter().all(|entry| entry.way.is_empty()) {
        return None;
    }
    let rows = standings.iter().filter(|standing| !standing.entry.floor || !standing.entry.way.is_empty());
    let table = Table {
        caption: "The way: who comes through, how long setting up takes, and what goes over the wire"
            .to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("", &["on the way", "comes through"]),
            Group::new("Set-up, p50", &["all of it", "TCP", "TLS", "the rest"]),
            Group::new("First update after", &["p50"]),
            Group::new("Median latency", &["p50", "added"]),
            Group::new("Bytes down per update", &["on TCP", "above TLS"]),
            Group::new("Bytes up per update", &["on TCP", "above TLS"]),
        ],
        rows: rows.map(|standing| row(run, standings, standing)).collect(),
    };
    Some(WaySection {
        table,
        links: super::links::table(run, standings),
        readable: readable::of(run, standings),
        seen: run.header.entries.iter().filter_map(|entry| seen(run, &entry.label)).collect(),
    })
}

fn row(run: &Run, standings: &[Standing], standing: &Standing) -> Row {
    let entry = standing.entry;
    let way: Vec<String> = entry
        .way
        .iter()
        .map(|(key, value)| match key.as_str() {
            "congestion_control" => format!("{value} controls congestion"),
            "headers" => format!("a {value}\u{2019}s headers"),
            "via" => run
                .header
                .vias
                .iter()
                .find(|via| via.name == *value)
                .map_or_else(|| value.clone(), |via| format!("{}, {}", via.program, via.setup)),
            _ => value.clone(),
        })
        .collect();
    let way = if way.is_empty() { "nothing".to_owned() } else { way.join("; ") };
    let passage = match Passage::of(run, &entry.label) {
        None => Cell::missing(crate::standing::NOT_CLOSED),
        Some(passage) if passage.is_free() => Cell::plain("\u{2713} all").with_under(over(run, &entry.label)),
        Some(passage) => Cell::wrong(
            match (passage.connected, passage.delivers) {
                (0, _) => "\u{2717} nobody".to_owned(),
                (_, false) => "\u{2717} nothing comes".to_owned(),
                (some, true) => format!("{} of {}", format::count(some), format::count(passage.clients)),
            },
            passage.failure.unwrap_or_else(|| "connections were not made".to_owned()),
        ),
    };
    let twin = standings.iter().find(|twin| is_twin(twin, standing));
    let mut made = super::row(standing, 13, |merged| {
        let mut cells = vec![Cell::plain(way.clone()), passage.clone()];
        cells.extend(setup(merged));
        cells.push(columns::independent(&merged.account.first_update, 0.5, NOT_NOTED));
        cells.push(columns::latency(&standing.quantile(0.5)));
        cells.push(added(standing, twin));
        cells.extend(bytes(merged));
        cells
    });
    // What is on the way is known also of those that closed nothing.
    if let Some(first) = made.cells.first_mut() {
        *first = Cell::plain(way);
    }
    made
}

/// Over which of several transports that were tried connections were opened.
fn over(run: &Run, label: &str) -> Option<String> {
    let mut all = BTreeMap::<&str, u64>::new();
    for (name, count) in run.rounds_of(label).into_iter().flat_map(|account| &account.over) {
        *all.entry(name).or_default() += count;
    }
    let each: Vec<String> =
        all.iter().map(|(name, count)| format!("{} over {name}", format::count(*count))).collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// The same transport with the same settings, and nothing on its way.
fn is_twin(twin: &Standing, of: &Standing) -> bool {
    !std::ptr::eq(twin, of)
        && twin.entry.way.is_empty()
        && twin.entry.control_of.is_none()
        && twin.entry.transport == of.entry.transport
        && twin.entry.delay_ns == of.entry.delay_ns
}

fn added(standing: &Standing, twin: Option<&Standing>) -> Cell {
    if standing.entry.way.is_empty() {
        return Cell::missing("nothing is on its way");
    }
    let median = |standing: &Standing| standing.quantile(0.5).ok().map(|figure| figure.value_ns);
    match twin.map(|twin| (median(standing), median(twin))) {
        None => Cell::missing(NO_TWIN),
        Some((Some(with), Some(without))) => {
            let sign = if with >= without { "+" } else { "\u{2212}" };
            Cell::plain(format!("{sign}{}", format::duration(with.abs_diff(without))))
        }
        Some(_) => Cell::missing("one of the two medians is not known"),
    }
}

fn setup(merged: &Merged) -> [Cell; 4] {
    let account = &merged.account;
    let p50 = |values: &ledger::Distribution, why| columns::independent(values, 0.5, why);
    let rest = match (account.setup.quantile(0.5), account.setup_tcp.quantile(0.5)) {
        (Some(all), Some(tcp)) => {
            let tls = account.setup_tls.quantile(0.5).unwrap_or(0);
            Cell::plain(format::duration(all.saturating_sub(tcp).saturating_sub(tls)))
        }
        _ => Cell::missing(NOT_NOTED),
    };
    [
        p50(&account.setup, "no connection was set up"),
        p50(&account.setup_tcp, NOT_NOTED),
        p50(&account.setup_tls, NO_TLS),
        rest,
    ]
}

fn bytes(merged: &Merged) -> [Cell; 4] {
    let steady = &merged.steady;
    let each = |bytes: u64| columns::bytes_each(bytes, steady.updates);
    let plain = |of: fn((u64, u64)) -> u64| match steady.plain {
        Some(both) => each(of(both)),
        None => Cell::missing(NO_TLS),
    };
    [each(steady.bytes_in), plain(|(down, _)| down), each(steady.bytes_out), plain(|(_, up)| up)]
}

fn seen(run: &Run, label: &str) -> Option<Seen> {
    let rounds = run.rounds_of(label);
    let ViaSeen { configuration, access, errors } = rounds.iter().find_map(|account| account.via.as_ref())?;
    let lines = |lines: &[String]| match lines {
        [] => "nothing".to_owned(),
        lines => lines.join("\n"),
    };
    Some(Seen {
        title: label.to_owned(),
        access: lines(access),
        errors: lines(errors),
        configuration: configuration.clone(),
    })
}
