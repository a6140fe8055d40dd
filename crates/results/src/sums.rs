//! Whether the rounds of a transport can be added up.

use crate::Account;
use ledger::Distribution;

/// Whether the histograms' counts have sums. Nobody has counted what has not, so a file that says so is
/// damaged; and the library that asks a histogram for a quantile would break down on it.
pub(crate) fn exist<'a>(mut accounts: impl Iterator<Item = &'a Account>) -> bool {
    let mut sums = [0_u64; HISTOGRAMS];
    accounts.all(|account| {
        sums.iter_mut().zip(histograms(account)).all(|(sum, histogram)| {
            let larger = sum.checked_add(histogram.len());
            *sum = larger.unwrap_or(u64::MAX);
            larger.is_some()
        })
    })
}

const HISTOGRAMS: usize = 8;

fn histograms(account: &Account) -> [&Distribution; HISTOGRAMS] {
    let ledger = &account.ledger;
    [
        &ledger.latency,
        &ledger.sent_latency,
        &ledger.slowest,
        &ledger.staleness,
        &ledger.setup,
        &ledger.batch,
        &account.lateness,
        &account.timer_lateness,
    ]
}
