//! When to use which: a row for each scenario, a column for each transport.

use crate::table::{Cell, Group, Row, Table};
use crate::{columns, standing};
use ledger::Distribution;
use results::{Merged, Run};
use std::borrow::Cow;
use verdict::{Answer, Decision, Judgement, claims};

/// Of transports, by their names; entered twice, the first counts. Others have no column.
const COLUMNS: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "plain"];

/// None where there are not two scenarios to tell apart.
pub(crate) fn table(runs: &[Run]) -> Option<Table> {
    let newest = newest(runs);
    if newest.len() < 2 {
        return None;
    }
    let is_entered = |name: &&str| {
        newest.iter().any(|run| run.header.entries.iter().any(|entry| entry.transport == **name))
    };
    let names: Vec<&str> = COLUMNS.into_iter().filter(is_entered).collect();
    let mut columns = vec![Cow::Borrowed("judged here by")];
    columns.extend(names.iter().map(|name| Cow::Owned((*name).to_owned())));
    columns.push(Cow::Borrowed("claims that hold"));
    Some(Table {
        caption: "When to use which: medians, and what each run says of each transport".to_owned(),
        corner: "Scenario",
        groups: vec![Group { title: String::new(), columns }],
        rows: newest.iter().map(|run| row(run, &names)).collect(),
    })
}

/// The last run of each scenario, where they stand first.
fn newest(runs: &[Run]) -> Vec<&Run> {
    let mut newest: Vec<&Run> = Vec::new();
    for run in runs {
        let same = newest.iter_mut().find(|known| known.header.scenario_name == run.header.scenario_name);
        match same {
            Some(known) if known.header.started <= run.header.started => *known = run,
            Some(_) => {}
            None => newest.push(run),
        }
    }
    newest
}

fn row(run: &Run, names: &[&str]) -> Row {
    let decision = Decision::of(run);
    let table = decision.table();
    let standings = standing::of(run);
    let key = Key::of(run);
    let cell = |name: &&str| {
        let Some(standing) = standings.iter().find(|standing| standing.entry.transport == **name) else {
            return Cell::plain("");
        };
        let Some(merged) = &standing.merged else { return Cell::missing(standing::NOT_CLOSED) };
        let figure = match key.values(merged) {
            Some(values) => columns::independent(values, 0.5, NOTHING),
            None => columns::latency(&standing.quantile(0.5)),
        };
        let row = table.rows.iter().find(|row| row.label == standing.label());
        figure.with_under(row.map(|row| format!("{} {}", row.mark.sign(), row.word).trim().to_owned()))
    };
    let mut cells = vec![Cell::plain(key.name())];
    cells.extend(names.iter().map(cell));
    cells.push(claimed(run, &decision.judgement));
    Row { head: run.header.scenario_name.clone(), cells, ..Row::default() }
}

const NOTHING: &str = "nothing of the kind happened";

fn claimed(run: &Run, judgement: &Judgement) -> Cell {
    let claims = claims::claims(run, judgement);
    if claims.is_empty() {
        return Cell::plain("");
    }
    let hold = claims.iter().filter(|claim| claim.answer == Answer::Holds).count();
    let open = claims.iter().filter(|claim| claim.answer == Answer::CantTell).count();
    let open = (open > 0).then(|| format!("{open} can\u{2019}t be told"));
    Cell::plain(format!("{hold} of {}", claims.len())).with_under(open)
}

/// What people of a shape look at first.
enum Key {
    Latency,
    FirstChunk,
    SeenByAll,
    Effect,
    Uplink,
    Cold,
}

impl Key {
    fn of(run: &Run) -> Key {
        let relays = run.accounts.iter().any(|account| account.ledger.relayed.is_some());
        match run.header.shape.as_str() {
            "reply" => Key::FirstChunk,
            "exchange" => Key::Cold,
            "rooms" if relays => Key::SeenByAll,
            "rooms" => Key::Effect,
            "duplex" => Key::Uplink,
            _ => Key::Latency,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Key::Latency => "latency",
            Key::FirstChunk => "time to first chunk",
            Key::SeenByAll => "seen by all",
            Key::Effect => "input to effect",
            Key::Uplink => "way up",
            Key::Cold => "exchange, cold",
        }
    }

    /// None where it is the latency, of which more is known.
    fn values<'a>(&self, merged: &'a Merged) -> Option<&'a Distribution> {
        let account = &merged.account;
        match self {
            Key::Latency => None,
            Key::FirstChunk => Some(&account.replies.as_ref()?.first),
            Key::Cold => Some(&account.replies.as_ref()?.cold),
            Key::SeenByAll => Some(&account.slowest),
            Key::Effect => Some(&account.posts.as_ref()?.effect),
            Key::Uplink => Some(&merged.uplink.as_ref()?.posts.as_ref()?.latency),
        }
    }
}
