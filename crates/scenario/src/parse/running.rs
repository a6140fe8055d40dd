//! Settings of how a run goes, in types that no other table has.

use super::quote;
use super::section::{self, Absent, Found, Section};
use crate::{IdleCount, Order, Pin, Placement, limits};
use std::ops::RangeInclusive;
use std::time::Duration;
use toml_span::value::ValueInner;

pub(super) fn order(value: ValueInner<'_>) -> Result<Order, String> {
    match section::text(value, "\"together\", \"apart\" or \"both\"")?.as_str() {
        "together" => Ok(Order::Together),
        "apart" => Ok(Order::Apart),
        "both" => Ok(Order::Both),
        other => Err(quote::not_one_of(other, &["together", "apart", "both"])),
    }
}

/// How often the server's memory is looked at.
pub(super) fn memory_every(value: ValueInner<'_>) -> Result<Option<Duration>, String> {
    match value {
        ValueInner::String(word) if word == "never" => Ok(None),
        other => section::duration(other, &limits::MEMORY_EVERY).map(Some),
    }
}

/// A share of whatever size a margin may have.
pub(super) fn margin(value: ValueInner<'_>) -> Result<f64, String> {
    percentage(value, &limits::MARGIN_PERCENT)
}

/// A percentage as a share.
pub(super) fn percentage(value: ValueInner<'_>, allowed: &RangeInclusive<f64>) -> Result<f64, String> {
    let needed = "a percentage in quotes, such as \"10%\"";
    let text = section::text(value, needed)?;
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    let percent = number.ok_or_else(|| format!("found {}, needed is {needed}", quote::quote(&text)))?;
    section::inside(percent, allowed, &text, |end| format!("{end}%")).map(|percent| percent / 100.0)
}

/// A number, up to which two counts are far enough apart for a slope, or a list of the counts themselves.
pub(super) fn idle_counts(value: ValueInner<'_>) -> Result<Vec<IdleCount>, String> {
    let needed = "needed is a whole number, or a list of counts such as [1000, 10000, \"most\"]";
    let list = match value {
        ValueInner::Integer(_) => {
            return section::whole(value, &limits::IDLE_CONNECTIONS).map(|number| up_to(number as u32));
        }
        ValueInner::Array(list) => list,
        other => return Err(format!("found {}, {needed}", quote::describe(&other))),
    };
    let count = |value: ValueInner<'_>| match value {
        ValueInner::String(word) if word == "most" => Ok(IdleCount::Most),
        ValueInner::String(word) => Err(quote::not_one_of(&word, &["most"])),
        number => {
            section::whole(number, &limits::IDLE_CONNECTIONS).map(|number| IdleCount::Exactly(number as u32))
        }
    };
    let counts = list.into_iter().map(|mut item| count(item.take())).collect::<Result<Vec<_>, _>>()?;
    if !limits::IDLE_COUNTS.contains(&counts.len()) {
        let (least, most) = (limits::IDLE_COUNTS.start(), limits::IDLE_COUNTS.end());
        return Err(format!("found {} counts, allowed are {least} to {most}", counts.len()));
    }
    let grows = |pair: &[IdleCount]| match (pair[0], pair[1]) {
        (IdleCount::Exactly(fewer), IdleCount::Exactly(more)) => 0 < fewer && fewer < more,
        (fewer, IdleCount::Most) => fewer != IdleCount::Most && fewer != IdleCount::Exactly(0),
        (IdleCount::Most, _) => false,
    };
    match counts.windows(2).all(grows) {
        true => Ok(counts),
        false => {
            Err("each count has to be larger than the one before it, with \"most\" at the end".to_owned())
        }
    }
}

/// A fifth of a number, and all: one count if there are no two, none for 0.
pub(super) fn up_to(all: u32) -> Vec<IdleCount> {
    let fewer = (all / 5).max(1);
    let counts = [fewer, all].into_iter().filter(|count| *count > 0 && *count <= all);
    let mut counts: Vec<_> = counts.map(IdleCount::Exactly).collect();
    counts.dedup();
    counts
}

pub(super) fn pin(file: &mut Section<'_, '_>) -> Option<Placement> {
    let Some(Found { value, at }) = file.take("pin") else { return Some(Placement::Halves) };
    let table = match value {
        ValueInner::Table(table) => table,
        ValueInner::String(word) if word == "halves" => return Some(Placement::Halves),
        ValueInner::String(word) if word == "anywhere" => return Some(Placement::Anywhere),
        other => {
            let needed =
                "needed is \"halves\", \"anywhere\" or a table such as { servers = [0], clients = [1] }";
            file.complain(at, "pin", format!("found {}, {needed}", quote::describe(&other)));
            return None;
        }
    };
    let mut section = Section::new(file.mistakes, "pin.", at, table, &["servers", "clients"]);
    let mut list = |key| section.read(key, Absent::Is(Vec::new()), processors).map(|found| found.value);
    let (servers, clients) = (list("servers"), list("clients"));
    Some(Placement::On(Pin { servers: servers?, clients: clients? }))
}

fn processors(value: ValueInner<'_>) -> Result<Vec<u32>, String> {
    match value {
        ValueInner::Array(list) => list
            .into_iter()
            .map(|mut item| section::whole(item.take(), &limits::PROCESSOR).map(|number| number as u32))
            .collect(),
        other => {
            Err(format!("found {}, needed is a list of processors, such as [0]", quote::describe(&other)))
        }
    }
}
