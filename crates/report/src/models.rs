//! What the models say beside what was measured.

use crate::columns::UNSAID;
use crate::comparison::updates_each;
use crate::standing::{NOT_CLOSED, Standing};
use crate::table::{Cell, Group, Row, Table};
use crate::{columns, format};

/// None when nothing in this run has a model.
pub(crate) fn table(standings: &[Standing]) -> Option<Table> {
    let rows: Vec<Row> = standings.iter().filter_map(row).collect();
    if rows.is_empty() {
        return None;
    }
    Some(Table {
        caption: "Measured against the models".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Mean latency", &["measured", "model"]),
            Group::new("Worst latency", &["measured", "model"]),
            Group::new("Mean staleness", &["measured", "model"]),
            Group::new("Updates per response", &["measured", "model"]),
        ],
        rows,
    })
}

/// What each model takes for granted: label and sentence.
pub(crate) fn assumptions<'a>(standings: &'a [Standing]) -> Vec<(&'a str, &'a str)> {
    let assumption = |standing: &'a Standing| {
        let model = standing.entry.prediction.as_ref()?;
        (!model.assumes.is_empty()).then_some((standing.label(), model.assumes.as_str()))
    };
    standings.iter().filter_map(assumption).collect()
}

fn row(standing: &Standing) -> Option<Row> {
    let model = standing.entry.prediction.as_ref()?;
    let measured = measured(standing);
    let predicted = [
        columns::predicted(model.mean_ns),
        columns::predicted(model.max_ns),
        columns::predicted(model.staleness_mean_ns),
        model.updates_per_response.map_or(Cell::missing(UNSAID), |each| Cell::Plain(format::number(each))),
    ];
    let cells = measured.into_iter().zip(predicted).flat_map(<[Cell; 2]>::from).collect();
    Some(Row { head: standing.label().to_owned(), remark: None, cells })
}

fn measured(standing: &Standing) -> [Cell; 4] {
    let Some(merged) = &standing.merged else {
        return std::array::from_fn(|_| Cell::missing(NOT_CLOSED));
    };
    let account = &merged.account;
    [
        columns::mean_latency(account),
        columns::worst_latency(account),
        columns::mean(&account.staleness, "no subscriber ever held an update"),
        updates_each(&account.batch),
    ]
}
