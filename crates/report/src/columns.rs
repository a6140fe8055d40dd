//! How single figures become cells.

use crate::standing::{self, Figure, Quantile};
use crate::{format, table::Cell};
use ledger::{Account, Distribution};

/// Why a model leaves a cell empty.
pub(crate) const UNSAID: &str = "the model leaves it open";

const NOTHING_DELIVERED: &str = "nothing was delivered";
const NOTHING_IN_WINDOW: &str = "no update arrived in the measured window";

/// A quantile of the latency from due.
pub(crate) fn latency(from_due: &Quantile) -> Cell {
    match from_due {
        Ok(figure) => known_or_not(figure.value_ns, figure),
        Err(why) => Cell::missing(*why),
    }
}

/// The same quantile of another distribution over the same updates: what speaks against one speaks
/// against the other.
pub(crate) fn beside(distribution: &Distribution, from_due: &Quantile) -> Cell {
    let figure = match from_due {
        Ok(figure) => figure,
        Err(why) => return Cell::missing(*why),
    };
    let value_ns = distribution.quantile(figure.share_of_arrived);
    value_ns.map_or_else(|| Cell::missing(NOTHING_DELIVERED), |value_ns| known_or_not(value_ns, figure))
}

/// The worst latency from due that was seen, doubted where something is still missing.
pub(crate) fn worst_latency(account: &Account) -> Cell {
    worst(&account.latency, NOTHING_DELIVERED).doubted(standing::survivors(account))
}

/// The mean latency from due of what arrived, doubted where something is still missing.
pub(crate) fn mean_latency(account: &Account) -> Cell {
    mean(&account.latency, NOTHING_DELIVERED).doubted(standing::survivors(account))
}

/// A quantile of values that are independent of each other.
pub(crate) fn independent(distribution: &Distribution, q: f64, when_empty: &str) -> Cell {
    match distribution.quantile(q) {
        None => Cell::missing(when_empty),
        Some(value_ns) if distribution.supports(q) => Cell::plain(format::duration(value_ns)),
        Some(value_ns) => {
            let why = format!("fewer than {} values lie beyond it", Distribution::TAIL_SAMPLES);
            Cell::doubtful(format::duration(value_ns), why)
        }
    }
}

/// The worst that was seen: an observation, which no number of samples makes more or less true.
pub(crate) fn worst(distribution: &Distribution, when_empty: &str) -> Cell {
    distribution
        .max()
        .map_or_else(|| Cell::missing(when_empty), |max_ns| Cell::plain(format::duration(max_ns)))
}

/// A mean of times.
pub(crate) fn mean(distribution: &Distribution, when_empty: &str) -> Cell {
    let printed = |mean_ns| Cell::plain(format::duration_f64(mean_ns));
    distribution.mean().map_or_else(|| Cell::missing(when_empty), printed)
}

/// What one update of the measured window cost in bytes.
pub(crate) fn bytes_each(bytes: u64, updates: u64) -> Cell {
    if updates == 0 {
        return Cell::missing(NOTHING_IN_WINDOW);
    }
    Cell::plain(format::bytes(bytes as f64 / updates as f64))
}

/// What one update of the measured window cost of something that the system may not tell.
pub(crate) fn told_each(total: Option<u64>, updates: u64, print: fn(f64) -> String) -> Cell {
    match total {
        None => Cell::untold(),
        Some(_) if updates == 0 => Cell::missing(NOTHING_IN_WINDOW),
        Some(total) => Cell::plain(print(total as f64 / updates as f64)),
    }
}

/// What the system tells, or does not.
pub(crate) fn told(value: Option<u64>, print: fn(u64) -> String) -> Cell {
    value.map_or_else(Cell::untold, |value| Cell::plain(print(value)))
}

/// A time that a model gives, or leaves open.
pub(crate) fn predicted(ns: Option<u64>) -> Cell {
    ns.map_or_else(|| Cell::missing(UNSAID), |ns| Cell::plain(format::duration(ns)))
}

/// A share of a whole.
pub(crate) fn share(part: u64, whole: u64, when_none: &str) -> Cell {
    if whole == 0 {
        return Cell::missing(when_none);
    }
    Cell::plain(format::percent(part, whole))
}

fn known_or_not(value_ns: u64, figure: &Figure) -> Cell {
    // How many there are differs from cell to cell, and would make a footnote for each.
    let few = || format!("fewer than {} different updates lie beyond it", Distribution::TAIL_SAMPLES);
    Cell::plain(format::duration(value_ns)).doubted(figure.doubt.as_ref().map(|_| few()))
}
