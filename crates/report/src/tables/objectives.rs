//! Who meets what the scenario asks of a transport.

use super::claims::signed;
use crate::chart::marker;
use crate::format;
use crate::standing::Standing;
use crate::table::{Cell, Group, Row, Table};
use results::Run;
use std::borrow::Cow;
use verdict::{Answer, Checked, Held, Judgement};

/// None where the scenario asks nothing.
pub(crate) fn table(run: &Run, judgement: &Judgement, standings: &[Standing]) -> Option<Table> {
    if !verdict::objectives::asks(run) {
        return None;
    }
    let held = verdict::objectives::objectives(run, judgement);
    let asked = held.first().map(|held| held.objectives.as_slice()).unwrap_or_default();
    let column = |objective: &Checked| Cow::Owned(format!("{}, {}", objective.measure, objective.asked()));
    let mut columns: Vec<Cow<'static, str>> = asked.iter().map(column).collect();
    if !run.header.needs.is_empty() {
        columns.insert(0, Cow::Owned(format!("needs: {}", run.header.needs.join(", "))));
    }
    Some(Table {
        caption: "Limits, and which transports meet them".to_owned(),
        corner: "Transport",
        groups: vec![Group { title: String::new(), columns }],
        rows: held.iter().map(|held| row(run, held, standings)).collect(),
    })
}

fn row(run: &Run, held: &Held, standings: &[Standing]) -> Row {
    let standing = standings.iter().find(|standing| standing.label() == held.label);
    let needs = (!run.header.needs.is_empty()).then(|| needs(held));
    Row {
        head: held.label.clone(),
        swatch: standing.map(|standing| marker::swatch(standing.look)).unwrap_or_default(),
        remark: standing.and_then(Standing::remark),
        cells: needs.into_iter().chain(held.objectives.iter().map(objective)).collect(),
    }
}

fn needs(held: &Held) -> Cell {
    match held.lacks.as_slice() {
        [] => Cell::plain(signed(Answer::Holds, "met")),
        lacks => Cell::plain(signed(Answer::DoesNotHold, "not met")).with_under(Some(lacks.join(", "))),
    }
}

fn objective(objective: &Checked) -> Cell {
    let words = match objective.answer {
        Answer::Holds => "met",
        Answer::DoesNotHold => "missed",
        Answer::CantTell => "inconclusive",
    };
    let came_out = objective.came_out().unwrap_or_else(|| format::NONE.to_owned());
    let under = match &objective.why {
        Some(why) => format!("{came_out}; {why}"),
        None => came_out,
    };
    Cell::plain(signed(objective.answer, words)).with_under(Some(under))
}
