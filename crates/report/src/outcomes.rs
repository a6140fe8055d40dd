//! What each section of evidence comes to, in a line: what a reader of a closed section learns.

use crate::feature::Feature;
use crate::format;
use results::Run;
use verdict::{Answer, Decision, Reach};

/// A section's identifier and its line.
pub(crate) fn of(run: &Run, decision: &Decision<'_>, features: &[Feature]) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("figures", format!("{} entries, all completed rounds combined", run.header.entries.len())),
        ("objectives", limits(decision)),
        ("way", way(run)),
        ("charts", "costs, data age, set-up and latency over time".to_owned()),
        ("instants", "how late the publisher was".to_owned()),
        ("split", "kernel timestamps of what clients read".to_owned()),
        ("rounds", rounds(run)),
        ("books", accounting(run)),
        ("models", "what the models predict, and what was measured".to_owned()),
        ("costs", "per thread, server and clients".to_owned()),
        ("machine", machine(run)),
        ("again", run.header.command.clone()),
    ];
    all.extend(features.iter().map(|feature| (feature.id, figures_of(feature))));
    all
}

fn figures_of(feature: &Feature) -> String {
    let captions: Vec<String> =
        feature.tables.iter().map(|table| table.caption.to_lowercase()).take(3).collect();
    captions.join("; ")
}

fn limits(decision: &Decision<'_>) -> String {
    let count = |answer: Answer| {
        let all = decision.held.iter().filter(|held| decision.sheet.row(&held.label).is_some());
        all.flat_map(|held| &held.objectives).filter(|objective| objective.answer == answer).count()
    };
    let parts = [
        (count(Answer::Holds), "met"),
        (count(Answer::DoesNotHold), "missed"),
        (count(Answer::CantTell), "inconclusive"),
    ];
    let lacking = decision
        .held
        .iter()
        .filter(|held| decision.sheet.row(&held.label).is_some() && !held.lacks.is_empty());
    let lacking = (lacking.count(), "without what is needed");
    let said: Vec<String> = parts
        .into_iter()
        .chain([lacking])
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    said.join(", ")
}

fn way(run: &Run) -> String {
    let mut vias: Vec<String> =
        run.header.vias.iter().map(|via| format!("{} {}", via.program, via.setup)).collect();
    vias.dedup();
    if vias.is_empty() { "delays, TLS and links of each entry".to_owned() } else { vias.join("; ") }
}

fn rounds(run: &Run) -> String {
    let closed = run.accounts.iter().filter(|account| account.complete).count();
    format!("{} rounds, {closed} accounts, each entry beside the others", run.rounds_started())
}

/// Whether everything that was scheduled is accounted for.
fn accounting(run: &Run) -> String {
    let balanced = run.accounts.iter().all(|account| ledger::Books::from(account.ledger.books).balance());
    let reaches: Vec<Reach> = run
        .header
        .entries
        .iter()
        .map(|entry| Reach::of(run, &entry.label))
        .filter(|reach| reach.closed > 0)
        .collect();
    let expected: u64 = reaches.iter().map(|reach| reach.expected).sum();
    let delivered: u64 = reaches.iter().map(|reach| reach.delivered).sum();
    let conflated: u64 = reaches.iter().map(|reach| reach.superseded).sum();
    let missing = expected.saturating_sub(delivered.saturating_add(conflated));
    match (balanced, missing) {
        (false, _) => "it does not add up: see the warnings".to_owned(),
        (true, 0) => format!("adds up: all {} accounted for, none missing", format::count(expected)),
        (true, missing) => {
            format!("adds up: {} scheduled, {} missing", format::count(expected), format::count(missing))
        }
    }
}

fn machine(run: &Run) -> String {
    let machine = &run.header.machine;
    format!("{}, {} cores, {} {}", machine.cpu_model, machine.cores, machine.os, machine.kernel)
}
