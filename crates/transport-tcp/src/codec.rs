//! Frames: `u32` length, one byte of kind, fields, body.
//!
//! | kind | direction | fields |
//! | --- | --- | --- |
//! | 0 update | down | seq `u64`, topic `u32`, body |
//! | 1 skipped | down | topic `u32`, count `u64` |
//! | 2 gap | down | through `u64` |
//! | 3 ack | down | request `u32` |
//! | 4 refused | down | request `u32`, reason |
//! | 5 part | down | request `u32`, seq `u64`, body |
//! | 6 end | down | request `u32` |
//! | 7 heartbeat | down | |
//! | 8 part skipped | down | request `u32`, count `u64` |
//! | 9 part gap | down | request `u32`, through `u64` |
//! | 16 post | up | request `u32`, body |
//! | 17 ask | up | request `u32`, body |
//! | 18 stop | up | request `u32` |

use bytes::{Buf, BufMut, Bytes, BytesMut};
use std::sync::Arc;
use tokio_util::codec::{Decoder, Encoder};
use transport::multiplex::{Down, Up};
use transport::{Error, MAX_POST_BYTES, Update};

/// The longest frame that is accepted: the longest post and some fields.
const MAX_FRAME_BYTES: usize = MAX_POST_BYTES + 64;

/// Reads what clients send, writes what servers send.
#[derive(Debug)]
pub struct ServerCodec;

/// Reads what servers send, writes what clients send.
#[derive(Debug)]
pub struct ClientCodec;

impl Decoder for ServerCodec {
    type Item = Up;
    type Error = Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Up>, Error> {
        let Some((kind, mut frame)) = take_frame(buffer)? else { return Ok(None) };
        let id = frame.try_get_u32().map_err(cut_short)?;
        Ok(Some(match kind {
            16 => Up::Post(id, frame),
            17 => Up::Ask(id, frame),
            18 => Up::Stop(id),
            _ => return Err(unknown(kind)),
        }))
    }
}

impl Decoder for ClientCodec {
    type Item = Down;
    type Error = Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Down>, Error> {
        let Some((kind, frame)) = take_frame(buffer)? else { return Ok(None) };
        parse_down(kind, frame).map(Some)
    }
}

fn parse_down(kind: u8, mut frame: Bytes) -> Result<Down, Error> {
    Ok(match kind {
        0 => {
            let seq = frame.try_get_u64().map_err(cut_short)?;
            let topic = frame.try_get_u32().map_err(cut_short)?;
            Down::Update(Arc::new(Update::new(seq, topic, frame)))
        }
        1 => {
            let topic = frame.try_get_u32().map_err(cut_short)?;
            Down::Skipped { topic, count: frame.try_get_u64().map_err(cut_short)? }
        }
        2 => Down::Gap { through: frame.try_get_u64().map_err(cut_short)? },
        3 => Down::Ack(frame.try_get_u32().map_err(cut_short)?),
        4 => {
            let id = frame.try_get_u32().map_err(cut_short)?;
            Down::Refused(id, String::from_utf8_lossy(&frame).into_owned())
        }
        5 => {
            let id = frame.try_get_u32().map_err(cut_short)?;
            let seq = frame.try_get_u64().map_err(cut_short)?;
            Down::Part(id, Arc::new(Update::new(seq, 0, frame)))
        }
        6 => Down::End(frame.try_get_u32().map_err(cut_short)?),
        7 => Down::Heartbeat,
        8 => {
            let id = frame.try_get_u32().map_err(cut_short)?;
            Down::PartSkipped(id, frame.try_get_u64().map_err(cut_short)?)
        }
        9 => {
            let id = frame.try_get_u32().map_err(cut_short)?;
            Down::PartGap(id, frame.try_get_u64().map_err(cut_short)?)
        }
        _ => return Err(unknown(kind)),
    })
}

impl Encoder<Down> for ServerCodec {
    type Error = Error;

    fn encode(&mut self, message: Down, buffer: &mut BytesMut) -> Result<(), Error> {
        match message {
            Down::Update(update) => buffer.extend_from_slice(update.encoded(encode_update)),
            Down::Skipped { topic, count } => {
                begin(buffer, 1, 12);
                buffer.put_u32(topic);
                buffer.put_u64(count);
            }
            Down::Gap { through } => {
                begin(buffer, 2, 8);
                buffer.put_u64(through);
            }
            Down::Ack(id) => put_request(buffer, 3, id, b""),
            Down::Refused(id, why) => put_request(buffer, 4, id, why.as_bytes()),
            Down::Part(id, part) => {
                begin(buffer, 5, 12 + part.body.len());
                buffer.put_u32(id);
                buffer.put_u64(part.seq);
                buffer.extend_from_slice(&part.body);
            }
            Down::PartSkipped(id, count) => put_request(buffer, 8, id, &count.to_be_bytes()),
            Down::PartGap(id, through) => put_request(buffer, 9, id, &through.to_be_bytes()),
            Down::End(id) => put_request(buffer, 6, id, b""),
            Down::Heartbeat => begin(buffer, 7, 0),
        }
        Ok(())
    }
}

impl Encoder<Up> for ClientCodec {
    type Error = Error;

    fn encode(&mut self, message: Up, buffer: &mut BytesMut) -> Result<(), Error> {
        match message {
            Up::Post(id, body) => put_request(buffer, 16, id, &body),
            Up::Ask(id, question) => put_request(buffer, 17, id, &question),
            Up::Stop(id) => put_request(buffer, 18, id, b""),
        }
        Ok(())
    }
}

fn encode_update(update: &Update) -> Bytes {
    let mut frame = BytesMut::with_capacity(17 + update.body.len());
    begin(&mut frame, 0, 12 + update.body.len());
    frame.put_u64(update.seq);
    frame.put_u32(update.topic);
    frame.extend_from_slice(&update.body);
    frame.freeze()
}

fn begin(buffer: &mut BytesMut, kind: u8, rest_bytes: usize) {
    buffer.reserve(5 + rest_bytes);
    // No frame of ours comes near 4 GiB: bodies are limited long before.
    buffer.put_u32(1 + rest_bytes as u32);
    buffer.put_u8(kind);
}

fn put_request(buffer: &mut BytesMut, kind: u8, id: u32, body: &[u8]) {
    begin(buffer, kind, 4 + body.len());
    buffer.put_u32(id);
    buffer.extend_from_slice(body);
}

fn take_frame(buffer: &mut BytesMut) -> Result<Option<(u8, Bytes)>, Error> {
    let Some(length) = buffer.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes) as usize) else {
        return Ok(None);
    };
    if length == 0 || length > MAX_FRAME_BYTES {
        return Err(Error::Protocol(format!(
            "a frame of {length} bytes, allowed are 1 to {MAX_FRAME_BYTES}"
        )));
    }
    if buffer.len() < 4 + length {
        buffer.reserve(4 + length - buffer.len());
        return Ok(None);
    }
    buffer.advance(4);
    let mut frame = buffer.split_to(length).freeze();
    let kind = frame.get_u8();
    Ok(Some((kind, frame)))
}

fn cut_short(_: bytes::TryGetError) -> Error {
    Error::Protocol("a frame that is too short for its fields".to_owned())
}

fn unknown(kind: u8) -> Error {
    Error::Protocol(format!("a frame of unknown kind {kind}"))
}
