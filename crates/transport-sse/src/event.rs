//! What the events of a stream say.
//!
//! | event | meaning |
//! | --- | --- |
//! | `id:SEQ`, `event:TOPIC`, `data:` body | an update; a body of several lines has a `data:` for each |
//! | `id:SEQ`, `event:TOPIC;base64`, `data:` body | an update whose body may be any bytes, in base64 (RFC 4648, section 4) |
//! | `event:skipped`, `data:TOPIC COUNT` | updates of a topic left out before the next one |
//! | `event:gap`, `data:SEQ` | updates through this one are no longer there |
//! | `event:end`, `data:` | the reply is complete |
//! | `:` | a comment: the server is still there |
//!
//! No space follows a colon, which spares a byte a line, unless the value begins with a space: the
//! first one is not part of the value.

use crate::parse::Parsed;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut, Bytes, BytesMut};
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;
use transport::{Error, Event, Update};

/// The comment of a heartbeat.
pub const HEARTBEAT: &[u8] = b":\n\n";
/// The event that ends a reply.
pub const END: &[u8] = b"event:end\ndata:\n\n";

/// Behind the topic of an update whose data has to be decoded.
const BASE64: &str = ";base64";

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
    if update.is_binary() {
        return encode_binary(update);
    }
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

/// Events are text, so bytes are spelled out.
fn encode_binary(update: &Update) -> Bytes {
    let data = STANDARD.encode(&update.body);
    Bytes::from(format!("id:{}\nevent:{}{BASE64}\ndata:{data}\n\n", update.seq, update.topic))
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
            let seq = number(&parsed.last_event_id)?;
            Event::Update(Arc::new(match topic.strip_suffix(BASE64) {
                Some(topic) => {
                    let body = STANDARD.decode(&parsed.data).map_err(|_| wrong(text()))?;
                    Update::binary(seq, number(topic)?, body.into())
                }
                None => Update::new(seq, number(topic)?, parsed.data),
            }))
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
