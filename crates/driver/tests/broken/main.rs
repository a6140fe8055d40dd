//! Bad input and faults of our own, as the program's user meets them: a message that says what, where
//! and what to do; never a panic, a hang or half a report; and what was measured stays readable.

mod disk;
mod processes;
mod program;
mod results_files;
mod scenarios;
mod sockets;
