//! Settings of how a run goes, in types that no other table has.

use super::quote;
use super::section::{self, Absent, Section};
use crate::{Order, Pin, limits};
use toml_span::value::ValueInner;

pub(super) fn order(value: ValueInner<'_>) -> Result<Order, String> {
    match section::text(value, "\"together\", \"apart\" or \"both\"")?.as_str() {
        "together" => Ok(Order::Together),
        "apart" => Ok(Order::Apart),
        "both" => Ok(Order::Both),
        other => Err(quote::not_one_of(other, &["together", "apart", "both"])),
    }
}

pub(super) fn percentage(value: ValueInner<'_>) -> Result<f64, String> {
    let needed = "a percentage in quotes, such as \"10%\"";
    let text = section::text(value, needed)?;
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    let percent = number.ok_or_else(|| format!("found {}, needed is {needed}", quote::quote(&text)))?;
    section::inside(percent, &limits::MARGIN_PERCENT, &text, |end| format!("{end}%"))
        .map(|percent| percent / 100.0)
}

pub(super) fn pin(file: &mut Section<'_, '_>) -> Option<Pin> {
    let mut section = file.table("pin", "pin.", &["servers", "clients"])?;
    let mut list = |key| section.read(key, Absent::Is(Vec::new()), processors).map(|found| found.value);
    let (servers, clients) = (list("servers"), list("clients"));
    Some(Pin { servers: servers?, clients: clients? })
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
