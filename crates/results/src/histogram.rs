//! A distribution as text: HdrHistogram's V2 encoding, in base64.
//!
//! For `#[serde(with = "histogram")]`.

use base64::{Engine, engine::general_purpose::STANDARD};
use hdrhistogram::{
    Histogram,
    serialization::{Deserializer as Decoder, Serializer as _, V2Serializer},
};
use ledger::Distribution;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Bytes of a V2 encoding before its counts.
const PREFIX_LEN: usize = 40;

/// Where the length of the counts stands in that prefix.
const PAYLOAD_LEN_AT: std::ops::Range<usize> = 4..8;

/// Writes a distribution.
///
/// # Errors
/// When the serializer fails.
pub fn serialize<S: Serializer>(distribution: &Distribution, to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::new();
    V2Serializer::new()
        .serialize(distribution.as_hdr(), &mut bytes)
        .map_err(|error| serde::ser::Error::custom(format!("a histogram can't be encoded: {error}")))?;
    to.serialize_str(&STANDARD.encode(bytes))
}

/// Reads a distribution.
///
/// # Errors
/// When it is no V2 encoding in base64.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Distribution, D::Error> {
    let text = String::deserialize(from)?;
    decode(&text).map_err(|reason| D::Error::custom(format!("a histogram can't be decoded: {reason}")))
}

fn decode(text: &str) -> Result<Distribution, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    check_length(&bytes)?;
    let histogram: Histogram<u64> =
        Decoder::new().deserialize(&mut bytes.as_slice()).map_err(|error| error.to_string())?;
    Ok(Distribution::from_hdr(&histogram))
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

    #[test]
    fn a_false_length_is_refused_before_it_is_allocated() {
        let mut bytes = Vec::new();
        V2Serializer::new().serialize(Distribution::default().as_hdr(), &mut bytes).unwrap();
        bytes[4] = 0xff;
        assert!(decode(&STANDARD.encode(&bytes)).unwrap_err().contains("says otherwise"));
        assert!(decode("AAAA").is_err());
        assert!(decode("not base64!").is_err());
    }
}
