//! Round by round: how much a figure moves when everything is done again.

use crate::table::{Cell, Group, Row, Table};
use crate::{columns, standing};
use results::Run;

/// None while no round is closed.
pub(crate) fn table(run: &Run) -> Option<Table> {
    if run.accounts.is_empty() {
        return None;
    }
    Some(Table {
        caption: "Latency from due, round by round".to_owned(),
        corner: "Round",
        groups: run.labels().map(|label| Group::new(label, &["p50", "p99"])).collect(),
        rows: run.rounds_mentioned().map(|round| row(run, round)).collect(),
    })
}

fn row(run: &Run, round: u32) -> Row {
    let complete =
        run.accounts.iter().filter(|account| account.round == round).all(|account| account.complete);
    Row {
        head: number(round),
        remark: (!complete).then(|| "cut short".to_owned()),
        cells: run.labels().flat_map(|label| cells(run, label, round)).collect(),
    }
}

/// Rounds count from 0 in the file and from 1 for people.
pub(crate) fn number(round: u32) -> String {
    (u64::from(round) + 1).to_string()
}

fn cells(run: &Run, label: &str, round: u32) -> [Cell; 2] {
    let account = run.accounts.iter().find(|account| account.round == round && account.label == label);
    let Some(account) = account else {
        return std::array::from_fn(|_| Cell::missing("this transport has no closed account of this round"));
    };
    let account = ledger::Account::from(&account.ledger);
    [0.5, 0.99].map(|q| columns::latency(&standing::quantile(&account, q)))
}
