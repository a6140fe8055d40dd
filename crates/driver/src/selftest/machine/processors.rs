//! Processors: how many, who decides how fast they run, and for how long.

use super::{Finding, Grade};
use crate::placement;
use scenario::Placement;
use std::fs::read_to_string;
use verdict::warnings::USUAL_GOVERNORS;

/// What there is to know of them.
pub fn findings() -> Vec<Finding> {
    let machine = crate::machine::machine();
    let quota = read_to_string("/sys/fs/cgroup/cpu.max").ok().and_then(|text| quota(&text));
    [Some(processors(machine.cores)), quota.map(|quota| limited(quota, machine.cores))]
        .into_iter()
        .flatten()
        .chain([governor(machine.governor.as_deref())])
        .collect()
}

fn processors(cores: u32) -> Finding {
    const WANTED: &str = "two or more: one half for servers, one for clients";
    let placement = placement::resolve(&Placement::Halves).ok().and_then(|pin| placement::describe(&pin));
    let (found, grade) = match (cores, placement) {
        (0 | 1, _) => ("1".to_owned(), Grade::Bad),
        (_, Some(placement)) => (format!("{cores}: {placement}"), Grade::Good),
        (_, None) => (format!("{cores}; this system does not let a program choose among them"), Grade::Note),
    };
    let advice = match grade {
        Grade::Bad => {
            "servers and clients would take turns, and each message would stop the server that sends the next; give \
             the machine a second processor"
        }
        _ => "a server and its clients may share a processor: expect medians on one host to be larger",
    };
    Finding::new("processors", found, WANTED, grade, advice)
}

/// How many processors' time this program's group may use: see the kernel's admin-guide/cgroup-v2. None without a
/// limit.
fn quota(cpu_max: &str) -> Option<f64> {
    let (quota, period) = cpu_max.trim().split_once(' ')?;
    let (quota, period) = (quota.parse::<f64>().ok()?, period.parse::<f64>().ok()?);
    (period > 0.0).then(|| quota / period)
}

fn limited(quota: f64, cores: u32) -> Finding {
    let grade = match quota {
        quota if quota < 2.0 => Grade::Bad,
        quota if quota < f64::from(cores) => Grade::Note,
        _ => Grade::Good,
    };
    let advice = "what goes beyond it stands still until the next period, some 100 ms: raise the container's limit on \
                  processor time, or take it off";
    let found = format!("{quota:.1} processors' time");
    Finding::new("quota", found, "none, or as many as there are processors", grade, advice)
}

fn governor(governor: Option<&str>) -> Finding {
    let wanted = "performance or schedutil; none where a host decides";
    let Some(governor) = governor else {
        let found = "none: a virtual machine, whose host decides, or a fixed frequency".to_owned();
        return Finding::new("governor", found, wanted, Grade::Good, "");
    };
    let grade = if USUAL_GOVERNORS.contains(&governor) { Grade::Good } else { Grade::Note };
    let advice = "a processor with little to do may run slowly: where you may, `cpupower frequency-set -g performance`; \
                  compare with runs under the same governor only";
    Finding::new("governor", governor.to_owned(), wanted, grade, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_of_a_quota_is_read() {
        assert_eq!(quota("max 100000\n"), None);
        assert_eq!(quota("150000 100000\n"), Some(1.5));
        assert_eq!(quota("100000 0\n"), None);
        assert_eq!(quota(""), None);
    }

    #[test]
    fn too_little_is_told_from_less_than_there_is() {
        assert_eq!(processors(1).grade, Grade::Bad);
        let grades = [0.5, 3.0, 4.0].map(|quota| limited(quota, 4).grade);
        assert_eq!(grades, [Grade::Bad, Grade::Note, Grade::Good]);
        let grades = [None, Some("schedutil"), Some("powersave")].map(|it| governor(it).grade);
        assert_eq!(grades, [Grade::Good, Grade::Good, Grade::Note]);
    }
}
