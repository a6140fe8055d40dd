//! The same transport alone and in company: how much the others were in its way.

use super::row;
use crate::columns;
use crate::standing::{self, Standing};
use crate::table::{Cell, Group, Table};
use results::{Mode, Run};
use verdict::Judgement;

/// None unless the run measured in both ways.
pub(crate) fn table(run: &Run, judgement: &Judgement, standings: &[Standing]) -> Option<Table> {
    if ![Mode::Apart, Mode::Together].iter().all(|mode| run.header.modes.contains(mode)) {
        return None;
    }
    let measured = standing::without_controls(standings);
    Some(Table {
        caption: "Latency from due, measured one after the other and all at once".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Apart", &["p50", "p99"]),
            Group::new("Together", &["p50", "p99"]),
            Group::new("p50, together to apart", &["ratio", "finding"]),
        ],
        rows: measured
            .map(|standing| row(standing, 6, |_| cells(run, judgement, standing.label())))
            .collect(),
    })
}

fn cells(run: &Run, judgement: &Judgement, label: &str) -> Vec<Cell> {
    let [apart, together] = [Mode::Apart, Mode::Together].map(|mode| {
        let account = merged(run, mode, label);
        [0.5, 0.99].map(|q| match &account {
            Some(account) => standing::quantile(account, q),
            None => Err("no round was closed in this way"),
        })
    });
    let ratio = match judgement.interference.iter().find(|contrast| contrast.base == label) {
        None => vec![Cell::missing("it was not measured in both ways"); 2],
        Some(contrast) => match contrast.ratio {
            Ok(_) => vec![Cell::plain(format!("×{}", contrast.text())), Cell::plain(contrast.said())],
            Err(why) => vec![Cell::missing(why.to_string()); 2],
        },
    };
    apart.iter().chain(&together).map(columns::latency).chain(ratio).collect()
}

fn merged(run: &Run, mode: Mode, label: &str) -> Option<ledger::Account> {
    let rounds = run.rounds_in(mode, label);
    let complete = rounds.iter().filter(|account| account.complete);
    complete.map(|account| ledger::Account::from(&account.ledger)).reduce(|mut all, round| {
        all.merge_round(&round);
        all
    })
}
