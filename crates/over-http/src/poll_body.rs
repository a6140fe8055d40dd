//! What the answer to a poll says.
//!
//! | piece | meaning |
//! | --- | --- |
//! | `SEQ TOPIC LENGTH` LF body LF | an update whose body has LENGTH bytes |
//! | `skipped TOPIC COUNT` LF | updates of a topic left out before the next one |
//! | `gap SEQ` LF | updates through this one are no longer there |
//! | `end` LF | the reply is complete |
//!
//! Bodies are what they are, text or not: the response's type says which. Lengths instead of a format that must be parsed whole: the bytes of an update are made once for
//! all who read it.

use bytes::{BufMut, Bytes, BytesMut};
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;
use transport::{Batch, Error, Event, Seq, Update};

/// One answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// What it brings.
    pub batch: Batch,
    /// Nothing will follow.
    pub ended: bool,
}

impl Answer {
    /// From where to go on, given where the last poll began.
    #[must_use]
    pub fn cursor(&self, before: Seq) -> Seq {
        let newest = self.batch.updates().last().map(|update| update.seq);
        let gap = self.batch.events.iter().find_map(|event| match event {
            Event::Gap { through } => Some(*through),
            Event::Update(_) | Event::Skipped { .. } => None,
        });
        newest.or(gap).unwrap_or(before)
    }
}

/// The bytes of an answer; none when there is nothing to say.
#[must_use]
pub fn encode(answer: &Answer) -> Bytes {
    if let ([Event::Update(one)], false) = (&answer.batch.events[..], answer.ended) {
        return one.encoded(encode_update).clone();
    }
    let mut body = BytesMut::new();
    encode_into(&answer.batch, &mut body);
    if answer.ended {
        body.extend_from_slice(END);
    }
    body.freeze()
}

/// What says that nothing will follow.
pub const END: &[u8] = b"end\n";

/// Appends what a batch holds.
pub fn encode_into(batch: &Batch, body: &mut BytesMut) {
    for event in &batch.events {
        // Writing to a growing buffer does not fail.
        let _ = match event {
            Event::Update(update) => {
                body.extend_from_slice(update.encoded(encode_update));
                Ok(())
            }
            Event::Skipped { topic, count } => writeln!(body, "skipped {topic} {count}"),
            Event::Gap { through } => writeln!(body, "gap {through}"),
        };
    }
}

fn encode_update(update: &Update) -> Bytes {
    let mut bytes = BytesMut::with_capacity(update.body.len() + 40);
    let _ = writeln!(bytes, "{} {} {}", update.seq, update.topic, update.body.len());
    bytes.extend_from_slice(&update.body);
    bytes.put_u8(b'\n');
    bytes.freeze()
}

/// Reads an answer.
///
/// # Errors
/// When it is not made of the pieces above.
pub fn parse(mut body: Bytes) -> Result<Answer, Error> {
    let mut answer = Answer::default();
    while !body.is_empty() {
        let end = body.iter().take(80).position(|byte| *byte == b'\n');
        let line = body.split_to(end.ok_or_else(|| wrong("a line without an end"))?);
        let _ = body.split_to(1);
        let line = std::str::from_utf8(&line).map_err(|_| wrong("a line that is not UTF-8"))?;
        let words: Vec<&str> = line.split(' ').collect();
        let event = match words[..] {
            ["end"] => {
                answer.ended = true;
                continue;
            }
            ["skipped", topic, count] => Event::Skipped { topic: number(topic)?, count: number(count)? },
            ["gap", through] => Event::Gap { through: number(through)? },
            [seq, topic, length] => {
                let text = take_body(&mut body, number(length)?)?;
                Event::Update(Arc::new(Update::new(number(seq)?, number(topic)?, text)))
            }
            _ => return Err(wrong(line)),
        };
        answer.batch.events.push(event);
    }
    Ok(answer)
}

fn take_body(rest: &mut Bytes, length: usize) -> Result<Bytes, Error> {
    if rest.get(length) != Some(&b'\n') {
        return Err(wrong("an update that does not end where it says"));
    }
    let body = rest.split_to(length);
    let _ = rest.split_to(1);
    Ok(body)
}

fn number<N: FromStr>(word: &str) -> Result<N, Error> {
    word.parse().map_err(|_| wrong(word))
}

fn wrong(what: &str) -> Error {
    Error::Protocol(format!("the answer to a poll has {what:?} where it means nothing"))
}
