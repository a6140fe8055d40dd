//! Several crowds as one.

use super::collecting::merge;
use crate::job::CrowdAccount;
use ledger::Distribution;
use results::{AccountRecord, Costs, Steady, Traffic};
use std::collections::BTreeMap;

fn crowd(updates: u64, costs: Costs) -> CrowdAccount {
    CrowdAccount {
        ledger: AccountRecord::default(),
        carried: updates,
        traffic: Traffic::default(),
        exchanges: None,
        steady: Steady { updates, ..Steady::default() },
        over: BTreeMap::new(),
        capture: None,
        costs,
        failure: None,
        timer_lateness: Distribution::default(),
        complete: true,
    }
}

#[test]
fn crowds_cost_what_each_of_them_costs() {
    let costs =
        |ns, bytes| Costs { transport_ns: Some(ns), anonymous_bytes: Some(bytes), ..Costs::default() };
    let both = merge(crowd(1, costs(10, 100)), crowd(2, costs(20, 200))).expect("they fit");
    // Two processes at the same time: their memory adds up too.
    assert_eq!(both.costs, costs(30, 300));
    assert_eq!(both.steady.updates, 3);
    let unknown = merge(both, crowd(4, Costs::default())).expect("they fit");
    assert_eq!(unknown.costs, Costs::default(), "a sum of which a part is not known is not known");
}
