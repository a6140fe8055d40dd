//! Follows a dotted path through a document and sets what stands at its end.

use super::{OverrideError, names_of, take_entries, unknown};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

/// Sets one key.
pub(super) fn set(document: &mut DocumentMut, path: &str, typed: &str) -> Result<(), OverrideError> {
    let parts: Vec<&str> = path.split('.').collect();
    if parts.iter().any(|part| part.trim().is_empty()) {
        return Err(OverrideError::Path { path: path.to_owned() });
    }
    let value = read(path, typed)?;
    match parts.as_slice() {
        [list @ ("topic" | "transport"), name, keys @ ..] => {
            if keys.is_empty() {
                return Err(OverrideError::Path { path: path.to_owned() });
            }
            let entry = entry(document, list, name)?;
            if let ("topic", [key]) = (*list, keys) {
                make_room(entry, key);
            }
            descend(entry, path, keys, value)
        }
        keys => descend(document.as_table_mut(), path, keys, value),
    }
}

/// What was typed, as the TOML value that it most likely means.
fn read(path: &str, typed: &str) -> Result<Value, OverrideError> {
    if typed.starts_with(['{', '[']) {
        let malformed = |_| OverrideError::Value { path: path.to_owned(), value: typed.to_owned() };
        return typed.parse().map_err(malformed);
    }
    if let Ok(number) = typed.parse::<i64>() {
        return Ok(Value::from(number));
    }
    if let Ok(flag) = typed.parse::<bool>() {
        return Ok(Value::from(flag));
    }
    match typed.parse::<f64>() {
        // Words such as "inf" and "nan" are numbers to Rust, but labels and names to a scenario.
        Ok(number) if number.is_finite() => Ok(Value::from(number)),
        _ => Ok(Value::from(typed)),
    }
}

fn entry<'d>(document: &'d mut DocumentMut, list: &str, name: &str) -> Result<&'d mut Table, OverrideError> {
    let what = if list == "topic" { "topic" } else { "transport" };
    if let Some(entries) = take_entries(document, list) {
        document.insert(list, Item::ArrayOfTables(entries));
    }
    let Some(entries) = document.get_mut(list).and_then(Item::as_array_of_tables_mut) else {
        return Err(unknown(what, name, Vec::new()));
    };
    let place = match what {
        "topic" => topic(entries, name)?,
        _ => transport(entries, name)?,
    };
    // The place was found in this very list.
    entries.get_mut(place).ok_or_else(|| unknown(what, name, Vec::new()))
}

fn topic(entries: &ArrayOfTables, name: &str) -> Result<usize, OverrideError> {
    let names = entries.iter().map(|entry| text(entry, "name").unwrap_or_default());
    let names: Vec<&str> = names.collect();
    names.iter().position(|each| *each == name).ok_or_else(|| unknown("topic", name, names))
}

/// A label names its entry, where the use of one without a label counts as its label; failing that,
/// a use does where it is the only one.
fn transport(entries: &ArrayOfTables, name: &str) -> Result<usize, OverrideError> {
    let label = |entry: &Table| text(entry, "label").or(text(entry, "use")) == Some(name);
    if let Some(place) = entries.iter().position(label) {
        return Ok(place);
    }
    let users = (0..).zip(entries.iter()).filter(|(_, entry)| text(entry, "use") == Some(name));
    match users.map(|(place, _)| place).collect::<Vec<_>>().as_slice() {
        [] => Err(unknown("transport", name, entries.iter().flat_map(names_of).collect())),
        [place] => Ok(*place),
        several => Err(OverrideError::Ambiguous { name: name.to_owned(), count: several.len() }),
    }
}

fn text<'e>(entry: &'e Table, key: &str) -> Option<&'e str> {
    entry.get(key).and_then(Item::as_str)
}

/// Takes out the keys that would contradict a newly set schedule.
fn make_room(topic: &mut Table, key: &str) {
    let rivals: &[&str] = match key {
        "poisson" => &["every", "burst"],
        "every" | "burst" => &["poisson"],
        _ => &[],
    };
    for rival in rivals {
        topic.remove(rival);
    }
}

fn descend(table: &mut dyn TableLike, path: &str, keys: &[&str], value: Value) -> Result<(), OverrideError> {
    let (key, rest) = match keys {
        [key, rest @ ..] => (*key, rest),
        [] => return Err(OverrideError::Path { path: path.to_owned() }),
    };
    if rest.is_empty() {
        place(table, key, value);
        return Ok(());
    }
    if !table.contains_key(key) {
        table.insert(key, Item::Table(Table::new()));
    }
    match table.get_mut(key).and_then(Item::as_table_like_mut) {
        Some(table) => descend(table, path, rest, value),
        None => Err(OverrideError::NoTable { path: path.to_owned(), part: key.to_owned() }),
    }
}

/// Puts a value where another was, with the comments around it.
fn place(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = Item::Value(value),
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}
