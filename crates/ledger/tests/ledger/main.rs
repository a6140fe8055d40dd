//! The ledger as the driver sees it.

mod books;
mod close;
mod oracle;
mod proof;
mod replies;
mod rooms;
mod staleness;
mod world;
