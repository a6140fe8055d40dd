//! What entries are called in prose.

use super::role::{Path, role};
use results::{EntryRecord, Run};
use scenario::Role;

/// The name of a transport as prose has it, whatever it carries.
#[must_use]
pub fn protocol(transport: &str) -> &str {
    match transport {
        "websocket" => "WebSocket",
        "sse" => "SSE",
        "long-polling" => "Long polling",
        "short-polling" => "Short polling",
        "plain" => "Plain HTTP",
        "tcp" => "Raw TCP",
        other => other,
    }
}

/// The same in a run, at the beginning of a sentence: one response to a question for a whole reply is no streaming.
#[must_use]
pub fn transport(run: &Run, transport: &str) -> String {
    let is_whole = transport == "plain" && run.header.shape != "exchange";
    if is_whole { "No streaming".to_owned() } else { protocol(transport).to_owned() }
}

/// The name of an entry, at the beginning of a sentence. Its label is added where another entry of the same role and
/// network path has the same transport.
#[must_use]
pub fn entry(run: &Run, label: &str) -> String {
    let Some(entry) = run.header.entries.iter().find(|entry| entry.label == label) else {
        return label.to_owned();
    };
    let name = transport(run, &entry.transport);
    if entry.control_of.is_some() {
        return format!("{name} (again)");
    }
    if twin(run, entry).is_some() && entry.label != entry.transport {
        return format!("{name} ({label})");
    }
    match entry.options.get("interval") {
        Some(interval) if entry.transport == "short-polling" => format!("{name} every {}", spaced(interval)),
        _ => name,
    }
}

/// "250ms" as "250 ms".
#[must_use]
pub fn spaced(amount: &str) -> String {
    let digits = amount.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(amount.len());
    format!("{}\u{202f}{}", &amount[..digits], &amount[digits..])
}

/// The name of an entry in a table that has its network path beside it.
#[must_use]
pub fn in_tables(run: &Run, label: &str) -> String {
    let Some(record) = run.header.entries.iter().find(|entry| entry.label == label) else {
        return label.to_owned();
    };
    let path = Path::of(run, record);
    let mut others =
        run.header.entries.iter().filter(|other| other.label != label && other.control_of.is_none());
    let is_alone = !others.any(|other| other.transport == record.transport && Path::of(run, other) == path);
    let is_what_if = role(run, record) != Role::Candidate;
    if is_alone && is_what_if { transport(run, &record.transport) } else { entry(run, label) }
}

/// The name of an entry where entries of all roles and paths stand beside each other.
#[must_use]
pub fn among_all(run: &Run, label: &str) -> String {
    let Some(record) = run.header.entries.iter().find(|entry| entry.label == label) else {
        return label.to_owned();
    };
    let others = run.header.entries.iter().filter(|other| other.transport == record.transport).count();
    if others > 1 && record.label != record.transport && record.control_of.is_none() {
        return format!("{} ({label})", transport(run, &record.transport));
    }
    entry(run, label)
}

/// The same in mid-sentence.
#[must_use]
pub fn mid(name: &str) -> String {
    let keeps = name.starts_with("WebSocket") || name.starts_with("SSE");
    if keeps {
        return name.to_owned();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Another entry that the same name would stand for.
fn twin<'a>(run: &'a Run, entry: &EntryRecord) -> Option<&'a EntryRecord> {
    let is_shown = |other: &EntryRecord| role(run, other) != Role::WhatIf || role(run, entry) == Role::WhatIf;
    run.header.entries.iter().find(|other| {
        other.label != entry.label
            && other.control_of.is_none()
            && other.transport == entry.transport
            && Path::of(run, other) == Path::of(run, entry)
            && is_shown(other)
    })
}

/// Items in a row, with a word before the last.
#[must_use]
pub fn joined(items: &[impl AsRef<str>], last_word: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {last_word} {last}", first.join(", ")),
    }
}

/// The same with "and".
#[must_use]
pub fn list(items: &[impl AsRef<str>]) -> String {
    joined(items, "and")
}

/// With its first letter in upper case.
#[must_use]
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
