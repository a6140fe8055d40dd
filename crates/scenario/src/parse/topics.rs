//! Reads the `[[topic]]` tables.

use super::quote::{describe, not_one_of, quote, shorten};
use super::section::{Absent, Found, Section, inside, size, text};
use crate::limits;
use crate::mistake::Mistakes;
use crate::{BodySize, Schedule, rate};
use toml_span::value::{Table, ValueInner};

const KEYS: &[&str] = &["name", "count", "every", "poisson", "burst", "body", "per", "effects"];
const BODY_KEYS: &[&str] = &["uniform", "log_normal"];
const LOG_NORMAL_KEYS: &[&str] = &["median", "sigma", "max"];

/// One `[[topic]]`, of which parts may be missing because they were wrong.
pub(super) struct TopicEntry {
    pub(super) at: usize,
    pub(super) name: Option<Found<String>>,
    pub(super) count: Option<Found<u32>>,
    pub(super) schedule: Option<Schedule>,
    pub(super) body: Option<BodySize>,
    pub(super) per: Option<Found<Per>>,
    pub(super) effects: Option<Found<bool>>,
}

/// Of what an entry makes a topic each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    /// One for all.
    All,
    /// Each room.
    Room,
    /// Each subscriber.
    Subscriber,
}

/// Reads one table.
pub(super) fn read(mistakes: &Mistakes, found: Found<Table<'_>>) -> TopicEntry {
    let mut section = Section::new(mistakes, "topic.", found.at, found.value, KEYS);
    TopicEntry {
        at: section.at,
        name: name(&mut section),
        count: section.whole("count", &limits::TOPICS, Absent::Is(1)).map(|count| count.map(|n| n as u32)),
        schedule: schedule(&mut section),
        body: body(&mut section, "body", ("topic.body.", "topic.body.log_normal.")),
        per: section.read("per", Absent::Is(Per::All), per),
        effects: section.flag("effects", false),
    }
}

fn per(value: ValueInner<'_>) -> Result<Per, String> {
    match text(value, "\"all\", \"room\" or \"subscriber\"")?.as_str() {
        "all" => Ok(Per::All),
        "room" => Ok(Per::Room),
        "subscriber" => Ok(Per::Subscriber),
        other => Err(not_one_of(other, &["all", "room", "subscriber"])),
    }
}

pub(super) fn name(section: &mut Section<'_, '_>) -> Option<Found<String>> {
    let name = section.text("name", Absent::Needs("name = \"prices\""))?;
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.value.is_empty() || name.value.len() > limits::NAME_CHARS || !name.value.chars().all(word) {
        let allowed = format!(
            "allowed are 1 to {} lower-case letters, digits, hyphens and underscores",
            limits::NAME_CHARS
        );
        section.complain(name.at, "name", format!("found \"{}\", {allowed}", shorten(&name.value)));
        return None;
    }
    Some(name)
}

pub(super) fn schedule(section: &mut Section<'_, '_>) -> Option<Schedule> {
    let example = "every = \"500ms\"";
    if ["every", "poisson", "burst"].iter().any(|key| section.is_misspelt(key)) {
        return None;
    }
    match (section.has("every"), section.has("poisson"), section.has("burst")) {
        (true, false, false) => {
            let every = section.duration("every", &limits::PERIOD, Absent::Needs(example))?;
            Some(Schedule::Periodic { period: every.value })
        }
        (false, true, false) => {
            let rate = section.read("poisson", Absent::Needs("poisson = \"2/s\""), poisson)?;
            Some(Schedule::Poisson { rate_per_s: rate.value })
        }
        (true, false, true) => {
            let every = section.duration("every", &limits::PERIOD, Absent::Needs(example));
            let size = section.whole("burst", &limits::BURST, Absent::Needs("burst = 10"))?;
            Some(Schedule::Bursts { size: size.value as u32, period: every?.value })
        }
        (every, poisson, burst) => {
            let found = [("every", every), ("poisson", poisson), ("burst", burst)];
            let found: Vec<&str> = found.iter().filter(|(_, there)| *there).map(|(key, _)| *key).collect();
            section.mistakes.add(section.at, unscheduled(section.name(), &found));
            None
        }
    }
}

fn unscheduled(name: &str, found: &[&str]) -> String {
    let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{}`", found.join("` and `")) };
    format!(
        "`{name}`: found {found} to say when updates are due, needed is one of `every = \"500ms\"`, \
         `poisson = \"2/s\"`, or `burst = 10` together with `every`"
    )
}

fn poisson(value: ValueInner<'_>) -> Result<f64, String> {
    let needed = "a rate in quotes, such as \"2/s\", \"30/min\" or \"5/h\"";
    let text = text(value, needed)?;
    let rate = rate::parse(&text).ok_or_else(|| format!("found \"{text}\", needed is {needed}"))?;
    if limits::RATE_PER_S.contains(&rate) {
        return Ok(rate);
    }
    Err(format!("found \"{text}\", allowed is one a day to {}/s", limits::RATE_PER_S.end()))
}

/// How long bodies are; `below` stands before the keys of a table of it in messages.
pub(super) fn body(
    section: &mut Section<'_, '_>,
    key: &'static str,
    below: (&'static str, &'static str),
) -> Option<BodySize> {
    let Some(found) = section.take(key) else {
        if !section.is_misspelt(key) {
            section.missing(key, &format!("{key} = \"120B\""));
        }
        return None;
    };
    body_of(section, key, found, below)
}

/// The same of a value that has been taken.
pub(super) fn body_of(
    section: &Section<'_, '_>,
    key: &'static str,
    found: Found<ValueInner<'_>>,
    (prefix, log_normal_prefix): (&'static str, &'static str),
) -> Option<BodySize> {
    match found.value {
        ValueInner::Table(table) => {
            let misspelt = !table.is_empty() && !BODY_KEYS.iter().any(|key| table.contains_key(*key));
            let table = Section::new(section.mistakes, prefix, found.at, table, BODY_KEYS);
            if misspelt { None } else { drawn(table, (prefix, log_normal_prefix)) }
        }
        value @ ValueInner::String(_) => match size(value, &limits::BODY_BYTES) {
            Ok(bytes) => Some(BodySize::Fixed(bytes)),
            Err(what) => {
                section.complain(found.at, key, what);
                None
            }
        },
        other => {
            let found_text = describe(&other);
            section.complain(found.at, key, format!("found {found_text}, needed is {BODY_FORMS}"));
            None
        }
    }
}

const BODY_FORMS: &str = "a size such as \"120B\", { uniform = [\"64B\", \"256B\"] } or \
                          { log_normal = { median = \"200B\", sigma = 0.5, max = \"4KiB\" } }";

fn drawn(
    mut section: Section<'_, '_>,
    (prefix, log_normal_prefix): (&str, &'static str),
) -> Option<BodySize> {
    match (section.has("uniform"), section.has("log_normal")) {
        (true, false) => section.read("uniform", Absent::Needs(""), uniform).map(|found| found.value),
        (false, true) => log_normal(section.table("log_normal", log_normal_prefix, LOG_NORMAL_KEYS)?),
        (both, _) => {
            let found = if both { "both `uniform` and `log_normal`" } else { "an empty table" };
            let name = prefix.trim_end_matches('.');
            section.mistakes.add(section.at, format!("`{name}`: found {found}, needed is {BODY_FORMS}"));
            None
        }
    }
}

fn uniform(value: ValueInner<'_>) -> Result<BodySize, String> {
    let ValueInner::Array(mut ends) = value else {
        return Err(format!(
            "found {}, needed is a list of two sizes: [\"64B\", \"256B\"]",
            describe(&value)
        ));
    };
    let [min, max] = ends.as_mut_slice() else {
        return Err(format!("found a list of {}, needed are two sizes: [\"64B\", \"256B\"]", ends.len()));
    };
    let min = size(min.take(), &limits::BODY_BYTES)?;
    let max = size(max.take(), &limits::BODY_BYTES)?;
    if min > max {
        let (min, max) = (options::print_size(min), options::print_size(max));
        return Err(format!("found the least size {min} above the greatest, {max}"));
    }
    Ok(BodySize::Uniform { min, max })
}

fn log_normal(mut section: Section<'_, '_>) -> Option<BodySize> {
    let bytes = |value: ValueInner<'_>| size(value, &limits::BODY_BYTES);
    let median = section.read("median", Absent::Needs("median = \"200B\""), bytes);
    let sigma = section.read("sigma", Absent::Needs("sigma = 0.5"), sigma);
    let max = section.read("max", Absent::Needs("max = \"4KiB\""), bytes)?;
    let median = median?;
    if median.value > max.value {
        let (found, end) = (options::print_size(median.value), options::print_size(max.value));
        section.complain(median.at, "median", format!("found {found}, allowed is at most `max`, {end}"));
        return None;
    }
    Some(BodySize::LogNormal { median: median.value, sigma: sigma?.value, max: max.value })
}

fn sigma(value: ValueInner<'_>) -> Result<f64, String> {
    let number = match value {
        ValueInner::Float(number) => number,
        ValueInner::Integer(number) => number as f64,
        other => return Err(format!("found {}, needed is a number such as 0.5", describe(&other))),
    };
    inside(number, &limits::SIGMA, &number.to_string(), f64::to_string)
}

/// Complains about names that two topics would share, entries written out in full.
pub(super) fn check_names(mistakes: &Mistakes, entries: &[TopicEntry]) {
    let mut seen = std::collections::HashSet::new();
    for entry in entries {
        let (Some(name), Some(count)) = (&entry.name, &entry.count) else { continue };
        let twice = names(&name.value, count.value).find(|name| !seen.insert(name.clone()));
        if let Some(twice) = twice {
            mistakes.add(name.at, format!("`topic.name`: a topic {} is there already", quote(&twice)));
        }
    }
}

/// The names of the topics that an entry stands for.
pub(super) fn names(name: &str, count: u32) -> impl Iterator<Item = String> + '_ {
    (1..=count).map(move |number| if count == 1 { name.to_owned() } else { format!("{name}-{number}") })
}
