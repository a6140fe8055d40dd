//! What a run left, as the checks ask for it.

use results::{Account, EntryRecord, Merged, Run};

/// A finished run. Figures are None where a transport has no books, or nothing arrived.
#[derive(Debug)]
pub struct Measured {
    run: Run,
}

impl Measured {
    /// Of a run that came to its end.
    pub fn new(run: Run) -> Self {
        Measured { run }
    }

    /// All that is in its file.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The transports that were to run.
    pub fn labels(&self) -> Vec<String> {
        self.run.labels().map(str::to_owned).collect()
    }

    /// The one round of a transport.
    pub fn account(&self, label: &str) -> Option<&Account> {
        self.run.rounds_of(label).first().copied()
    }

    /// A quantile of arrived minus due, in milliseconds.
    pub fn latency_ms(&self, label: &str, q: f64) -> Option<f64> {
        ms(self.merged(label)?.account.latency.quantile(q))
    }

    /// A quantile of arrived minus sent, in milliseconds.
    pub fn sent_ms(&self, label: &str, q: f64) -> Option<f64> {
        ms(self.merged(label)?.account.sent_latency.quantile(q))
    }

    /// The mean of arrived minus due, in milliseconds.
    pub fn mean_ms(&self, label: &str) -> Option<f64> {
        mean_ms(self.merged(label)?.account.latency.mean())
    }

    /// The mean over updates of the latency of whoever got it last, in milliseconds.
    pub fn slowest_ms(&self, label: &str) -> Option<f64> {
        mean_ms(self.merged(label)?.account.slowest.mean())
    }

    /// The median time from the dial to the first response, in milliseconds.
    pub fn setup_ms(&self, label: &str) -> Option<f64> {
        ms(self.merged(label)?.account.setup.quantile(0.5))
    }

    /// The mean age of what was held, in milliseconds.
    pub fn staleness_ms(&self, label: &str) -> Option<f64> {
        mean_ms(self.merged(label)?.account.staleness.mean())
    }

    /// The latest that the publisher was, in milliseconds.
    pub fn lateness_ms(&self, label: &str) -> Option<f64> {
        ms(self.account(label)?.lateness.quantile(1.0))
    }

    /// Updates per response that brought any.
    pub fn batch(&self, label: &str) -> Option<f64> {
        self.merged(label)?.account.batch.mean()
    }

    /// The mean age that the model predicts, in milliseconds.
    pub fn predicted_staleness_ms(&self, label: &str) -> Option<f64> {
        ms(self.entry(label)?.prediction.as_ref()?.staleness_mean_ns)
    }

    /// One median over another.
    pub fn ratio_of_medians(&self, label: &str, base: &str) -> Option<f64> {
        Some(self.latency_ms(label, 0.5)? / self.latency_ms(base, 0.5)?)
    }

    fn merged(&self, label: &str) -> Option<Merged> {
        self.run.merged(label)
    }

    fn entry(&self, label: &str) -> Option<&EntryRecord> {
        self.run.header.entries.iter().find(|entry| entry.label == label)
    }
}

fn ms(ns: Option<u64>) -> Option<f64> {
    Some(ns? as f64 / 1e6)
}

fn mean_ms(ns: Option<f64>) -> Option<f64> {
    Some(ns? / 1e6)
}
