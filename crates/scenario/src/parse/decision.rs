//! Reads what a scenario says about its decision: `recommends`, `[scale]`, `[matters]` and the role of an entry.

use super::quote::{describe, not_one_of};
use super::section::{self, Absent, Found, Section};
use crate::{Matters, Role, Scale, Unit, figure, limits, link};
use toml_span::value::ValueInner;

/// What could be read of it.
pub(super) struct Read {
    recommends: Option<Found<bool>>,
    scale: Option<Scale>,
    matters: Option<Matters>,
}

/// All of it, without a mistake.
pub(super) struct Decision {
    pub recommends: bool,
    pub scale: Scale,
    pub matters: Matters,
}

impl Read {
    pub fn of(file: &mut Section<'_, '_>) -> Read {
        Read { recommends: file.flag("recommends", true), scale: scale(file), matters: matters(file) }
    }

    pub fn parts(self) -> Option<Decision> {
        Some(Decision { recommends: self.recommends?.value, scale: self.scale?, matters: self.matters? })
    }
}

/// Reads the role of an entry.
pub(super) fn role(value: ValueInner<'_>) -> Result<Role, String> {
    let word = section::text(value, "\"candidate\", \"reference\" or \"what-if\"")?;
    Role::parse(&word).ok_or_else(|| not_one_of(&word, &Role::ALL.map(Role::name)))
}

fn scale(file: &mut Section<'_, '_>) -> Option<Scale> {
    let mut table = file.table("scale", "scale.", &["users", "hours_per_day"])?;
    let users = table.read("users", Absent::Is(None), |value| {
        section::whole(value, &limits::SCALE_USERS).map(|users| Some(users as u32))
    });
    let hours = table.read("hours_per_day", Absent::Is(None), |value| {
        let hours = number(value)?;
        section::inside(hours, &limits::HOURS_PER_DAY, &format!("{hours}"), f64::to_string).map(Some)
    });
    Some(Scale { users: users?.value, hours_per_day: hours?.value })
}

fn matters(file: &mut Section<'_, '_>) -> Option<Matters> {
    let keys = ["delay", "staleness", "cpu", "memory", "traffic", "requests"];
    let mut table = file.table("matters", "matters.", &keys)?;
    let mut amount = |key: &str, unit: Unit, example: &str| {
        table.read(key, Absent::Is(None), |value| {
            let text = section::text(value, example)?;
            figure::amount(&text, unit)
                .filter(|amount| *amount > 0.0)
                .map(Some)
                .ok_or_else(|| format!("found \"{text}\", needed is {example}"))
        })
    };
    let delay = amount("delay", Unit::Time, "a time such as \"10ms\"");
    let staleness = amount("staleness", Unit::Time, "a time such as \"100ms\"");
    let cpu = amount("cpu", Unit::Share, "a part of one core such as \"5%\"");
    let memory = amount("memory", Unit::Bytes, "a size such as \"64MiB\"");
    let traffic = table.read("traffic", Absent::Is(None), |value| {
        let text = section::text(value, "a rate such as \"1Mbit/s\"")?;
        link::parse_rate(&text)
            .flatten()
            .map(|bits| Some(bits as f64))
            .ok_or_else(|| format!("found \"{text}\", needed is a rate such as \"1Mbit/s\""))
    });
    let requests = table.read("requests", Absent::Is(None), |value| {
        number(value).and_then(|number| {
            if number > 0.0 { Ok(Some(number)) } else { Err("needed is a number above 0".to_owned()) }
        })
    });
    Some(Matters {
        delay_ns: delay?.value,
        staleness_ns: staleness?.value,
        cpu_cores: cpu?.value,
        memory_bytes: memory?.value,
        traffic_bits_per_s: traffic?.value,
        requests_per_s: requests?.value,
    })
}

fn number(value: ValueInner<'_>) -> Result<f64, String> {
    match value {
        ValueInner::Integer(number) => Ok(number as f64),
        ValueInner::Float(number) if number.is_finite() => Ok(number),
        other => Err(format!("found {}, needed is a number", describe(&other))),
    }
}
