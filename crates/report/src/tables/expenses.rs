//! Costs in full: what each side used of the machine in the measured windows.

use super::row;
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{columns, costs, format};
use results::{Costs, Merged};

/// What the servers' processes cost.
pub(crate) fn servers(standings: &[Standing]) -> Table {
    table("Servers: what their processes used in the measured windows", standings, |merged| {
        (merged.server_costs, merged.steady.updates)
    })
}

/// What the clients' processes cost.
pub(crate) fn clients(standings: &[Standing]) -> Table {
    table("Clients: what their processes used in the measured windows", standings, |merged| {
        (merged.client_costs, merged.steady.updates)
    })
}

fn table(caption: &str, standings: &[Standing], of: impl Fn(&Merged) -> (Costs, u64)) -> Table {
    let groups = vec![
        Group::new("Processor time, by thread", &["transport", "per delivery", "publisher", "harness"]),
        Group::new("By mode, all threads", &["user", "system"]),
        Group::new("Waited for a processor", &["run queue"]),
        Group::new("Context switches", &["by itself", "by force"]),
        Group::new("Memory", &["anonymous", "in sockets"]),
        Group::new("TCP segments", &["in", "out", "again"]),
    ];
    let columns = groups.iter().map(|group| group.columns.len()).sum();
    let rows = standings.iter().map(|standing| {
        row(standing, columns, |merged| {
            let (spent, updates) = of(merged);
            cells(&spent, updates)
        })
    });
    Table { caption: caption.to_owned(), corner: "Transport", groups, rows: rows.collect() }
}

fn cells(spent: &Costs, updates: u64) -> Vec<Cell> {
    // Taken apart in full, so that a cost that the results gain can't be forgotten here.
    let Costs {
        user_ns,
        system_ns,
        transport_ns,
        publisher_ns,
        harness_ns,
        run_queue_ns,
        voluntary_switches,
        involuntary_switches,
        anonymous_bytes,
        socket_bytes,
        segments_in,
        segments_out,
        retransmitted,
    } = *spent;
    let time = |ns| columns::told(ns, format::duration);
    let count = |number| columns::told(number, format::count);
    let size = |bytes| columns::told(bytes, |bytes| format::bytes(bytes as f64));
    vec![
        time(transport_ns),
        columns::told_each(transport_ns, updates, format::duration_f64),
        time(publisher_ns),
        time(harness_ns),
        time(user_ns).doubted(costs::split_doubt(spent)),
        time(system_ns).doubted(costs::split_doubt(spent)),
        time(run_queue_ns),
        count(voluntary_switches),
        count(involuntary_switches),
        size(anonymous_bytes),
        size(socket_bytes),
        count(segments_in),
        count(segments_out),
        count(retransmitted),
    ]
}
