//! What members of rooms have of each other.

use super::{Feature, NOTHING, p50_p99, posts, spread};
use crate::standing::{self, Standing};
use crate::table::{Cell, Group, Table};
use crate::{columns, format, tables, traces};
use results::Merged;

pub(super) fn feature(standings: &[Standing]) -> Feature {
    let relays = standings.iter().any(|standing| has(standing, |merged| merged.account.relayed.is_some()));
    let effects = standings.iter().any(|standing| {
        has(standing, |merged| merged.account.posts.as_ref().is_some_and(|posts| !posts.effect.is_empty()))
    });
    let mut charts = Vec::new();
    let mut tables = Vec::new();
    if relays {
        charts.extend(spread(
            standings,
            "Convergence: until all of a room have it",
            "From when a post was due until the last member of its room had it: the marker is the median over posts, the bar \
             reaches to the 99th percentile, or to the longest.",
            |merged| Some(&merged.account.slowest),
        ));
        charts.extend(spread(
            standings,
            "Own echo",
            "From when a post was due until it came back to its own author.",
            |merged| Some(&merged.account.relayed.as_ref()?.own_echo),
        ));
        charts.extend([traces::convergence(standings), traces::behind(standings)].into_iter().flatten());
        tables.push(agreement(standings));
    }
    if effects {
        charts.extend(spread(
            standings,
            "From input to effect",
            "From when a client\u{2019}s post was due until the first update arrived that counts it.",
            |merged| Some(&merged.account.posts.as_ref()?.effect),
        ));
    }
    charts.extend(posts::chart(standings));
    tables.push(posts::table(standings));
    let mut terms = vec![
        (
            "seen by all",
            "the latency of whoever of its room got a post last; with several client processes, of one process: a lower bound",
        ),
        ("own echo", "a post\u{2019}s arrival at its author \u{2212} when it was due"),
        ("behind", "when a post arrives, how many of its room had been due by then and were not there"),
        ("disagreements", "posts that two members saw at different places of the server\u{2019}s order"),
    ];
    terms.extend(posts::TERMS);
    Feature {
        id: "feature",
        title: "As the room sees it",
        intro: "Posts are due at instants that follow from the scenario; the server takes each once and relays it to all members, \
            in one order for all.",
        tables,
        charts,
        terms,
    }
}

fn has(standing: &Standing, what: impl Fn(&Merged) -> bool) -> bool {
    standing.merged.as_ref().is_some_and(what)
}

fn agreement(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let Some(relayed) = &merged.account.relayed else { return vec![Cell::missing(NOTHING); 7] };
        let times =
            p50_p99(Some(&merged.account.slowest)).into_iter().chain(p50_p99(Some(&relayed.own_echo)));
        let survivors = standing::survivors(&merged.account);
        let mut cells: Vec<Cell> = times.map(|cell| cell.doubted(survivors.clone())).collect();
        let behind = &relayed.behind;
        let mean =
            behind.mean().map_or_else(|| Cell::missing(NOTHING), |mean| Cell::plain(format::number(mean)));
        let most =
            behind.max().map_or_else(|| Cell::missing(NOTHING), |most| Cell::plain(format::count(most)));
        cells.extend([mean, most]);
        cells.push(match relayed.disagreements {
            0 => Cell::plain("none"),
            some => Cell::wrong(format::count(some), "members saw their room in different orders"),
        });
        cells
    };
    Table {
        caption: "How rooms agreed".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Seen by all", &["p50", "p99"]),
            Group::new("Own echo", &["p50", "p99"]),
            Group::new("Posts behind", &["mean", "most"]),
            Group::new("", &["disagreements"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 7, cells)).collect(),
    }
}

/// The share of a room's posts that were accounted for.
pub(super) fn of_due(part: u64, due: u64) -> Cell {
    columns::share(part, due, NOTHING)
}
