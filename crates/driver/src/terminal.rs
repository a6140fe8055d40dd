//! What a person reads on the terminal when a run is over.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use results::Run;

/// The widest that a table may be, in columns.
const WIDTH: u16 = 100;

/// The summary of a run as a table, the same cells as in the report.
#[must_use]
pub fn summary(run: &Run) -> String {
    let summary = report::summary(run);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(report::SUMMARY_COLUMNS);
    for row in summary {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.trim_fmt()
}
