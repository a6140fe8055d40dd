//! The transports side by side, and the harness beside them: `cargo bench -p driver`.
//!
//! | group | one iteration |
//! | --- | --- |
//! | `delivery` | one update to one subscriber: published, until it has arrived |
//! | `fan_out_100`, `fan_out_1000` | one update to each of so many |
//! | `connect` | from the dial to the first update, which waits in the log; the close is not in it |
//! | `post` | one message from a client to the server's application, until it is acknowledged |
//! | `harness` | what measuring does of its own for each update and each arrival |
//!
//! Server and clients share one thread, so that what is compared is the work of code and kernel for both
//! ends; latencies between processes are what `pushpull run` measures. A long poll that is answered is
//! followed by the next, which is part of the price of a delivery and so of an iteration. Short polling has
//! no place among deliveries: its interval is what it costs. It connects and posts by the very code of long
//! polling, so how far those two differ shows how far the machine is to be trusted.

mod compare;
mod harness;
mod stand;

use compare::{Compare, Group};
use criterion::Criterion;
use stand::Stand;
use std::time::Duration;

/// A client that closed leaves a port that rests for a minute: there must be fewer of them than ports.
const CONNECTING: Duration = Duration::from_secs(1);

fn main() {
    let criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .sample_size(50)
        .configure_from_args();
    let mut compare = Compare::new(criterion);
    compare.pushed(Group::new("delivery", 1), Stand::deliver);
    compare.pushed(Group::new("fan_out_100", 100), Stand::deliver);
    compare.pushed(Group::new("fan_out_1000", 1000), Stand::deliver);
    compare.all(Group::new("connect", 1).during(CONNECTING), Stand::connect);
    compare.all(Group::new("post", 1), Stand::post);
    harness::write(&mut compare);
    harness::arrival(&mut compare);
    compare.finish();
}
