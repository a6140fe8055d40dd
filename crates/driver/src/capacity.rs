//! `pushpull capacity`: how many subscribers one server carries over each transport, and what gives way beyond.

mod print;
mod search;
mod step;

use crate::cli::CapacityArgs;
use crate::commands::scenarios::{self, Wrong};
use crate::commands::{EXIT_INTERRUPTED, interruption, say};
use crate::{files, run};
use scenario::Scenario;
use search::Search;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use step::{Load, Stepped};
use tokio::sync::watch;

/// How often a step is tried that gives way while others use the machine.
const ATTEMPTS: u32 = 3;

/// One transport's answer.
pub(crate) struct Found {
    pub label: String,
    /// The most subscribers with which everything held, and what that took.
    pub good: Option<Stepped>,
    /// The fewest with which something gave way, and what.
    pub bad: Option<Stepped>,
    /// The last step in which an objective could not be told, for too little happened: neither good nor bad.
    pub untold: Option<Stepped>,
    /// A step that gave way each time it was tried, with others on the machine each time: it ended the search.
    pub disturbed: Option<Stepped>,
    /// Whether the search ended because nobody was to be asked beyond.
    pub capped: bool,
}

/// Searches for every transport of the scenario, one after the other.
///
/// # Errors
/// When the scenario can't be run at all, or results can't be written.
pub(crate) async fn capacity(args: &CapacityArgs) -> anyhow::Result<ExitCode> {
    let scenario = scenarios::load(&args.scenario, &args.change.sets, &args.transports)?;
    if scenario.objectives.is_empty() {
        say(format_args!(
            "The scenario has no objectives, so only warnings and losses end the search: add an [[objective]], such as \
             figure = \"latency\", at = \"p50\", at_most = \"100ms\".\n"
        ));
    }
    let interrupted = interruption();
    let folder = files::create_folder(&args.out, &format!("{}-capacity", run::name_of(&args.scenario)))?;
    let mut all = Vec::new();
    for entry in &scenario.transports {
        if *interrupted.borrow() {
            break;
        }
        let looking = Looking { args, scenario: &scenario, folder: &folder, interrupted: &interrupted };
        let found = looking.search(&entry.label).await?;
        say(format_args!("{}", print::sentence(&found)));
        all.push(found);
    }
    let text = print::text(&scenario, &all);
    say(format_args!("\n{text}\n\nevery step: {}", folder.display()));
    files::write_whole(&folder.join("capacity.txt"), &text)?;
    Ok(if *interrupted.borrow() { ExitCode::from(EXIT_INTERRUPTED) } else { ExitCode::SUCCESS })
}

/// What a search needs.
struct Looking<'a> {
    args: &'a CapacityArgs,
    scenario: &'a Scenario,
    folder: &'a Path,
    interrupted: &'a watch::Receiver<bool>,
}

impl Looking<'_> {
    async fn search(&self, label: &str) -> anyhow::Result<Found> {
        let first = self.args.start.unwrap_or(self.scenario.subscribers.count);
        let mut search = Search::new(first, self.args.max, self.args.max_runs);
        let mut found = Found {
            label: label.to_owned(),
            good: None,
            bad: None,
            untold: None,
            disturbed: None,
            capped: false,
        };
        while let Some(count) = search.next() {
            let stepped = self.undisturbed(label, count).await?;
            if *self.interrupted.borrow() {
                return Ok(found);
            }
            if stepped.disturbed.is_some() {
                found.disturbed = Some(stepped);
                return Ok(found);
            }
            search.told(stepped.gave_way.is_none());
            match (&stepped.gave_way, &stepped.untold) {
                (Some(_), _) => found.bad = Some(stepped),
                (None, None) => found.good = Some(stepped),
                // With more of them more happens. With fewer there is nothing to be found.
                (None, Some(_)) => {
                    let is_last = found.bad.is_some();
                    found.untold = Some(stepped);
                    if is_last {
                        break;
                    }
                }
            }
        }
        found.capped = found.bad.is_none();
        Ok(found)
    }

    /// A step, tried again where it gave way while others used the machine.
    async fn undisturbed(&self, label: &str, count: u32) -> anyhow::Result<Stepped> {
        let mut attempt = 1;
        loop {
            tell(&format!("{label}: {count} subscribers"));
            let stepped = self.step(label, count, attempt).await?;
            if *self.interrupted.borrow() {
                return Ok(stepped);
            }
            tell(&format!("{label}: {count} subscribers: {}", stepped.outcome()));
            if stepped.disturbed.is_none() || attempt == ATTEMPTS {
                return Ok(stepped);
            }
            attempt += 1;
        }
    }

    /// One run of one transport with so many subscribers, in processes of its own.
    async fn step(&self, label: &str, count: u32, attempt: u32) -> anyhow::Result<Stepped> {
        let mut sets = self.args.change.sets.clone();
        let fixed = [
            ("subscribers.count", count.to_string()),
            ("rounds", "1".to_owned()),
            ("order", "together".to_owned()),
            ("idle_connections", "0".to_owned()),
        ];
        sets.retain(|(key, _)| fixed.iter().all(|(set, _)| set != key));
        sets.extend(fixed.map(|(key, value)| (key.to_owned(), value)));
        let transports = [label.to_owned()];
        let scenario = scenarios::load(&self.args.scenario, &sets, &transports)
            .map_err(|wrong| Wrong::new(format!("with {count} subscribers: {wrong}")));
        let scenario = match scenario {
            Ok(scenario) => scenario,
            Err(wrong) => return Ok(Stepped::refused(count, wrong.to_string())),
        };
        let request = run::Request {
            scenario,
            name: run::name_of(&self.args.scenario),
            command: scenarios::command(&self.args.scenario, &transports, &sets),
            changes: scenarios::changes(&transports, &sets),
            out: self.folder.to_owned(),
            folder: Some(match attempt {
                1 => format!("{label}-{count}"),
                attempt => format!("{label}-{count}-attempt-{attempt}"),
            }),
        };
        Load { label, count }.run(&request, self.interrupted).await
    }
}

fn tell(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}
