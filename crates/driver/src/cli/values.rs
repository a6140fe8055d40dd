//! Values of flags.

use verdict::growth::Value;

/// A key of a scenario, and its value.
pub(super) fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("needed is KEY=VALUE, such as measure=10s".to_owned()),
    }
}

/// A key and at least two different values of it, all of a kind.
pub(super) fn key_values(text: &str) -> Result<(String, Vec<Value>), String> {
    const NEEDED: &str = "needed is KEY=A,B,..., such as subscribers.count=10,100,1000";
    let (key, list) = key_value(text).map_err(|_| NEEDED.to_owned())?;
    let mut values = Vec::<Value>::new();
    for text in list.split(',').map(str::trim) {
        let Some(value) = Value::parse(text) else {
            return Err(format!(
                "`{text}` is no value that can grow: needed are numbers, times, sizes or rates, such as 10, 250ms, \
                 4KiB or 40/s"
            ));
        };
        if let Some(other) = values.iter().find(|other| other.quantity != value.quantity) {
            return Err(format!("`{}` and `{text}` are not of one kind", other.text));
        }
        if let Some(other) = values.iter().find(|other| other.number == value.number) {
            return Err(format!("`{}` and `{text}` are the same", other.text));
        }
        values.push(value);
    }
    if values.len() < 2 { Err(format!("one value shows no growth: {NEEDED}")) } else { Ok((key, values)) }
}

/// A share such as 10%, as a part of one.
pub(super) fn percentage(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>();
    match number {
        Ok(percent) if (0.0..=400.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("needed is a percentage from 0% to 400%, such as 10%".to_owned()),
    }
}
