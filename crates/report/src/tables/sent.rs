//! The same deliveries, counted from two instants.

use super::row;
use crate::columns;
use crate::standing::Standing;
use crate::table::{Group, Table};

pub(crate) fn table(standings: &[Standing]) -> Table {
    let cells = |standing: &Standing| {
        row(standing, 6, |merged| {
            let [p50, p99] = [0.5, 0.99].map(|q| standing.quantile(q));
            let sent = &merged.account.sent_latency;
            let late = "nothing was published";
            vec![
                columns::latency(&p50),
                columns::latency(&p99),
                columns::beside(sent, &p50),
                columns::beside(sent, &p99),
                columns::independent(&merged.lateness, 0.5, late),
                columns::independent(&merged.lateness, 0.99, late),
            ]
        })
    };
    Table {
        caption: "The same deliveries, counted from when they were due and from when they were sent"
            .to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("From due to arrival", &["p50", "p99"]),
            Group::new("From sent to arrival", &["p50", "p99"]),
            Group::new("From due to sent", &["p50", "p99"]),
        ],
        rows: standings.iter().map(cells).collect(),
    }
}
