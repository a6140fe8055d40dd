//! What `pushpull --help` says: the commands in groups, and examples of each.

use crate::cli::Cli;
use clap::builder::Styles;
use clap::{ColorChoice, CommandFactory};
use std::fmt::Write;

/// The groups of `pushpull --help`, with their commands. A command that is not hidden stands in exactly one.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Answer", &["run", "answer", "advise", "capacity"]),
    ("Write", &["init", "scenarios", "check", "transports", "figures"]),
    ("Results", &["report", "open", "compare", "export"]),
    ("Trust", &["selftest", "floor", "rebaseline"]),
    ("By hand", &["serve", "load"]),
    ("Shell", &["completions", "man"]),
];

/// Examples of the whole program.
pub const EXAMPLES: &str = "\
Examples:
  pushpull run dashboard                     a shipped scenario, by name
  pushpull scenarios                         all of them
  pushpull open                              the newest report

`pushpull COMMAND --help` has examples of each command.";

/// What `--help` says more than `-h`.
pub const LONG: &str = "\
Examples:
  pushpull run dashboard                     a shipped scenario, by name
  pushpull scenarios                         all of them
  pushpull open                              the newest report

Exit codes:
  0    done
  1    the run, a part of it or the command failed; a comparison found something worse;
       an objective is not shown to be met (--require-objectives); the self-test did not pass
  2    a mistake in a scenario or on the command line, or runs that can't be compared
  130  interrupted, with what was measured kept

`pushpull COMMAND --help` has examples of each command.";

macro_rules! examples {
    ($($(#[$about:meta])* $name:ident $text:literal;)*) => {
        $($(#[$about])* pub const $name: &str = concat!("Examples:\n", $text);)*
        #[cfg(test)]
        const ALL: &[&str] = &[EXAMPLES, LONG, $($name),*];
    };
}

examples! {
    /// Examples of `run`.
    RUN "  pushpull run dashboard --open
  pushpull run mine.toml --transports websocket,sse --rounds 5
  pushpull run dashboard --set subscribers.count=500 --set measure=10s
  pushpull run growth --vary subscribers.count=10,100,1000
  pushpull run mine.toml --require-objectives";
    /// Examples of `answer`.
    ANSWER "  pushpull answer
  pushpull answer results/dashboard-2026-01-01T120000 --format markdown";
    /// Examples of `advise`.
    ADVISE "  pushpull advise ai-chat
  pushpull advise mine.toml --rounds 5 --require-objectives";
    /// Examples of `capacity`.
    CAPACITY "  pushpull capacity dashboard
  pushpull capacity mine.toml --transports sse --start 500 --max 20000 --max-runs 8";
    /// Examples of `init`.
    INIT "  pushpull init
  pushpull init chat --out mine.toml
  pushpull init dashboard --users 5000 --updates 2/s --limit 500ms --rtt 80ms > mine.toml";
    /// Examples of `check`.
    CHECK "  pushpull check mine.toml
  pushpull check dashboard lossy-link --set measure=10s";
    /// Examples of `scenarios`.
    SCENARIOS "  pushpull scenarios
  pushpull scenarios dashboard > mine.toml
  pushpull scenarios --json";
    /// Examples of `report`.
    REPORT "  pushpull report results/dashboard-2026-01-01T120000
  pushpull report results --out all.html
  pushpull report old/run.jsonl new/run.jsonl --out both.html";
    /// Examples of `open`.
    OPEN "  pushpull open
  pushpull open results/dashboard-2026-01-01T120000";
    /// Examples of `compare`.
    COMPARE "  pushpull compare results/before results/after
  pushpull compare results/before results/after --fail-above 20% --json";
    /// Examples of `export`.
    EXPORT "  pushpull export results/dashboard-2026-01-01T120000
  pushpull export results/dashboard-2026-01-01T120000 --out csv";
    /// Examples of `selftest`.
    SELFTEST "  pushpull selftest
  pushpull selftest --thorough --out selftest
  pushpull selftest --only polling --json";
    /// Examples of `floor`.
    FLOOR "  pushpull floor
  pushpull floor --transports websocket,sse --subscribers 100 --blocks 4";
    /// Examples of `rebaseline`.
    REBASELINE "  pushpull rebaseline
  pushpull rebaseline results/published/dashboard";
    /// Examples of `serve`.
    SERVE "  pushpull serve dashboard --transport sse --listen 127.0.0.1:8080
  pushpull serve dashboard --transport websocket --start-in 20s";
    /// Examples of `load`; `serve` prints the whole line.
    LOAD "  pushpull load dashboard --transport sse --start-ns 5000000000000 --connect 127.0.0.1:8080";
    /// Examples of `completions`.
    COMPLETIONS "  pushpull completions bash > ~/.local/share/bash-completion/completions/pushpull
  pushpull completions zsh > ~/.zfunc/_pushpull
  pushpull completions fish > ~/.config/fish/completions/pushpull.fish";
    /// Examples of `man`.
    MAN "  pushpull man ~/.local/share/man/man1";
}

/// The command line with its groups.
#[must_use]
pub fn command() -> clap::Command {
    let command = Cli::command();
    let template = template(&command);
    command.help_template(template)
}

/// The same, in colour or not.
#[must_use]
pub fn coloured(choice: ColorChoice) -> clap::Command {
    command().color(choice)
}

fn template(command: &clap::Command) -> String {
    let styles = Styles::styled();
    let (header, name) = (styles.get_header(), styles.get_literal());
    let width = GROUPS.iter().flat_map(|(_, names)| *names).map(|name| name.len()).max().unwrap_or_default();
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (title, names) in GROUPS {
        // Writing to a text can't fail.
        let _ = write!(text, "\n{header}{title}:{header:#}\n");
        for command in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {name}{:<width$}{name:#}  {about}", command.get_name());
        }
    }
    text.push_str("\n{options}{after-help}\n");
    text.replace("{options}", &format!("{header}Options:{header:#}\n{{options}}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn each_visible_command_is_in_one_group() {
        let command = Cli::command();
        for shown in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = shown.get_name();
            let groups = GROUPS.iter().flat_map(|(_, names)| *names).filter(|other| **other == name).count();
            assert_eq!(groups, 1, "{name}");
        }
        for name in GROUPS.iter().flat_map(|(_, names)| *names) {
            assert!(command.find_subcommand(name).is_some_and(|command| !command.is_hide_set()), "{name}");
        }
    }

    #[test]
    fn help_has_the_groups_and_the_commands_in_their_order() {
        let text = command().render_help().to_string();
        let mut rest = text.as_str();
        for (title, names) in GROUPS {
            let heads = std::iter::once(format!("\n{title}:\n"));
            for part in heads.chain(names.iter().map(|name| format!("  {name} "))) {
                let at = rest.find(&part);
                assert!(at.is_some(), "{part:?} is missing in: {text}");
                rest = &rest[at.unwrap_or_default()..];
            }
        }
        assert!(!text.contains('{'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn every_example_can_be_typed() {
        let lines = ALL.iter().flat_map(|text| text.lines()).map(str::trim);
        let mut seen = 0;
        for line in lines.filter(|line| line.starts_with("pushpull ")) {
            let typed = line.split(" > ").next().unwrap_or_default();
            let typed = typed.split("   ").next().unwrap_or_default();
            let parsed = Cli::try_parse_from(typed.split_whitespace());
            assert!(
                parsed.is_ok(),
                "{line}: {}",
                parsed.err().map(|error| error.to_string()).unwrap_or_default()
            );
            seen += 1;
        }
        assert!(seen > 30, "{seen}");
    }

    #[test]
    fn every_command_has_a_short_summary() {
        for command in Cli::command().get_subcommands() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!((10..=120).contains(&about.len()), "{}: {about}", command.get_name());
        }
    }

    #[test]
    fn clap_finds_no_mistake_in_the_command_line() {
        command().debug_assert();
    }
}
