//! The contract between a feed of updates and whatever carries it.
