//! Reading scenario files as a person gave them.

use crate::estimate::{self, Estimate};
use crate::shipped;
use crate::transports::kinds;
use scenario::{Scenario, Schedule, keep_transports, override_keys};
use std::borrow::Cow;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

/// What is wrong with what a person gave, all of it, ready to print.
#[derive(Debug)]
pub struct Wrong(Vec<String>);

impl Wrong {
    /// One mistake.
    pub fn new(message: impl Into<String>) -> Self {
        Wrong(vec![message.into()])
    }

    /// The mistakes of several files, or of one in several shapes: what is the same in them is told once.
    pub fn all(wrong: Vec<Wrong>) -> Self {
        let mut told = Vec::new();
        for mistake in wrong.into_iter().flat_map(|wrong| wrong.0) {
            if !told.contains(&mistake) {
                told.push(mistake);
            }
        }
        Wrong(told)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\npushpull: "))
    }
}

impl std::error::Error for Wrong {}

/// Reads a scenario file and applies what was changed on the command line.
pub fn load(file: &Path, sets: &[(String, String)], transports: &[String]) -> Result<Scenario, Wrong> {
    let shown = file.display();
    let text = read(file)?;
    // Positions must be those of the file as it is, so it is read before it is changed.
    parse(&text, &shown.to_string())?;
    if sets.is_empty() && transports.is_empty() {
        return parse(&text, &shown.to_string());
    }
    let changed = override_keys(&text, sets).map_err(|error| Wrong::new(format!("--set: {error}")))?;
    let changed = if transports.is_empty() {
        changed
    } else {
        let kept = keep_transports(&changed, transports, &kinds());
        kept.map_err(|error| Wrong::new(format!("--transports: {error}")))?
    };
    parse(&changed, &format!("{shown}, as changed on the command line"))
}

/// The text of a file or, where there is no such file, of the shipped scenario of that name.
fn read(file: &Path) -> Result<Cow<'static, str>, Wrong> {
    let is_file = std::fs::metadata(file).is_ok_and(|there| !there.is_dir());
    let name = file.to_str().filter(|_| !is_file);
    if let Some(shipped) = name.and_then(shipped::find) {
        return Ok(Cow::Borrowed(shipped.text));
    }
    std::fs::read_to_string(file).map(Cow::Owned).map_err(|error| match error.kind() {
        ErrorKind::NotFound => unknown(&file.display().to_string(), true),
        _ => Wrong::new(format!("failed to read {}: {error}", file.display())),
    })
}

/// Says that nothing has this name: no shipped scenario and, where files were looked at, no file.
pub fn unknown(name: &str, with_files: bool) -> Wrong {
    let what = if with_files { "neither a file nor a shipped scenario" } else { "no shipped scenario" };
    let meant = shipped::nearest(name).map(|meant| format!(" did you mean `{meant}`?")).unwrap_or_default();
    Wrong::new(format!("`{name}` is {what};{meant} `pushpull scenarios` lists all"))
}

/// Reads a scenario text; `origin` says in messages where it is from.
pub fn parse(text: &str, origin: &str) -> Result<Scenario, Wrong> {
    Scenario::parse(text, &kinds())
        .map_err(|mistakes| Wrong(mistakes.iter().map(|mistake| format!("{origin}:{mistake}")).collect()))
}

/// What was changed on the command line, for a reader of the report.
pub fn changes(transports: &[String], sets: &[(String, String)]) -> Vec<String> {
    let sets = sets.iter().map(|(key, value)| format!("{key} = {value}"));
    let transports = (!transports.is_empty()).then(|| format!("transports = {}", transports.join(", ")));
    sets.chain(transports).collect()
}

/// The command line that repeats a run.
pub fn command(file: &Path, transports: &[String], sets: &[(String, String)]) -> String {
    let mut words = vec!["pushpull".to_owned(), "run".to_owned(), quoted(&file.display().to_string())];
    for (key, value) in sets {
        words.extend(["--set".to_owned(), quoted(&format!("{key}={value}"))]);
    }
    if !transports.is_empty() {
        words.extend(["--transports".to_owned(), transports.join(",")]);
    }
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// What a scenario amounts to, in a line.
pub fn describe(scenario: &Scenario) -> String {
    let labels: Vec<&str> = scenario.transports.iter().map(|entry| entry.label.as_str()).collect();
    let distance = match scenario.way.delay.is_zero() {
        true => String::new(),
        false => format!(", {} away", options::print_duration(scenario.way.delay)),
    };
    format!(
        "{} x {} rounds; {} subscribers{distance}; {}; about {}",
        labels.join(" + "),
        scenario.rounds,
        scenario.subscribers.count,
        workload(scenario),
        estimate::in_words(Estimate::of(scenario).total()),
    )
}

/// What comes down and goes up.
fn workload(scenario: &Scenario) -> String {
    let rate =
        |schedules: &mut dyn Iterator<Item = &Schedule>| schedules.map(Schedule::rate_per_s).sum::<f64>();
    let clients = f64::from(scenario.subscribers.count);
    if let Some(reply) = &scenario.reply {
        return format!("{:.1} questions/s in all", reply.schedule.rate_per_s() * clients);
    }
    let up = rate(&mut scenario.posts.iter().map(|post| &post.schedule)) * clients;
    let down = match scenario.relays() {
        true => format!("{} rooms", scenario.rooms()),
        false => {
            let down = rate(&mut scenario.topics.iter().map(|topic| &topic.schedule));
            format!("{} topics, {down:.1} updates/s in all", scenario.topics.len())
        }
    };
    if scenario.posts.is_empty() { down } else { format!("{down}, {up:.1} posts/s in all") }
}
