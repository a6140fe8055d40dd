//! How single figures become cells.

use crate::standing::Figure;
use crate::{format, table::Cell};
use ledger::Distribution;

/// Why a transport without a closed round has no figures.
pub(crate) const NOT_CLOSED: &str = "no round of this transport was closed";

/// Why a model leaves a cell empty.
pub(crate) const UNSAID: &str = "the model leaves it open";

const NOTHING_DELIVERED: &str = "nothing was delivered";

/// A quantile of the latency from due.
pub(crate) fn latency(from_due: Option<&Figure>) -> Cell {
    from_due.map_or_else(|| Cell::missing(NOTHING_DELIVERED), |figure| known_or_not(figure.value_ns, figure))
}

/// The same quantile of another distribution over the same updates: what speaks against one speaks
/// against the other.
pub(crate) fn beside(distribution: &Distribution, q: f64, from_due: Option<&Figure>) -> Cell {
    match (distribution.quantile(q), from_due) {
        (Some(value_ns), Some(figure)) => known_or_not(value_ns, figure),
        _ => Cell::missing(NOTHING_DELIVERED),
    }
}

/// A quantile of values that are independent of each other.
pub(crate) fn independent(distribution: &Distribution, q: f64, when_empty: &str) -> Cell {
    match distribution.quantile(q) {
        None => Cell::missing(when_empty),
        Some(value_ns) if distribution.supports(q) => Cell::Plain(format::duration(value_ns)),
        Some(value_ns) => {
            let why = format!(
                "out of {} values, fewer than {} lie beyond it",
                distribution.len(),
                Distribution::TAIL_SAMPLES
            );
            Cell::Doubtful(format::duration(value_ns), why)
        }
    }
}

/// The worst that was seen: an observation, which no number of samples makes more or less true.
pub(crate) fn worst(distribution: &Distribution, when_empty: &str) -> Cell {
    distribution
        .max()
        .map_or_else(|| Cell::missing(when_empty), |max_ns| Cell::Plain(format::duration(max_ns)))
}

/// A mean of times.
pub(crate) fn mean(distribution: &Distribution, when_empty: &str) -> Cell {
    let printed = |mean_ns| Cell::Plain(format::duration_f64(mean_ns));
    distribution.mean().map_or_else(|| Cell::missing(when_empty), printed)
}

/// What one update cost of a number of bytes.
pub(crate) fn bytes_each(bytes: u64, updates: u64) -> Cell {
    if updates == 0 {
        return Cell::missing("no update was carried");
    }
    Cell::Plain(format::bytes(bytes as f64 / updates as f64))
}

/// A time that a model gives, or leaves open.
pub(crate) fn predicted(ns: Option<u64>) -> Cell {
    ns.map_or_else(|| Cell::missing(UNSAID), |ns| Cell::Plain(format::duration(ns)))
}

/// A share of a whole.
pub(crate) fn share(part: u64, whole: u64, when_none: &str) -> Cell {
    if whole == 0 {
        return Cell::missing(when_none);
    }
    Cell::Plain(format::percent(part, whole))
}

fn known_or_not(value_ns: u64, figure: &Figure) -> Cell {
    let text = format::duration(value_ns);
    figure.doubt.clone().map_or(Cell::Plain(text.clone()), |doubt| Cell::Doubtful(text, doubt))
}
