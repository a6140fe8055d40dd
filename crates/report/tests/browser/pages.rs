//! Reports that could have been, and the worst of them.

use crate::{sample, shapes};
use ledger::Distribution;
use results::{End, EntryRecord, Line, Run, WarningKind, write_line};

/// Longer than a scenario allows.
const LABEL_CHARS: usize = 40;
/// More than there are transports: some are entered twice.
const TRANSPORTS: usize = 9;

/// Runs under the name of what is special about them.
pub fn reports() -> Vec<(&'static str, Vec<Run>)> {
    let shaped = shapes::all().into_iter().map(|(name, run)| (name, vec![run]));
    let others = vec![
        ("one run", vec![sample::run(5)]),
        ("one round", vec![sample::run(1)]),
        ("several runs", vec![sample::run(5), few(), crowded()]),
        ("a series of runs", series()),
        ("an unfinished run", vec![unfinished()]),
        ("an empty run", vec![empty()]),
        ("few updates", vec![few()]),
        ("many transports, long labels, many warnings", vec![crowded()]),
        ("no runs", vec![]),
    ];
    others.into_iter().chain(shaped).collect()
}

/// Too few updates for a tail.
fn few() -> Run {
    Run::read(sample::file(2, 100)).unwrap()
}

/// Runs that differ in one key, with memory at several counts of idle connections.
fn series() -> Vec<Run> {
    let mut runs = sample::series();
    if let Some(idle) = &mut runs[0].idle {
        let mut most = idle.points[1].clone();
        most.connections *= 40;
        most.servers.iter_mut().for_each(|server| server.anonymous_bytes *= 30);
        idle.points.push(most);
    }
    runs
}

/// Killed in its second round.
fn unfinished() -> Run {
    let mut lines = sample::lines(2, sample::UPDATES);
    lines.truncate(14);
    Run::read(lines.iter().map(write_line).collect::<String>()).unwrap()
}

/// Stopped before anything was closed.
fn empty() -> Run {
    let end = End { completed: false, reason: "stopped by Ctrl-C".to_owned(), elapsed_ns: 1 };
    let lines = [Line::Header(Box::new(sample::header(1))), Line::End(end)];
    Run::read(lines.iter().map(write_line).collect::<String>()).unwrap()
}

/// As many transports as there may be, under long names, all in doubt, each slower than the one before.
fn crowded() -> Run {
    let mut run = sample::run(5);
    let entries = run.header.entries.clone();
    let accounts = run.accounts.clone();
    run.header.entries.clear();
    run.accounts.clear();
    for k in 0..TRANSPORTS {
        let entry = &entries[k % entries.len()];
        let label = long_label(k, &entry.label);
        for account in accounts.iter().filter(|account| account.label == entry.label) {
            let mut account = account.clone();
            account.label.clone_from(&label);
            account.ledger.latency = slowed(&account.ledger.latency, k);
            account.ledger.slowest = slowed(&account.ledger.slowest, k);
            account.ledger.staleness = slowed(&account.ledger.staleness, k);
            run.accounts.push(account);
        }
        for kind in [WarningKind::PublisherLate, WarningKind::Clock, WarningKind::ConnectionsMissing] {
            let message = "The 99th percentile of its lateness is 14.2 ms, which is more than it may be.";
            let advice = "Run it where nothing else runs, or with fewer subscribers.";
            run.warnings.push(sample::warning(kind, Some(&label), message, advice));
        }
        run.header.entries.push(EntryRecord { label, ..entry.clone() });
    }
    run.header.machine.cpu_model = "Example_Processor_Without_A_Single_Space_".repeat(3);
    run.header.scenario_text += &format!("\n# {}\n", "a-comment-on-one-line-".repeat(12));
    let labels: Vec<&str> = run.header.entries.iter().map(|entry| entry.label.as_str()).collect();
    run.header.command += &format!(" --transports {}", labels.join(","));
    run
}

/// Half of the labels have places to break at.
fn long_label(k: usize, transport: &str) -> String {
    let label = match k.is_multiple_of(2) {
        true => format!("{k}-{transport}{}", "-at-the-far-end-of-a-long-line".repeat(2)),
        false => format!("{k}{}{}", transport.replace('-', ""), "withoutanyplacetobreakat".repeat(2)),
    };
    label.chars().take(LABEL_CHARS).collect()
}

/// As many values, later by powers of four.
fn slowed(distribution: &Distribution, k: usize) -> Distribution {
    const STEPS: u64 = 1_000;
    let mut slowed = Distribution::default();
    let count = distribution.len();
    for step in 0..STEPS {
        let (from, to) = (count * step / STEPS, count * (step + 1) / STEPS);
        if let Some(value) = distribution.quantile((step as f64 + 0.5) / STEPS as f64) {
            slowed.record_n(value << (2 * k), to - from);
        }
    }
    slowed
}
