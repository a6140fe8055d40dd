//! On which processors processes run.

use anyhow::bail;
use scenario::Pin;

/// Refuses processors that this program can't use.
///
/// # Errors
/// When there is one, or the system lets nobody choose.
pub fn check(pin: &Pin) -> anyhow::Result<()> {
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
