//! The only door to the network.
//!
//! A server gets a [`Listener`], a client a [`Dialer`]; both set the same TCP options and count the
//! bytes of every connection in a [`Meter`], beneath whatever protocol is spoken; on Linux the meter can
//! also say what the kernel knows of them, such as segments, and a dialer can ask it to note when what is read
//! had come ([`Stamps`]). A dialer can hold
//! back what travels through it, so that two processes on one machine are as far apart as a scenario
//! says. Both speak TLS where they are told to, beneath the protocol. [`http`] drives hyper the same way for everybody who speaks HTTP.
//!
//! This crate must never know what its bytes mean, and never read a clock: it waits through a
//! [`Timer`].

mod capture;
mod connection;
mod delay;
mod dialer;
mod distance;
mod headers;
pub mod http;
mod kernel;
mod line;
mod listener;
mod meter;
mod origin;
mod sockets;
mod source;
mod stamps;
mod timer;
mod tls;

pub use capture::{Capture, Captured};
pub use connection::Connection;
pub use dialer::{Dialer, Milestone, Milestones};
pub use distance::Distance;
pub use headers::Headers;
pub use line::{Cut, Line};
pub use listener::{Door, Listener};
pub use meter::{Meter, Tally};
pub use origin::{Origin, Slot};
pub use sockets::SocketTally;
pub use stamps::{Noted, Stamps};
pub use timer::{Alarm, Timer, Turn};
pub use tls::{ClientTls, ServerTls};
