//! Reads `[network]`, its keys in `[[transport]]`, and `[[via]]`.

use super::quote::{describe, not_one_of, quote};
use super::running::percentage;
use super::section::{Absent, Found, Section, duration, inside, text};
use crate::link::{parse_rate, print_rate, profiles};
use crate::mistake::Mistakes;
use crate::{Carried, Headers, Link, Program, Reconnect, Setup, Tls, Via, Way, limits};
use std::time::Duration;
use toml_span::value::{Table, ValueInner};

/// The keys of a way.
pub(super) const KEYS: [&str; 15] = [
    "profile",
    "delay",
    "jitter",
    "down",
    "up",
    "queue",
    "loss",
    "lost_in_a_row",
    "overtaken",
    "link",
    "congestion_control",
    "reconnect",
    "tls",
    "headers",
    "via",
];

/// The way that a section describes, where it says nothing the usual one.
pub(super) fn read(section: &mut Section<'_, '_>, usual: &Way, vias: &[Found<Via>]) -> Option<Found<Way>> {
    let profile = section.read("profile", Absent::Is(None), |value| {
        let name = text(value, "the name of a profile in quotes")?;
        let way = usual.as_profile(&name);
        way.map(Some).ok_or_else(|| not_one_of(&name, &profiles()))
    })?;
    let usual = profile.value.as_ref().unwrap_or(usual);
    let delay = section.duration("delay", &limits::DELAY, Absent::Is(usual.delay));
    let link = link(section, &usual.link);
    let usual_control = Absent::Is(usual.congestion_control.clone());
    let congestion_control = section.read("congestion_control", usual_control, congestion_control);
    let reconnect = section.read("reconnect", Absent::Is(usual.reconnect), |value| match value {
        ValueInner::String(word) if word == "backoff" => Ok(Reconnect::Backoff),
        other => duration(other, &limits::RECONNECT).map(Reconnect::After),
    });
    let tls = section.read("tls", Absent::Is(usual.tls), tls);
    let headers = section.read("headers", Absent::Is(usual.headers), headers);
    let names: Vec<&str> = vias.iter().map(|via| via.value.name.as_str()).collect();
    let via = section.read("via", Absent::Is(usual.via.clone()), |value| via_name(value, &names));
    let at = section.at;
    let (delay, link) = (delay?.value, link?);
    let (congestion_control, reconnect) = (congestion_control?.value, reconnect?.value);
    let value = Way {
        delay,
        link,
        congestion_control,
        reconnect,
        tls: tls?.value,
        headers: headers?.value,
        via: via?.value,
    };
    Some(Found { value, at })
}

fn link(section: &mut Section<'_, '_>, usual: &Link) -> Option<Link> {
    let jitter = section.duration("jitter", &limits::JITTER, Absent::Is(usual.jitter));
    let down = section.read("down", Absent::Is(usual.down), rate);
    let up = section.read("up", Absent::Is(usual.up), rate);
    let queue = section.duration("queue", &limits::QUEUE, Absent::Is(usual.queue));
    let loss = section.read("loss", Absent::Is(usual.lost_per_million), per_million);
    let in_a_row = section.whole("lost_in_a_row", &limits::IN_A_ROW, Absent::Is(usual.in_a_row.into()));
    let overtaken = section.read("overtaken", Absent::Is(usual.overtaken_per_million), per_million);
    let carried = section.read("link", Absent::Is(usual.carried), |value| {
        match text(value, "\"bytes\" or \"packets\"")?.as_str() {
            "bytes" => Ok(Carried::Bytes),
            "packets" => Ok(Carried::Packets),
            other => Err(not_one_of(other, &["bytes", "packets"])),
        }
    });
    Some(Link {
        carried: carried?.value,
        jitter: jitter?.value,
        down: down?.value,
        up: up?.value,
        queue: queue?.value,
        lost_per_million: loss?.value,
        in_a_row: in_a_row?.value as u32,
        overtaken_per_million: overtaken?.value,
    })
}

fn rate(value: ValueInner<'_>) -> Result<Option<u64>, String> {
    let needed = "a rate with its unit in quotes, such as \"5Mbit/s\", or \"unlimited\"";
    let text = text(value, needed)?;
    match parse_rate(&text).ok_or_else(|| format!("found {}, needed is {needed}", quote(&text)))? {
        None => Ok(None),
        Some(rate) => inside(rate, &limits::LINK_RATE, &quote(&text), |end| print_rate(Some(*end))).map(Some),
    }
}

fn per_million(value: ValueInner<'_>) -> Result<u32, String> {
    let share = percentage(value, &limits::PACKETS_PERCENT)?;
    Ok((share * 1e6).round() as u32)
}

/// Which there are, only the machine knows.
fn congestion_control(value: ValueInner<'_>) -> Result<Option<String>, String> {
    let needed = "the name of an algorithm in quotes, such as \"cubic\", or \"system\"";
    let name = text(value, needed)?;
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match name.as_str() {
        "system" => Ok(None),
        // As long as the kernel lets them be.
        word if (1..16).contains(&word.len()) && word.chars().all(is_word) => Ok(Some(name)),
        _ => Err(format!("found {}, needed is {needed}", quote(&name))),
    }
}

fn tls(value: ValueInner<'_>) -> Result<Tls, String> {
    match value {
        ValueInner::Boolean(on) => Ok(if on { Tls::Resuming } else { Tls::Off }),
        ValueInner::String(word) if word == "without-resumption" => Ok(Tls::Afresh),
        ValueInner::String(word) => Err(not_one_of(&word, &["without-resumption"])),
        other => Err(format!("found {}, needed is true, false or \"without-resumption\"", describe(&other))),
    }
}

fn headers(value: ValueInner<'_>) -> Result<Headers, String> {
    match text(value, "\"bare\" or \"browser\"")?.as_str() {
        "bare" => Ok(Headers::Bare),
        "browser" => Ok(Headers::Browser),
        other => Err(not_one_of(other, &["bare", "browser"])),
    }
}

fn via_name(value: ValueInner<'_>, names: &[&str]) -> Result<Option<String>, String> {
    let name = text(value, "the name of a [[via]] in quotes, or \"none\"")?;
    match name.as_str() {
        "none" => Ok(None),
        known if names.contains(&known) => Ok(Some(name)),
        other if names.is_empty() => Err(format!("found \"{other}\", and there is no [[via]]")),
        other => Err(not_one_of(other, &[&["none"], names].concat())),
    }
}

/// Reads all proxies; what is wrong is left out and complained about.
pub(super) fn vias(file: &mut Section<'_, '_>) -> Option<Vec<Found<Via>>> {
    let tables = file.tables("via")?;
    let mut vias: Vec<Found<Via>> = Vec::new();
    let mut all_right = true;
    for table in tables {
        match via(file.mistakes, table, &vias) {
            Some(via) => vias.push(via),
            None => all_right = false,
        }
    }
    all_right.then_some(vias)
}

fn via(mistakes: &Mistakes, table: Found<Table<'_>>, before: &[Found<Via>]) -> Option<Found<Via>> {
    let known = ["name", "program", "setup", "idle", "requests"];
    let mut section = Section::new(mistakes, "via.", table.at, table.value, &known);
    let name = section.read("name", Absent::Needs("name = \"proxy\""), |value| {
        let name = text(value, "a name in quotes")?;
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = (1..=limits::LABEL_CHARS).contains(&name.len()) && name.chars().all(is_word);
        match fits && name != "none" && before.iter().all(|other| other.value.name != name) {
            true => Ok(name),
            false => Err(format!(
                "found \"{name}\"; needed is a name of its own of 1 to {} lower-case letters, digits and hyphens, other \
                 than \"none\"",
                limits::LABEL_CHARS
            )),
        }
    });
    let program = section.read("program", Absent::Needs("program = \"nginx\""), |value| {
        let word = text(value, "the name of a program in quotes")?;
        let names = Program::ALL.map(Program::name);
        let found = Program::ALL.into_iter().find(|program| program.name() == word);
        found.ok_or_else(|| not_one_of(&word, &names))
    });
    let idle = section.duration("idle", &limits::IDLE_LIMIT, Absent::Is(Duration::from_secs(60)));
    let requests = section.whole("requests", &limits::REQUESTS, Absent::Is(1_000));
    let program = program?;
    let setup = section.read("setup", Absent::Is("default".to_owned()), |value| {
        let word = text(value, "the name of a setup in quotes")?;
        match program.value.setups().contains(&word.as_str()) {
            true => Ok(word),
            false => Err(not_one_of(&word, program.value.setups())),
        }
    })?;
    let setup = match setup.value.as_str() {
        "streaming" => Setup::Streaming,
        "buffering" => Setup::Buffering,
        "idle" => Setup::Idle(idle?.value),
        "requests" => Setup::Requests(requests?.value as u32),
        "no-upgrade" => Setup::NoUpgrade,
        _ => Setup::Default,
    };
    Some(Found { at: table.at, value: Via { name: name?.value, program: program.value, setup } })
}

#[cfg(test)]
mod tests;
