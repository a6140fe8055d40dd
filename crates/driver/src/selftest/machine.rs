//! What can be known of a machine before anything is run on it.

mod limits;
mod processors;
mod timing;

use super::lab::Lab;
use results::HostLoad;
use serde::Serialize;
use verdict::warnings::{FOREIGN_CAUTION, FOREIGN_INVALID};

/// One thing about the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// What was found.
    pub found: String,
    /// What is wanted.
    pub wanted: String,
    /// How the two agree.
    pub grade: Grade,
    /// What to do about it, where something should be done.
    pub advice: Option<String>,
}

/// How good what was found is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// As wanted.
    Good,
    /// To be known, and no reason to distrust a figure.
    Note,
    /// Figures of this machine can't be trusted.
    Bad,
}

impl Finding {
    fn new(what: &'static str, found: String, wanted: &str, grade: Grade, advice: &str) -> Self {
        let advice = (grade != Grade::Good).then(|| advice.to_owned());
        Finding { what, found, wanted: wanted.to_owned(), grade, advice }
    }
}

/// Everything. Takes a second or two.
///
/// # Errors
/// When interrupted.
pub fn findings(lab: &mut Lab) -> anyhow::Result<Vec<Finding>> {
    let mut findings = vec![build()];
    findings.extend(processors::findings());
    findings.extend(timing::clock());
    // In the second in which others are looked for, so that both are of the same time.
    let sleeping = timing::Sleepers::start()?;
    let load = lab.watch_a_second()?;
    findings.extend(sleeping.findings());
    findings.push(others(load));
    findings.extend(limits::findings());
    Ok(findings)
}

fn build() -> Finding {
    let (found, grade) = match cfg!(debug_assertions) {
        true => ("not optimised", Grade::Bad),
        false => ("optimised", Grade::Good),
    };
    Finding::new("build", found.to_owned(), "optimised", grade, "use `cargo run --release`")
}

/// Who else is there.
fn others(load: Option<HostLoad>) -> Finding {
    const WANTED: &str = "at most 8 % of the machine";
    let Some(load) = load else {
        let found = "this system does not tell".to_owned();
        return Finding::new("others", found, WANTED, Grade::Note, "close what you do not need");
    };
    let (foreign, stolen) = (load.foreign_share(), load.stolen_share());
    let grade = match foreign {
        share if share > FOREIGN_INVALID => Grade::Bad,
        share if share > FOREIGN_CAUTION => Grade::Note,
        _ => Grade::Good,
    };
    // What the hypervisor gave away can't be closed from here.
    let advice = if stolen > foreign / 2.0 {
        "other guests of this host take processor time: wait until they are quiet, or take a machine of your own"
    } else {
        "close other programs (`top` shows them), or wait until they are done"
    };
    let found = format!(
        "used {:.1} % of the machine in a second, of which other guests of the host {:.1} %",
        foreign * 100.0,
        stolen * 100.0
    );
    Finding::new("others", found, WANTED, grade, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_told_by_how_much_they_take_and_where_they_are() {
        let load = |busy_ms: u64, stolen_ms: u64| HostLoad {
            elapsed_ns: 1_000_000_000,
            cores: 2,
            busy_ns: busy_ms * 1_000_000,
            own_ns: 10_000_000,
            stolen_ns: stolen_ms * 1_000_000,
        };
        assert_eq!(others(Some(load(20, 0))).grade, Grade::Good);
        assert_eq!(others(Some(load(200, 0))).grade, Grade::Note);
        let (ours, theirs) = (others(Some(load(900, 0))), others(Some(load(20, 900))));
        assert_eq!((ours.grade, theirs.grade), (Grade::Bad, Grade::Bad));
        assert!(ours.advice.is_some_and(|advice| advice.contains("close other programs")));
        assert!(theirs.advice.is_some_and(|advice| advice.contains("other guests")));
        assert_eq!(others(None).grade, Grade::Note);
    }
}
