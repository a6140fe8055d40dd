//! The results file: one JSON object a line, readable after a crash.
//!
//! [`write_line`] makes each line of a `run.jsonl`, [`Run::read`] makes a whole file a [`Run`] again.
//! The first line is a [`Header`]; [`Second`], [`Account`], [`Idle`] and [`Warning`] lines follow in any order;
//! an [`End`] comes last, when there was time to write it.
//!
//! This is format [`FORMAT`]. Within a format, fields may be added and kinds of warning too: a reader
//! ignores fields that it does not know and shows a warning of an unknown kind with its own words. A
//! new kind of line, or a field that changes its meaning, makes a new format; a reader refuses formats
//! newer than its own and keeps reading older ones.
//!
//! This crate must never open a file, read a clock or compute a verdict, and it never averages a
//! percentile: histograms are stored whole and merged.

mod account;
mod claims;
mod costs;
mod error;
mod header;
pub mod histogram;
mod hlog;
mod line;
mod merged;
mod run;
mod split;
mod sums;
mod way;
mod work;

pub use account::{Account, AccountRecord, BooksRecord, Ends, Mode, Steady, Traffic};
pub use claims::{BoundaryRecord, CheckRecord, ClaimRecord, LimitsRecord, ObjectiveRecord, PublishedRecord};
pub use costs::{Costs, HostLoad, Idle, IdlePoint, IdleServer, IdleStep, MemoryAt};
pub use error::ReadError;
pub use header::{EntryRecord, Header, Machine, MattersRecord, PredictionRecord, ScaleRecord, Tool};
pub use hlog::hlog;
pub use line::{End, Line, Previous, Second, Severity, Warning, WarningKind, write_line};
pub use merged::Merged;
pub use run::Run;
pub use split::SplitRecord;
pub use way::{CaptureSeen, LinkSeen, PacketsSeen, SeenBytes, ViaRecord, ViaSeen};
pub use work::{
    DistributionRecord, ExchangeTraffic, PostsRecord, RecoveryRecord, RelayedRecord, RepliesRecord, Uplink,
};

/// The version of the format that this crate writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
