//! A message that is understood says the same when it is written again.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use transport_websocket::message::{encode_down, encode_up, parse_down, parse_up};

fuzz_target!(|message: &[u8]| {
    let message = Bytes::copy_from_slice(message);
    if let Ok(down) = parse_down(message.clone()) {
        let bytes = encode_down(&down).expect("a heartbeat is no message");
        let again = parse_down(bytes.clone()).expect("what is written can be read");
        assert_eq!(encode_down(&again), Some(bytes));
    }
    if let Ok(up) = parse_up(message) {
        let bytes = encode_up(&up);
        assert_eq!(encode_up(&parse_up(bytes.clone()).expect("what is written can be read")), bytes);
    }
});
