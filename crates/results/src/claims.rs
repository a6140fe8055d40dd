//! What a run was to show, as it is written down.
//!
//! Figures are named as in scenarios, so that a reader that does not know one can say so. Values are in
//! nanoseconds, bytes, parts of one or plain numbers, as the figure is.

use serde::{Deserialize, Serialize};

/// A sentence, and what has to be so for it to hold: all of the checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// The sentence.
    pub says: String,
    /// What was looked at.
    pub checks: Vec<CheckRecord>,
    /// Where a model says that the claim begins or ceases to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<BoundaryRecord>,
    /// What theory says of it, in the scenario's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// A figure of one transport, alone or against another's, within limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// The figure's name.
    pub figure: String,
    /// How it is read, such as `p99`. None where each round gives one value alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The label of whose figure it is.
    pub of: String,
    /// The label of whom it is held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// Between what it has to lie.
    pub limits: LimitsRecord,
}

/// A figure that somebody published, and what it is here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedRecord {
    /// Who, where and when.
    pub source: String,
    /// The figure in words.
    pub says: String,
    /// What is different here.
    pub differs: String,
    /// What is looked at here; its limits say only whether the value is a factor.
    pub check: CheckRecord,
    /// The value.
    pub value: f64,
}

/// What every transport was asked to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveRecord {
    /// The figure's name.
    pub figure: String,
    /// How it is read. None where each round gives one value alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Between what it has to lie.
    pub limits: LimitsRecord,
}

/// Two ends, both allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LimitsRecord {
    /// Whether they are about how many times the other's figure it is; else about the difference, or the figure
    /// itself where there is no other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub are_factors: bool,
    /// Least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

/// Where a model says that a claim begins or ceases to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundaryRecord {
    /// The scenario's key.
    pub key: String,
    /// Its value, in nanoseconds.
    pub at_ns: u64,
    /// Whether the claim holds below it; else above.
    pub holds_below: bool,
}
