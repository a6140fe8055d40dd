//! Latency quantiles of what was due, rather than of what arrived.

use crate::format;
use ledger::{Account, Distribution};

/// Why a quantile of an account without a delivery has no value.
pub const NOTHING_DELIVERED: &str = "nothing was delivered";

/// Why a quantile has no value although something was delivered.
pub const NEVER_ARRIVED: &str = "more than the share beyond it never arrived";

/// A quantile, or why there is none: [`NOTHING_DELIVERED`] or [`NEVER_ARRIVED`].
pub type Quantile = Result<Figure, &'static str>;

/// A latency, and why it is not to be relied on, if so.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The latency, in nanoseconds.
    pub value_ns: u64,
    /// The share of what arrived that the quantile of what was due comes to.
    pub share_of_arrived: f64,
    /// Why too few different updates lie beyond it, if so.
    pub doubt: Option<String>,
}

impl Figure {
    /// Whether enough different updates lie beyond it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.doubt.is_none()
    }
}

/// The quantile `q` (0 to 1) of arrived minus due, of everything that was due and not superseded. What
/// never arrived is infinitely late.
///
/// # Errors
/// When nothing was delivered, or so little that the quantile lies among what never arrived.
pub fn quantile(account: &Account, q: f64) -> Quantile {
    let delivered = account.books.delivered;
    if delivered == 0 {
        return Err(NOTHING_DELIVERED);
    }
    let share_of_arrived = q * ((delivered.saturating_add(absent(account))) as f64 / delivered as f64);
    if share_of_arrived > 1.0 {
        return Err(NEVER_ARRIVED);
    }
    let quantile = account.quantile(share_of_arrived).ok_or(NOTHING_DELIVERED)?;
    let doubt = (!quantile.trusted).then(|| {
        let beyond = quantile.distinct_updates_beyond;
        format!("{beyond} different updates lie beyond it, {} are needed", Distribution::TAIL_SAMPLES)
    });
    Ok(Figure { value_ns: quantile.value_ns, share_of_arrived, doubt })
}

/// How much of what was due never arrived, but for what was skipped in favour of something newer.
#[must_use]
pub fn absent(account: &Account) -> u64 {
    let books = &account.books;
    books.expected.saturating_sub(books.delivered.saturating_add(books.superseded))
}

/// Why a figure over all that arrived is not one over all that was due; none where it is.
#[must_use]
pub fn survivors(account: &Account) -> Option<String> {
    let absent = absent(account);
    (absent > 0).then(|| format!("only of what arrived: {} never did", format::count(absent)))
}
