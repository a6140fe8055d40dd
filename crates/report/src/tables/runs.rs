//! All runs in one table: a row for each transport of each.

use super::side_by_side;
use crate::standing;
use crate::table::{Row, Table};
use results::Run;
use verdict::Judgement;

pub(crate) fn table(runs: &[Run]) -> Table {
    let rows = |(index, run): (usize, &Run)| -> Vec<Row> {
        let of_run = side_by_side::table(run, &Judgement::of(run), &standing::of(run));
        let name = format!("run {}, {}", index + 1, run.header.scenario_name);
        let row = |row: Row| Row {
            remark: Some(
                [Some(name.clone()), row.remark].into_iter().flatten().collect::<Vec<_>>().join("; "),
            ),
            ..row
        };
        of_run.rows.into_iter().map(row).collect()
    };
    Table {
        caption: "Every transport of every run; ratios are to the best of the same run".to_owned(),
        corner: "Transport",
        groups: side_by_side::groups(),
        rows: runs.iter().enumerate().flat_map(rows).collect(),
    }
}
