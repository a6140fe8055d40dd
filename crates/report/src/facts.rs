//! The machine and the method, as lists of facts.

use crate::format;
use results::{EntryRecord, Header, HostLoad, Mode, Run};
use verdict::Judgement;

/// A term and what there is to say of it.
pub(crate) struct Fact {
    pub term: &'static str,
    pub text: String,
}

/// What is known of transports without measuring them, as the page prints it.
pub(crate) struct Known {
    pub transports: Vec<String>,
    pub facts: &'static [verdict::known::Fact],
}

pub(crate) fn known() -> Known {
    let transports = verdict::known::TRANSPORTS
        .iter()
        .map(|transport| verdict::decision::names::protocol(transport).to_owned())
        .collect();
    Known { transports, facts: verdict::known::FACTS }
}

pub(crate) fn machine(run: &Run, judgement: &Judgement) -> Vec<Fact> {
    let header = &run.header;
    let machine = &header.machine;
    let told = |fact: &Option<String>| fact.clone().unwrap_or_else(|| "the system does not tell".to_owned());
    let mut facts = vec![
        fact("Processor", format!("{}, {} logical cores", machine.cpu_model, machine.cores)),
        fact("Frequency governor", told(&machine.governor)),
        fact("Memory", format::bytes(machine.memory_bytes as f64)),
        fact("System", format!("{}, kernel {}", machine.os, machine.kernel)),
        fact("Congestion control", told(&machine.congestion_control)),
        fact("Open files per process", format::count(machine.descriptor_limit)),
        fact(
            "Placement",
            header.placement.clone().unwrap_or_else(|| "the system chose the processors".to_owned()),
        ),
        fact("How busy it was", busy(run)),
    ];
    if !judgement.waiting.is_empty() {
        let waited = |(label, share): &(String, f64)| format!("{} over {label}", format::part(*share));
        let waited: Vec<String> = judgement.waiting.iter().map(waited).collect();
        let text = format!("at most this part of the median may be waiting: {}", waited.join(", "));
        facts.push(fact("Waiting for a processor", text));
    }
    if !machine.timer_note.is_empty() {
        facts.push(fact("Timers", machine.timer_note.clone()));
    }
    facts
}

pub(crate) fn method(run: &Run) -> Vec<Fact> {
    let header = &run.header;
    let window = format!(
        "{} measured after {} of warm-up, per round",
        format::duration(header.measure_ns),
        format::duration(header.warm_up_ns)
    );
    vec![
        fact("Load", load(header)),
        fact("Window", window),
        fact("Rounds", format!("{} planned; seeds count up from {}", header.rounds, header.seed)),
        fact("Order", order(&header.modes, run.mode())),
        fact("Delay", delay(header.delay_ns)),
        fact("Started", header.started.clone()),
        fact("Measured by", tool(header)),
    ]
}

/// A transport's settings, in one line: label and settings.
pub(crate) fn settings(header: &Header) -> Vec<(&str, String)> {
    header.entries.iter().map(|entry| (entry.label.as_str(), setting(entry))).collect()
}

/// Over all rounds whose figures are shown.
fn busy(run: &Run) -> String {
    let rounds = run.accounts.iter().filter(|account| account.mode == run.mode());
    let hosts: Vec<&HostLoad> = rounds.filter_map(|account| account.host.as_ref()).collect();
    let ends = |share: fn(&HostLoad) -> f64| {
        let shares = || hosts.iter().map(|host| share(host));
        let (low, high) = (shares().reduce(f64::min)?, shares().reduce(f64::max)?);
        Some(match low == high {
            true => format::part(low),
            false => format!("{} to {}", format::part(low), format::part(high)),
        })
    };
    match (ends(HostLoad::busy_share), ends(HostLoad::foreign_share)) {
        (Some(all), Some(others)) => format!(
            "{all} of its processor time was used in the measured windows; {others} of it by others than this run"
        ),
        _ => "the system does not tell".to_owned(),
    }
}

fn fact(term: &'static str, text: String) -> Fact {
    Fact { term, text }
}

fn load(header: &Header) -> String {
    let plural = |number: u32, one: &str| {
        let number_text = format::count(number.into());
        if number == 1 { format!("{number_text} {one}") } else { format!("{number_text} {one}s") }
    };
    match header.shape.as_str() {
        "reply" | "exchange" => format!("{} who ask, per transport", plural(header.subscribers, "client")),
        "rooms" => format!("{} of rooms per transport", plural(header.subscribers, "member")),
        "telemetry" | "duplex" => {
            format!("{} per transport, each of whom sends and hears", plural(header.subscribers, "client"))
        }
        _ => format!(
            "{} and {} per transport",
            plural(header.subscribers, "subscriber"),
            plural(header.topics, "topic")
        ),
    }
}

/// Who goes first and who follows whom could matter, so it is dealt out evenly.
const CHANGING: &str = "in an order that changes from round to round so that each goes first as often as any \
    other, and follows each other one as often, as far as the number of rounds allows";

/// Of a run in both ways, also which of them its figures are of.
fn order(modes: &[Mode], shown: Mode) -> String {
    let way = |mode: &Mode| match mode {
        Mode::Together => format!(
            "together: all transports at once, their schedules a little shifted, the shifts dealt out {CHANGING}"
        ),
        Mode::Apart => format!("apart: one transport after the other, {CHANGING}"),
    };
    let figures = match shown {
        _ if modes.len() < 2 => "",
        Mode::Apart => "; figures are of those one after the other",
        Mode::Together => "; figures are of those all at once",
    };
    modes.iter().map(way).collect::<Vec<_>>().join("; and then ") + figures
}

fn delay(delay_ns: u64) -> String {
    if delay_ns == 0 {
        return "none added: this is loopback as it is".to_owned();
    }
    format!("{} added in each direction", format::duration(delay_ns))
}

fn tool(header: &Header) -> String {
    let revision = header.tool.revision.as_deref().unwrap_or("of no known revision");
    format!("pushpull {}, {revision}", header.tool.version)
}

fn setting(entry: &EntryRecord) -> String {
    let options: Vec<String> =
        entry.options.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let options = if options.is_empty() { "no settings".to_owned() } else { options.join(", ") };
    format!("{} ({options})", entry.transport)
}
