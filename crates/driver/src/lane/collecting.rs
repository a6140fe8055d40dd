//! What the crowds of a lane report, as one.

use super::untimely;
use crate::job::{Command, CrowdAccount, Event, Second};
use crate::process::Process;
use anyhow::Context;
use ledger::Distribution;
use results::AccountRecord;
use std::cell::RefCell;
use std::collections::BTreeMap;
use tokio::sync::{mpsc, watch};

/// All crowds' accounts as one; their seconds are passed on when all have told of them.
pub(super) async fn collect(
    crowds: &mut [Process],
    label: &str,
    seconds: &mpsc::Sender<(String, Second)>,
    finish: &watch::Receiver<bool>,
) -> anyhow::Result<CrowdAccount> {
    let merging = RefCell::new(Merging { running: crowds.len(), open: BTreeMap::new() });
    let each = crowds.iter_mut().map(|crowd| follow(crowd, label, seconds, finish.clone(), &merging));
    let mut accounts = futures_util::future::try_join_all(each).await?.into_iter();
    let first = accounts.next().context("there is none")?;
    accounts.try_fold(first, merge)
}

/// One crowd to its account.
async fn follow(
    crowd: &mut Process,
    label: &str,
    seconds: &mpsc::Sender<(String, Second)>,
    mut finish: watch::Receiver<bool>,
    merging: &RefCell<Merging>,
) -> anyhow::Result<CrowdAccount> {
    let mut told = false;
    loop {
        let event = tokio::select! {
            event = crowd.event() => event?,
            Ok(_) = finish.wait_for(|finish| *finish), if !told => {
                told = true;
                crowd.tell(Command::Finish).await?;
                continue;
            }
        };
        let (whole, account) = match event {
            Event::Second(second) => (merging.borrow_mut().add(second), None),
            Event::Crowd(account) => (merging.borrow_mut().ended(), Some(account)),
            other => return Err(untimely(Ok(other))),
        };
        for second in whole {
            let _ = seconds.send((label.to_owned(), second)).await;
        }
        if let Some(account) = account {
            return Ok(*account);
        }
    }
}

/// Seconds that some crowds have told of and others not yet.
struct Merging {
    /// Crowds that may tell of more.
    running: usize,
    open: BTreeMap<u32, (usize, Distribution)>,
}

impl Merging {
    fn add(&mut self, second: Second) -> Vec<Second> {
        let (told, latency) = self.open.entry(second.second).or_default();
        *told += 1;
        latency.merge(&second.latency);
        self.take_whole()
    }

    /// A crowd will tell of no more.
    fn ended(&mut self) -> Vec<Second> {
        self.running -= 1;
        self.take_whole()
    }

    fn take_whole(&mut self) -> Vec<Second> {
        let open = std::mem::take(&mut self.open);
        let (whole, open) = open.into_iter().partition::<Vec<_>, _>(|(_, (told, _))| *told >= self.running);
        self.open = open.into_iter().collect();
        whole.into_iter().map(|(second, (_, latency))| Second { second, latency }).collect()
    }
}

pub(super) fn merge(mut all: CrowdAccount, other: CrowdAccount) -> anyhow::Result<CrowdAccount> {
    let mut ledger = ledger::Account::from(&all.ledger);
    ledger.merge_crowd(&ledger::Account::from(&other.ledger));
    all.ledger = AccountRecord::from(&ledger);
    all.carried += other.carried;
    all.traffic.bytes_in += other.traffic.bytes_in;
    all.traffic.bytes_out += other.traffic.bytes_out;
    all.traffic.connections += other.traffic.connections;
    all.steady.bytes_in += other.steady.bytes_in;
    all.steady.bytes_out += other.steady.bytes_out;
    all.steady.updates += other.steady.updates;
    all.exchanges = match (all.exchanges, other.exchanges) {
        (Some(mut exchanges), Some(other)) => {
            exchanges.add(&other);
            Some(exchanges)
        }
        (one, other) => one.or(other),
    };
    other.over.iter().for_each(|(name, count)| *all.over.entry(name.clone()).or_default() += count);
    all.capture = all.capture.or(other.capture);
    all.costs.add_process(&other.costs);
    all.failure = all.failure.or(other.failure);
    all.timer_lateness.merge(&other.timer_lateness);
    all.complete &= other.complete;
    Ok(all)
}
