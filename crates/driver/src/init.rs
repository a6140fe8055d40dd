//! `pushpull init`: a few answers become a scenario that can be run, with a reason beside each number.

mod ask;
mod text;
mod work;

use crate::cli::InitArgs;
use crate::commands::say;
use crate::commands::scenarios::Wrong;
use anyhow::Context;
use clap::ValueEnum;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Write};
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::Duration;

/// Updates per second, from one a minute.
pub const UPDATES_PER_S: RangeInclusive<f64> = 1.0 / 60.0..=1_000.0;
/// How late something may be.
pub const LIMIT: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(60);
/// From a client to the server and back.
pub const RTT: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(2);
/// Everybody who uses the feature.
pub const USERS: RangeInclusive<u32> = 1..=1_000_000_000;

/// What a live feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Values that all users look at
    Dashboard,
    /// Messages to single users, now and then
    Notifications,
    /// Newest prices or scores of many topics, of which each user follows some
    Ticker,
    /// Rooms of eight who talk
    Chat,
    /// Answers that a model streams word by word
    AiAnswer,
    /// A form that is sent and answered once
    Form,
    /// Devices that report, and are told something now and then
    Telemetry,
    /// Rooms of eight players, and a world that is sent to them
    Game,
}

/// What a scenario is written from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wishes {
    /// What it is.
    pub kind: Kind,
    /// Everybody who uses it.
    pub users: u32,
    /// What comes to, or from, each of them in a second: [`Kind::updates_are`].
    pub updates_per_s: f64,
    /// How late it may be: [`Kind::limit_is`].
    pub limit: Duration,
    /// From a client to the server and back.
    pub rtt: Duration,
    /// Whether clients of a feature that only shows something say something too.
    pub clients_send: bool,
}

impl Kind {
    /// What its numbers usually are.
    #[must_use]
    pub fn usual(self) -> Wishes {
        let wishes = |users, updates_per_s, limit_ms, rtt_ms| Wishes {
            kind: self,
            users,
            updates_per_s,
            limit: Duration::from_millis(limit_ms),
            rtt: Duration::from_millis(rtt_ms),
            clients_send: false,
        };
        match self {
            Kind::Dashboard => wishes(200, 8.0, 1_000, 60),
            Kind::Notifications => wishes(2_000, 0.2, 5_000, 60),
            Kind::Ticker => wishes(1_000, 20.0, 500, 60),
            Kind::Chat => wishes(500, 2.0, 500, 60),
            Kind::AiAnswer => wishes(500, 50.0, 700, 60),
            Kind::Form => wishes(1_000, 1.0, 200, 60),
            Kind::Telemetry => wishes(300, 0.5, 2_000, 60),
            Kind::Game => wishes(400, 30.0, 110, 40),
        }
    }

    /// What is counted by `--updates`.
    #[must_use]
    pub fn updates_are(self) -> &'static str {
        match self {
            Kind::Dashboard => "changes that each viewer sees, per second",
            Kind::Notifications => "notifications to each user, per second",
            Kind::Ticker => "changes of all that one user follows, per second",
            Kind::Chat => "messages that each member reads, per second",
            Kind::AiAnswer => "pieces of an answer, per second",
            Kind::Form => {
                "forms that each user sends, per second; more than real, so that a short run holds enough"
            }
            Kind::Telemetry => "readings from each device, per second",
            Kind::Game => "updates of the world, per second",
        }
    }

    /// What is limited by `--limit`.
    #[must_use]
    pub fn limit_is(self) -> &'static str {
        match self {
            Kind::Chat => "how late the last member of a room may get a message",
            Kind::AiAnswer => "how long a reader may wait for the first piece",
            Kind::Form => "how long a user may wait for the answer",
            Kind::Telemetry => "how late a device may be told something",
            Kind::Game => "how late a move may show its effect",
            Kind::Dashboard | Kind::Notifications | Kind::Ticker => {
                "how old an update may be when it arrives"
            }
        }
    }

    /// Whether it is a matter of choice if clients send.
    #[must_use]
    pub fn may_send(self) -> bool {
        matches!(self, Kind::Dashboard | Kind::Notifications | Kind::Ticker)
    }

    /// The word for it on the command line.
    #[must_use]
    pub fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Writes a scenario.
///
/// # Errors
/// When the file is there, or can't be written.
pub fn init(args: &InitArgs) -> anyhow::Result<ExitCode> {
    let asks = !args.says_something() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let wishes = match asks {
        true => ask::ask(args.kind, &mut std::io::stdin().lock(), &mut std::io::stderr())?,
        false => args.wishes()?,
    };
    let text = text::text(&wishes);
    let Some(path) = &args.out else {
        // A reader that has gone away has seen enough.
        let _ = std::io::stdout().write_all(text.as_bytes());
        return Ok(ExitCode::SUCCESS);
    };
    let shown = path.display();
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            anyhow::Error::new(Wrong::new(format!("--out: {shown} is there, and nothing is written over it")))
        }
        _ => anyhow::Error::new(error).context(format!("failed to write {shown}")),
    })?;
    file.write_all(text.as_bytes()).with_context(|| format!("failed to write {shown}"))?;
    say(format_args!("{shown}\ncheck it: pushpull check {shown}\nrun it:   pushpull run {shown}"));
    Ok(ExitCode::SUCCESS)
}

impl InitArgs {
    /// Whether a number was given, so that nothing is asked.
    fn says_something(&self) -> bool {
        let numbers =
            [self.users.is_some(), self.updates.is_some(), self.limit.is_some(), self.rtt.is_some()];
        numbers.contains(&true) || self.clients_send
    }

    fn wishes(&self) -> Result<Wishes, Wrong> {
        let kind = self.kind.unwrap_or(Kind::Dashboard);
        if self.clients_send && !kind.may_send() {
            let word = kind.word();
            let sends = [Kind::Dashboard, Kind::Notifications, Kind::Ticker].map(Kind::word).join(", ");
            return Err(Wrong::new(format!(
                "--clients-send: belongs to {sends}; who sends in `{word}` is known"
            )));
        }
        let usual = kind.usual();
        Ok(Wishes {
            kind,
            users: self.users.unwrap_or(usual.users),
            updates_per_s: self.updates.unwrap_or(usual.updates_per_s),
            limit: self.limit.unwrap_or(usual.limit),
            rtt: self.rtt.unwrap_or(usual.rtt),
            clients_send: self.clients_send,
        })
    }
}

/// Reads `2/s`, `30/min` or `5/h`.
///
/// # Errors
/// When it is no rate, or one that no short run can show.
pub fn rate(text: &str) -> Result<f64, String> {
    let needed = "needed is a rate such as 2/s or 30/min, from 1/min to 1000/s";
    let rate = scenario::updates_per_s(text).ok_or_else(|| needed.to_owned())?;
    if UPDATES_PER_S.contains(&rate) { Ok(rate) } else { Err(needed.to_owned()) }
}

/// Reads how late something may be.
///
/// # Errors
/// When it is no time, or outside of [`LIMIT`].
pub fn limit(text: &str) -> Result<Duration, String> {
    time(text, &LIMIT)
}

/// Reads a round trip.
///
/// # Errors
/// When it is no time, or outside of [`RTT`].
pub fn rtt(text: &str) -> Result<Duration, String> {
    time(text, &RTT)
}

fn time(text: &str, allowed: &RangeInclusive<Duration>) -> Result<Duration, String> {
    let time = options::duration(text).map_err(|error| error.to_string())?;
    match allowed.contains(&time) {
        true => Ok(time),
        false => {
            let [least, most] = [allowed.start(), allowed.end()].map(|end| options::print_duration(*end));
            Err(format!("allowed is {least} to {most}"))
        }
    }
}
