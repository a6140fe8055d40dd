//! The bar in a terminal: one for the whole run, with the medians so far below it.

use super::counted;
use crate::clock;
use crate::estimate::in_words;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use ledger::Distribution;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

const TEMPLATE: &str = "[{bar:24}] {prefix}  {left}{warnings}\n{wide_msg}";

/// A bar.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    ticker: Option<JoinHandle<()>>,
    warnings: Arc<AtomicU32>,
    medians: Medians,
}

impl Bar {
    /// A bar of this length.
    pub fn new(total: Duration) -> Self {
        let warnings = Arc::new(AtomicU32::new(0));
        let bar = ProgressBar::new((total.as_millis() as u64).max(1));
        let counter = Arc::clone(&warnings);
        let style = ProgressStyle::with_template(TEMPLATE).map(|style| {
            style
                .progress_chars("##-")
                .with_key("left", |state: &ProgressState, to: &mut dyn Write| {
                    let left_ms = state.len().unwrap_or_default().saturating_sub(state.pos());
                    // Who reads a bar has no use for an error about it.
                    let _ = write!(to, "{} left", in_words(Duration::from_millis(left_ms)));
                })
                .with_key("warnings", move |_: &ProgressState, to: &mut dyn Write| {
                    let warnings = counter.load(Ordering::Relaxed);
                    let _ = if warnings > 0 { write!(to, "  {}", counted(warnings)) } else { Ok(()) };
                })
        });
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Bar { bar, ticker: None, warnings, medians: Medians::default() }
    }

    /// What goes on.
    pub fn name(&self, what: String) {
        self.bar.set_prefix(what);
    }

    /// A part begins that is this long, when as much as this is behind it.
    pub fn begin(&mut self, start_ns: u64, before: Duration, span: Duration) {
        self.stop();
        let (before_ms, span_ms) = (before.as_millis() as u64, span.as_millis() as u64);
        self.bar.set_position(before_ms);
        self.ticker = Some(tokio::spawn(tick(self.bar.clone(), start_ns, before_ms, span_ms)));
    }

    /// What a transport delivered in a second.
    pub fn second(&mut self, label: &str, latency: &Distribution) {
        self.medians.add(label, latency);
        self.bar.set_message(self.medians.text());
    }

    /// So many warnings there are.
    pub fn warned(&self, warnings: u32) {
        self.warnings.store(warnings, Ordering::Relaxed);
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        self.stop();
        self.bar.finish_and_clear();
    }

    fn stop(&mut self) {
        if let Some(ticker) = self.ticker.take() {
            ticker.abort();
        }
    }
}

/// Moves the bar with the clock, for as long as the part lasts.
async fn tick(bar: ProgressBar, start_ns: u64, before_ms: u64, span_ms: u64) {
    // Four times a second: enough for a person, nothing to the machine.
    const STEP: Duration = Duration::from_millis(250);
    loop {
        let passed_ms = clock::now_ns().saturating_sub(start_ns) / 1_000_000;
        bar.set_position(before_ms + passed_ms.min(span_ms));
        clock::pause(STEP).await;
    }
}

/// Each transport's latencies so far, in the order in which they were first heard of.
#[derive(Debug, Default)]
struct Medians(Vec<(String, Distribution)>);

impl Medians {
    fn add(&mut self, label: &str, latency: &Distribution) {
        match self.0.iter_mut().find(|(other, _)| other == label) {
            Some((_, all)) => all.merge(latency),
            None => self.0.push((label.to_owned(), latency.clone())),
        }
    }

    fn text(&self) -> String {
        let known = self.0.iter().filter_map(|(label, all)| Some((label, all.quantile(0.5)?)));
        let parts = known.map(|(label, ns)| format!("{label} {}", verdict::format::duration(ns)));
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() { String::new() } else { format!("p50 so far: {}", parts.join("  ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_those_of_all_seconds_together() {
        let second = |values: &[u64]| {
            let mut latency = Distribution::default();
            values.iter().for_each(|ms| latency.record(ms * 1_000_000));
            latency
        };
        let mut medians = Medians::default();
        medians.add("sse", &second(&[]));
        assert_eq!(medians.text(), "");
        medians.add("sse", &second(&[1, 1, 1]));
        medians.add("tcp", &second(&[]));
        medians.add("sse", &second(&[9]));
        assert_eq!(medians.0.len(), 2);
        assert!(medians.text().starts_with("p50 so far: sse 1.0"), "{}", medians.text());
    }

    #[test]
    fn the_bar_has_what_its_template_names() {
        let bar = Bar::new(Duration::from_secs(37));
        bar.warned(2);
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
        assert_eq!(bar.bar.length(), Some(37_000));
    }
}
