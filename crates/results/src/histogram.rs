//! A distribution as text: HdrHistogram's compressed V2 encoding, in base64, as in its own logs.
//!
//! For `#[serde(with = "histogram")]`.

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::ZlibDecoder;
use hdrhistogram::{
    Histogram,
    serialization::{Deserializer as Decoder, Serializer as _, V2DeflateSerializer},
};
use ledger::Distribution;
use serde::{Deserialize, Deserializer, Serializer, de::Error};
use std::io::Read;

/// What a compressed V2 encoding begins with; behind it stands the length of the compressed rest.
const COOKIE: [u8; 4] = [0x1c, 0x84, 0x93, 0x14];

/// Bytes of that beginning, the length included.
const HEAD_LEN: usize = 8;

/// Bytes of a V2 encoding before its counts.
const PREFIX_LEN: usize = 40;

/// Where the length of the counts stands in that prefix.
const PAYLOAD_LEN_AT: std::ops::Range<usize> = 4..8;

/// The longest encoding that is unpacked: a histogram of ours has some 57,000 counts of at most nine bytes.
const UNPACKED_LIMIT: u64 = 1 << 20;

/// Writes a distribution.
///
/// # Errors
/// When the serializer fails.
pub fn serialize<S: Serializer>(distribution: &Distribution, to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::new();
    V2DeflateSerializer::new()
        .serialize(distribution.as_hdr(), &mut bytes)
        .map_err(|error| serde::ser::Error::custom(format!("a histogram can't be encoded: {error}")))?;
    to.serialize_str(&STANDARD.encode(bytes))
}

/// Reads a distribution.
///
/// # Errors
/// When it is no compressed V2 encoding in base64.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Distribution, D::Error> {
    let text = String::deserialize(from)?;
    decode(&text).map_err(|reason| D::Error::custom(format!("a histogram can't be decoded: {reason}")))
}

fn decode(text: &str) -> Result<Distribution, String> {
    let bytes = unpack(&STANDARD.decode(text).map_err(|error| error.to_string())?)?;
    check_length(&bytes)?;
    let histogram: Histogram<u64> =
        Decoder::new().deserialize(&mut bytes.as_slice()).map_err(|error| error.to_string())?;
    Ok(Distribution::from_hdr(&histogram))
}

/// The encoding without its compression. What unpacks to more than any histogram of ours is none.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let compressed = bytes.strip_prefix(&COOKIE).and_then(|rest| rest.get(HEAD_LEN - COOKIE.len()..));
    let compressed = compressed.ok_or("it does not begin like a compressed V2 encoding")?;
    let mut unpacked = Vec::new();
    let read = ZlibDecoder::new(compressed).take(UNPACKED_LIMIT + 1).read_to_end(&mut unpacked);
    let length = read.map_err(|error| error.to_string())?;
    if length as u64 > UNPACKED_LIMIT {
        return Err(format!("it unpacks to more than {UNPACKED_LIMIT} bytes"));
    }
    Ok(unpacked)
}

/// The decoder allocates whatever length the prefix claims, so that must be the length there is.
fn check_length(bytes: &[u8]) -> Result<(), String> {
    let claimed = bytes
        .get(PAYLOAD_LEN_AT)
        .and_then(|len| <[u8; 4]>::try_from(len).ok())
        .map(|len| PREFIX_LEN as u64 + u64::from(u32::from_be_bytes(len)));
    if claimed != Some(bytes.len() as u64) {
        return Err(format!("it is {} bytes long but says otherwise", bytes.len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use hdrhistogram::serialization::V2Serializer;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> String {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        STANDARD.encode([&COOKIE, &[0; 4], encoder.finish().unwrap().as_slice()].concat())
    }

    #[test]
    fn a_false_length_is_refused_before_it_is_allocated() {
        let mut bytes = Vec::new();
        V2Serializer::new().serialize(Distribution::default().as_hdr(), &mut bytes).unwrap();
        assert!(decode(&packed(&bytes)).is_ok());
        bytes[4] = 0xff;
        assert!(decode(&packed(&bytes)).unwrap_err().contains("says otherwise"));
    }

    #[test]
    fn what_is_no_histogram_is_refused() {
        assert!(decode("AAAA").unwrap_err().contains("does not begin like"));
        assert!(decode(&STANDARD.encode(COOKIE)).unwrap_err().contains("does not begin like"));
        assert!(decode("not base64!").is_err());
        let bomb = vec![0; UNPACKED_LIMIT as usize + 1];
        assert!(decode(&packed(&bomb)).unwrap_err().contains("unpacks to more than"));
    }
}
