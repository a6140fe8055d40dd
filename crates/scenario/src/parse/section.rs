//! One table of a scenario text, from which keys are taken with their types and limits.

use super::quote::{describe, grouped, one_of, quote};
use crate::limits;
use crate::mistake::Mistakes;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;
use toml_span::value::{Table, ValueInner};

/// A table whose unknown keys have already been complained about.
pub(super) struct Section<'m, 'de> {
    /// Where everybody's mistakes go.
    pub(super) mistakes: &'m Mistakes,
    /// Where the table begins.
    pub(super) at: usize,
    prefix: &'static str,
    table: Table<'de>,
    /// Keys that an unknown one was most likely meant to be.
    meant: Vec<String>,
}

/// A value and where its key stands; for a default, where its table begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

impl<T> Found<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Found<U> {
        Found { value: change(self.value), at: self.at }
    }
}

/// What it means that a key is not there.
pub(super) enum Absent<T> {
    /// It has this value.
    Is(T),
    /// That is a mistake; such a line would mend it.
    Needs(&'static str),
}

impl<'m, 'de> Section<'m, 'de> {
    /// Takes over a table; `prefix` stands before its keys in messages.
    pub(super) fn new(
        mistakes: &'m Mistakes,
        prefix: &'static str,
        at: usize,
        table: Table<'de>,
        known: &[&str],
    ) -> Self {
        Section::hinting(mistakes, (prefix, at), table, known, |_| None)
    }

    /// The same, where `elsewhere` knows where some unknown keys belong, as a fragment.
    pub(super) fn hinting(
        mistakes: &'m Mistakes,
        (prefix, at): (&'static str, usize),
        mut table: Table<'de>,
        known: &[&str],
        elsewhere: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let mut meant = Vec::new();
        table.retain(|key, _| {
            let name = key.name.as_ref();
            if !known.contains(&name) {
                let unknown = quote(&format!("{prefix}{name}"));
                if let Some(place) = elsewhere(name) {
                    mistakes.add(key.span.start, format!("unknown key {unknown}: {place}"));
                    return false;
                }
                let likely = super::meant::meant(name, known);
                let hint = likely.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default();
                let allowed = one_of(known);
                mistakes.add(key.span.start, format!("unknown key {unknown}: allowed is {allowed}{hint}"));
                meant.extend(likely.map(str::to_owned));
            }
            known.contains(&name)
        });
        Section { mistakes, at, prefix, table, meant }
    }

    /// Whether the key is not there, but one that was most likely meant to be it. That has been complained
    /// about, and one slip is one mistake: the key is neither missing nor has it its default.
    pub(super) fn is_misspelt(&self, key: &str) -> bool {
        !self.has(key) && self.meant.iter().any(|meant| meant == key)
    }

    /// What it is called in messages.
    pub(super) fn name(&self) -> &'static str {
        self.prefix.trim_end_matches('.')
    }

    /// Whether the key is there, whatever its value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes a mistake about a key.
    pub(super) fn complain(&self, at: usize, key: &str, what: impl Display) {
        self.mistakes.add(at, format!("`{}{key}`: {what}", self.prefix));
    }

    /// Notes that a key should be there.
    pub(super) fn missing(&self, key: &str, example: &str) {
        self.mistakes
            .add(self.at, format!("`{}{key}` is missing; write for instance `{example}`", self.prefix));
    }

    /// The value of a key, of any type.
    pub(super) fn take(&mut self, key: &str) -> Option<Found<ValueInner<'de>>> {
        let (key, mut value) = self.table.remove_entry(key)?;
        Some(Found { value: value.take(), at: key.span.start })
    }

    /// Takes a key through `read`, which says what was wrong, or falls back.
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        absent: Absent<T>,
        read: impl FnOnce(ValueInner<'de>) -> Result<T, String>,
    ) -> Option<Found<T>> {
        let Some(Found { value, at }) = self.take(key) else {
            return match absent {
                _ if self.is_misspelt(key) => None,
                Absent::Is(value) => Some(Found { value, at: self.at }),
                Absent::Needs(example) => {
                    self.missing(key, example);
                    None
                }
            };
        };
        match read(value) {
            Ok(value) => Some(Found { value, at }),
            Err(what) => {
                self.complain(at, key, what);
                None
            }
        }
    }

    /// A text in quotes, such as a name.
    pub(super) fn text(&mut self, key: &str, absent: Absent<String>) -> Option<Found<String>> {
        self.read(key, absent, |value| text(value, "a text in quotes"))
    }

    /// A span of time.
    pub(super) fn duration(
        &mut self,
        key: &str,
        allowed: &RangeInclusive<Duration>,
        absent: Absent<Duration>,
    ) -> Option<Found<Duration>> {
        self.read(key, absent, |value| duration(value, allowed))
    }

    /// A whole number.
    pub(super) fn whole(
        &mut self,
        key: &str,
        allowed: &RangeInclusive<i64>,
        absent: Absent<i64>,
    ) -> Option<Found<i64>> {
        self.read(key, absent, |value| whole(value, allowed))
    }

    /// True or false.
    pub(super) fn flag(&mut self, key: &str, default: bool) -> Option<Found<bool>> {
        self.read(key, Absent::Is(default), |value| match value {
            ValueInner::Boolean(value) => Ok(value),
            other => Err(format!("found {}, needed is true or false", describe(&other))),
        })
    }

    /// A table of its own, empty when it is not there.
    pub(super) fn table(
        &mut self,
        key: &str,
        prefix: &'static str,
        known: &[&str],
    ) -> Option<Section<'m, 'de>> {
        let mistakes = self.mistakes;
        let read = self.read(key, Absent::Is(Table::new()), |value| match value {
            ValueInner::Table(table) => Ok(table),
            other => Err(format!("found {}, needed is one table: [{key}]", describe(&other))),
        })?;
        Some(Section::new(mistakes, prefix, read.at, read.value, known))
    }

    /// The tables of a list, each with where it begins.
    pub(super) fn tables(&mut self, key: &str) -> Option<Vec<Found<Table<'de>>>> {
        let list = self.read(key, Absent::Is(Vec::new()), |value| match value {
            ValueInner::Array(list) => Ok(list),
            other => Err(format!("found {}, needed is a list of tables: [[{key}]]", describe(&other))),
        })?;
        let mut tables = Vec::new();
        for mut item in list.value {
            let at = item.span.start;
            match item.take() {
                ValueInner::Table(value) => tables.push(Found { value, at }),
                other => {
                    self.complain(at, key, format!("found {}, needed is a table", describe(&other)));
                    return None;
                }
            }
        }
        Some(tables)
    }
}

/// Reads a text; `needed` says what it should have been.
pub(super) fn text(value: ValueInner<'_>, needed: &str) -> Result<String, String> {
    match value {
        ValueInner::String(text) if text.chars().count() > limits::VALUE_CHARS => Err(format!(
            "found a text of {} characters, allowed are {}",
            text.chars().count(),
            limits::VALUE_CHARS
        )),
        ValueInner::String(text) if text.chars().any(char::is_control) => {
            Err(format!("found {}, line ends and control characters are not allowed", quote(&text)))
        }
        ValueInner::String(text) => Ok(text.into_owned()),
        other => Err(format!("found {}, needed is {needed}", describe(&other))),
    }
}

pub(super) fn duration(
    value: ValueInner<'_>,
    allowed: &RangeInclusive<Duration>,
) -> Result<Duration, String> {
    let text = text(value, "a time with its unit in quotes, such as \"250ms\" or \"10s\"")?;
    let value = options::duration(&text).map_err(|error| error.to_string())?;
    let print = |end: &Duration| options::print_duration(*end);
    inside(value, allowed, &format!("\"{text}\""), print)
}

/// Reads a size in bytes.
pub(super) fn size(value: ValueInner<'_>, allowed: &RangeInclusive<usize>) -> Result<usize, String> {
    let text = text(value, "a size with its unit in quotes, such as \"120B\" or \"4KiB\"")?;
    let value = options::size(&text).map_err(|error| error.to_string())?;
    inside(value, allowed, &format!("\"{text}\""), |end| options::print_size(*end))
}

/// Reads a whole number.
pub(super) fn whole(value: ValueInner<'_>, allowed: &RangeInclusive<i64>) -> Result<i64, String> {
    match value {
        ValueInner::Integer(value) => inside(value, allowed, &grouped(value), |end| grouped(end)),
        other => {
            let (min, max) = (grouped(allowed.start()), grouped(allowed.end()));
            Err(format!("found {}, needed is a whole number, {min} to {max}", describe(&other)))
        }
    }
}

/// Refuses what lies outside, naming both ends.
pub(super) fn inside<T: PartialOrd>(
    value: T,
    allowed: &RangeInclusive<T>,
    found: &str,
    print: impl Fn(&T) -> String,
) -> Result<T, String> {
    if allowed.contains(&value) {
        return Ok(value);
    }
    Err(format!("found {found}, allowed is {} to {}", print(allowed.start()), print(allowed.end())))
}
