//! What an update costs on the wire, to the byte: the carriage is what the protocol needs to delimit
//! it, the envelope is ours and says which update it is.

use bytes::Bytes;
use driver::clock::Alarm;
use driver::transports::description;
use futures_util::StreamExt;
use options::Values;
use std::net::SocketAddr;
use std::sync::Arc;
use transport::{Hub, Subscription, Transport};
use wire::{Dialer, Listener, Meter};

/// Bytes that one update of `body_bytes` adds to what the client reads.
fn update_bytes(name: &str, body_bytes: usize) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let alarm = Alarm::start().expect("a thread");
        let transport: Box<dyn Transport> =
            (description(name).build)(&Values::defaults(description(name).options));
        let (server, client) = (Meter::default(), Meter::default());
        let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), server.clone()).expect("a port");
        let dialer = Dialer::new(listener.address().expect("an address"), client.clone());
        let hub = Hub::new(1, 16, Arc::new(()));
        tokio::spawn(transport.serve(listener, hub.clone(), alarm.timer()));
        let opening = transport.connect(dialer, Subscription::new(vec![0]), alarm.timer());
        let (mut updates, _requests) = opening.await.expect("a client");

        let before = client.tally().read_bytes;
        hub.publish(0, Bytes::from("x".repeat(body_bytes)));
        let batch = updates.next().await.expect("goes on").expect("without an error");
        assert_eq!(batch.updates().count(), 1);
        assert_eq!(client.tally().read_bytes, server.tally().written_bytes, "both ends count alike");
        alarm.stop();
        client.tally().read_bytes - before
    })
}

/// The first update of topic 0 is number 1.
const SSE_ENVELOPE: &str = "id:1\nevent:0\n";
const WEBSOCKET_ENVELOPE: &str = "1 0\n";

#[test]
fn websocket_adds_two_bytes_and_four_to_longer_messages() {
    let envelope = WEBSOCKET_ENVELOPE.len() as u64;
    assert_eq!(update_bytes("websocket", 100), 100 + envelope + 2);
    // RFC 6455, section 5.2: payloads of more than 125 bytes have a longer length.
    assert_eq!(update_bytes("websocket", 125 - envelope as usize), 125 + 2);
    assert_eq!(update_bytes("websocket", 126 - envelope as usize), 126 + 4);
}

#[test]
fn sse_adds_thirteen_bytes() {
    // A chunk's length in hexadecimal with CRLF, `data:`, an empty line, CRLF (RFC 9112, section 7.1).
    let carriage = ("7d\r\n".len() + "data:".len() + "\n\n".len() + "\r\n".len()) as u64;
    assert_eq!(carriage, 13);
    assert_eq!(update_bytes("sse", 100), 100 + SSE_ENVELOPE.len() as u64 + carriage);
}

#[test]
fn the_floor_adds_its_length_kind_seq_and_topic() {
    assert_eq!(update_bytes("tcp", 100), 100 + 4 + 1 + 8 + 4);
}
