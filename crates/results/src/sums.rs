//! Whether the rounds of a transport can be added up.
//!
//! One total over histograms of every kind is asked for: it is no smaller than any sum that is made of them.

use crate::{Account, AccountRecord, Uplink};
use ledger::Distribution;

/// Whether the histograms' counts have sums. Nobody has counted what has not, so a file that says so is
/// damaged; and the library that asks a histogram for a quantile would break down on it.
pub(crate) fn exist<'a>(mut accounts: impl Iterator<Item = &'a Account>) -> bool {
    let mut sum = 0_u64;
    accounts.all(|account| {
        histograms(account).into_iter().all(|histogram| {
            let larger = sum.checked_add(histogram.len());
            sum = larger.unwrap_or(u64::MAX);
            larger.is_some()
        })
    })
}

fn histograms(account: &Account) -> Vec<&Distribution> {
    let mut all = vec![&account.lateness, &account.timer_lateness];
    of_record(&account.ledger, &mut all);
    if let Some(Uplink { posts, for_nothing, stopped }) = &account.uplink {
        posts.iter().for_each(|posts| of_record(posts, &mut all));
        all.extend(for_nothing.iter().chain(stopped).map(|record| &record.0));
    }
    all
}

fn of_record<'a>(record: &'a AccountRecord, all: &mut Vec<&'a Distribution>) {
    let AccountRecord {
        latency,
        sent_latency,
        slowest,
        staleness,
        setup,
        setup_tcp,
        setup_tls,
        first_update,
        batch,
        ..
    } = record;
    all.extend([latency, sent_latency, slowest, staleness, setup, setup_tcp, setup_tls, first_update, batch]);
    if let Some(split) = &record.split {
        all.extend([&split.due_to_machine, &split.sent_to_machine, &split.machine_to_program]);
    }
    if let Some(posts) = &record.posts {
        all.extend([&posts.0.acknowledgement, &posts.0.effect]);
    }
    if let Some(relayed) = &record.relayed {
        all.extend([&relayed.0.own_echo, &relayed.0.behind]);
    }
    if let Some(recovery) = &record.recovery {
        all.extend(recovery.0.distributions());
    }
    if let Some(replies) = &record.replies {
        all.extend(replies.0.distributions());
        if let Some(playback) = &replies.0.playback {
            all.extend([&playback.silence, &playback.least_buffer, &playback.first_sound]);
        }
    }
}
