//! What a run says, as one JSON document.

use crate::asked;
use results::{EntryRecord, Machine, PredictionRecord, Run, Tool, Warning};
use serde::Serialize;
use verdict::{Contrast, Decision, Reach, due};

/// The version of this document. Fields may be added within a version; none changes its meaning.
const VERSION: u32 = 2;

#[derive(Serialize)]
struct Summary<'a> {
    summary: u32,
    scenario: &'a str,
    question: &'a str,
    started: &'a str,
    command: &'a str,
    changes: &'a [String],
    complete: bool,
    tool: &'a Tool,
    machine: &'a Machine,
    verdict: Said,
    /// Where the scenario claims or asks something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<asked::Claim>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objectives: Vec<asked::Held>,
    warnings: &'a [Warning],
    transports: Vec<Transport<'a>>,
    kernel_bytes_per_idle_connection: Option<f64>,
    comparisons: Vec<Comparison<'a>>,
    control: Vec<Comparison<'a>>,
}

#[derive(Serialize)]
struct Held<'a> {
    comparison: u32,
    margin: f64,
    paired: bool,
    notes: &'a [String],
    worse: Vec<String>,
    comparisons: Vec<Comparison<'a>>,
}

#[derive(Serialize)]
struct Said {
    outcome: &'static str,
    /// The headline first.
    sentences: Vec<String>,
    recommended: Vec<String>,
    /// Candidates that fit and that no other beats, the recommended ones first.
    class: Vec<String>,
    places: Vec<Standing>,
    changes: Vec<Change>,
    stability: Vec<String>,
    /// Which differences the run would not have shown.
    unseen: Vec<String>,
}

/// What came of one candidate.
#[derive(Serialize)]
struct Standing {
    label: String,
    word: &'static str,
    why: String,
}

/// Something at which the answer changes.
#[derive(Serialize)]
struct Change {
    text: String,
    basis: &'static str,
}

/// One transport over all its rounds. Times are nanoseconds; what is not known is null.
#[derive(Serialize)]
struct Transport<'a> {
    label: &'a str,
    transport: &'a str,
    floor: bool,
    control_of: Option<&'a str>,
    rounds_closed: u32,
    rounds_started: u32,
    expected: u64,
    delivered: u64,
    superseded: u64,
    latency: Option<Latency>,
    /// Where the kernel was asked when what clients read had come.
    split: Option<Split>,
    staleness_mean_ns: Option<f64>,
    updates_per_response: Option<f64>,
    bytes_per_update: Option<f64>,
    server_cpu_ns_per_delivery: Option<f64>,
    client_cpu_ns_per_delivery: Option<f64>,
    memory_bytes_per_idle_connection: Option<f64>,
    prediction: Option<&'a PredictionRecord>,
}

/// Arrived minus due, of what was due: what never arrived is infinitely late, which is null here.
#[derive(Serialize)]
struct Latency {
    p50_ns: Option<u64>,
    p90_ns: Option<u64>,
    p99_ns: Option<u64>,
    p999_ns: Option<u64>,
    max_ns: Option<u64>,
    /// Those of the above beyond which too few different updates lie.
    unreliable: Vec<&'static str>,
}

/// Where the time went: until this machine had an update, and from there to the program. Nanoseconds.
#[derive(Serialize)]
struct Split {
    due_to_machine_p50_ns: Option<u64>,
    due_to_machine_p99_ns: Option<u64>,
    sent_to_machine_p50_ns: Option<u64>,
    sent_to_machine_p99_ns: Option<u64>,
    machine_to_program_p50_ns: Option<u64>,
    machine_to_program_p99_ns: Option<u64>,
    /// Deliveries that were split, and why others were not.
    used: u64,
    shared: u64,
    unstamped: u64,
    impossible: u64,
    clock_moved: u64,
    seconds_dropped: u64,
}

/// `other` held against `base`: how many times as much, with its 95 % interval over rounds.
#[derive(Serialize)]
struct Comparison<'a> {
    metric: &'static str,
    base: &'a str,
    other: &'a str,
    base_value: Option<f64>,
    other_value: Option<f64>,
    ratio: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    rounds: usize,
    margin: f64,
    finding: &'static str,
}

/// What a run answers, as one JSON document: the `verdict` of [`json`] with what it is about.
///
/// # Panics
/// Never: the document is made of strings, numbers and lists.
#[must_use]
pub fn answer(run: &Run) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        answer: u32,
        scenario: &'a str,
        question: &'a str,
        started: &'a str,
        conditions: String,
        verdict: Said,
    }
    let (decision, header) = (Decision::of(run), &run.header);
    let answer = Answer {
        answer: VERSION,
        scenario: &header.scenario_name,
        question: &header.question,
        started: &header.started,
        conditions: decision.conditions(),
        verdict: said(&decision),
    };
    serde_json::to_string_pretty(&answer).expect("an answer is made of strings, numbers and lists")
}

/// Two runs held against each other, as one JSON document.
///
/// # Panics
/// Never: the document is made of strings, numbers and lists.
#[must_use]
pub fn comparison(held: &verdict::Comparison) -> String {
    let worse: Vec<String> = held.regressions().iter().map(verdict::compare::Regression::sentence).collect();
    let document = Held {
        comparison: VERSION,
        margin: held.margin,
        paired: held.paired,
        notes: &held.notes,
        worse,
        comparisons: held.contrasts.iter().map(contrast).collect(),
    };
    serde_json::to_string_pretty(&document).expect("a comparison is made of strings, numbers and lists")
}

/// What a run says, as one JSON document.
///
/// # Panics
/// Never: the document is made of strings, numbers and lists.
#[must_use]
pub fn json(run: &Run) -> String {
    let (decision, header) = (Decision::of(run), &run.header);
    let judgement = &decision.judgement;
    let summary = Summary {
        summary: VERSION,
        scenario: &header.scenario_name,
        question: &header.question,
        started: &header.started,
        command: &header.command,
        changes: &header.changes,
        complete: run.is_complete(),
        tool: &header.tool,
        machine: &header.machine,
        verdict: said(&decision),
        claims: asked::claims(run, judgement),
        objectives: asked::objectives(run, judgement),
        warnings: &run.warnings,
        transports: header.entries.iter().map(|entry| transport(run, entry)).collect(),
        kernel_bytes_per_idle_connection: run.idle.as_ref().and_then(|idle| idle.kernel_per_connection()),
        comparisons: judgement.pairs.iter().map(contrast).collect(),
        control: judgement.control.iter().map(contrast).collect(),
    };
    serde_json::to_string_pretty(&summary).expect("a summary is made of strings, numbers and lists")
}

fn said(decision: &Decision<'_>) -> Said {
    let place = |place: &verdict::decision::Place| Standing {
        label: place.label.clone(),
        word: place.word.key(),
        why: decision.detail(&place.label),
    };
    let owned = |labels: Vec<&str>| labels.into_iter().map(str::to_owned).collect();
    let change = |change: verdict::decision::Change| Change { text: change.text, basis: change.basis.key() };
    Said {
        outcome: decision.outcome.key(),
        sentences: std::iter::once(decision.headline()).chain(decision.summary()).collect(),
        recommended: owned(decision.recommended()),
        class: owned(decision.class()),
        places: decision.ruling.places.iter().map(place).collect(),
        changes: decision.changes().into_iter().map(change).collect(),
        stability: decision.stability(),
        unseen: decision.unseen(),
    }
}

fn transport<'a>(run: &Run, entry: &'a EntryRecord) -> Transport<'a> {
    let (label, reach, merged) =
        (entry.label.as_str(), Reach::of(run, &entry.label), run.merged(&entry.label));
    let each = |amount: Option<u64>, updates: u64| {
        amount.filter(|_| updates > 0).map(|amount| amount as f64 / updates as f64)
    };
    let steady = merged.as_ref().map(|merged| merged.steady).unwrap_or_default();
    let account = merged.as_ref().map(|merged| &merged.account);
    Transport {
        label,
        transport: &entry.transport,
        floor: entry.floor,
        control_of: entry.control_of.as_deref(),
        rounds_closed: reach.closed,
        rounds_started: reach.started,
        expected: reach.expected,
        delivered: reach.delivered,
        superseded: reach.superseded,
        latency: account.map(latency),
        split: account.and_then(|account| account.split.as_ref()).map(split),
        staleness_mean_ns: account.and_then(|account| account.staleness.mean()),
        updates_per_response: account.and_then(|account| account.batch.mean()),
        bytes_per_update: each(Some(steady.bytes_in), steady.updates),
        server_cpu_ns_per_delivery: each(
            merged.as_ref().and_then(|merged| merged.server_costs.transport_ns),
            steady.updates,
        ),
        client_cpu_ns_per_delivery: each(
            merged.as_ref().and_then(|merged| merged.client_costs.transport_ns),
            steady.updates,
        ),
        memory_bytes_per_idle_connection: run.idle.as_ref().and_then(|idle| idle.per_connection(label)),
        prediction: entry.prediction.as_ref(),
    }
}

fn latency(account: &ledger::Account) -> Latency {
    let mut unreliable = Vec::new();
    let mut quantile = |name, q| {
        let figure = due::quantile(account, q).ok()?;
        if !figure.is_known() {
            unreliable.push(name);
        }
        Some(figure.value_ns)
    };
    Latency {
        p50_ns: quantile("p50_ns", 0.5),
        p90_ns: quantile("p90_ns", 0.9),
        p99_ns: quantile("p99_ns", 0.99),
        p999_ns: quantile("p999_ns", 0.999),
        max_ns: account.latency.max().filter(|_| due::absent(account) == 0),
        unreliable,
    }
}

fn split(split: &ledger::Split) -> Split {
    Split {
        due_to_machine_p50_ns: split.due_to_machine.quantile(0.5),
        due_to_machine_p99_ns: split.due_to_machine.quantile(0.99),
        sent_to_machine_p50_ns: split.sent_to_machine.quantile(0.5),
        sent_to_machine_p99_ns: split.sent_to_machine.quantile(0.99),
        machine_to_program_p50_ns: split.machine_to_program.quantile(0.5),
        machine_to_program_p99_ns: split.machine_to_program.quantile(0.99),
        used: split.used(),
        shared: split.shared,
        unstamped: split.unstamped,
        impossible: split.impossible,
        clock_moved: split.clock_moved,
        seconds_dropped: split.seconds_dropped,
    }
}

fn contrast(contrast: &Contrast) -> Comparison<'_> {
    let ratio = contrast.ratio.as_ref().ok();
    Comparison {
        metric: contrast.metric.key(),
        base: &contrast.base,
        other: &contrast.other,
        base_value: contrast.base_value,
        other_value: contrast.other_value,
        ratio: ratio.map(|ratio| ratio.ratio),
        low: ratio.map(|ratio| ratio.low),
        high: ratio.map(|ratio| ratio.high),
        rounds: ratio.map_or(0, |ratio| ratio.rounds),
        margin: contrast.margin,
        finding: contrast.finding.key(),
    }
}
