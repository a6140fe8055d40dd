//! Reads `[network]`, its keys in `[[transport]]`, and `[[via]]`.

use super::quote::{describe, not_one_of};
use super::section::{Absent, Found, Section, text};
use crate::mistake::Mistakes;
use crate::{Headers, Program, Setup, Tls, Via, Way, limits};
use std::time::Duration;
use toml_span::value::{Table, ValueInner};

/// The keys of a way.
pub(super) const KEYS: [&str; 4] = ["delay", "tls", "headers", "via"];

/// The way that a section describes, where it says nothing the usual one.
pub(super) fn read(section: &mut Section<'_, '_>, usual: &Way, vias: &[Found<Via>]) -> Option<Found<Way>> {
    let delay = section.duration("delay", &limits::DELAY, Absent::Is(usual.delay));
    let tls = section.read("tls", Absent::Is(usual.tls), tls);
    let headers = section.read("headers", Absent::Is(usual.headers), headers);
    let names: Vec<&str> = vias.iter().map(|via| via.value.name.as_str()).collect();
    let via = section.read("via", Absent::Is(usual.via.clone()), |value| via_name(value, &names));
    let at = section.at;
    let value = Way { delay: delay?.value, tls: tls?.value, headers: headers?.value, via: via?.value };
    Some(Found { value, at })
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
