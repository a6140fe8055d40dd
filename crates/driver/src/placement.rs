//! On which processors processes run.

use anyhow::bail;
use scenario::{Pin, Placement};
use std::collections::BTreeMap;

/// The processors that a scenario asks for.
///
/// # Errors
/// When it names one that this program can't use, or the system lets nobody choose.
pub fn resolve(placement: &Placement) -> anyhow::Result<Pin> {
    match placement {
        Placement::Anywhere => Ok(Pin::default()),
        Placement::Halves => Ok(usable().and_then(|usable| halves(&cores(&usable))).unwrap_or_default()),
        Placement::On(pin) => check(pin).map(|()| pin.clone()),
    }
}

/// Splits cores, each a list of processors. Two processors of one core share its units, so a core is split
/// only if there is no other. None where there is one processor.
fn halves(cores: &[Vec<u32>]) -> Option<Pin> {
    let (servers, clients) = match cores {
        [only] => {
            let (servers, clients) = only.split_at(only.len() / 2);
            (servers.to_vec(), clients.to_vec())
        }
        several => {
            let (servers, clients) = several.split_at(several.len() / 2);
            (servers.concat(), clients.concat())
        }
    };
    (!servers.is_empty()).then_some(Pin { servers, clients })
}

/// The processors by the cores that they belong to; each its own where the system does not tell.
fn cores(processors: &[u32]) -> Vec<Vec<u32>> {
    let mut cores: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for number in processors {
        let path = format!("/sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list");
        let core = std::fs::read_to_string(path).unwrap_or_else(|_| number.to_string());
        cores.entry(core).or_default().push(*number);
    }
    let mut cores: Vec<Vec<u32>> = cores.into_values().collect();
    cores.sort();
    cores
}

/// Refuses processors that this program can't use.
fn check(pin: &Pin) -> anyhow::Result<()> {
    for (key, processors) in [("servers", &pin.servers), ("clients", &pin.clients)] {
        let Some(first) = processors.first() else { continue };
        let Some(usable) = usable() else {
            bail!("pin.{key}: this system does not let a program choose its processors; take [pin] out");
        };
        if let Some(wrong) = processors.iter().find(|number| !usable.contains(number)) {
            let list = list(&usable);
            bail!(
                "pin.{key}: there is no processor {wrong} for this program, which may run on {list}; write for \
                   instance {key} = [{}]",
                usable.first().unwrap_or(first)
            );
        }
    }
    Ok(())
}

/// The sentence for the report; None where the system chooses.
#[must_use]
pub fn describe(pin: &Pin) -> Option<String> {
    let side = |who: &str, processors: &[u32]| match processors {
        [] => format!("{who} wherever the system put them"),
        [one] => format!("{who} on processor {one}"),
        several => format!("{who} on processors {}", list(several)),
    };
    (*pin != Pin::default())
        .then(|| format!("{}, {}", side("servers", &pin.servers), side("clients", &pin.clients)))
}

fn list(processors: &[u32]) -> String {
    let words: Vec<String> = processors.iter().map(u32::to_string).collect();
    match words.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        words => words.concat(),
    }
}

/// Places this thread, and all that it starts from here on. An empty list changes nothing.
///
/// # Errors
/// When the system refuses.
#[cfg(target_os = "linux")]
pub fn take(processors: &[u32]) -> anyhow::Result<()> {
    use anyhow::Context;
    use rustix::thread::{CpuSet, sched_setaffinity};

    if processors.is_empty() {
        return Ok(());
    }
    let mut set = CpuSet::new();
    for number in processors {
        anyhow::ensure!((*number as usize) < CpuSet::MAX_CPU, "there is no processor {number}");
        set.set(*number as usize);
    }
    sched_setaffinity(None, &set).with_context(|| format!("failed to run on processor {}", list(processors)))
}

/// Places this thread, and all that it starts from here on. An empty list changes nothing.
///
/// # Errors
/// Always, unless the list is empty: this system does not let a program choose.
#[cfg(not(target_os = "linux"))]
pub fn take(processors: &[u32]) -> anyhow::Result<()> {
    anyhow::ensure!(processors.is_empty(), "this system does not let a program choose its processors");
    Ok(())
}

/// The processors that this program may run on.
#[cfg(target_os = "linux")]
fn usable() -> Option<Vec<u32>> {
    use rustix::thread::{CpuSet, sched_getaffinity};

    let set = sched_getaffinity(None).ok()?;
    Some((0..CpuSet::MAX_CPU as u32).filter(|number| set.is_set(*number as usize)).collect())
}

/// The processors that this program may run on.
#[cfg(not(target_os = "linux"))]
fn usable() -> Option<Vec<u32>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(servers: &[u32], clients: &[u32]) -> Pin {
        Pin { servers: servers.to_vec(), clients: clients.to_vec() }
    }

    #[test]
    fn servers_and_clients_share_no_core_where_there_are_two() {
        assert_eq!(halves(&[vec![0]]), None);
        assert_eq!(halves(&[]), None);
        assert_eq!(halves(&[vec![0, 1]]), Some(pin(&[0], &[1])));
        assert_eq!(halves(&[vec![0], vec![1]]), Some(pin(&[0], &[1])));
        assert_eq!(halves(&[vec![0, 2], vec![1, 3]]), Some(pin(&[0, 2], &[1, 3])));
        assert_eq!(halves(&[vec![0], vec![1], vec![2]]), Some(pin(&[0], &[1, 2])));
    }

    #[test]
    fn placement_is_told_in_a_sentence() {
        assert_eq!(describe(&pin(&[], &[])), None);
        let both = describe(&pin(&[0], &[1, 2, 3])).expect("placed");
        assert_eq!(both, "servers on processor 0, clients on processors 1, 2 and 3");
        let one = describe(&pin(&[], &[1])).expect("placed");
        assert_eq!(one, "servers wherever the system put them, clients on processor 1");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_thread_and_what_it_starts_stay_where_they_are_put() {
        let first = usable().expect("Linux tells")[0];
        let placed = std::thread::spawn(move || {
            take(&[first]).expect("it may run there");
            std::thread::spawn(usable).join().expect("it ends")
        });
        assert_eq!(placed.join().expect("it ends"), Some(vec![first]));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_processor_that_does_not_exist_is_refused() {
        assert!(check(&pin(&[], &[])).is_ok());
        let error = check(&pin(&[], &[1_023])).unwrap_err().to_string();
        assert!(error.contains("pin.clients") && error.contains("1023"), "{error}");
    }
}
