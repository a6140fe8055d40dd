//! The ledger as the driver sees it.

mod books;
mod close;
mod oracle;
mod proof;
mod staleness;
mod world;
