//! The binary `pushpull`.
fn main() {}
