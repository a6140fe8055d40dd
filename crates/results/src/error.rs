//! Why a file can't be read.

use crate::FORMAT;

/// Why a results file can't be read, as fragments that fit after "can't read the results: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing in it.
    #[error("the file is empty; the run ended before it wrote its header, so run it again")]
    Empty,
    /// It ends inside of its first line.
    #[error("the file ends within its header, so nothing was measured yet; run it again")]
    HeaderCut,
    /// Something else comes first.
    #[error(
        "the first line is no header ({reason}); give a file that `pushpull run` wrote, from its first line"
    )]
    NoHeader {
        /// What is wrong with it.
        reason: String,
    },
    /// Written by a later version.
    #[error("the file has format {found}, this pushpull reads up to {FORMAT}; read it with a newer pushpull")]
    Newer {
        /// The format that its header names.
        found: u32,
    },
    /// A line that is complete and still makes no sense.
    #[error(
        "line {line} is damaged ({reason}); restore the file from a copy, or delete that line and know that \
         what it said is missing"
    )]
    Damaged {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}
