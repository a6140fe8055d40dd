//! What is wrong with a scenario text, and where.

use crate::limits;
use std::cell::RefCell;

/// One thing that keeps a text from being a scenario. Prints as `LINE:COLUMN: message`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1: where the key stands, or the table that lacks it.
    pub column: usize,
    /// The key, what was found and what is allowed.
    pub message: String,
}

/// Collects mistakes by their place in the text, so that all of them can be told at once.
#[derive(Default)]
pub(crate) struct Mistakes(RefCell<Vec<(usize, String)>>);

impl Mistakes {
    /// Notes a mistake at a byte offset.
    pub(crate) fn add(&self, at: usize, message: impl Into<String>) {
        self.0.borrow_mut().push((at, message.into()));
    }

    /// All of them in the order of the text.
    pub(crate) fn locate(self, text: &str) -> Vec<Mistake> {
        let mut found = self.0.into_inner();
        found.sort_by_key(|(at, _)| *at);
        let more = found.len().saturating_sub(limits::MISTAKES);
        found.truncate(limits::MISTAKES);
        if more > 0 {
            found.push((text.len(), format!("and {more} more mistakes")));
        }
        found.into_iter().map(|(at, message)| locate(text, at, message)).collect()
    }
}

fn locate(text: &str, at: usize, message: String) -> Mistake {
    let mut end = at.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Mistake {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_the_order_is_that_of_the_text() {
        let text = "é = 1\nab = 2\n";
        let mistakes = Mistakes::default();
        mistakes.add(text.find("= 2").unwrap(), "second");
        mistakes.add(text.find("= 1").unwrap(), "first");
        let printed: Vec<String> = mistakes.locate(text).iter().map(Mistake::to_string).collect();
        assert_eq!(printed, ["1:3: first", "2:4: second"]);
    }

    #[test]
    fn a_flood_is_counted_rather_than_printed() {
        let mistakes = Mistakes::default();
        (0..150).for_each(|at| mistakes.add(at, "x"));
        let located = mistakes.locate("");
        assert_eq!(located.len(), limits::MISTAKES + 1);
        assert_eq!(located.last().unwrap().message, "and 50 more mistakes");
    }
}
