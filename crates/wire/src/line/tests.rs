use super::*;
use crate::{Dialer, Listener, Meter};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A client on a line, and its server.
async fn pair() -> (Line, Connection, Connection) {
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Listener::bind(here, Meter::default()).expect("a port");
    let line = Line::default();
    let dialer = Dialer::new(listener.address().expect("an address"), Meter::default()).on(line.clone());
    let (client, server) = tokio::join!(dialer.dial(), listener.accept());
    (line, client.expect("dialled"), server.expect("accepted"))
}

#[tokio::test]
async fn a_reset_is_seen_at_both_ends() {
    let (line, mut client, mut server) = pair().await;
    line.cut(Cut::Reset);
    let error = client.read_u8().await.expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    drop(client);
    let error = server.read_u8().await.expect_err("cut");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_close_is_an_end_at_both_ends() {
    let (line, mut client, mut server) = pair().await;
    line.cut(Cut::Close);
    assert_eq!(client.read(&mut [0; 8]).await.expect("an end"), 0);
    assert_eq!(server.read(&mut [0; 8]).await.expect("an end"), 0);
}

#[tokio::test]
async fn what_is_half_open_tells_nobody() {
    let (line, mut client, mut server) = pair().await;
    line.cut(Cut::Silent);
    client.write_all(b"lost").await.expect("taken");
    server.write_all(b"lost").await.expect("taken");
    let mut byte = [0];
    let neither = |waiting: bool| assert!(waiting, "somebody heard of it");
    tokio::select! {
        biased;
        _ = client.read(&mut byte) => neither(false),
        () = tokio::task::yield_now() => {}
    }
    drop(client);
    let mut byte = [0];
    // What a close would bring is there at once: another connection's bytes come after it.
    let (_other_line, mut other, mut far) = pair().await;
    other.write_all(b"x").await.expect("written");
    far.read_u8().await.expect("read");
    tokio::select! {
        biased;
        _ = server.read(&mut byte) => neither(false),
        () = tokio::task::yield_now() => {}
    }
}

#[tokio::test]
async fn who_is_half_open_notices_a_later_cut_and_nobody_else_does() {
    let (line, mut client, mut server) = pair().await;
    line.cut(Cut::Silent);
    line.hold();
    line.release();
    line.cut(Cut::Silent);
    client.write_all(b"lost").await.expect("still taken");
    line.cut(Cut::Reset);
    let error = client.read_u8().await.expect_err("broken off");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    drop(client);
    let (_other_line, mut other, mut far) = pair().await;
    other.write_all(b"x").await.expect("written");
    far.read_u8().await.expect("read");
    let mut byte = [0];
    tokio::select! {
        biased;
        _ = server.read(&mut byte) => panic!("the server heard of it"),
        () = tokio::task::yield_now() => {}
    }
}

#[tokio::test]
async fn what_is_held_passes_later_and_dials_wait() {
    let (line, mut client, mut server) = pair().await;
    line.hold();
    server.write_all(b"x").await.expect("taken");
    let mut byte = [0];
    tokio::select! {
        biased;
        _ = client.read(&mut byte) => panic!("it is held"),
        () = line.passable() => panic!("dials wait"),
        () = tokio::task::yield_now() => {}
    }
    line.release();
    assert_eq!(client.read_u8().await.expect("released"), b'x');
    line.passable().await;
}
