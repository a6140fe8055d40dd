//! The interval log is read back by the library's own reader.

mod sample;

use base64::{Engine, engine::general_purpose::STANDARD};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
use results::{Run, hlog, write_line};
use std::time::Duration;

#[test]
fn every_round_is_an_interval_with_its_whole_histogram() {
    let file: String = sample::lines().iter().map(write_line).collect();
    let run = Run::read(file).unwrap();
    let log = hlog(&run, "sse");
    let entries = IntervalLogIterator::new(log.as_bytes()).map(|entry| entry.unwrap());
    let intervals: Vec<_> = entries
        .filter_map(|entry| match entry {
            LogEntry::Interval(interval) => Some(interval),
            _ => None,
        })
        .collect();
    let rounds = run.rounds_of("sse");
    assert_eq!(intervals.len(), rounds.len());
    for (interval, account) in intervals.iter().zip(rounds) {
        let bytes = STANDARD.decode(interval.encoded_histogram()).unwrap();
        let read: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
        assert_eq!(&read, account.ledger.latency.as_hdr());
        assert_eq!(interval.duration(), Duration::from_secs(1));
        assert!((interval.max() - read.max() as f64 / 1e6).abs() < 0.001);
    }
}
