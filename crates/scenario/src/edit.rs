//! Changes to a scenario text that a command line asks for. Comments and order stay; whether the
//! result is a scenario is for [`Scenario::parse`](crate::Scenario::parse) to say.

mod path;

use crate::TransportKind;
use options::nearest;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

/// Why a text could not be changed as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// The text is no TOML, so there is nothing to change.
    #[error("the scenario is no TOML: {0}")]
    Unreadable(String),
    /// The path is empty or has an empty part.
    #[error("`{path}` is no path to a key, such as `subscribers.count` or `topic.NAME.every`")]
    Path {
        /// The path as it was given.
        path: String,
    },
    /// The value begins like a TOML list or table, but is none.
    #[error("`{path}`: the value {value} is no TOML list or table")]
    Value {
        /// The path as it was given.
        path: String,
        /// The value as it was given.
        value: String,
    },
    /// There is no such topic or transport.
    #[error("there is no {what} `{name}`{hint}")]
    Unknown {
        /// `topic` or `transport`.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// What was probably meant and what there is, as the rest of the sentence.
        hint: String,
    },
    /// Several transports share the name, so it takes a label to choose one.
    #[error("`{name}` is entered {count} times; give the label of one of them")]
    Ambiguous {
        /// The name that was given.
        name: String,
        /// How many entries use it.
        count: usize,
    },
    /// The path leads through something that has no keys.
    #[error("`{path}`: `{part}` is no table, so nothing can be set in it")]
    NoTable {
        /// The path as it was given.
        path: String,
        /// The part of it that is no table.
        part: String,
    },
}

/// Sets keys of a scenario text: pairs of a dotted path and a value as typed on a command line.
///
/// A topic is named by its `name` (`topic.cpu.every`), a transport by its label or else by its `use`
/// (`transport.polling.interval`). What reads as a whole number, a number, `true` or `false` is
/// written as such; what begins with `{` or `[` is taken as TOML; all else is a text in quotes. Setting
/// one way to schedule a topic takes the place of another, contradicting one.
///
/// # Errors
/// When a path leads nowhere or a name is not known. Keys that no scenario has are written all the
/// same: the parser knows better what to say about them.
pub fn override_keys(text: &str, sets: &[(String, String)]) -> Result<String, OverrideError> {
    let (opening, mut document) = open(text)?;
    for (path, value) in sets {
        path::set(&mut document, path, value)?;
    }
    Ok(format!("{opening}{document}"))
}

/// Keeps only the transports whose label or `use` is listed. One that `kinds` knows but the text does
/// not enter is added with its default settings.
///
/// # Errors
/// When a name is neither.
pub fn keep_transports(
    text: &str,
    names: &[String],
    kinds: &[TransportKind],
) -> Result<String, OverrideError> {
    let (opening, mut document) = open(text)?;
    let mut entries = take_entries(&mut document, "transport").unwrap_or_default();
    let known: Vec<String> = entries.iter().flat_map(names_of).map(str::to_owned).collect();
    entries.retain(|entry| names_of(entry).any(|name| names.iter().any(|kept| kept == name)));
    for name in names {
        if known.contains(name) || entries.iter().flat_map(names_of).any(|entered| entered == name) {
            continue;
        }
        if !kinds.iter().any(|kind| kind.name == name) {
            let words = known.iter().map(String::as_str).chain(kinds.iter().map(|kind| kind.name));
            return Err(unknown("transport", name, words.collect()));
        }
        entries.push(bare(name));
    }
    let labels: Vec<&str> = entries.iter().filter_map(|entry| names_of(entry).next()).collect();
    for key in ["claim", "published"] {
        let Some(mut claims) = take_entries(&mut document, key) else { continue };
        // What is said of those who are gone can't be looked at; a name that nobody had is still a mistake.
        let is_gone = |name: &str| known.iter().any(|known| known == name) && !labels.contains(&name);
        claims.retain(|claim| !named_by(claim).any(is_gone));
        document.insert(key, Item::ArrayOfTables(claims));
    }
    document.insert("transport", Item::ArrayOfTables(entries));
    Ok(format!("{opening}{document}"))
}

/// The labels that the checks of a claim name, and the one whose setting its boundary is.
fn named_by(claim: &Table) -> impl Iterator<Item = &str> {
    let checks = claim.get("checks").into_iter();
    let tables = checks.flat_map(|checks| -> Box<dyn Iterator<Item = &dyn TableLike>> {
        match checks {
            Item::Value(Value::Array(list)) => Box::new(
                list.iter().filter_map(|check| check.as_inline_table().map(|table| table as &dyn TableLike)),
            ),
            Item::ArrayOfTables(list) => Box::new(list.iter().map(|table| table as &dyn TableLike)),
            _ => Box::new(std::iter::empty()),
        }
    });
    // A published figure is one check, without a list.
    let tables = tables.chain([claim as &dyn TableLike]);
    let labels =
        tables.flat_map(|check| ["of", "against"].into_iter().filter_map(|key| check.get(key)?.as_str()));
    let boundary = claim.get("boundary").and_then(Item::as_str);
    let boundary = boundary.and_then(|key| key.strip_prefix("transport.")?.rsplit_once('.'));
    labels.chain(boundary.map(|(label, _)| label))
}

/// The blank and comment lines at the head of a text, and the rest.
///
/// TOML editors tie comments to the key behind them, and that key may be about to go or to get
/// another before it. So the question is set aside while the rest is edited.
pub(crate) fn split_opening(text: &str) -> (&str, &str) {
    let opening = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let length = text.split_inclusive('\n').take_while(opening).map(str::len).sum();
    text.split_at(length)
}

fn open(text: &str) -> Result<(&str, DocumentMut), OverrideError> {
    let (opening, rest) = split_opening(text);
    let unreadable =
        |error: toml_edit::TomlError| OverrideError::Unreadable(error.to_string().trim_end().to_owned());
    text.parse::<DocumentMut>().map_err(unreadable)?;
    Ok((opening, rest.parse().map_err(unreadable)?))
}

/// Takes the tables of a list out of the document, however they are written.
/// Why a text could not be changed, and where, in bytes. What is read for the places of its mistakes and
/// what is read to be changed must be the same, whatever two libraries take for TOML.
pub(crate) fn unreadable(text: &str) -> Option<(usize, String)> {
    let error = text.parse::<DocumentMut>().err()?;
    Some((error.span().map_or(0, |span| span.start), error.message().to_owned()))
}

fn take_entries(document: &mut DocumentMut, key: &str) -> Option<ArrayOfTables> {
    let item = document.get_mut(key)?;
    std::mem::take(item).into_array_of_tables().map_err(|other| *item = other).ok()
}

fn names_of(entry: &Table) -> impl Iterator<Item = &str> {
    ["label", "use"].into_iter().filter_map(|key| entry.get(key)?.as_str())
}

fn bare(name: &str) -> Table {
    let mut entry = Table::new();
    entry.insert("use", Item::Value(Value::from(name)));
    entry.decor_mut().set_prefix("\n");
    entry
}

fn unknown(what: &'static str, name: &str, mut known: Vec<&str>) -> OverrideError {
    known.sort_unstable();
    known.dedup();
    let hint = match nearest(name, known.iter().copied()) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; there are {}", known.join(", ")),
    };
    OverrideError::Unknown { what, name: name.to_owned(), hint }
}

#[cfg(test)]
mod tests;
