//! What links of packets carried, and what TCP did about what they lost.

use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{columns, format};
use ledger::Distribution;
use results::{Account, LinkSeen, Merged, PacketsSeen, Run};

const UNTOLD: &str = "the system does not tell";

/// None where no transport had one.
pub(crate) fn table(run: &Run, standings: &[Standing]) -> Option<Table> {
    let with_link: Vec<&Standing> =
        standings.iter().filter(|standing| !links(run, standing.label()).is_empty()).collect();
    if with_link.is_empty() {
        return None;
    }
    Some(Table {
        caption: "The links: what they carried, lost and dropped".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("Down", &["packets", "lost", "dropped"]),
            Group::new("Up", &["packets", "lost", "dropped"]),
            Group::new("Overtaken", &["packets"]),
            Group::new("Sent again", &["by the server", "by clients"]),
            Group::new("Both ways, with TCP and IP", &["bytes per update"]),
            Group::new("Late", &["p50", "p99"]),
        ],
        rows: with_link
            .into_iter()
            .map(|standing| super::row(standing, 12, |merged| cells(run, merged, standing.label())))
            .collect(),
    })
}

fn links<'a>(run: &'a Run, label: &str) -> Vec<(&'a Account, &'a LinkSeen)> {
    run.rounds_of(label).into_iter().filter_map(|account| Some((account, account.link.as_ref()?))).collect()
}

fn cells(run: &Run, merged: &Merged, label: &str) -> Vec<Cell> {
    let links = links(run, label);
    let sum = |of: fn(&LinkSeen) -> u64| links.iter().map(|(_, seen)| of(seen)).sum::<u64>();
    let down = |of: fn(&PacketsSeen) -> u64| links.iter().map(|(_, seen)| of(&seen.down)).sum::<u64>();
    let up = |of: fn(&PacketsSeen) -> u64| links.iter().map(|(_, seen)| of(&seen.up)).sum::<u64>();
    let carried: u64 = links.iter().map(|(account, _)| account.carried).sum();
    let mut lateness = Distribution::default();
    links.iter().for_each(|(_, seen)| lateness.merge(&seen.lateness));
    let [packets_down, packets_up] = [down(|way| way.offered), up(|way| way.offered)];
    let late = |q| columns::independent(&lateness, q, "no packet was carried");
    vec![
        Cell::plain(format::count(packets_down)),
        share(down(|way| way.lost), packets_down),
        share(down(|way| way.dropped + way.overflowed), packets_down),
        Cell::plain(format::count(packets_up)),
        share(up(|way| way.lost), packets_up),
        share(up(|way| way.dropped + way.overflowed), packets_up),
        Cell::plain(format::count(sum(|seen| seen.down.overtaken + seen.up.overtaken))),
        again(merged.server_costs.retransmitted, merged.server_costs.segments_out),
        again(merged.client_costs.retransmitted, merged.client_costs.segments_out),
        columns::bytes_each(sum(|seen| seen.down.bytes + seen.up.bytes), carried),
        late(0.5),
        late(0.99),
    ]
}

fn share(part: u64, of: u64) -> Cell {
    Cell::plain(if part == 0 { "none".to_owned() } else { format::percent(part, of) })
}

fn again(again: Option<u64>, sent: Option<u64>) -> Cell {
    match (again, sent) {
        (Some(again), Some(sent)) => share(again, sent),
        _ => Cell::missing(UNTOLD),
    }
}
