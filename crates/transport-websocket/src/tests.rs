//! What those are told who ask for something else, and what is a binary message.

use crate::DESCRIPTION;
use crate::message::{is_binary_down, is_binary_up, parse_binary_down, parse_binary_up};
use bytes::Bytes;
use conformance::Stand;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transport::multiplex::{Down, Up};
use transport::{Hub, Subscription, Update};
use wire::{Alarm, Dialer, Listener, Meter, Timer};

async fn answer(stand: &Stand, request: &str) -> String {
    let mut peer = stand.dialer().dial().await.expect("a connection");
    peer.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    peer.read_to_string(&mut answer).await.expect("an answer, then the end");
    answer
}

fn is_whole(answer: &str, status: &str) {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    let length = format!("content-length: {}", body.len());
    assert!(!body.is_empty() && head.to_lowercase().lines().any(|line| line == length), "{answer}");
}

#[test]
fn whoever_asks_for_something_else_is_told_so() {
    conformance::run(&DESCRIPTION, async |stand: Stand| {
        for request in [
            "GET /updates?topics=0 HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /updates?topics=0 HTTP/1.0\r\nHost: h\r\nConnection: close\r\n\r\n",
        ] {
            is_whole(&answer(&stand, request).await, "426");
        }
        let upgrade = "Host: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        let refused = [("/updates?topics=99", "404"), ("/updates?topics=x", "400"), ("/", "404")];
        for (path, status) in refused {
            is_whole(&answer(&stand, &format!("GET {path} HTTP/1.1\r\n{upgrade}")).await, status);
        }
    });
}

/// Rings never: whoever waits for a limit waits for good.
struct Never;

impl Alarm for Never {
    fn after(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn on_grid(&self, _: Duration, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_server_that_leaves_closes_the_connection_when_its_client_has_answered() {
    conformance::run(&DESCRIPTION, async |_: Stand| {
        let timer = Timer::new(Arc::new(Never));
        let hub = Hub::new(1, 4, Arc::new(()));
        let listener = Listener::bind(([127, 0, 0, 1], 0).into(), Meter::default()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), Meter::default());
        let transport = (DESCRIPTION.build)(&options::Values::defaults(DESCRIPTION.options));
        let _server = tokio::spawn(transport.serve(listener, hub.clone(), timer.clone()));
        let connecting = transport.connect(dialer, Subscription::new(vec![0]), timer);
        let (mut updates, _requests) = connecting.await.expect("connected");
        hub.close();
        // Neither end waits for the other one to hang up first.
        assert!(updates.next().await.is_none());
    });
}

#[test]
fn only_what_has_a_body_may_be_binary() {
    let bytes = Bytes::from_static(b"\xff\n");
    let binary = Down::Part(1, Arc::new(Update::binary(1, 0, bytes.clone())));
    let text = Down::Part(1, Arc::new(Update::new(1, 0, Bytes::from_static(b"x"))));
    assert!(is_binary_down(&binary) && !is_binary_down(&text) && !is_binary_down(&Down::End(1)));
    assert!(
        is_binary_up(&Up::Post(1, bytes.clone())) && !is_binary_up(&Up::Post(1, Bytes::from_static(b"\n")))
    );
    assert!(parse_binary_down(Bytes::from_static(b"1 0\n\xff")).is_ok());
    assert!(parse_binary_down(Bytes::from_static(b"end 1")).is_err());
    assert!(parse_binary_up(Bytes::from_static(b"post 1\n\xff")).is_ok());
    assert!(parse_binary_up(Bytes::from_static(b"stop 1")).is_err());
}
