//! An answer to a poll that is understood says the same when it is written again.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use over_http::poll_body::{encode, parse};

fuzz_target!(|body: &[u8]| {
    if let Ok(answer) = parse(Bytes::copy_from_slice(body)) {
        let _ = answer.cursor(0);
        let again = parse(encode(&answer)).expect("what is written can be read");
        assert_eq!(encode(&again), encode(&answer));
    }
});
