//! By what candidates are told apart: delays that the scenario asks about, and costs at its scale.

use crate::format;
use results::{MattersRecord, ObjectiveRecord, Run};
use scenario::{At, Figure, Unit};

/// A tenth of a limit is what a reader of a limit may still call close to it.
const PART_OF_LIMIT: f64 = 0.1;

/// Without a limit: a delay that nobody notices in anything but audio.
const DELAY_NS: f64 = 10e6;

/// Server CPU, in cores.
const CPU_CORES: f64 = 0.05;

/// Server memory.
const MEMORY_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// Traffic, in bits per second: 324 GB in 30 days.
const TRAFFIC_BITS_PER_S: f64 = 1e6;

/// Polling requests per second.
const REQUESTS_PER_S: f64 = 100.0;

/// What a criterion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// How late something is.
    Delay,
    /// How often something unwanted happens.
    Count,
    /// Server CPU, in cores.
    Cpu,
    /// Server memory, the kernel's part included, in bytes.
    Memory,
    /// Bits per second in both directions, above TCP.
    Traffic,
    /// Polling requests per second.
    Requests,
}

/// A figure by which candidates are told apart, and from which amount on a difference in it matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criterion {
    /// What it is about.
    pub kind: Kind,
    /// The figure.
    pub figure: Figure,
    /// How the figure is read.
    pub at: Option<At>,
    /// What one unit of the figure comes to at the scale.
    pub factor: f64,
    /// From which amount on a difference matters.
    pub floor: f64,
    /// The most that the scenario allows, as an amount, where the figure has an objective.
    pub limit: Option<f64>,
}

/// How large the deployment is that costs are told for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Users that are connected at the same time.
    pub users: f64,
    /// Hours of a day.
    pub hours_per_day: f64,
    /// Whether the users are as many as the run had.
    pub is_measured: bool,
}

impl Scale {
    /// The scenario's.
    #[must_use]
    pub fn of(run: &Run) -> Scale {
        let own = f64::from(run.header.subscribers);
        let record = run.header.scale;
        let users = record.and_then(|scale| scale.users).map_or(own, f64::from);
        let hours_per_day = record.and_then(|scale| scale.hours_per_day).unwrap_or(24.0);
        Scale { users, hours_per_day, is_measured: users == own }
    }
}

impl Criterion {
    /// All that a run's candidates are told apart by: delays first.
    #[must_use]
    pub fn all(run: &Run) -> Vec<Criterion> {
        let matters = run.header.matters.unwrap_or_default();
        let mut all: Vec<Criterion> =
            run.header.objectives.iter().filter_map(|objective| asked(objective, &matters)).collect();
        if all.is_empty() {
            all.extend(usual(&run.header.shape, &matters));
        }
        all.extend(costs(&matters, &Scale::of(run)));
        all
    }

    /// Whether it is a price rather than a service.
    #[must_use]
    pub fn is_cost(&self) -> bool {
        matches!(self.kind, Kind::Cpu | Kind::Memory | Kind::Traffic | Kind::Requests)
    }

    /// An amount of it, with its unit.
    #[must_use]
    pub fn print(&self, amount: f64) -> String {
        match self.kind {
            Kind::Delay if amount == f64::INFINITY => "never".to_owned(),
            Kind::Delay => format::duration_f64(amount),
            Kind::Count => brief(amount),
            Kind::Cpu if amount >= 1.0 => format!("{} cores", brief(amount)),
            Kind::Cpu => format!("{} of a core", percent(amount)),
            Kind::Memory => mebibytes(amount),
            Kind::Traffic => bits(amount),
            Kind::Requests if amount == 0.0 => "none".to_owned(),
            Kind::Requests => format!("{}/s", whole(amount)),
        }
    }

    /// What its amounts count in.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Delay => "ns",
            Kind::Count => "count",
            Kind::Cpu => "cores",
            Kind::Memory => "bytes",
            Kind::Traffic => "bit/s",
            Kind::Requests => "requests/s",
        }
    }

    /// What it is called in mid-sentence.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.kind, self.at) {
            (Kind::Cpu, _) => "server CPU".to_owned(),
            (Kind::Memory, _) => "memory".to_owned(),
            (Kind::Traffic, _) => "traffic".to_owned(),
            (Kind::Requests, _) => "polling requests".to_owned(),
            (_, Some(at)) => {
                format!("{} ({})", self.figure.facts().title, at.print(self.figure.facts().unit))
            }
            (_, None) => self.figure.facts().title.to_owned(),
        }
    }
}

/// A share of latencies beyond a limit is the quantile that has to keep to it.
#[must_use]
pub fn as_quantile(at: Option<At>, most: f64, limit: f64) -> (Option<At>, f64) {
    match at {
        Some(At::Beyond(beyond)) if limit > 0.0 => (Some(At::Quantile(1.0 - limit)), beyond),
        Some(At::Beyond(beyond)) => (Some(At::Max), beyond),
        at => (at, most),
    }
}

/// The delay or count that an objective limits; none where it limits a cost or a share.
fn asked(objective: &ObjectiveRecord, matters: &MattersRecord) -> Option<Criterion> {
    let figure = Figure::parse(&objective.figure)?;
    let unit = figure.facts().unit;
    let most = objective.limits.at_most?;
    let at = match objective.at.as_deref() {
        Some(at) => Some(At::parse(at, unit)?),
        None => None,
    };
    let (at, limit) = as_quantile(at, most, most);
    let is_cost = matches!(figure, Figure::ServerCpu | Figure::ClientCpu | Figure::IdleCpu);
    let kind = match unit {
        Unit::Time if !is_cost => Kind::Delay,
        Unit::Number if !figure.is_count() && figure != Figure::Connections && limit > 0.0 => Kind::Count,
        _ => return None,
    };
    let asked = if figure == Figure::Staleness { matters.staleness_ns } else { matters.delay_ns };
    let asked = asked.filter(|_| kind == Kind::Delay);
    let floor = asked.unwrap_or(PART_OF_LIMIT * limit);
    Some(Criterion { kind, figure, at, factor: 1.0, floor, limit: Some(limit) })
}

/// Where the scenario limits no delay: what a user of the feature would notice, in nine of ten cases.
fn usual(shape: &str, matters: &MattersRecord) -> Vec<Criterion> {
    let tenth = Some(At::Quantile(0.9));
    let figures: &[(Figure, Option<At>)] = match shape {
        "rooms" => &[(Figure::SeenByAll, tenth)],
        "reply" => &[(Figure::FirstChunk, tenth), (Figure::ChunkGap, tenth)],
        "exchange" => &[(Figure::Cold, tenth), (Figure::Warm, tenth)],
        "telemetry" => &[(Figure::Uplink, tenth)],
        "duplex" => &[(Figure::Effect, tenth)],
        _ => &[(Figure::Latency, tenth)],
    };
    let floor = matters.delay_ns.unwrap_or(DELAY_NS);
    let criterion =
        |&(figure, at)| Criterion { kind: Kind::Delay, figure, at, factor: 1.0, floor, limit: None };
    figures.iter().map(criterion).collect()
}

fn costs(matters: &MattersRecord, scale: &Scale) -> [Criterion; 4] {
    let users = scale.users;
    let cost = |kind, figure, factor, floor| Criterion { kind, figure, at: None, factor, floor, limit: None };
    [
        cost(Kind::Cpu, Figure::IdleCpu, users / 1e9, matters.cpu_cores.unwrap_or(CPU_CORES)),
        cost(Kind::Memory, Figure::IdleMemory, users, matters.memory_bytes.unwrap_or(MEMORY_BYTES)),
        cost(
            Kind::Traffic,
            Figure::BytesPerHour,
            users * 8.0 / 3600.0,
            matters.traffic_bits_per_s.unwrap_or(TRAFFIC_BITS_PER_S),
        ),
        cost(Kind::Requests, Figure::Requests, users, matters.requests_per_s.unwrap_or(REQUESTS_PER_S)),
    ]
}

/// Two digits: what costs are told in.
fn brief(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        v if v < 0.01 => "<0.01".to_owned(),
        v if v < 0.1 => format!("{v:.2}"),
        v if v < 9.95 => format!("{v:.1}"),
        v => format::count(v.round() as u64),
    }
}

fn percent(part: f64) -> String {
    format!("{}\u{202f}%", brief(part * 100.0))
}

fn whole(value: f64) -> String {
    if value < 9.95 { brief(value) } else { format::count(two_digits(value) as u64) }
}

/// Costs are told to two digits, since no more of them repeat.
fn two_digits(value: f64) -> f64 {
    let unit = 10f64.powf(value.abs().log10().floor() - 1.0).max(1.0);
    (value / unit).round() * unit
}

fn mebibytes(bytes: f64) -> String {
    let mebi = bytes / (1024.0 * 1024.0);
    if mebi >= 1024.0 {
        format!("{}\u{202f}GiB", brief(mebi / 1024.0))
    } else {
        format!("{}\u{202f}MiB", brief(mebi))
    }
}

fn bits(per_s: f64) -> String {
    match per_s {
        v if v >= 999.5e6 => format!("{}\u{202f}Gbit/s", brief(v / 1e9)),
        v if v >= 99.5e3 => format!("{}\u{202f}Mbit/s", brief(v / 1e6)),
        v => format!("{}\u{202f}kbit/s", brief(v / 1e3)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        text.replace('\u{202f}', " ")
    }

    #[test]
    fn amounts_have_two_digits_and_a_unit() {
        let run_free = |kind| Criterion {
            kind,
            figure: Figure::Latency,
            at: None,
            factor: 1.0,
            floor: 1.0,
            limit: None,
        };
        let print = |kind, amount| plain(run_free(kind).print(amount));
        assert_eq!(print(Kind::Cpu, 0.0163), "1.6 % of a core");
        assert_eq!(print(Kind::Cpu, 1.63), "1.6 cores");
        assert_eq!(print(Kind::Memory, 2.46 * 1048576.0), "2.5 MiB");
        assert_eq!(print(Kind::Traffic, 1.94e6), "1.9 Mbit/s");
        assert_eq!(print(Kind::Traffic, 42_000.0), "42 kbit/s");
        assert_eq!(print(Kind::Requests, 1587.0), "1600/s");
        assert_eq!(print(Kind::Requests, 0.0), "none");
    }

    #[test]
    fn a_share_beyond_a_limit_is_a_quantile_that_keeps_to_it() {
        let (at, limit) = as_quantile(Some(At::Beyond(1e9)), 0.02, 0.02);
        assert_eq!((at, limit), (Some(At::Quantile(0.98)), 1e9));
        let (at, limit) = as_quantile(Some(At::Beyond(1e9)), 0.0, 0.0);
        assert_eq!((at, limit), (Some(At::Max), 1e9));
        assert_eq!(as_quantile(Some(At::Mean), 5.0, 5.0), (Some(At::Mean), 5.0));
    }
}
