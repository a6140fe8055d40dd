//! Named settings with units, limits and defaults.
//!
//! A transport declares its settings as a list of [`Spec`]s; a scenario file gives some of them as
//! text (`hold = "25s"`); what a transport is built from is a [`Values`] in which every declared
//! setting has a value inside its limits. The same lists feed `pushpull transports` and the error texts.
//!
//! Beside the settings stands [`Carriage`], the little that the models must know of a transport.
//!
//! This crate must never know a transport, a scenario or a file: it knows words, units and limits.

mod text;

pub use text::{Malformed, duration, nearest, nearest_few, print_duration, print_size, size};

use std::collections::BTreeMap;
use std::time::Duration;

/// One setting: its name, what it may be, and what it is when nobody says.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The key in a scenario file, in lower case with hyphens.
    pub name: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// The value when a scenario is silent, written as in a scenario file.
    pub default: &'static str,
    /// One line for a person: what it does and what it costs.
    pub help: &'static str,
}

/// Which values a setting takes. Both ends of a range are allowed.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A span of time, such as `"250ms"`.
    Duration {
        /// Least.
        min: Duration,
        /// Most.
        max: Duration,
    },
    /// A number of bytes, such as `"64KiB"`.
    Size {
        /// Least, in bytes.
        min: usize,
        /// Most, in bytes.
        max: usize,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// How a client of a transport learns of an update: what the models need to know, and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carriage {
    /// The server sends each update as soon as there is one.
    Push,
    /// The client asks, the server answers when there is something, after `hold` at the latest.
    LongPoll {
        /// The longest a request is held.
        hold: Duration,
    },
    /// The client asks every `interval`, the server answers at once.
    ShortPoll {
        /// The nominal time between two polls.
        interval: Duration,
        /// What the interval is counted from.
        pacing: Pacing,
        /// Whether each client has a phase of its own, or all poll at once.
        random_phase: bool,
    },
    /// No update at all: the client asks, and the answer comes whole when all of it is there.
    Whole,
}

/// What the interval of a short poll is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// From request to request, on a fixed grid.
    FixedRate,
    /// From the answer to the next request.
    FixedDelay,
}

impl Carriage {
    /// The longest that an update can lie at the server because of the way it is carried.
    #[must_use]
    pub fn longest_wait(self) -> Duration {
        match self {
            Carriage::Push | Carriage::Whole => Duration::ZERO,
            Carriage::LongPoll { hold } => hold,
            Carriage::ShortPoll { interval, .. } => interval,
        }
    }
}

/// The value of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A span of time.
    Duration(Duration),
    /// A number of bytes.
    Size(usize),
    /// One of the words of [`Kind::Choice`].
    Choice(&'static str),
}

impl Spec {
    /// Reads a value as it is written in a scenario file.
    ///
    /// # Errors
    /// A sentence fragment that says what was found and what is allowed.
    pub fn parse(&self, text: &str) -> Result<Value, Malformed> {
        match self.kind {
            Kind::Duration { min, max } => {
                let value = duration(text)?;
                if value < min || value > max {
                    return Err(Malformed::outside(text, print_duration(min), print_duration(max)));
                }
                Ok(Value::Duration(value))
            }
            Kind::Size { min, max } => {
                let value = size(text)?;
                if value < min || value > max {
                    return Err(Malformed::outside(text, print_size(min), print_size(max)));
                }
                Ok(Value::Size(value))
            }
            Kind::Choice(words) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(Value::Choice(word)),
                None => Err(Malformed::not_one_of(text, words)),
            },
        }
    }

    /// What may be written, for help texts: `"10ms to 1h"`.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Duration { min, max } => {
                format!("{} to {}", print_duration(min), print_duration(max))
            }
            Kind::Size { min, max } => format!("{} to {}", print_size(min), print_size(max)),
            Kind::Choice(words) => words.join(" | "),
        }
    }
}

impl Value {
    /// The value as it would be written in a scenario file.
    #[must_use]
    pub fn print(&self) -> String {
        match self {
            Value::Duration(value) => print_duration(*value),
            Value::Size(value) => print_size(*value),
            Value::Choice(word) => (*word).to_owned(),
        }
    }
}

/// A value for every setting of a list; nothing is optional any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, Value>);

impl Values {
    /// Every setting at its default.
    ///
    /// # Panics
    /// When a default does not satisfy its own limits, which is a mistake in the list.
    #[must_use]
    pub fn defaults(specs: &[Spec]) -> Self {
        let default = |spec: &Spec| match spec.parse(spec.default) {
            Ok(value) => (spec.name, value),
            Err(error) => panic!("the default of `{}` is unusable: {error}", spec.name),
        };
        Values(specs.iter().map(default).collect())
    }

    /// Replaces the value of one setting.
    pub fn set(&mut self, spec: &Spec, value: Value) {
        self.0.insert(spec.name, value);
    }

    /// A span of time.
    ///
    /// # Panics
    /// Like the other readers, when the list has no such setting of that kind: a mistake in code.
    #[must_use]
    pub fn duration(&self, name: &str) -> Duration {
        match self.0.get(name) {
            Some(Value::Duration(value)) => *value,
            other => panic!("`{name}` is no duration: {other:?}"),
        }
    }

    /// A number of bytes.
    #[must_use]
    pub fn size(&self, name: &str) -> usize {
        match self.0.get(name) {
            Some(Value::Size(value)) => *value,
            other => panic!("`{name}` is no size: {other:?}"),
        }
    }

    /// One of the words that the setting allows.
    #[must_use]
    pub fn choice(&self, name: &str) -> &'static str {
        match self.0.get(name) {
            Some(Value::Choice(word)) => word,
            other => panic!("`{name}` is no choice: {other:?}"),
        }
    }

    /// Names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Value)> + '_ {
        self.0.iter().map(|(name, value)| (*name, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLD: Spec = Spec {
        name: "hold",
        kind: Kind::Duration { min: Duration::from_millis(10), max: Duration::from_secs(30) },
        default: "25s",
        help: "",
    };
    const PACING: Spec = Spec {
        name: "pacing",
        kind: Kind::Choice(&["fixed-rate", "fixed-delay"]),
        default: "fixed-rate",
        help: "",
    };

    #[test]
    fn defaults_satisfy_their_limits() {
        let values = Values::defaults(&[HOLD, PACING]);
        assert_eq!(values.duration("hold"), Duration::from_secs(25));
        assert_eq!(values.choice("pacing"), "fixed-rate");
    }

    #[test]
    fn a_value_outside_its_limits_names_them() {
        let error = HOLD.parse("1h").unwrap_err().to_string();
        assert!(error.contains("10ms") && error.contains("30s"), "{error}");
    }

    #[test]
    fn a_wrong_word_gets_the_nearest_right_one() {
        let error = PACING.parse("fixed-dely").unwrap_err().to_string();
        assert!(error.contains("did you mean `fixed-delay`"), "{error}");
    }
}
