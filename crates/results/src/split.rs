//! Where the time of deliveries went, as it is written down.

use crate::histogram;
use ledger::{Distribution, Split};
use serde::{Deserialize, Serialize};

/// A [`ledger::Split`] that can be written down; see there for what each figure means. Times are in
/// nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the ledger defines these words, and one definition is enough")]
pub struct SplitRecord {
    #[serde(with = "histogram")]
    pub due_to_machine: Distribution,
    #[serde(with = "histogram")]
    pub sent_to_machine: Distribution,
    #[serde(with = "histogram")]
    pub machine_to_program: Distribution,
    pub shared: u64,
    pub unstamped: u64,
    pub impossible: u64,
    pub clock_moved: u64,
    pub seconds_dropped: u64,
}

/// Both directions between two structs with the same fields.
macro_rules! convert_split {
    ($($field:ident),*) => {
        impl From<Split> for SplitRecord {
            fn from(Split { $($field),* }: Split) -> Self {
                SplitRecord { $($field),* }
            }
        }

        impl From<SplitRecord> for Split {
            fn from(SplitRecord { $($field),* }: SplitRecord) -> Self {
                Split { $($field),* }
            }
        }
    };
}

convert_split!(
    due_to_machine,
    sent_to_machine,
    machine_to_program,
    shared,
    unstamped,
    impossible,
    clock_moved,
    seconds_dropped
);
