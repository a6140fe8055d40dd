//! The table as a terminal shows it: the same cells as on the page.

use crate::sample;
use insta::assert_snapshot;
use report::{SUMMARY_COLUMNS, render, summary};
use results::{Line, Run, write_line};

/// Columns aligned, thin spaces as plain ones.
fn print(run: &Run) -> String {
    let mut rows = vec![SUMMARY_COLUMNS.map(str::to_owned)];
    rows.extend(summary(run));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 8] = std::array::from_fn(width);
    let line = |row: &[String; 8]| {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().replace('\u{202f}', " ")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_run_of_three_rounds() {
    assert_snapshot!(print(&sample::run(3)));
}

#[test]
fn a_run_with_few_updates_marks_its_tail() {
    assert_snapshot!(print(&Run::read(sample::file(1, 100)).unwrap()));
}

#[test]
fn a_run_without_accounts_still_shows_the_models() {
    assert_snapshot!(print(&Run::read(write_line(&Line::Header(Box::new(sample::header(1))))).unwrap()));
}

#[test]
fn a_terminal_of_100_columns_holds_it() {
    let printed = print(&sample::run(3));
    assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
}

#[test]
fn the_page_has_the_same_cells() {
    let run = sample::run(3);
    let page = render(std::slice::from_ref(&run));
    for cell in summary(&run).iter().flatten().filter(|cell| *cell != "tcp (floor)") {
        assert!(page.contains(cell.as_str()), "{cell}");
    }
}
