//! All that can be compared within one run.

use crate::statistics::Finding;
use crate::{Contrast, Metric, contestants, interference};
use results::{Account, Mode, Run};

/// Every two transports against each other, and what that is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The scenario's margin, as a part of one.
    pub margin: f64,
    /// The contestants' labels, in the order of the header.
    pub labels: Vec<String>,
    /// Every two contestants by every metric, the earlier one in the header as the base. Judged by
    /// [`Judgement::margin_of`] that metric.
    pub pairs: Vec<Contrast>,
    /// The control against what it repeats, by every metric: the noise floor, judged by the scenario's margin.
    /// Empty where there is no control.
    pub control: Vec<Contrast>,
    /// Each transport together with the others (other) against itself apart (base), by median latency: how
    /// much they are in each other's way. Empty unless the run has rounds of both modes.
    pub interference: Vec<Contrast>,
    /// In a run without rounds apart: what share of each contestant's median latency it may have spent waiting
    /// for a processor, by label. Empty where the system does not tell.
    pub waiting: Vec<(String, f64)>,
    /// By how much waiting may have lengthened medians at most, as a part of one. Zero where the run has
    /// rounds apart or the system does not tell.
    pub inflation: f64,
}

impl Judgement {
    /// Judges a run by its closed rounds.
    #[must_use]
    pub fn of(run: &Run) -> Judgement {
        let labels: Vec<String> = contestants(run).map(|entry| entry.label.clone()).collect();
        let inflations = labels.iter().filter_map(|label| interference::inflation(run, label));
        let mut judgement = Judgement {
            margin: run.header.margin,
            pairs: Vec::new(),
            control: control(run),
            interference: interfering(run),
            waiting: waiting(run, &labels),
            inflation: inflations.fold(0.0, f64::max),
            labels,
        };
        judgement.pairs = judgement.every_two(run);
        judgement
    }

    /// One contestant (`other`) against another one (`base`), whichever comes first in the header.
    #[must_use]
    pub fn pair(&self, metric: Metric, base: &str, other: &str) -> Option<Contrast> {
        let of_metric = || self.pairs.iter().filter(|pair| pair.metric == metric);
        let straight = of_metric().find(|pair| pair.base == base && pair.other == other).cloned();
        straight.or_else(|| {
            of_metric().find(|pair| pair.base == other && pair.other == base).map(Contrast::inverse)
        })
    }

    /// By what differences are judged: the scenario's margin, or more where this run shows that it can't
    /// tell differences of that size from its own noise. Where the control differs from itself beyond the
    /// margin, that is as much as it may differ; of latencies of transports that ran at once, also what
    /// waiting for a processor may have added. Both are rounded up to whole per cents, and there is no limit
    /// where waiting makes up all of a latency: then nothing can be found.
    #[must_use]
    pub fn margin_of(&self, metric: Metric) -> f64 {
        self.margin.max(self.noise_of(metric))
    }

    /// What this run shows to be its own noise, where that is more than the scenario's margin; else zero.
    #[must_use]
    pub fn noise_of(&self, metric: Metric) -> f64 {
        let control = self.control.iter().find(|contrast| contrast.metric == metric);
        let noise = control.filter(|contrast| contrast.differs()).and_then(|contrast| contrast.ratio.ok());
        let waited = match metric {
            Metric::MedianLatency | Metric::TailLatency => self.inflation,
            _ => 0.0,
        };
        let spoilt = noise.map_or(0.0, |ratio| ratio.reach()).max(waited);
        if spoilt > self.margin { (spoilt * 100.0).ceil() / 100.0 } else { 0.0 }
    }

    /// The control's contrast by this metric, where there is one.
    #[must_use]
    pub fn noise(&self, metric: Metric) -> Option<&Contrast> {
        self.control.iter().find(|contrast| contrast.metric == metric)
    }

    /// Those that were found to be slowed down by the others' company.
    pub fn disturbed(&self) -> impl Iterator<Item = &Contrast> {
        self.interference.iter().filter(|contrast| contrast.finding == Finding::Higher)
    }

    fn every_two(&self, run: &Run) -> Vec<Contrast> {
        let rounds: Vec<(&str, Vec<&Account>)> =
            self.labels.iter().map(|label| (label.as_str(), run.rounds_of(label))).collect();
        let mut pairs = Vec::new();
        for metric in Metric::ALL {
            let margin = self.margin_of(metric);
            for (at, (base, theirs)) in rounds.iter().enumerate() {
                for (other, mine) in &rounds[at + 1..] {
                    pairs.push(Contrast::paired(metric, margin, (base, theirs), (other, mine)));
                }
            }
        }
        pairs
    }
}

fn control(run: &Run) -> Vec<Contrast> {
    let entries = run.header.entries.iter();
    let Some((control, original)) =
        entries.filter_map(|entry| Some((entry, entry.control_of.as_deref()?))).next()
    else {
        return Vec::new();
    };
    let (base, other) = (run.rounds_of(original), run.rounds_of(&control.label));
    let contrast = |metric| {
        Contrast::paired(metric, run.header.margin, (original, &base), (control.label.as_str(), &other))
    };
    Metric::ALL.into_iter().map(contrast).collect()
}

fn interfering(run: &Run) -> Vec<Contrast> {
    let modes = [Mode::Apart, Mode::Together];
    if !modes.iter().all(|mode| run.header.modes.contains(mode)) {
        return Vec::new();
    }
    let contrast = |label: &str| {
        let [apart, together] = modes.map(|mode| run.rounds_in(mode, label));
        Contrast::paired(Metric::MedianLatency, run.header.margin, (label, &apart), (label, &together))
    };
    // A control has no rounds together: there is nobody to be together with but itself.
    let entries = run.header.entries.iter().filter(|entry| entry.control_of.is_none());
    entries.map(|entry| contrast(&entry.label)).collect()
}

fn waiting(run: &Run, labels: &[String]) -> Vec<(String, f64)> {
    if run.mode() == Mode::Apart || run.header.entries.len() < 2 {
        return Vec::new();
    }
    let share = |label: &String| Some((label.clone(), interference::waiting_share(run, label)?));
    labels.iter().filter_map(share).collect()
}
