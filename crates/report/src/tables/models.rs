//! What the models say beside what was measured.

use super::side_by_side::{NOTHING_HELD, updates_each};
use crate::chart::marker;
use crate::columns::UNSAID;
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
            Group::new("p50 from due", &["measured", "model"]),
            Group::new("p99 from due", &["measured", "model"]),
            Group::new("Mean latency", &["measured", "model"]),
            Group::new("Worst latency", &["measured", "model"]),
            Group::new("Mean staleness", &["measured", "model"]),
            Group::new("Updates per response", &["measured", "model"]),
        ],
        rows,
    })
}

/// What the models take for granted: a sentence, below the labels of all that it is said of.
pub(crate) fn assumptions(standings: &[Standing]) -> Vec<(String, String)> {
    let mut said: Vec<(String, String)> = Vec::new();
    for standing in standings {
        let Some(model) = standing.entry.prediction.as_ref().filter(|model| !model.assumes.is_empty()) else {
            continue;
        };
        match said.iter_mut().find(|(_, sentence)| *sentence == model.assumes) {
            Some((labels, _)) => labels.extend([", ", standing.label()]),
            None => said.push((standing.label().to_owned(), model.assumes.clone())),
        }
    }
    said
}

fn row(standing: &Standing) -> Option<Row> {
    let model = standing.entry.prediction.as_ref()?;
    let measured = measured(standing);
    let predicted = [
        columns::predicted(model.p50_ns),
        columns::predicted(model.p99_ns),
        columns::predicted(model.mean_ns),
        columns::predicted(model.max_ns),
        columns::predicted(model.staleness_mean_ns),
        model.updates_per_response.map_or(Cell::missing(UNSAID), |each| Cell::plain(format::number(each))),
    ];
    let cells = measured.into_iter().zip(predicted).flat_map(<[Cell; 2]>::from).collect();
    Some(Row {
        head: standing.label().to_owned(),
        swatch: marker::swatch(standing.look),
        remark: None,
        cells,
    })
}

fn measured(standing: &Standing) -> [Cell; 6] {
    let Some(merged) = &standing.merged else {
        return std::array::from_fn(|_| Cell::missing(NOT_CLOSED));
    };
    let account = &merged.account;
    [
        columns::latency(&standing.quantile(0.5)),
        columns::latency(&standing.quantile(0.99)),
        columns::mean_latency(account),
        columns::worst_latency(account),
        columns::mean(&account.staleness, NOTHING_HELD),
        updates_each(&account.batch),
    ]
}
