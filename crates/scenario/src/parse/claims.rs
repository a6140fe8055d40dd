//! Reads `[[claim]]`, `[[objective]]` and `[needs]`.

use super::quote::{describe, not_one_of, quote};
use super::section::{Absent, Found, Section, text};
use crate::figure::{self, At, FIGURES, Figure, Unit};
use crate::model;
use crate::{Check, Claim, Entry, Limits, NEEDS, Objective, Published, Shape, limits};
use options::nearest_few;
use toml_span::value::{Table, ValueInner};

const CLAIM_KEYS: &[&str] = &["says", "checks", "boundary", "model"];
const CHECK_KEYS: &[&str] = &["figure", "at", "of", "against", "at_least", "at_most"];
const PUBLISHED_KEYS: &[&str] = &["source", "says", "differs", "figure", "at", "of", "against", "value"];
const OBJECTIVE_KEYS: &[&str] = &["figure", "at", "at_least", "at_most"];

/// What could be read of them.
pub(super) struct Asked {
    claims: Option<Vec<Option<Claim>>>,
    published: Option<Vec<Option<Published>>>,
    objectives: Option<Vec<Option<Objective>>>,
    needs: Option<Vec<&'static str>>,
}

/// All of it, read.
pub(super) struct Parts {
    pub claims: Vec<Claim>,
    pub published: Vec<Published>,
    pub objectives: Vec<Objective>,
    pub needs: Vec<&'static str>,
}

/// What figures can be named of.
#[derive(Clone, Copy)]
struct World<'a> {
    shape: Option<Shape>,
    /// None where some transport could not be read, so that labels can't be held against them.
    labels: Option<&'a [&'a str]>,
}

impl Asked {
    pub(super) fn read(
        file: &mut Section<'_, '_>,
        shape: Option<Shape>,
        transports: Option<&[Option<Found<Entry>>]>,
    ) -> Asked {
        let labels: Option<Vec<&str>> = transports.and_then(|entries| {
            entries.iter().map(|entry| entry.as_ref().map(|entry| entry.value.label.as_str())).collect()
        });
        let world = World { shape, labels: labels.as_deref() };
        let claims = few(file, "claim")
            .map(|tables| tables.into_iter().map(|table| claim(file, table, world)).collect());
        let published = few(file, "published")
            .map(|tables| tables.into_iter().map(|table| published(file, table, world)).collect());
        let objectives = few(file, "objective")
            .map(|tables| tables.into_iter().map(|table| objective(file, table, world)).collect());
        Asked { claims, published, objectives, needs: needs(file) }
    }

    pub(super) fn parts(self) -> Option<Parts> {
        let claims = self.claims?.into_iter().collect::<Option<Vec<_>>>()?;
        let published = self.published?.into_iter().collect::<Option<Vec<_>>>()?;
        let objectives = self.objectives?.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Parts { claims, published, objectives, needs: self.needs? })
    }
}

fn few<'de>(file: &mut Section<'_, 'de>, key: &str) -> Option<Vec<Found<Table<'de>>>> {
    let tables = file.tables(key)?;
    if let (Some(last), true) = (tables.last(), tables.len() > limits::CLAIMS) {
        file.complain(
            last.at,
            key,
            format!("found {} entries, allowed are {}", tables.len(), limits::CLAIMS),
        );
        return None;
    }
    Some(tables)
}

fn needs(file: &mut Section<'_, '_>) -> Option<Vec<&'static str>> {
    let known: Vec<&str> = NEEDS.iter().map(|(name, _)| *name).collect();
    let mut section = file.table("needs", "needs.", &known)?;
    let asked = NEEDS.iter().map(|(name, _)| Some((*name, section.flag(name, false)?.value)));
    let asked = asked.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
    Some(asked.into_iter().filter(|(_, is_needed)| *is_needed).map(|(name, _)| name).collect())
}

fn claim(file: &Section<'_, '_>, found: Found<Table<'_>>, world: World<'_>) -> Option<Claim> {
    let mut section = Section::new(file.mistakes, "claim.", found.at, found.value, CLAIM_KEYS);
    let says = section.read("says", Absent::Needs("says = \"Push is twice as fast.\""), sentence);
    let model = section.read("model", Absent::Is(None), |value| sentence(value).map(Some));
    let boundary = section.read("boundary", Absent::Is(None), |value| boundary(value, world).map(Some));
    let tables = section.tables("checks")?;
    if tables.is_empty() {
        let example = "checks = [{ figure = \"latency\", of = \"sse\", at_most = \"20ms\" }]";
        section.missing("checks", example);
        return None;
    }
    if tables.len() > limits::CHECKS {
        let (found, allowed) = (tables.len(), limits::CHECKS);
        section.complain(section.at, "checks", format!("found {found} entries, allowed are {allowed}"));
        return None;
    }
    let checks: Vec<_> = tables.into_iter().map(|table| check(file, table, world)).collect();
    let checks = checks.into_iter().collect::<Option<Vec<_>>>();
    Some(Claim { says: says?.value, checks: checks?, boundary: boundary?.value, model: model?.value })
}

fn sentence(value: ValueInner<'_>) -> Result<String, String> {
    let needed = "a sentence in quotes";
    match value {
        ValueInner::String(text) => match text.chars().count() {
            1..=limits::CLAIM_CHARS if !text.chars().any(char::is_control) => Ok(text.into_owned()),
            found => Err(format!(
                "found {found} characters, allowed are 1 to {}, on one line",
                limits::CLAIM_CHARS
            )),
        },
        other => Err(format!("found {}, needed is {needed}", describe(&other))),
    }
}

fn boundary(value: ValueInner<'_>, world: World<'_>) -> Result<String, String> {
    let needed = "\"network.delay\", or the delay or interval of a transport such as \"transport.short-polling.interval\"";
    let key = text(value, needed)?;
    match world.labels {
        Some(labels) if !model::is_key(labels, &key) => {
            Err(format!("found {}, allowed is {needed}", quote(&key)))
        }
        _ => Ok(key),
    }
}

fn check(file: &Section<'_, '_>, found: Found<Table<'_>>, world: World<'_>) -> Option<Check> {
    let mut section = Section::new(file.mistakes, "claim.checks.", found.at, found.value, CHECK_KEYS);
    let of = section.read("of", Absent::Needs("of = \"websocket\""), |value| label(value, world));
    let against = section.read("against", Absent::Is(None), |value| label(value, world).map(Some));
    let measure = measure(&mut section, world);
    let limits = limits_of(&mut section, measure, against.as_ref().is_none_or(|found| found.value.is_some()));
    let (figure, at) = measure?;
    let (of, against) = (of?.value, against?);
    if against.value.as_ref() == Some(&of) {
        section.complain(against.at, "against", format!("found {}, which is whose figure it is", quote(&of)));
        return None;
    }
    Some(Check { figure, at, of, against: against.value, limits: limits? })
}

fn published(file: &Section<'_, '_>, found: Found<Table<'_>>, world: World<'_>) -> Option<Published> {
    let mut section = Section::new(file.mistakes, "published.", found.at, found.value, PUBLISHED_KEYS);
    let mut words = |key, example| section.read(key, Absent::Needs(example), sentence);
    let source = words("source", "source = \"Somebody, a journal, 2017\"");
    let says = words("says", "says = \"57 B an event over SSE\"");
    let differs = words("differs", "differs = \"other libraries\"");
    let of = section.read("of", Absent::Needs("of = \"websocket\""), |value| label(value, world));
    let against = section.read("against", Absent::Is(None), |value| label(value, world).map(Some));
    let (figure, at) = measure(&mut section, world)?;
    let (of, against) = (of?.value, against?.value);
    let unit = figure.unit(at);
    let is_against = against.is_some();
    let (value, are_factors) = section
        .read("value", Absent::Needs("value = \"57B\""), |value| read_limit(value, unit, is_against))?
        .value;
    let limits = Limits { are_factors, at_least: None, at_most: None };
    let check = Check { figure, at, of, against, limits };
    Some(Published { source: source?.value, says: says?.value, differs: differs?.value, check, value })
}

fn objective(file: &Section<'_, '_>, found: Found<Table<'_>>, world: World<'_>) -> Option<Objective> {
    let mut section = Section::new(file.mistakes, "objective.", found.at, found.value, OBJECTIVE_KEYS);
    let measure = measure(&mut section, world);
    let limits = limits_of(&mut section, measure, false);
    let (figure, at) = measure?;
    Some(Objective { figure, at, limits: limits? })
}

fn label(value: ValueInner<'_>, world: World<'_>) -> Result<String, String> {
    let label = text(value, "the label of a transport in quotes")?;
    match world.labels {
        Some(labels) if !labels.contains(&label.as_str()) => Err(not_one_of(&label, labels)),
        _ => Ok(label),
    }
}

/// `figure` and `at`.
fn measure(section: &mut Section<'_, '_>, world: World<'_>) -> Option<(Figure, Option<At>)> {
    let figure =
        section.read("figure", Absent::Needs("figure = \"latency\""), |value| figure_of(value, world));
    let Some(figure) = figure.map(|found| found.value) else {
        // Without its figure nobody knows how it may be read.
        section.take("at");
        return None;
    };
    let facts = figure.facts();
    let at = section.read("at", Absent::Is(facts.at), |value| {
        let unit = facts.unit;
        let needed = format!(
            "\"p50\" to \"p99.9\", \"mean\", \"max\" or \"beyond\" and a value such as {}",
            unit.example()
        );
        let word = text(value, &needed)?;
        match (facts.at, At::parse(&word, unit)) {
            (None, _) => Err(format!(
                "found \"{word}\", but each round has one {facts_name} alone",
                facts_name = facts.name
            )),
            (Some(_), Some(at)) => Ok(Some(at)),
            (Some(_), None) => Err(format!("found \"{word}\", needed is {needed}")),
        }
    })?;
    Some((figure, at.value))
}

fn figure_of(value: ValueInner<'_>, world: World<'_>) -> Result<Figure, String> {
    let word = text(value, "a figure in quotes, such as \"latency\"")?;
    let is_there = |figure: Figure| world.shape.is_none_or(|shape| figure.is_of(shape));
    match Figure::parse(&word) {
        Some(figure) if is_there(figure) => Ok(figure),
        found => {
            let names: Vec<&str> =
                FIGURES.iter().filter(|facts| is_there(facts.figure)).map(|facts| facts.name).collect();
            let shape = world.shape.unwrap_or_default().name();
            let near =
                nearest_few(&word, names, 3).iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
            let meant = match near.is_empty() {
                true => String::new(),
                false => format!(" did you mean {}?", near.join(" or ")),
            };
            let known = format!("{meant} `pushpull figures` lists all");
            Err(match found {
                Some(_) => format!("with shape = \"{shape}\" there is no {};{known}", quote(&word)),
                None => format!("found {}, which is no figure;{known}", quote(&word)),
            })
        }
    }
}

/// `at_least` and `at_most`.
fn limits_of(
    section: &mut Section<'_, '_>,
    measure: Option<(Figure, Option<At>)>,
    is_against: bool,
) -> Option<Limits> {
    let Some((figure, at)) = measure else {
        // Without a figure nobody knows in what unit they would be.
        section.take("at_least");
        section.take("at_most");
        return None;
    };
    if !["at_least", "at_most"].iter().any(|key| section.has(key) || section.is_misspelt(key)) {
        section.missing("at_most", &format!("at_most = {}", figure.unit(at).example()));
        return None;
    }
    let unit = figure.unit(at);
    let mut limit =
        |key| section.read(key, Absent::Is(None), |value| read_limit(value, unit, is_against).map(Some));
    let (least, most) = (limit("at_least"), limit("at_most"));
    let (least, most) = (least?, most?);
    if let (Some((low, low_is_factor)), Some((high, high_is_factor))) = (least.value, most.value) {
        if low_is_factor != high_is_factor {
            section.complain(most.at, "at_most", "both limits have to be factors such as \"2x\", or neither");
            return None;
        }
        if low > high {
            section.complain(most.at, "at_most", "the least lies above the most, so nothing would do");
            return None;
        }
    }
    let are_factors = least.value.or(most.value).is_some_and(|(_, is_factor)| is_factor);
    let value = |found: Option<(f64, bool)>| found.map(|(value, _)| value);
    Some(Limits { are_factors, at_least: value(least.value), at_most: value(most.value) })
}

/// A limit, and whether it is a factor.
fn read_limit(value: ValueInner<'_>, unit: Unit, is_against: bool) -> Result<(f64, bool), String> {
    let factor = if is_against { ", or a factor such as \"2x\"" } else { "" };
    let needed = format!("{}{factor}", in_words(unit));
    let word = match value {
        ValueInner::String(word) => word.into_owned(),
        ValueInner::Integer(number) if unit == Unit::Number => number.to_string(),
        ValueInner::Float(number) if unit == Unit::Number => number.to_string(),
        other => return Err(format!("found {}, needed is {needed}", describe(&other))),
    };
    let times = word.strip_suffix('x').and_then(|number| number.trim().parse::<f64>().ok());
    let found = match times.filter(|times| is_against && times.is_finite() && *times > 0.0) {
        Some(times) => Some((times, true)),
        None => figure::amount(word.trim(), unit).map(|amount| (amount, false)),
    };
    // What is no difference can't be less than nothing.
    let found = found.filter(|(amount, _)| is_against || *amount >= 0.0);
    found.ok_or_else(|| format!("found {}, needed is {needed}", quote(&word)))
}

fn in_words(unit: Unit) -> String {
    let what = match unit {
        Unit::Time => "a time with its unit in quotes",
        Unit::Bytes => "a size with its unit in quotes",
        Unit::Share => "a percentage in quotes",
        Unit::Number => "a number",
    };
    format!("{what}, such as {}", unit.example())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;
    use crate::testing::{KINDS, parse, text};

    const GOOD: &str = r#"
[[transport]]
use = "short-polling"

[needs]
binary = true
client_speaks_midstream = false

[[objective]]
figure = "latency"
at = "p99"
at_most = "450ms"

[[objective]]
figure = "lost"
at_most = 0

[[claim]]
says = "Polling comes half an interval later."
boundary = "transport.short-polling.interval"
checks = [
    { figure = "latency", of = "short-polling", against = "websocket", at_least = "200ms", at_most = "300ms" },
    { figure = "latency", at = "beyond 33ms", of = "websocket", at_most = "1%" },
    { figure = "bytes", of = "short-polling", against = "websocket", at_least = "1.5x" },
]
"#;

    fn mistakes(more: &str) -> String {
        let text = format!("{}{more}", text("every = \"1s\""));
        let mistakes = Scenario::parse(&text, KINDS).unwrap_err();
        mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn claims_objectives_and_needs_are_read() {
        let scenario = parse(&format!("{}{GOOD}", text("every = \"1s\"")));
        assert_eq!(scenario.needs, ["binary"]);
        let limits = |are_factors, at_least, at_most| Limits { are_factors, at_least, at_most };
        assert_eq!(scenario.objectives[0].limits, limits(false, None, Some(450e6)));
        assert_eq!(scenario.objectives[1].limits, limits(false, None, Some(0.0)));
        let claim = &scenario.claims[0];
        assert_eq!(claim.checks[0].at, Some(At::Quantile(0.5)), "the median where nobody says");
        assert_eq!(claim.checks[0].limits, limits(false, Some(200e6), Some(300e6)));
        assert_eq!(claim.checks[1].at, Some(At::Beyond(33e6)));
        assert_eq!(claim.checks[1].limits, limits(false, None, Some(0.01)));
        assert_eq!(claim.checks[2].limits, limits(true, Some(1.5), None));
    }

    #[test]
    fn mistakes_say_what_would_be_right() {
        insta::assert_snapshot!(mistakes(
            r#"
[needs]
binry = true

[[objective]]
figure = "latncy"
at_most = "5ms"

[[objective]]
figure = "first-chunk"
at_most = "5ms"

[[objective]]
figure = "bytes"
at = "p50"
at_most = "120"

[[objective]]
figure = "latency"
at = "99"
at_most = "2x"

[[objective]]
figure = "latency"

[[claim]]
says = ""
checks = [{ figure = "latency", of = "websockt", at_most = "5ms" }]

[[claim]]
says = "Nothing."

[[claim]]
says = "Everything."
boundary = "transport.sse.interval"
checks = [
    { figure = "latency", of = "websocket", against = "websocket", at_most = "2x" },
    { figure = "latency", of = "websocket", at_least = "7ms", at_most = "5ms" },
    { figure = "latency", of = "websocket", at_most = "-5ms" },
]
"#
        ));
    }
}
