//! Reads the `[[transport]]` tables.

use super::quote::{not_one_of, quote, shorten};
use super::section::{Absent, Found, Section, text};
use super::{decision, way};
use crate::limits;
use crate::mistake::Mistakes;
use crate::{Entry, TransportKind, Via, Way};
use options::{Spec, Values};
use std::collections::HashSet;
use std::time::Duration;
use toml_span::value::{Key, Table, ValueInner};

const KEYS: [&str; 5] = ["use", "label", "fallback", "fallback_after", "role"];

/// Reads all tables; what is wrong is left out and complained about.
pub(super) fn read(
    mistakes: &Mistakes,
    tables: Vec<Found<Table<'_>>>,
    kinds: &[TransportKind],
    usual: (&Way, &[Found<Via>]),
) -> Vec<Option<Found<Entry>>> {
    let mut labels = HashSet::new();
    tables.into_iter().map(|table| entry(mistakes, table, (kinds, usual), &mut labels)).collect()
}

fn entry(
    mistakes: &Mistakes,
    found: Found<Table<'_>>,
    (kinds, (usual, vias)): (&[TransportKind], (&Way, &[Found<Via>])),
    labels: &mut HashSet<String>,
) -> Option<Found<Entry>> {
    let Some(kind) = kind(mistakes, &found, kinds) else {
        // Without its kind nobody knows which other keys are right.
        return None;
    };
    let known: Vec<&str> =
        KEYS.into_iter().chain(way::KEYS).chain(kind.options.iter().map(|spec| spec.name)).collect();
    let elsewhere = |name: &str| others_setting(name, &known, kinds);
    let mut section = Section::hinting(mistakes, ("transport.", found.at), found.value, &known, elsewhere);
    let used = section.take("use");
    let named_at = used.map_or(section.at, |used| used.at);
    let label = label(&mut section, kind, named_at, labels);
    let way = way::read(&mut section, usual, vias);
    let values = values(&mut section, kind.options);
    let fallback = section.read("fallback", Absent::Is(Vec::new()), |value| fallbacks(value, kind, kinds));
    let fallback_after =
        section.duration("fallback_after", &limits::FALLBACK_AFTER, Absent::Is(Duration::from_secs(3)));
    let role = section.read("role", Absent::Is(None), |value| decision::role(value).map(Some));
    let entry = Entry {
        label: label?,
        role: role?.value,
        kind: *kind,
        values: values?,
        way: way?.value,
        fallback: fallback?.value,
        fallback_after: fallback_after?.value,
    };
    Some(Found { at: section.at, value: entry })
}

/// Whose setting it is, or nearly is, where it is no setting of this transport.
fn others_setting(name: &str, known: &[&str], kinds: &[TransportKind]) -> Option<String> {
    let settings = kinds.iter().flat_map(|kind| kind.options).map(|spec| spec.name);
    let setting = options::nearest(name, known.iter().copied().chain(settings))?;
    if known.contains(&setting) {
        return None;
    }
    let has = |kind: &&TransportKind| kind.options.iter().any(|spec| spec.name == setting);
    let owners: Vec<&str> = kinds.iter().filter(has).map(|kind| kind.name).collect();
    Some(format!("`{setting}` belongs to {}", owners.join(" and ")))
}

/// A list of other transports, each of them once.
fn fallbacks(
    value: ValueInner<'_>,
    first: &TransportKind,
    kinds: &[TransportKind],
) -> Result<Vec<TransportKind>, String> {
    let needed = "needed is a list of transports in quotes, such as [\"sse\", \"long-polling\"]";
    let ValueInner::Array(list) = value else {
        return Err(format!("found {}, {needed}", super::quote::describe(&value)));
    };
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let mut chain = vec![*first];
    for mut item in list {
        let name = text(item.take(), "the name of a transport in quotes")?;
        let kind = kinds.iter().find(|kind| kind.name == name).ok_or_else(|| not_one_of(&name, &names))?;
        if chain.iter().any(|other| other.name == kind.name) {
            return Err(format!("\"{name}\" is tried twice"));
        }
        chain.push(*kind);
    }
    Ok(chain.split_off(1))
}

fn kind<'k>(
    mistakes: &Mistakes,
    found: &Found<Table<'_>>,
    kinds: &'k [TransportKind],
) -> Option<&'k TransportKind> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let Some((key, value)) = found.value.get_key_value("use") else {
        let meant = |key: &&Key<'_>| options::nearest(&key.name, KEYS) == Some("use");
        if let Some(key) = found.value.keys().find(meant) {
            let name = quote(&format!("transport.{}", key.name));
            mistakes.add(key.span.start, format!("unknown key {name}; did you mean `use`?"));
            return None;
        }
        let example = names.first().copied().unwrap_or("websocket");
        mistakes
            .add(found.at, format!("`transport.use` is missing; write for instance `use = \"{example}\"`"));
        return None;
    };
    let Some(name) = value.as_str() else {
        let found = super::quote::describe(value.as_ref());
        mistakes.add(key.span.start, format!("`transport.use`: found {found}, needed is a text in quotes"));
        return None;
    };
    let kind = kinds.iter().find(|kind| kind.name == name);
    if kind.is_none() {
        mistakes.add(key.span.start, format!("`transport.use`: {}", not_one_of(name, &names)));
    }
    kind
}

fn label(
    section: &mut Section<'_, '_>,
    kind: &TransportKind,
    named_at: usize,
    labels: &mut HashSet<String>,
) -> Option<String> {
    let given = section.has("label");
    let label = section.text("label", Absent::Is(kind.name.to_owned()))?;
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let right = label.value.len() <= limits::LABEL_CHARS
        && label.value.starts_with(|first: char| first != '-' && word(first))
        && label.value.chars().all(word);
    if !right {
        let allowed = format!(
            "allowed are 1 to {} lower-case letters, digits and hyphens, no hyphen first",
            limits::LABEL_CHARS
        );
        section.complain(label.at, "label", format!("found \"{}\", {allowed}", shorten(&label.value)));
        return None;
    }
    if !labels.insert(label.value.clone()) {
        let at = if given { label.at } else { named_at };
        let called = quote(&label.value);
        section.complain(at, "label", format!("two entries are called {called}; give one another `label`"));
        return None;
    }
    Some(label.value)
}

fn values(section: &mut Section<'_, '_>, specs: &[Spec]) -> Option<Values> {
    let mut values = Values::defaults(specs);
    let mut right = true;
    for spec in specs.iter().filter(|spec| section.has(spec.name)).collect::<Vec<_>>() {
        let read = section.read(spec.name, Absent::Needs(spec.default), |value| {
            let text = text(value, &format!("a text in quotes, such as \"{}\"", spec.default))?;
            spec.parse(&text).map_err(|error| error.to_string())
        });
        match read {
            Some(value) => values.set(spec, value.value),
            None => right = false,
        }
    }
    right.then_some(values)
}
