//! A decision as a few lines of Markdown, to be pasted into a design document or a chat.

use super::{Decision, names};
use crate::format;
use std::fmt::Write;

/// The headline, the summary, the table, at what it changes, and how to run it again.
pub(super) fn of(decision: &Decision<'_>) -> String {
    let header = &decision.run.header;
    let mut text = String::new();
    let name = escape(&header.scenario_name);
    let _ = writeln!(text, "**{name}: {}**\n", escape(&decision.headline()));
    let summary = decision.summary();
    if !summary.is_empty() {
        let _ = writeln!(text, "{}\n", escape(&summary.join(" ")));
    }
    let table = decision.table();
    let head = |column: &super::Column| match column.sub.as_str() {
        "" => escape(&column.head),
        sub => escape(&format!("{} ({sub})", column.head)),
    };
    let heads: Vec<String> = table.columns.iter().map(head).collect();
    let _ = writeln!(text, "| transport | verdict | {} |", heads.join(" | "));
    let _ = writeln!(text, "|--|--|{}", "--:|".repeat(table.columns.len()));
    for row in &table.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(
                |cell| {
                    if cell.is_missed { format!("**{}**", escape(&cell.text)) } else { escape(&cell.text) }
                },
            )
            .collect();
        let word = format!("{} {}", row.mark.sign(), row.word);
        let name = match &row.path {
            Some(path) => format!("{}, {path}", names::sentence_case(&row.name)),
            None => names::sentence_case(&row.name),
        };
        let _ = writeln!(text, "| {} | {} | {} |", escape(&name), word.trim(), cells.join(" | "));
    }
    let changes = decision.changes();
    if !changes.is_empty() {
        let all: Vec<String> = changes
            .iter()
            .map(|change| format!("{} ({})", escape(&change.text), change.basis.key()))
            .collect();
        let _ = writeln!(text, "\nThe answer changes if: {}.", all.join("; "));
    }
    let stability = decision.stability();
    if !stability.is_empty() {
        let _ = writeln!(text, "\n{}", escape(&stability.join(" ")));
    }
    let date = format::date(&header.started);
    let _ = writeln!(
        text,
        "\nMeasured with pushpull {}, {date}: {}.",
        header.tool.version,
        decision.conditions()
    );
    let _ = writeln!(text, "Run it again: `{}`", header.command.replace('`', "'"));
    text.replace('\u{202f}', " ")
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*").replace('_', "\\_").replace('<', "&lt;")
}
