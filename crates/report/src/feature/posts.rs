//! What clients send: its way up, its acknowledgement, and its books on both ends.

use super::rooms::of_due;
use super::{Feature, NOTHING, doubted, p50_p99, spread};
use crate::chart::lanes::Lanes;
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{columns, format, tables};
use results::{AccountRecord, Merged};

pub(super) const TERMS: [(&str, &str); 4] = [
    ("way up", "a post\u{2019}s arrival at the server\u{2019}s application \u{2212} when it was due"),
    ("acknowledged", "when the client knew that the server had taken a post \u{2212} when it was due"),
    (
        "bytes up",
        "bytes that clients\u{2019} sockets wrote in the measured window, above TCP, for each post due in it; polls are in it",
    ),
    (
        "reordered, duplicated",
        "posts of one client that the server got out of their order, or more than once",
    ),
];

pub(super) fn feature(standings: &[Standing]) -> Feature {
    Feature {
        id: "feature",
        title: "Both directions",
        intro: "What clients send is due at instants that follow from the scenario, whatever became of what they sent before. What \
            comes down stands in the other tables.",
        tables: vec![table(standings)],
        charts: chart(standings).into_iter().collect(),
        terms: TERMS.to_vec(),
    }
}

pub(super) fn chart(standings: &[Standing]) -> Option<Lanes> {
    spread(
        standings,
        "The way up",
        "From when a post was due until the server\u{2019}s application had it: the marker is the median, the bar reaches to the 99th \
         percentile, or to the longest.",
        |merged| Some(&uplink(merged)?.latency),
    )
}

fn uplink(merged: &Merged) -> Option<&AccountRecord> {
    merged.uplink.as_ref()?.posts.as_deref()
}

pub(super) fn table(standings: &[Standing]) -> Table {
    let cells = |merged: &Merged| {
        let (Some(posts), Some(uplink)) = (&merged.account.posts, uplink(merged)) else {
            return vec![Cell::missing(NOTHING); 10];
        };
        let books = &uplink.books;
        let mut cells = vec![
            Cell::plain(format::count(posts.due)),
            of_due(posts.acknowledged, posts.due),
            count_or_wrong(posts.failed, "the server refused posts that it was to take"),
            count_or_wrong(books.duplicated, "posts reached the application twice"),
            count_or_wrong(books.reordered, "posts of one client reached the application out of order"),
        ];
        cells.extend(p50_p99(Some(&uplink.latency)));
        cells.extend(doubted(
            p50_p99(Some(&posts.acknowledgement)),
            posts.due - posts.acknowledged.min(posts.due),
        ));
        cells.push(columns::bytes_each(merged.steady.bytes_out, posts.due));
        cells
    };
    Table {
        caption: "What clients sent".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Posts", &["due", "acknowledged", "failed", "duplicated", "reordered"]),
            Group::new("Way up", &["p50", "p99"]),
            Group::new("Acknowledged after", &["p50", "p99"]),
            Group::new("", &["bytes up"]),
        ],
        rows: standings.iter().map(|standing| tables::row(standing, 10, cells)).collect(),
    }
}

fn count_or_wrong(count: u64, why: &str) -> Cell {
    if count == 0 { Cell::plain("0") } else { Cell::wrong(format::count(count), why) }
}
