//! However a stream is cut into pieces, the same frames come out of it, and go in again.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use tokio_util::codec::{Decoder, Encoder};
use transport::Error;
use transport_tcp::codec::{ClientCodec, ServerCodec};

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, stream) = input;
    let pieces: Vec<&[u8]> = stream.chunks(usize::from(piece).max(1)).collect();
    assert_eq!(frames(ServerCodec, ClientCodec, &[stream]), frames(ServerCodec, ClientCodec, &pieces));
    assert_eq!(frames(ClientCodec, ServerCodec, &[stream]), frames(ClientCodec, ServerCodec, &pieces));
});

/// What `reader` makes of the pieces, as `writer` writes it, and why it stopped.
fn frames<R, W, I>(mut reader: R, mut writer: W, pieces: &[&[u8]]) -> (BytesMut, Option<String>)
where
    R: Decoder<Item = I, Error = Error>,
    W: Encoder<I, Error = Error>,
{
    let (mut read, mut written) = (BytesMut::new(), BytesMut::new());
    for piece in pieces {
        read.extend_from_slice(piece);
        loop {
            match reader.decode(&mut read) {
                Ok(Some(frame)) => writer.encode(frame, &mut written).expect("what was read can be written"),
                Ok(None) => break,
                Err(error) => return (written, Some(error.to_string())),
            }
        }
    }
    (written, None)
}
