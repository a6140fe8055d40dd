//! What follows from all findings and checks: one sentence.

use super::machine::{Finding, Grade};
use super::sheet::{Outcome, Verdict};

/// Whether the machine, and pushpull on it, can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// Everything holds; so many findings are worth a note.
    Trusted {
        /// Checks made.
        checks: usize,
        /// Findings that take nothing away.
        notes: usize,
    },
    /// These checks do not hold, and nobody else is to blame.
    Broken {
        /// Their names, each with the first figure that is off.
        checks: Vec<String>,
        /// Checks made.
        of: usize,
        /// What can't be trusted of the machine besides.
        machine: Vec<String>,
    },
    /// The machine is not fit, or not now.
    NotTrusted {
        /// Why, each with what to do about it.
        reasons: Vec<String>,
    },
}

impl Conclusion {
    /// By the rule: a check that is broken comes first, then the machine, then what others disturbed.
    #[must_use]
    pub fn of(findings: &[Finding], outcomes: &[Outcome]) -> Self {
        let graded = |grade: Grade| findings.iter().filter(move |finding| finding.grade == grade);
        let reasons: Vec<String> = graded(Grade::Bad).map(reason).collect();
        let with = |verdict| outcomes.iter().filter(move |outcome| outcome.verdict == verdict);
        let checks: Vec<String> = with(Verdict::Broken).map(broken).collect();
        let disturbed: Vec<&str> =
            with(Verdict::Inconclusive).map(|outcome| outcome.evidence.as_str()).collect();
        if !checks.is_empty() {
            return Conclusion::Broken { checks, of: outcomes.len(), machine: reasons };
        }
        let others = (!disturbed.is_empty()).then(|| {
            let (count, all) = (disturbed.len(), outcomes.len());
            format!(
                "{count} of {all} checks say nothing ({}): close other programs, or wait until the machine is quiet, \
                 and run it again",
                disturbed[0]
            )
        });
        let reasons: Vec<String> = reasons.into_iter().chain(others).collect();
        match reasons.is_empty() {
            true => Conclusion::Trusted { checks: outcomes.len(), notes: graded(Grade::Note).count() },
            false => Conclusion::NotTrusted { reasons },
        }
    }

    /// Whether figures of this machine may be believed.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        matches!(self, Conclusion::Trusted { .. })
    }

    /// The word for scripts.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Conclusion::Trusted { .. } => "trusted",
            Conclusion::Broken { .. } => "broken",
            Conclusion::NotTrusted { .. } => "not-trusted",
        }
    }

    /// The sentence for a person.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Conclusion::Trusted { checks, notes } => {
                let held = if *checks == 1 {
                    "the check holds".to_owned()
                } else {
                    format!("all {checks} checks hold")
                };
                let noted = match notes {
                    0 => String::new(),
                    1 => ", with the one note above".to_owned(),
                    notes => format!(", with the {notes} notes above"),
                };
                format!("This machine can be trusted: {held}{noted}.")
            }
            Conclusion::Broken { checks, of, machine } => {
                let besides = machine.iter().map(|reason| format!(" Besides, {reason}.")).collect::<String>();
                format!(
                    "Something is broken: {} of {of} checks {} not hold, and nobody disturbed it: {}. Run it again; if it \
                     comes again, do not use figures of these transports, and report it with --out's results.{besides}",
                    checks.len(),
                    if checks.len() == 1 { "does" } else { "do" },
                    checks.join("; ")
                )
            }
            Conclusion::NotTrusted { reasons } => {
                format!("This machine can't be trusted, for now: {}.", reasons.join("; "))
            }
        }
    }
}

fn reason(finding: &Finding) -> String {
    let advice = finding.advice.as_ref().map(|advice| format!(": {advice}")).unwrap_or_default();
    format!("{} ({}){advice}", finding.what, finding.found)
}

fn broken(outcome: &Outcome) -> String {
    let first = outcome.off().next().map(|figure| format!(" ({})", figure.what)).unwrap_or_default();
    format!("\"{}\"{first}", outcome.check)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selftest::sheet::Sheet;

    fn finding(grade: Grade) -> Finding {
        Finding {
            what: "timers",
            found: "20 ms late".to_owned(),
            wanted: "1 ms".to_owned(),
            grade,
            advice: Some("wait".to_owned()),
        }
    }

    fn outcome(measured: f64, others: bool) -> Outcome {
        let mut sheet = Sheet::default();
        sheet.ms("sse: median", Some(measured), 1.0, 0.5);
        if others {
            sheet.doubtful("others used 9.0 % of the machine".to_owned());
        }
        sheet.conclude("push", 1)
    }

    #[test]
    fn what_is_broken_is_told_from_what_was_disturbed() {
        let text = |findings: &[Finding], outcomes: &[Outcome]| Conclusion::of(findings, outcomes).text();
        let fine = [finding(Grade::Good), finding(Grade::Note)];
        let word = |findings: &[Finding], outcomes: &[Outcome]| Conclusion::of(findings, outcomes).word();
        assert_eq!(
            text(&fine, &[outcome(1.0, true)]),
            "This machine can be trusted: the check holds, with the one note above."
        );
        assert_eq!(word(&fine, &[outcome(9.0, false)]), "broken");
        assert!(text(&fine, &[outcome(9.0, false)]).contains("\"push\" (sse: median)"));
        assert_eq!(word(&fine, &[outcome(9.0, true)]), "not-trusted");
        assert!(text(&fine, &[outcome(9.0, true)]).contains("others used 9.0 %"));
        assert_eq!(
            text(&[finding(Grade::Bad)], &[outcome(1.0, false)]),
            "This machine can't be trusted, for now: timers (20 ms late): wait."
        );
    }
}
