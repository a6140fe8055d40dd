//! Reads the `[[disturbance]]` tables.

use super::quote::not_one_of;
use super::section::{Absent, Found, Section, duration, text};
use crate::mistake::Mistakes;
use crate::{Disturbance, How, Instant, What, limits};
use std::time::Duration;
use toml_span::value::{Table, ValueInner};

const KINDS: [&str; 6] = ["cut", "outage", "stall", "pause", "restart", "deploy"];

/// Reads all tables; what is wrong is complained about.
pub(super) fn read(file: &mut Section<'_, '_>) -> Option<Vec<Found<Disturbance>>> {
    let tables = file.tables("disturbance")?;
    if tables.len() > limits::DISTURBANCES {
        let at = tables.last().map_or(file.at, |last| last.at);
        let (found, allowed) = (tables.len(), limits::DISTURBANCES);
        file.complain(at, "disturbance", format!("found {found} tables, allowed are {allowed}"));
        return None;
    }
    let all: Vec<_> = tables.into_iter().map(|table| one(file.mistakes, table)).collect();
    all.into_iter().collect()
}

fn one(mistakes: &Mistakes, table: Found<Table<'_>>) -> Option<Found<Disturbance>> {
    let known = ["at", "what", "how", "share", "for"];
    let mut section = Section::new(mistakes, "disturbance.", table.at, table.value, &known);
    let at = section.read("at", Absent::Needs("at = \"3s\""), instant);
    let how = section.read("how", Absent::Is(How::Reset), how);
    let what = section.read("what", Absent::Needs("what = \"cut\""), |value| {
        let word = text(value, "a kind of disturbance in quotes")?;
        Ok(match word.as_str() {
            "cut" => What::Cut(How::Reset),
            "outage" => What::Outage,
            "stall" => What::Stall,
            "pause" => What::Pause,
            "restart" => What::Restart,
            "deploy" => What::Deploy,
            other => return Err(not_one_of(other, &KINDS)),
        })
    });
    let share = section.read("share", Absent::Is(1.0), super::running::margin);
    let span = section.duration("for", &limits::DISTURBED, Absent::Is(Duration::from_secs(1)));
    let share = share?;
    if !(share.value > 0.0 && share.value <= 1.0) {
        section.complain(share.at, "share", "allowed is above 0%, and 100% at the most");
        return None;
    }
    let what = match what?.value {
        What::Cut(_) => What::Cut(how?.value),
        other => other,
    };
    let value = Disturbance { at: at?.value, what, share: share.value, span: span?.value };
    Some(Found { at: table.at, value })
}

fn instant(value: ValueInner<'_>) -> Result<Instant, String> {
    match &value {
        ValueInner::String(word) if word == "random" => Ok(Instant::Random),
        _ => duration(value, &(Duration::ZERO..=*limits::MEASURE.end()))
            .map(Instant::After)
            .map_err(|error| format!("{error}; or \"random\"")),
    }
}

fn how(value: ValueInner<'_>) -> Result<How, String> {
    match text(value, "\"reset\", \"close\" or \"silent\"")?.as_str() {
        "reset" => Ok(How::Reset),
        "close" => Ok(How::Close),
        "silent" => Ok(How::Silent),
        other => Err(not_one_of(other, &["reset", "close", "silent"])),
    }
}
