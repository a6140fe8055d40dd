//! Counts. No disturbance explains that one is off, so there is nothing to be tolerated.

use crate::selftest::lab::Lab;
use crate::selftest::measured::Measured;
use crate::selftest::setups::{self, LABELS};
use results::{Account, Ends};

/// Every update that was due came once, whole and in order; and what one end wrote, the other read. Of all runs
/// that the other checks made.
pub fn books(lab: &mut Lab) -> anyhow::Result<()> {
    lab.run(&setups::push(lab.dose()))?;
    let runs = lab.all();
    for label in LABELS {
        let accounts: Vec<Option<&Account>> = runs.iter().flat_map(|run| of_transport(run, label)).collect();
        if accounts.is_empty() {
            continue;
        }
        let total = |count: fn(&Account) -> u64| accounts.iter().map(|it| it.map(count)).sum::<Option<u64>>();
        let sheet = lab.sheet();
        sheet.none(format!("{label}: updates that never came"), total(missing));
        sheet.none(format!("{label}: doubled, out of order, damaged, too early, unasked"), total(wrong));
        sheet.none(format!("{label}: bytes that one end knows, and not the other"), total(bytes_apart));
    }
    Ok(())
}

/// The accounts of all entries of a transport, under whatever label; None for one that is missing.
fn of_transport<'a>(run: &'a Measured, transport: &str) -> Vec<Option<&'a Account>> {
    let entries = run.run().header.entries.iter().filter(|entry| entry.transport == transport);
    entries.map(|entry| run.account(&entry.label)).collect()
}

fn missing(account: &Account) -> u64 {
    let books = account.ledger.books;
    let unpublished = account.planned.saturating_sub(account.published);
    // What the sum of the four does not explain is missing as well.
    books.expected.abs_diff(books.delivered) + unpublished
}

fn wrong(account: &Account) -> u64 {
    let books = account.ledger.books;
    [books.duplicated, books.reordered, books.damaged, books.early, books.unknown, books.overstated_skips]
        .iter()
        .sum()
}

fn bytes_apart(account: &Account) -> u64 {
    let apart = |ends| match ends {
        // What was under way when connections closed is no difference.
        Ends::Agree | Ends::UnderWay(_) => 0,
        Ends::Apart(bytes) => bytes,
    };
    apart(account.server.ends(&account.clients)) + apart(account.clients.ends(&account.server))
}
