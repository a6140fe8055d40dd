//! Values of keys that can stand on an axis.

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A plain number.
    Number,
    /// A span of time.
    Time,
    /// A size.
    Bytes,
    /// So many a second.
    Rate,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// As it was written.
    pub text: String,
    /// A number, nanoseconds, bytes, or per second.
    pub number: f64,
    /// Which of these.
    pub quantity: Quantity,
}

impl Value {
    /// Reads a value as scenarios write it: `500`, `"250ms"`, `"4KiB"`, `"40/s"`. None where it is none of these.
    #[must_use]
    pub fn parse(text: &str) -> Option<Value> {
        let plain = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let (number, quantity) = if let Some(number) = plain(text) {
            (number, Quantity::Number)
        } else if let Ok(span) = options::duration(text) {
            (span.as_nanos() as f64, Quantity::Time)
        } else if let Ok(bytes) = options::size(text) {
            (bytes as f64, Quantity::Bytes)
        } else {
            (plain(text.strip_suffix("/s")?)?, Quantity::Rate)
        };
        (number >= 0.0).then(|| Value { text: text.to_owned(), number, quantity })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scenarios_write_is_read() {
        let read = |text: &str| Value::parse(text).map(|value| (value.number, value.quantity));
        assert_eq!(read("10000"), Some((1e4, Quantity::Number)));
        assert_eq!(read("0.5"), Some((0.5, Quantity::Number)));
        assert_eq!(read("250ms"), Some((2.5e8, Quantity::Time)));
        assert_eq!(read("4KiB"), Some((4096.0, Quantity::Bytes)));
        assert_eq!(read("40/s"), Some((40.0, Quantity::Rate)));
        for none in ["apart", "true", "-1", "inf", "", "[1, 2]"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
