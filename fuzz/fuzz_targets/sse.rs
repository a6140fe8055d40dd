//! However a stream is cut into pieces, the same events come out of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use transport_sse::event::interpret;
use transport_sse::parse::{Parsed, Parser};

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, stream) = input;
    let whole = events(&[stream]);
    let pieces: Vec<&[u8]> = stream.chunks(usize::from(piece).max(1)).collect();
    assert_eq!(events(&pieces), whole);
    for event in whole {
        let _ = interpret(event);
    }
});

fn events(pieces: &[&[u8]]) -> Vec<Parsed> {
    let mut parser = Parser::default();
    let mut events = Vec::new();
    for piece in pieces {
        parser.push(piece);
        while let Some(event) = parser.next_event().expect("an input is shorter than the limit") {
            events.push(event);
        }
    }
    events
}
