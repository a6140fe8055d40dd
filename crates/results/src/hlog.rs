//! Latencies as an interval log, the format that HdrHistogram's own tools read.

use crate::{Account, Run};
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriter, IntervalLogWriterBuilder};
use std::time::Duration;

/// What a maximum is divided by for the log's third column, which is for people: nanoseconds become
/// milliseconds, as other writers have it. The histograms stay in nanoseconds.
const NS_PER_MS: f64 = 1_000_000.0;

type Writer<'a, 'b> = IntervalLogWriter<'a, 'b, Vec<u8>, V2DeflateSerializer>;

/// The latencies of one transport, arrived minus due in nanoseconds: an interval for each measured window, in
/// seconds since the first round's start.
///
/// # Panics
/// Never: nothing in memory fails to be written.
#[must_use]
pub fn hlog(run: &Run, label: &str) -> String {
    let (mut log, mut serializer) = (Vec::new(), V2DeflateSerializer::new());
    let mut writer = IntervalLogWriterBuilder::new()
        .add_comment(&format!("pushpull {}, scenario {}", run.header.tool.version, run.header.scenario_name))
        .add_comment(&format!("{label}: from due to arrival, in nanoseconds, one interval a round"))
        .add_comment(&format!("run started {}; times count from the first round's start", run.header.started))
        .with_max_value_divisor(NS_PER_MS)
        .begin_log_with(&mut log, &mut serializer)
        .expect("a vector takes every byte");
    let first_ns = run.accounts.iter().map(|account| account.start_ns).min().unwrap_or(0);
    for account in run.rounds_of(label) {
        write(&mut writer, run, account, first_ns);
    }
    String::from_utf8(log).expect("comments are text, and so is base64")
}

fn write(writer: &mut Writer<'_, '_>, run: &Run, account: &Account, first_ns: u64) {
    let begins_ns = (account.start_ns - first_ns).saturating_add(run.header.warm_up_ns);
    let (begins, lasts) = (Duration::from_nanos(begins_ns), Duration::from_nanos(run.header.measure_ns));
    writer
        .write_histogram(account.ledger.latency.as_hdr(), begins, lasts, None)
        .expect("a histogram in memory can be encoded into memory");
}
