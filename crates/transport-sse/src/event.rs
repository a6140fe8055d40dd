//! What the events of a stream say.
//!
//! | event | meaning |
//! | --- | --- |
//! | `id:SEQ`, `event:TOPIC`, `data:` body | an update; a body of several lines has a `data:` for each |
//! | `event:skipped`, `data:TOPIC COUNT` | updates of a topic left out before the next one |
//! | `event:gap`, `data:SEQ` | updates through this one are no longer there |
//! | `event:end`, `data:` | the reply is complete |
//! | `:` | a comment: the server is still there |
//!
//! No space follows a colon, which spares a byte a line, unless the value begins with a space: the
//! first one is not part of the value.

use crate::parse::Parsed;
use bytes::{BufMut, Bytes, BytesMut};
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;
use transport::{Error, Event, Update};

/// The comment of a heartbeat.
pub const HEARTBEAT: &[u8] = b":\n\n";
/// The event that ends a reply.
pub const END: &[u8] = b"event:end\ndata:\n\n";

/// What an event tells a client.
#[derive(Debug)]
pub enum Told {
    /// Something of the subscription.
    Event(Event),
    /// The reply is complete.
    End,
}

/// The bytes of one update's event.
#[must_use]
pub fn encode_update(update: &Update) -> Bytes {
    let mut event = BytesMut::with_capacity(update.body.len() + 48);
    // Writing to a growing buffer does not fail.
    let _ = writeln!(event, "id:{}\nevent:{}", update.seq, update.topic);
    for line in update.body.split(|byte| *byte == b'\n') {
        event.put_slice(if line.first() == Some(&b' ') { b"data: " } else { b"data:" });
        event.put_slice(line);
        event.put_u8(b'\n');
    }
    event.put_u8(b'\n');
    event.freeze()
}

/// Appends whatever else there is to tell.
pub fn encode_into(event: &Event, bytes: &mut BytesMut) {
    let _ = match event {
        Event::Update(update) => {
            bytes.extend_from_slice(update.encoded(encode_update));
            Ok(())
        }
        Event::Skipped { topic, count } => write!(bytes, "event:skipped\ndata:{topic} {count}\n\n"),
        Event::Gap { through } => write!(bytes, "event:gap\ndata:{through}\n\n"),
    };
}

/// What a parsed event says.
///
/// # Errors
/// When it is none of those above.
pub fn interpret(parsed: Parsed) -> Result<Told, Error> {
    let text = || std::str::from_utf8(&parsed.data).unwrap_or_default();
    Ok(Told::Event(match &parsed.event_type[..] {
        "end" => return Ok(Told::End),
        "gap" => Event::Gap { through: number(text())? },
        "skipped" => match text().split_once(' ') {
            Some((topic, count)) => Event::Skipped { topic: number(topic)?, count: number(count)? },
            None => return Err(wrong(text())),
        },
        topic => {
            let (seq, topic) = (number(&parsed.last_event_id)?, number(topic)?);
            Event::Update(Arc::new(Update::new(seq, topic, parsed.data)))
        }
    }))
}

fn number<N: FromStr>(word: &str) -> Result<N, Error> {
    word.parse().map_err(|_| wrong(word))
}

fn wrong(word: &str) -> Error {
    let word: String = word.chars().take(80).collect();
    Error::Protocol(format!("an event has {word:?} where it means nothing"))
}
