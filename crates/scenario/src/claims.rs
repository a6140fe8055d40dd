//! What a scenario says that should come out, and what is asked of a transport.

use crate::figure::{At, Figure};

/// A sentence that figures can bear out or contradict.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The sentence.
    /// Key `says`, has to be said.
    pub says: String,
    /// What has to be so for it to hold: all of them.
    /// Key `checks`, a list of tables.
    pub checks: Vec<Check>,
    /// The key at which a model is asked where the claim begins or ceases to hold.
    /// Key `boundary`, such as `"network.delay"` or `"transport.short-polling.interval"`.
    pub boundary: Option<String>,
    /// What theory says of it, in a sentence.
    /// Key `model`.
    pub model: Option<String>,
}

/// A figure of one transport, alone or against another's, within limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Which figure.
    /// Key `figure`, has to be said.
    pub figure: Figure,
    /// How it is read.
    /// Key `at`, default the figure's own.
    pub at: Option<At>,
    /// The label of whose figure it is.
    /// Key `of`, has to be said.
    pub of: String,
    /// The label of whom it is held against.
    /// Key `against`.
    pub against: Option<String>,
    /// Keys `at_least` and `at_most`, one of them at the least.
    pub limits: Limits,
}

/// Between what something has to lie, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Whether they are about how many times the other's figure it is, as in `"2x"`; else about the
    /// difference, or the figure itself where there is no other.
    pub are_factors: bool,
    /// Least.
    pub at_least: Option<f64>,
    /// Most.
    pub at_most: Option<f64>,
}

/// A figure that somebody published, to be held beside what comes out here.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Who, where and when.
    /// Key `source`, has to be said.
    pub source: String,
    /// The figure in words.
    /// Key `says`, has to be said.
    pub says: String,
    /// What is different here.
    /// Key `differs`, has to be said: something always is.
    pub differs: String,
    /// What it is here: the keys of a claim's check, without limits.
    pub check: Check,
    /// Its value, in the figure's unit or as a factor.
    /// Key `value`, has to be said.
    pub value: f64,
}

/// What a transport has to show to be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    /// Which figure.
    pub figure: Figure,
    /// How it is read.
    pub at: Option<At>,
    /// Within which limits it has to lie.
    pub limits: Limits,
}

/// What users may need of a transport, whatever its figures: the key of `[needs]`, and what it means.
pub const NEEDS: &[(&str, &str)] = &[
    ("live", "updates come as they are made"),
    (
        "client_speaks_midstream",
        "the client can speak on the connection over which it is being told something",
    ),
    ("binary", "bytes travel as they are, not re-encoded as text"),
    ("plain_http", "requests and responses of plain HTTP, without an upgrade"),
    ("reconnects_by_itself", "a browser connects again and resumes without a program of one's own"),
];

impl Limits {
    /// Whether a value known to lie from `low` to `high` is within (true), without (false), or can't be told.
    #[must_use]
    pub fn judge(&self, low: f64, high: f64) -> Option<bool> {
        let (least, most) =
            (self.at_least.unwrap_or(f64::NEG_INFINITY), self.at_most.unwrap_or(f64::INFINITY));
        match () {
            () if low.is_nan() || high.is_nan() => None,
            // Infinitely late is within no limit from above, not even where there is none.
            () if self.at_most.is_some() && low == f64::INFINITY => Some(false),
            () if high < least || low > most => Some(false),
            () if low >= least && high <= most => Some(true),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_says_something_only_when_it_lies_wholly_on_one_side() {
        let limits = |at_least, at_most| Limits { are_factors: false, at_least, at_most };
        let most = limits(None, Some(10.0));
        assert_eq!(most.judge(8.0, 10.0), Some(true));
        assert_eq!(most.judge(8.0, 10.1), None);
        assert_eq!(most.judge(10.1, 12.0), Some(false));
        assert_eq!(most.judge(f64::INFINITY, f64::INFINITY), Some(false));
        let both = limits(Some(5.0), Some(10.0));
        assert_eq!(
            [both.judge(5.0, 6.0), both.judge(4.0, 6.0), both.judge(1.0, 4.9)],
            [Some(true), None, Some(false)]
        );
        assert_eq!(both.judge(f64::NAN, 6.0), None);
    }
}
