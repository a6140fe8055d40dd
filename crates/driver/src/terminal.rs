//! What a person reads on the terminal when a run is over.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use results::Run;
use verdict::{Comparison, Contrast, Finding, Judgement};

/// The widest that a table may be, in columns.
const WIDTH: u16 = 110;

/// What others published, beside what came out; none where the scenario knows of nothing.
#[must_use]
pub fn published(run: &Run) -> Option<String> {
    let all = verdict::claims::published(run, &Judgement::of(run));
    let none = || verdict::format::NONE.to_owned();
    let rows = all.iter().map(|beside| {
        let times = beside.times().map_or_else(none, |times| format!("×{}", verdict::format::number(times)));
        vec![beside.says.clone(), beside.theirs(), beside.here().unwrap_or_else(none), times]
    });
    (!all.is_empty()).then(|| table(&["published", "theirs", "here", "here over theirs"], rows))
}

/// Two runs against each other, a row for each transport and figure.
#[must_use]
pub fn comparison(comparison: &Comparison) -> String {
    let how = if comparison.paired { "round against round" } else { "all rounds against all rounds" };
    let margin = verdict::format::part(comparison.margin);
    let titles = ["transport", "figure", "before", "now", "ratio [95 % interval]", "finding"];
    let rows = comparison.contrasts.iter().map(|contrast| {
        let value = |value: Option<f64>| {
            value.map_or_else(|| verdict::format::NONE.to_owned(), |value| contrast.metric.print(value))
        };
        vec![
            contrast.other.clone(),
            contrast.metric.name().to_owned(),
            value(contrast.base_value),
            value(contrast.other_value),
            contrast.text(),
            finding(contrast).to_owned(),
        ]
    });
    let notes: String = comparison.notes.iter().map(|note| format!("\n{note}")).collect();
    format!("{}\n\nHeld {how}, by a margin of {margin}.{notes}", table(&titles, rows))
}

fn finding(contrast: &Contrast) -> &'static str {
    match contrast.finding {
        // Some round of one of them does not tell it, such as a tail of too few updates.
        _ if contrast.ratio.is_err() => "not known in every round",
        Finding::Lower => "lower",
        Finding::Higher => "higher",
        Finding::NoDifference => "no difference",
        Finding::CantTell => "can't tell",
    }
}

/// Rows under titles, the first column to the left and all others to the right.
#[must_use]
pub fn table(titles: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(titles);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.trim_fmt()
}
