//! What the kernel counts of connections, held against what went through them.

#![cfg(target_os = "linux")]

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wire::{Connection, Dialer, Listener, Meter, SocketTally};

const MESSAGE_BYTES: usize = 100;

/// A client with its server, each with its own meter.
struct Pair {
    dialer: Dialer,
    listener: Listener,
    near: Meter,
    far: Meter,
}

impl Pair {
    fn new() -> Self {
        let (near, far) = (Meter::default(), Meter::default());
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(here, far.clone()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), near.clone());
        Pair { dialer, listener, near, far }
    }

    async fn connect(&self) -> (Connection, Connection) {
        let (near, far) = tokio::join!(self.dialer.dial(), self.listener.accept());
        (near.expect("dialled"), far.expect("accepted"))
    }
}

fn sockets(meter: &Meter) -> SocketTally {
    meter.sockets().expect("this kernel tells")
}

/// Sends so many messages, each when the one before has been answered: so none can share a segment.
async fn talk(from: &mut Connection, to: &mut Connection, messages: usize) {
    let mut message = [7; MESSAGE_BYTES];
    for _ in 0..messages {
        from.write_all(&message).await.expect("written");
        to.read_exact(&mut message).await.expect("read");
        to.write_all(&message).await.expect("written");
        from.read_exact(&mut message).await.expect("read");
    }
}

#[tokio::test]
async fn segments_grow_with_what_is_said_and_survive_the_close() {
    let pair = Pair::new();
    let (mut client, mut server) = pair.connect().await;
    let (near, far) = (sockets(&pair.near), sockets(&pair.far));
    talk(&mut client, &mut server, 50).await;
    let (near_after, far_after) = (sockets(&pair.near), sockets(&pair.far));
    for (before, after) in [(near, near_after), (far, far_after)] {
        // One segment a message; an acknowledgement of its own may come on top.
        let (sent, received) =
            (after.segments_out - before.segments_out, after.segments_in - before.segments_in);
        assert!((50..=150).contains(&sent) && (50..=150).contains(&received), "{before:?} {after:?}");
        assert_eq!(after.retransmitted, 0);
    }
    drop((client, server));
    let (near_closed, far_closed) = (sockets(&pair.near), sockets(&pair.far));
    assert!(near_closed.segments_out >= near_after.segments_out, "{near_closed:?} {near_after:?}");
    assert!(far_closed.segments_in >= far_after.segments_in, "{far_closed:?} {far_after:?}");
    assert_eq!(near_closed.held_bytes, 0, "nothing is open");

    // The system gives the same numbers to the next sockets: they count on their own.
    let (mut client, mut server) = pair.connect().await;
    talk(&mut client, &mut server, 1).await;
    let reopened = sockets(&pair.near);
    assert!(reopened.segments_out > near_closed.segments_out);
    assert!(reopened.segments_out < near_closed.segments_out + 50, "{reopened:?} {near_closed:?}");
}

#[tokio::test]
async fn what_nobody_has_read_is_held() {
    let pair = Pair::new();
    let (mut client, mut server) = pair.connect().await;
    let before = sockets(&pair.far).held_bytes;
    client.write_all(&[7; 20_000]).await.expect("written");
    let mut first = [0; 1];
    server.read_exact(&mut first).await.expect("read");
    assert!(sockets(&pair.far).held_bytes >= before + 10_000, "{before}");
}

#[tokio::test]
async fn one_server_is_dialled_from_several_addresses() {
    let pair = Pair::new();
    let dialers = [0, 1, 300].map(|place| pair.dialer.clone().from_place(place));
    for dialer in dialers {
        let (near, far) = tokio::join!(dialer.dial(), pair.listener.accept());
        let (mut near, mut far) = (near.expect("dialled"), far.expect("accepted"));
        talk(&mut near, &mut far, 3).await;
    }
    assert_eq!((pair.near.tally().connections, pair.far.tally().connections), (3, 3));
}

/// Bound sockets must not use up an address's ports one by one, whichever server they are for.
#[tokio::test]
async fn a_port_of_another_address_serves_every_server() {
    let pairs = [Pair::new(), Pair::new()];
    let dialers = pairs.each_ref().map(|pair| pair.dialer.clone().from_place(1));
    let mut open = Vec::new();
    for (pair, dialer) in pairs.iter().zip(dialers) {
        for _ in 0..50 {
            let (near, far) = tokio::join!(dialer.dial(), pair.listener.accept());
            open.push((near.expect("dialled"), far.expect("accepted")));
        }
    }
    assert_eq!(open.len(), 100);
}
