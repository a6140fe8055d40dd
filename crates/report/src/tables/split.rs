//! Where the time of deliveries went, where the kernel was asked.

use super::row;
use crate::standing::Standing;
use crate::table::{Cell, Group, Table};
use crate::{columns, format};
use ledger::Split;
use results::Run;

const NONE_SPLIT: &str = "no delivery could be split";
const FEW_SPLIT: &str = "the others shared a read with another update, took several, or had no good stamp";

/// None unless the kernel's stamps were on.
pub(crate) fn table(run: &Run, standings: &[Standing]) -> Option<Table> {
    run.header.kernel_stamps.then(|| Table {
        caption: "The same deliveries on their way to this machine, and from there to the program".to_owned(),
        corner: "Transport",
        groups: vec![
            Group::new("From due to the machine", &["p50", "p99"]),
            Group::new("From sent to the machine", &["p50", "p99"]),
            Group::new("From there to the program", &["p50", "p99"]),
            Group::new("Of the time from sent", &["to the machine", "to the program"]),
            Group::new("", &["split"]),
        ],
        rows: standings.iter().map(|standing| row(standing, 9, |merged| cells(&merged.account))).collect(),
    })
}

fn cells(account: &ledger::Account) -> Vec<Cell> {
    let Some(split) = &account.split else { return vec![Cell::missing(NONE_SPLIT); 9] };
    let parts = [&split.due_to_machine, &split.sent_to_machine, &split.machine_to_program];
    let times = parts.iter().flat_map(|part| [0.5, 0.99].map(|q| columns::independent(part, q, NONE_SPLIT)));
    let share = to_program(split);
    let shares = [share.map(|share| 1.0 - share), share];
    let shares = shares.map(|share| {
        share.map_or_else(|| Cell::missing(NONE_SPLIT), |share| Cell::plain(format::part(share)))
    });
    let delivered = account.books.delivered;
    let split = columns::share(split.used(), delivered, NONE_SPLIT)
        .doubted((split.used() * 2 < delivered).then(|| FEW_SPLIT.to_owned()));
    times.chain(shares).chain([split]).collect()
}

/// The part of all time between sent and arrived that came after the kernel had it. Of times, unlike of
/// their quantiles, parts add up to the whole.
fn to_program(split: &Split) -> Option<f64> {
    let (there, from_there) = (split.sent_to_machine.mean()?, split.machine_to_program.mean()?);
    let all = there + from_there;
    (all > 0.0).then(|| from_there / all)
}

/// A sentence for the terminal.
pub(crate) fn sentence(standing: &Standing) -> Option<String> {
    let account = &standing.merged.as_ref()?.account;
    let split = account.split.as_ref()?;
    let median = |part: &ledger::Distribution| part.quantile(0.5).map(format::duration);
    Some(format!(
        "{}: {} from sent to this machine, {} from there to the program (medians of {} deliveries of {}).",
        standing.label(),
        median(&split.sent_to_machine)?,
        median(&split.machine_to_program)?,
        format::count(split.used()),
        format::count(account.books.delivered)
    ))
}
