//! Any bytes are a distribution that can be asked anything, or are refused.
#![no_main]

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::ZlibEncoder};
use ledger::Distribution;
use libfuzzer_sys::fuzz_target;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use std::io::Write;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.to_vec();
    // Nothing of another length is looked at, and to guess a length would take the fuzzer for ever.
    if let (Some(counts), Some(length)) = (bytes.len().checked_sub(40), bytes.get_mut(4..8)) {
        length.copy_from_slice(&(counts as u32).to_be_bytes());
    }
    let text = IntoDeserializer::<Error>::into_deserializer(packed(&bytes));
    let Ok(distribution) = results::histogram::deserialize(text) else { return };
    let quantiles = [0.0, 0.5, 0.99, 1.0].map(|q| distribution.quantile(q));
    assert!(quantiles.is_sorted(), "{quantiles:?}");
    assert_eq!(quantiles[3].is_none(), distribution.is_empty());
    assert!(distribution.curve(2).all(|(_, value)| Some(value) <= distribution.max()));
    let mut twice = Distribution::default();
    twice.merge(&distribution);
    assert_eq!(twice.len(), distribution.len());
    assert_eq!(twice.quantile(0.5), distribution.quantile(0.5));
});

/// As it stands in a results file, where the fuzzer would hardly get past the compression.
fn packed(bytes: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(b"\x1c\x84\x93\x14\0\0\0\0".to_vec(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes every byte");
    STANDARD.encode(encoder.finish().expect("memory takes every byte"))
}
