//! Colour on standard output, where a person looks at it.

use clap::{ColorChoice, ValueEnum};
use console::Style;
use std::fmt::Display;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether what is printed has colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// In a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> ColorChoice {
        match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// What was decided for this process: no colour until somebody asks for it.
static ON: AtomicBool = AtomicBool::new(false);

/// Decides for this process.
pub fn begin(color: Color) {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let plain = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    ON.store(decide(color, std::io::stdout().is_terminal(), unwanted || plain), Ordering::Relaxed);
}

fn decide(color: Color, is_terminal: bool, is_unwanted: bool) -> bool {
    match color {
        Color::Auto => is_terminal && !is_unwanted,
        Color::Always => true,
        Color::Never => false,
    }
}

/// What a reader should see first.
#[must_use]
pub fn bold(text: impl Display) -> String {
    paint(&Style::new().bold(), text)
}

/// Something that is as it should be.
#[must_use]
pub fn good(text: impl Display) -> String {
    paint(&Style::new().green(), text)
}

/// Something that is not.
#[must_use]
pub fn bad(text: impl Display) -> String {
    paint(&Style::new().red().bold(), text)
}

/// What stands beside the matter: units, references, explanations.
#[must_use]
pub fn dim(text: impl Display) -> String {
    paint(&Style::new().dim(), text)
}

/// Tables are padded before they are painted: colour takes no room on the screen, but in a text it does.
fn paint(style: &Style, text: impl Display) -> String {
    match ON.load(Ordering::Relaxed) {
        true => style.clone().force_styling(true).apply_to(text).to_string(),
        false => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_colour_unless_somebody_does_not_want_it() {
        assert!(decide(Color::Auto, true, false));
        assert!(!decide(Color::Auto, true, true), "NO_COLOR");
        assert!(!decide(Color::Auto, false, false), "a pipe");
        assert!(decide(Color::Always, false, true), "who says always means it");
        assert!(!decide(Color::Never, true, false));
    }

    #[test]
    fn without_a_decision_text_stays_as_it_is() {
        assert_eq!([bold("a"), good("b"), bad("c"), dim("d")].concat(), "abcd");
    }
}
