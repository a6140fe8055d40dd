//! The same transport alone and in company: how much the others were in its way.

use super::row;
use crate::standing::{self, Standing};
use crate::table::{Cell, Group, Table};
use crate::{columns, format};
use results::{Mode, Run};

/// None unless the run measured in both ways.
pub(crate) fn table(run: &Run, standings: &[Standing]) -> Option<Table> {
    if ![Mode::Apart, Mode::Together].iter().all(|mode| run.header.modes.contains(mode)) {
        return None;
    }
    let measured = standings.iter().filter(|standing| standing.entry.control_of.is_none());
    Some(Table {
        caption: "Latency from due, measured one after the other and all at once".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Apart", &["p50", "p99"]),
            Group::new("Together", &["p50", "p99"]),
            Group::new("Together to apart", &["p50", "p99"]),
        ],
        rows: measured.map(|standing| row(standing, 6, |_| cells(run, standing.label()))).collect(),
    })
}

fn cells(run: &Run, label: &str) -> Vec<Cell> {
    let [apart, together] = [Mode::Apart, Mode::Together].map(|mode| {
        let account = merged(run, mode, label);
        [0.5, 0.99].map(|q| match &account {
            Some(account) => standing::quantile(account, q),
            None => Err("no round was closed in this way"),
        })
    });
    let ratio = |at: usize| match (&apart[at], &together[at]) {
        (Ok(apart), Ok(together)) if apart.value_ns > 0 => {
            let times = together.value_ns as f64 / apart.value_ns as f64;
            let doubt = apart.doubt.clone().or_else(|| together.doubt.clone());
            Cell::plain(format!("×{}", format::number(times))).doubted(doubt)
        }
        _ => Cell::missing("one of the two is not known"),
    };
    let ratios = [ratio(0), ratio(1)];
    apart.iter().chain(&together).map(columns::latency).chain(ratios).collect()
}

fn merged(run: &Run, mode: Mode, label: &str) -> Option<ledger::Account> {
    let rounds = run.rounds_in(mode, label);
    let complete = rounds.iter().filter(|account| account.complete);
    complete.map(|account| ledger::Account::from(&account.ledger)).reduce(|mut all, round| {
        all.merge_round(&round);
        all
    })
}
