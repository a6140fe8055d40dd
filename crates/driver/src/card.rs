//! The end of a run on a terminal: the answer, the table that it is read from, and at what it changes.

use crate::paint::{bad, bold, dim, good};
use results::Run;
use scenario::Role;
use verdict::Decision;
use verdict::decision::{Mark, Table, TableRow, names};

/// The widest that a line may be, in columns.
const WIDTH: usize = 110;

/// Most changes that are listed; the page has all of them.
const CHANGES: usize = 4;

/// The card of a run, in about twenty lines.
#[must_use]
pub fn card(run: &Run) -> String {
    let decision = Decision::of(run);
    let mut blocks =
        vec![format!("{}\n\n{}", folded(&run.header.question, ""), bold(folded(&decision.headline(), "")))];
    let summary = decision.summary();
    if !summary.is_empty() {
        blocks.push(folded(&summary.join(" "), ""));
    }
    if run.accounts.iter().any(|account| account.complete) {
        blocks.push(table(&decision.table()));
    }
    blocks.extend(notes(&decision));
    blocks.join("\n\n")
}

/// At what the answer changes, how stable it is, what speaks against the figures.
fn notes(decision: &Decision<'_>) -> Option<String> {
    let mut lines = Vec::new();
    for (index, change) in decision.changes().iter().take(CHANGES).enumerate() {
        let head = if index == 0 { "Changes if" } else { "" };
        lines.push(entry(head, &format!("{} ({})", change.text, change.basis.key())));
    }
    for (index, sentence) in decision.stability().iter().enumerate() {
        lines.push(entry(if index == 0 { "Stability" } else { "" }, sentence));
    }
    lines.push(entry("Over", &decision.conditions()));
    let warnings = report::warnings::lines(decision.run);
    for (index, line) in warnings.iter().enumerate() {
        lines.push(entry(if index == 0 { "Warnings" } else { "" }, line));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A word in the margin, and text beside it.
fn entry(head: &str, text: &str) -> String {
    const MARGIN: usize = 12;
    let text = wrapped(text, WIDTH - MARGIN).join(&format!("\n{}", " ".repeat(MARGIN)));
    format!("{}{text}", dim(format!("{head:MARGIN$}")))
}

/// Candidates, and then what stands beside them. Heads take as many lines as they need.
fn table(table: &Table) -> String {
    const HEAD: usize = 14;
    let heads: Vec<Vec<String>> = table
        .columns
        .iter()
        .map(|column| {
            let mut lines = wrapped(&column.head, HEAD);
            lines.extend((!column.sub.is_empty()).then(|| wrapped(&column.sub, HEAD)).into_iter().flatten());
            lines
        })
        .collect();
    let tall = heads.iter().map(Vec::len).max().unwrap_or(0);
    let head_line = |at: usize| -> Vec<String> {
        let first = ["", if at + 1 == tall { "verdict" } else { "" }].map(str::to_owned);
        let rest = heads.iter().map(|lines| match (at + lines.len()).checked_sub(tall) {
            Some(line) => lines[line].clone(),
            None => String::new(),
        });
        first.into_iter().chain(rest).collect()
    };
    let mut rows: Vec<Vec<String>> = (0..tall).map(head_line).collect();
    rows.extend(table.rows.iter().map(cells));
    let columns = table.columns.len() + 2;
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |(index, row): (usize, &Vec<String>)| {
        let shown = index.checked_sub(tall).and_then(|at| table.rows.get(at));
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (text, width))| match at {
            0 | 1 => painted(shown, at, &format!("{text:width$}")),
            _ => painted(shown, at, &format!("{text:>width$}")),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn cells(row: &TableRow) -> Vec<String> {
    let name = match &row.path {
        Some(path) => format!("{} ({path})", names::sentence_case(&row.name)),
        None => names::sentence_case(&row.name),
    };
    let name: String =
        if name.chars().count() > 34 { name.chars().take(33).chain(['…']).collect() } else { name };
    let word = format!("{} {}", row.mark.sign(), row.word).trim().to_owned();
    [name, word].into_iter().chain(row.cells.iter().map(|cell| cell.text.clone())).collect()
}

fn painted(row: Option<&TableRow>, column: usize, text: &str) -> String {
    let Some(row) = row else { return dim(text) };
    let is_missed = column.checked_sub(2).and_then(|at| row.cells.get(at)).is_some_and(|cell| cell.is_missed);
    match (column, row.mark) {
        (1, Mark::Good) => good(text),
        (1, Mark::Bad) => bad(text),
        _ if is_missed => bad(text),
        _ if row.role != Role::Candidate => dim(text),
        _ => text.to_owned(),
    }
}

fn folded(text: &str, indent: &str) -> String {
    wrapped(text, WIDTH).join(&format!("\n{indent}"))
}

/// Lines of at most so many characters, broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let length = lines[last].chars().count() + 1 + word.chars().count();
        match lines[last].is_empty() {
            true => lines[last].push_str(word),
            false if length <= width => {
                lines[last].push(' ');
                lines[last].push_str(word);
            }
            false => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensibilities", 7), ["incomprehensibilities"]);
        assert_eq!(wrapped("", 7), [""]);
    }
}
