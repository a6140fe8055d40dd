//! Figures held against predictions, and what follows from them.

use serde::Serialize;
use std::ops::RangeInclusive;

/// The sheet of one attempt at a check.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    figures: Vec<Figure>,
    others: Option<f64>,
    remarks: Vec<String>,
    /// Why this says nothing in any case.
    disturbed: Vec<String>,
    /// Why it would say nothing if figures were off.
    doubtful: Vec<String>,
}

/// One figure beside what was predicted of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What it is, with the transport first where it is one's own.
    pub what: String,
    /// Its unit.
    pub unit: Unit,
    /// None where nothing came that it could be taken from.
    pub measured: Option<f64>,
    /// What arithmetic says.
    pub predicted: f64,
    /// The least that it may be.
    pub least: f64,
    /// The most that it may be.
    pub most: f64,
    /// Whether it lies between them.
    pub holds: bool,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// One figure over another.
    Ratio,
    /// Things. No disturbance explains that one is missing.
    Count,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All figures are where they belong.
    Holds,
    /// One is not, and nobody else is to blame.
    Broken,
    /// Others disturbed it so much that it says nothing.
    Inconclusive,
}

/// A check that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Its name.
    pub check: &'static str,
    /// What came of it.
    pub verdict: Verdict,
    /// What makes it inconclusive; empty otherwise.
    pub evidence: String,
    /// All that was held against a prediction.
    pub figures: Vec<Figure>,
    /// The most that others used of the machine while it was measured, 0 to 1. None where the system does not
    /// tell.
    pub others: Option<f64>,
    /// What else was seen on the way.
    pub remarks: Vec<String>,
    /// How often it was tried.
    pub attempts: u32,
}

impl Sheet {
    /// Holds a time in milliseconds against a prediction, from which it may be so far in either direction.
    pub fn ms(&mut self, what: impl Into<String>, measured: Option<f64>, predicted: f64, allowed: f64) {
        self.ms_between(what, measured, predicted, predicted - allowed..=predicted + allowed);
    }

    /// Holds a time in milliseconds against a prediction that allows more in one direction.
    pub fn ms_between(
        &mut self,
        what: impl Into<String>,
        measured: Option<f64>,
        predicted: f64,
        allowed: RangeInclusive<f64>,
    ) {
        self.enter(what.into(), Unit::Ms, measured, predicted, allowed);
    }

    /// Holds a ratio, or a mean number of things, against a prediction.
    pub fn ratio(
        &mut self,
        what: impl Into<String>,
        measured: Option<f64>,
        predicted: f64,
        allowed: RangeInclusive<f64>,
    ) {
        self.enter(what.into(), Unit::Ratio, measured, predicted, allowed);
    }

    /// Holds a count of what must not be against none.
    pub fn none(&mut self, what: impl Into<String>, measured: Option<u64>) {
        self.enter(what.into(), Unit::Count, measured.map(|count| count as f64), 0.0, 0.0..=0.0);
    }

    /// Notes how much of the machine others used, 0 to 1; what is told is the most.
    pub fn others(&mut self, share: f64) {
        self.others = Some(self.others.map_or(share, |known| known.max(share)));
    }

    /// Notes what a reader should know, once.
    pub fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Others disturbed this so much that times say nothing.
    pub fn disturbed(&mut self, evidence: String) {
        self.disturbed.push(evidence);
    }

    /// Others disturbed this: if times are off, that may be theirs.
    pub fn doubtful(&mut self, evidence: String) {
        self.doubtful.push(evidence);
    }

    /// What follows.
    #[must_use]
    pub fn conclude(self, check: &'static str, attempts: u32) -> Outcome {
        let off = |figure: &&Figure| !figure.holds;
        let miscounted = self.figures.iter().filter(off).any(|figure| figure.unit == Unit::Count);
        let is_off = self.figures.iter().any(|figure| !figure.holds);
        let is_timed = self.figures.iter().any(|figure| figure.unit != Unit::Count);
        let (verdict, evidence) = if miscounted {
            (Verdict::Broken, String::new())
        } else if is_timed && !self.disturbed.is_empty() {
            (Verdict::Inconclusive, self.disturbed.join("; "))
        } else if is_off && !self.doubtful.is_empty() {
            (Verdict::Inconclusive, self.doubtful.join("; "))
        } else if is_off {
            (Verdict::Broken, String::new())
        } else {
            (Verdict::Holds, String::new())
        };
        let Sheet { figures, others, remarks, .. } = self;
        Outcome { check, verdict, evidence, figures, others, remarks, attempts }
    }

    fn enter(
        &mut self,
        what: String,
        unit: Unit,
        measured: Option<f64>,
        predicted: f64,
        allowed: RangeInclusive<f64>,
    ) {
        // What never came is infinitely late.
        let holds = measured.is_some_and(|measured| allowed.contains(&measured));
        let (least, most) = allowed.into_inner();
        self.figures.push(Figure { what, unit, measured, predicted, least, most, holds });
    }
}

impl Outcome {
    /// The figures that are not where they belong.
    pub fn off(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| !figure.holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(fill: impl FnOnce(&mut Sheet)) -> Verdict {
        let mut sheet = Sheet::default();
        fill(&mut sheet);
        sheet.conclude("x", 1).verdict
    }

    #[test]
    fn figures_hold_within_what_is_allowed_and_nothing_is_no_figure() {
        assert_eq!(verdict(|sheet| sheet.ms("a", Some(10.9), 10.0, 1.0)), Verdict::Holds);
        assert_eq!(verdict(|sheet| sheet.ms("a", Some(11.1), 10.0, 1.0)), Verdict::Broken);
        assert_eq!(verdict(|sheet| sheet.ms_between("a", Some(8.9), 9.0, 9.0..=11.0)), Verdict::Broken);
        assert_eq!(verdict(|sheet| sheet.ms("a", None, 10.0, 1.0)), Verdict::Broken);
        assert_eq!(verdict(|sheet| sheet.ratio("a", Some(f64::NAN), 1.0, 0.0..=2.0)), Verdict::Broken);
    }

    #[test]
    fn others_excuse_a_time_and_never_a_count() {
        let doubtful = |sheet: &mut Sheet| sheet.doubtful("others".to_owned());
        let off = |sheet: &mut Sheet| sheet.ms("a", Some(20.0), 10.0, 1.0);
        assert_eq!(verdict(doubtful), Verdict::Holds, "it was disturbed a little, and holds all the same");
        let both = |sheet: &mut Sheet| {
            doubtful(sheet);
            off(sheet);
        };
        assert_eq!(verdict(both), Verdict::Inconclusive);
        let starved = |sheet: &mut Sheet| {
            sheet.disturbed("others".to_owned());
            sheet.ms("a", Some(10.0), 10.0, 1.0);
        };
        assert_eq!(verdict(starved), Verdict::Inconclusive, "it may hold by accident");
        let balanced = |sheet: &mut Sheet| {
            sheet.disturbed("others".to_owned());
            sheet.none("lost", Some(0));
        };
        assert_eq!(verdict(balanced), Verdict::Holds);
        let lost = |sheet: &mut Sheet| {
            sheet.disturbed("others".to_owned());
            sheet.none("lost", Some(1));
        };
        assert_eq!(verdict(lost), Verdict::Broken);
    }
}
