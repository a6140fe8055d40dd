//! What is written in a message.
//!
//! A body that may be any bytes makes a binary message of it, with the same line before the body; all else
//! is text. Only what can have a body may be binary.
//!
//! | message | direction | meaning |
//! | --- | --- | --- |
//! | `SEQ TOPIC` LF body | down | an update |
//! | `skipped TOPIC COUNT` | down | updates of a topic left out before the next one |
//! | `gap SEQ` | down | updates through this one are no longer there |
//! | `ack ID` | down | the post was taken |
//! | `refused ID` LF reason | down | the request was not taken |
//! | `part ID SEQ` LF body | down | a part of a reply |
//! | `part-skipped ID COUNT` | down | parts of a reply left out before the next one |
//! | `part-gap ID SEQ` | down | parts of a reply through this one are no longer there |
//! | `end ID` | down | the reply is complete |
//! | `post ID` LF body | up | a message |
//! | `ask ID` LF body | up | a question |
//! | `stop ID` | up | no more of this reply |

use bytes::{BufMut, Bytes, BytesMut};
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;
use transport::multiplex::{Down, Up};
use transport::{Error, Update};

/// The bytes of an update's message: its envelope is the first line with its line feed.
#[must_use]
pub fn encode_update(update: &Update) -> Bytes {
    with_body(format_args!("{} {}", update.seq, update.topic), &update.body)
}

/// The bytes of a message from the server; a heartbeat has none, it is a ping.
#[must_use]
pub fn encode_down(message: &Down) -> Option<Bytes> {
    Some(match message {
        Down::Update(update) => update.encoded(encode_update).clone(),
        Down::Skipped { topic, count } => line(format_args!("skipped {topic} {count}")),
        Down::Gap { through } => line(format_args!("gap {through}")),
        Down::Ack(id) => line(format_args!("ack {id}")),
        Down::Refused(id, why) => with_body(format_args!("refused {id}"), why.as_bytes()),
        Down::Part(id, part) => with_body(format_args!("part {id} {}", part.seq), &part.body),
        Down::PartSkipped(id, count) => line(format_args!("part-skipped {id} {count}")),
        Down::PartGap(id, through) => line(format_args!("part-gap {id} {through}")),
        Down::End(id) => line(format_args!("end {id}")),
        Down::Heartbeat => return None,
    })
}

/// The bytes of a message from a client.
#[must_use]
pub fn encode_up(message: &Up) -> Bytes {
    match message {
        Up::Post(id, body) => with_body(format_args!("post {id}"), body),
        Up::Ask(id, question) => with_body(format_args!("ask {id}"), question),
        Up::Stop(id) => line(format_args!("stop {id}")),
    }
}

/// Whether a message from the server has to be a binary one.
#[must_use]
pub fn is_binary_down(message: &Down) -> bool {
    match message {
        Down::Update(update) | Down::Part(_, update) => update.is_binary(),
        _ => false,
    }
}

/// Whether a message from a client has to be a binary one: its body is no text.
#[must_use]
pub fn is_binary_up(message: &Up) -> bool {
    match message {
        Up::Post(_, body) | Up::Ask(_, body) => std::str::from_utf8(body).is_err(),
        Up::Stop(_) => false,
    }
}

/// Reads a binary message from a server: an update or a part of a reply.
///
/// # Errors
/// When it is anything else.
pub fn parse_binary_down(message: Bytes) -> Result<Down, Error> {
    match parse_down(message)? {
        has_body @ (Down::Update(_) | Down::Part(..)) => Ok(has_body),
        _ => Err(Error::Protocol("a binary message without a body".to_owned())),
    }
}

/// Reads a binary message from a client: a post or a question.
///
/// # Errors
/// When it is anything else.
pub fn parse_binary_up(message: Bytes) -> Result<Up, Error> {
    match parse_up(message)? {
        Up::Stop(_) => Err(Error::Protocol("a binary message without a body".to_owned())),
        has_body => Ok(has_body),
    }
}

/// Reads a message from a server.
///
/// # Errors
/// When it is none of those above.
pub fn parse_down(message: Bytes) -> Result<Down, Error> {
    let (line, body) = split(message);
    let mut words = Words::new(&line);
    let first = words.text()?;
    let down = match first {
        "skipped" => Down::Skipped { topic: words.number()?, count: words.number()? },
        "gap" => Down::Gap { through: words.number()? },
        "ack" => Down::Ack(words.number()?),
        "refused" => Down::Refused(words.number()?, String::from_utf8_lossy(&body).into_owned()),
        "part" => Down::Part(words.number()?, Arc::new(Update::new(words.number()?, 0, body))),
        "part-skipped" => Down::PartSkipped(words.number()?, words.number()?),
        "part-gap" => Down::PartGap(words.number()?, words.number()?),
        "end" => Down::End(words.number()?),
        seq => Down::Update(Arc::new(Update::new(words.parse(seq)?, words.number()?, body))),
    };
    words.finished()?;
    Ok(down)
}

/// Reads a message from a client.
///
/// # Errors
/// When it is none of those above.
pub fn parse_up(message: Bytes) -> Result<Up, Error> {
    let (line, body) = split(message);
    let mut words = Words::new(&line);
    let up = match words.text()? {
        "post" => Up::Post(words.number()?, body),
        "ask" => Up::Ask(words.number()?, body),
        "stop" => Up::Stop(words.number()?),
        other => return Err(words.wrong(other)),
    };
    words.finished()?;
    Ok(up)
}

fn line(text: std::fmt::Arguments<'_>) -> Bytes {
    Bytes::from(text.to_string())
}

fn with_body(line: std::fmt::Arguments<'_>, body: &[u8]) -> Bytes {
    let mut message = BytesMut::with_capacity(32 + body.len());
    // Writing to a growing buffer does not fail.
    let _ = message.write_fmt(line);
    message.put_u8(b'\n');
    message.extend_from_slice(body);
    message.freeze()
}

fn split(mut message: Bytes) -> (Bytes, Bytes) {
    let Some(end) = message.iter().position(|byte| *byte == b'\n') else { return (message, Bytes::new()) };
    let body = message.split_off(end + 1);
    message.truncate(end);
    (message, body)
}

/// The words of a message's first line.
struct Words<'a> {
    line: &'a [u8],
    rest: std::slice::Split<'a, u8, fn(&u8) -> bool>,
}

impl<'a> Words<'a> {
    fn new(line: &'a [u8]) -> Self {
        Words { line, rest: line.split(|byte| *byte == b' ') }
    }

    fn text(&mut self) -> Result<&'a str, Error> {
        let word = self.rest.next().and_then(|word| std::str::from_utf8(word).ok());
        word.ok_or_else(|| self.wrong("its end"))
    }

    fn number<N: FromStr>(&mut self) -> Result<N, Error> {
        let word = self.text()?;
        self.parse(word)
    }

    fn parse<N: FromStr>(&self, word: &str) -> Result<N, Error> {
        word.parse().map_err(|_| self.wrong(word))
    }

    fn finished(&mut self) -> Result<(), Error> {
        match self.rest.next() {
            None => Ok(()),
            Some(_) => Err(self.wrong("more words")),
        }
    }

    fn wrong(&self, word: &str) -> Error {
        let line: String = String::from_utf8_lossy(self.line).chars().take(80).collect();
        Error::Protocol(format!("the message `{line}` has {word:?} in a place where it means nothing"))
    }
}
