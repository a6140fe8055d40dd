//! What an entry is in the decision, and over which network path it was measured.

use results::{EntryRecord, Run};
use scenario::Role;
use std::collections::BTreeMap;

/// What lies between the clients of an entry and their server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// One-way delay, in nanoseconds.
    pub delay_ns: u64,
    /// Everything else, by the keys of scenarios.
    pub way: BTreeMap<String, String>,
}

impl Path {
    /// The path of an entry.
    #[must_use]
    pub fn of(run: &Run, entry: &EntryRecord) -> Path {
        Path { delay_ns: entry.delay_ns.unwrap_or(run.header.delay_ns), way: entry.way.clone() }
    }

    /// The scenario's own. A file from before it was written down has it from most of its entries; a proxy is then never
    /// part of it, unless every entry is behind one.
    #[must_use]
    pub fn usual(run: &Run) -> Path {
        let delay_ns = run.header.delay_ns;
        if let Some(way) = &run.header.way {
            return Path { delay_ns, way: way.clone() };
        }
        let contestants =
            || run.header.entries.iter().filter(|entry| !entry.floor && entry.control_of.is_none());
        let direct: Vec<Path> =
            contestants().filter(|entry| entry.via().is_none()).map(|entry| Path::of(run, entry)).collect();
        let all: Vec<Path> = contestants().map(|entry| Path::of(run, entry)).collect();
        let from = if direct.is_empty() { all } else { direct };
        let count = |path: &Path| from.iter().filter(|other| *other == path).count();
        // Of several that are as frequent, the first.
        let usual = from.iter().rev().max_by_key(|path| count(path)).cloned();
        usual.unwrap_or(Path { delay_ns, way: BTreeMap::new() })
    }

    /// In what it differs from another one, as a fragment: "through nginx (nginx 1.22.1, as installed)", "5 ms away in
    /// place of 30 ms". None where it does not differ.
    #[must_use]
    pub fn differs(&self, run: &Run, usual: &Path) -> Option<String> {
        let mut said = Vec::new();
        if let Some(via) = self.way.get("via").filter(|via| usual.way.get("via") != Some(via)) {
            let record = run.header.vias.iter().find(|record| record.name == *via);
            said.push(record.map_or_else(
                || format!("through {via}"),
                |record| format!("through {} ({})", program(record), record.setup),
            ));
        } else if !self.way.contains_key("via") && usual.way.contains_key("via") {
            said.push("without a proxy".to_owned());
        }
        if self.delay_ns != usual.delay_ns {
            let far =
                |ns: u64| if ns == 0 { "no distance".to_owned() } else { crate::format::tick(ns as f64) };
            said.push(match (self.delay_ns, usual.delay_ns) {
                (0, there) => format!("without the distance of {}", far(there)),
                (here, there) => format!("{} away in place of {}", far(here), far(there)),
            });
        }
        let keys = self.way.keys().chain(usual.way.keys()).filter(|key| key.as_str() != "via");
        let mut keys: Vec<&String> = keys.filter(|key| self.way.get(*key) != usual.way.get(*key)).collect();
        keys.sort();
        keys.dedup();
        said.extend(keys.into_iter().map(|key| match (key.as_str(), self.way.get(key)) {
            ("fallback" | "reconnect", Some(value)) => value.clone(),
            ("tls", Some(value)) => format!("over {value}"),
            ("tls", None) => "without TLS".to_owned(),
            ("headers", Some(_)) => "with a browser\u{2019}s header fields".to_owned(),
            ("headers", None) => "with bare header fields".to_owned(),
            ("link", value) => link(value.map(String::as_str), usual.way.get(key).map(String::as_str)),
            ("congestion_control", Some(value)) => format!("with {value}"),
            (key, Some(value)) => format!("with {key} {value}"),
            (key, None) => format!("without {key}"),
        }));
        (!said.is_empty()).then(|| said.join(", "))
    }
}

/// What a link does that the usual one does not, or the other way round: "without 2 % lost".
fn link(here: Option<&str>, usual: Option<&str>) -> String {
    let parts = |link: Option<&str>| {
        link.map(|link| {
            link.split_once(": ")
                .map_or((link.to_owned(), String::new()), |(kind, what)| (kind.to_owned(), what.to_owned()))
        })
    };
    match (parts(here), parts(usual)) {
        (Some((kind, what)), Some((other, usual))) if kind == other => {
            match (what.as_str(), usual.as_str()) {
                ("", usual) => format!("without {usual}"),
                (what, "") => format!("with {what}"),
                (what, usual) => format!("with {what} in place of {usual}"),
            }
        }
        (Some(_), _) => format!("over {}", here.unwrap_or_default()),
        (None, _) => format!("without {}", usual.unwrap_or_default()),
    }
}

/// "nginx 1.22.1": of what the program says of its version, the number.
fn program(record: &results::ViaRecord) -> String {
    let said = record.version.as_deref().unwrap_or_default();
    let is_number =
        |word: &&str| word.starts_with(|first: char| first.is_ascii_digit()) && word.contains('.');
    let number = said.split([' ', '/', '-']).find(is_number);
    number.map_or_else(|| record.program.clone(), |number| format!("{} {number}", record.program))
}

/// What an entry is in the decision.
#[must_use]
pub fn role(run: &Run, entry: &EntryRecord) -> Role {
    if entry.floor || entry.control_of.is_some() {
        return Role::Reference;
    }
    if let Some(role) = entry.role.as_deref().and_then(Role::parse) {
        return role;
    }
    let carries_live = run.header.shape == "exchange" || entry.can("live");
    match () {
        () if !carries_live => Role::Reference,
        () if Path::of(run, entry) != Path::usual(run) => Role::WhatIf,
        () => Role::Candidate,
    }
}
