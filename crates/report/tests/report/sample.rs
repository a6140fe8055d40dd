//! Runs that could have been: plausible histograms, drawn without a random number.

use ledger::Distribution;
use results::{
    Account, AccountRecord, BooksRecord, Costs, End, EntryRecord, FORMAT, Header, HostLoad, Idle, IdlePoint,
    IdleServer, Line, Machine, Mode, PredictionRecord, Run, Second, Severity, Steady, Tool, Traffic, Warning,
    WarningKind, write_line,
};

/// Updates of a round.
pub const UPDATES: u64 = 4_000;
/// Subscribers of each.
pub const SUBSCRIBERS: u64 = 20;

/// Seconds of a round: two of warm-up, ten measured.
pub const SECONDS: u32 = 12;

/// What makes one transport of the sample differ from another.
#[derive(Clone, Copy)]
pub struct Shape {
    pub label: &'static str,
    pub transport: &'static str,
    pub median_ns: f64,
    /// How much longer each further nine of the tail takes.
    pub per_nine: f64,
    /// Polled: latencies spread evenly over this.
    pub interval_ns: f64,
    pub bytes_each: u64,
    /// Processor time of the server for each delivery.
    pub cpu_each_ns: u64,
    pub lost: u64,
}

pub const SHAPES: [Shape; 5] = [
    Shape {
        label: "websocket",
        transport: "websocket",
        median_ns: 1.07e6,
        per_nine: 1.6,
        interval_ns: 0.0,
        bytes_each: 132,
        cpu_each_ns: 5000,
        lost: 0,
    },
    Shape {
        label: "sse",
        transport: "sse",
        median_ns: 1.15e6,
        per_nine: 1.7,
        interval_ns: 0.0,
        bytes_each: 151,
        cpu_each_ns: 6000,
        lost: 0,
    },
    Shape {
        label: "long-polling",
        transport: "long-polling",
        median_ns: 1.9e6,
        per_nine: 2.1,
        interval_ns: 0.0,
        bytes_each: 307,
        cpu_each_ns: 13000,
        lost: 0,
    },
    Shape {
        label: "short-polling",
        transport: "short-polling",
        median_ns: 1.2e6,
        per_nine: 1.3,
        interval_ns: 1e8,
        bytes_each: 1_240,
        cpu_each_ns: 700,
        lost: 37,
    },
    Shape {
        label: "tcp",
        transport: "tcp",
        median_ns: 0.9e6,
        per_nine: 1.5,
        interval_ns: 0.0,
        bytes_each: 118,
        cpu_each_ns: 4500,
        lost: 0,
    },
];

/// A run of so many rounds that ended as it should.
pub fn run(rounds: u32) -> Run {
    Run::read(file(rounds, UPDATES)).unwrap()
}

/// How many subscribe in the runs of a [`series`].
pub const COUNTS: [u64; 3] = [10, 100, 1_000];

/// Runs that differ in how many subscribe: with more, medians are later.
pub fn series() -> Vec<Run> {
    COUNTS.map(with_subscribers).to_vec()
}

fn with_subscribers(count: u64) -> Run {
    let mut run = run(3);
    run.header.changes = vec![format!("subscribers.count = {count}")];
    run.header.subscribers = count as u32;
    let later = |distribution: &Distribution, values: u64| {
        // Not one by one, since every quantile is looked for from the lowest value on.
        const STEPS: u64 = 1_000;
        let mut later = Distribution::default();
        for step in 0..STEPS {
            let at = distribution.quantile((step as f64 + 0.5) / STEPS as f64).unwrap() as f64;
            let each = values * (step + 1) / STEPS - values * step / STEPS;
            if each > 0 {
                later.record_n((at * (1.0 + count as f64 / 100.0)) as u64, each);
            }
        }
        later
    };
    for account in &mut run.accounts {
        let deliveries = account.ledger.latency.len();
        account.ledger.latency = later(&account.ledger.latency, deliveries);
        // As many deliveries, of fewer updates.
        account.ledger.slowest = later(&account.ledger.slowest, deliveries / count);
    }
    run
}

/// The text of such a run's file.
pub fn file(rounds: u32, updates: u64) -> String {
    lines(rounds, updates).iter().map(write_line).collect()
}

pub fn lines(rounds: u32, updates: u64) -> Vec<Line> {
    let mut lines = vec![Line::Header(Box::new(header(rounds))), Line::Idle(idle())];
    for round in 0..rounds {
        for at in 0..SECONDS {
            lines.extend(SHAPES.iter().map(|shape| Line::Second(second(shape, round, at))));
        }
        lines.extend(SHAPES.iter().map(|shape| Line::Account(Box::new(account(shape, round, updates)))));
    }
    lines.push(Line::End(End {
        completed: true,
        reason: "all rounds done".to_owned(),
        elapsed_ns: 14_000_000_000 * u64::from(rounds),
    }));
    lines
}

pub fn warning(kind: WarningKind, label: Option<&str>, message: &str, advice: &str) -> Warning {
    Warning {
        kind,
        severity: Severity::Caution,
        round: label.map(|_| 0),
        label: label.map(str::to_owned),
        message: message.to_owned(),
        advice: advice.to_owned(),
    }
}

pub fn header(rounds: u32) -> Header {
    Header {
        format: FORMAT,
        started: "2026-01-02T03:04:05Z".to_owned(),
        scenario_name: "dashboard".to_owned(),
        question: "Which transport should carry a dashboard of 20 gauges that change now and then?".to_owned(),
        scenario_text: "# Which transport should carry a dashboard of 20 gauges that change now and then?\n\n\
            measure = \"10s\"\nwarm-up = \"2s\"\n\n[[topic]]\nname = \"gauge\"\ncount = 20\npoisson = \"20/s\"\n"
            .to_owned(),
        command: "pushpull run scenarios/dashboard.toml --rounds 3".to_owned(),
        tool: Tool { version: "0.1.0".to_owned(), revision: Some("0123abc".to_owned()) },
        machine: Machine {
            os: "Linux".to_owned(),
            kernel: "6.1.0".to_owned(),
            cpu_model: "Example CPU at 3 GHz".to_owned(),
            cores: 2,
            memory_bytes: 8 << 30,
            governor: None,
            congestion_control: Some("cubic".to_owned()),
            descriptor_limit: 65_536,
            timer_note: "the runtime's timer wakes about 1 ms late".to_owned(),
        },
        seed: 42,
        rounds,
        changes: Vec::new(),
        modes: vec![Mode::Together],
        margin: 0.1,
        placement: None,
        measure_ns: 10_000_000_000,
        warm_up_ns: 2_000_000_000,
        drain_ns: 5_000_000_000,
        delay_ns: 0,
        kernel_stamps: false,
        shape: "broadcast".to_owned(),
        subscribers: SUBSCRIBERS as u32,
        crowds: 1,
        topics: 20,
        entries: SHAPES.iter().map(entry).collect(),
        vias: Vec::new(),
        disturbances: Vec::new(),
        claims: Vec::new(),
        published: Vec::new(),
        objectives: Vec::new(),
        needs: Vec::new(),
        way: None,
        is_no_choice: false,
        scale: None,
        matters: None,
    }
}

fn entry(shape: &Shape) -> EntryRecord {
    let polled = shape.interval_ns > 0.0;
    let ns = |value: f64| value as u64;
    EntryRecord {
        label: shape.label.to_owned(),
        transport: shape.transport.to_owned(),
        delay_ns: None,
        options: if polled { [("interval".to_owned(), "100ms".to_owned())].into() } else { [].into() },
        prediction: (shape.label != "tcp").then(|| PredictionRecord {
            mean_ns: Some(ns(shape.interval_ns / 2.0)),
            p50_ns: Some(ns(shape.interval_ns / 2.0)),
            p99_ns: Some(ns(shape.interval_ns * 0.99)),
            max_ns: polled.then_some(ns(shape.interval_ns)),
            updates_per_response: (!polled).then_some(1.0),
            staleness_mean_ns: Some(50_000_000 + ns(shape.interval_ns / 2.0)),
            assumes: "no time in any processor".to_owned(),
        }),
        polls: shape.label.contains("polling"),
        control_of: None,
        way: [].into(),
        floor: shape.label == "tcp",
        abilities: None,
        role: None,
    }
}

fn second(shape: &Shape, round: u32, at: u32) -> Second {
    // Some seconds are worse than others, in each round other ones.
    let wobble = 1.0 + f64::from((at * 7 + round * 3) % 5) * 0.08;
    let (median_ns, interval_ns) = (shape.median_ns * wobble, shape.interval_ns);
    Second {
        round,
        mode: Mode::Together,
        label: shape.label.to_owned(),
        second: at,
        delivered: UPDATES * SUBSCRIBERS / u64::from(SECONDS),
        p50_ns: Some((median_ns + interval_ns / 2.0) as u64),
        p99_ns: Some((median_ns * shape.per_nine.powi(2) + interval_ns) as u64),
        max_ns: Some((median_ns * shape.per_nine.powi(4) + interval_ns) as u64),
    }
}

pub fn account(shape: &Shape, round: u32, updates: u64) -> Account {
    let deliveries = updates * SUBSCRIBERS;
    let carried = deliveries * 6 / 5;
    let traffic = |bytes_in, bytes_out| Traffic { bytes_in, bytes_out, connections: SUBSCRIBERS };
    // Setting up and warming up cost more than the steady part, and must not show in it.
    let (down, up) = (carried * shape.bytes_each * 2, carried * shape.bytes_each);
    let steady = Steady {
        bytes_in: deliveries * shape.bytes_each,
        bytes_out: deliveries * (shape.bytes_each / 3),
        updates: deliveries,
        plain: None,
    };
    Account {
        round,
        mode: Mode::Together,
        label: shape.label.to_owned(),
        seed: 42 + u64::from(round),
        start_ns: 1_000_000_000,
        ledger: ledger(shape, round, updates),
        lateness: spread(updates, |q| 40_000.0 + tail(q) * 30_000.0),
        timer_lateness: match shape.interval_ns > 0.0 {
            true => spread(updates, |q| 900_000.0 + tail(q) * 300_000.0),
            false => Distribution::default(),
        },
        planned: updates * 6 / 5,
        published: updates * 6 / 5,
        carried,
        steady,
        server: traffic(up, down),
        clients: traffic(down, up),
        server_costs: costs(deliveries * shape.cpu_each_ns),
        client_costs: Costs { publisher_ns: Some(0), ..costs(deliveries * shape.cpu_each_ns * 6 / 5) },
        host: Some(HostLoad {
            elapsed_ns: 10_000_000_000,
            cores: 2,
            busy_ns: 4_000_000_000,
            own_ns: 3_900_000_000,
            stolen_ns: 0,
        }),
        uplink: None,
        over: Default::default(),
        capture: None,
        memory: Vec::new(),
        exchanges: None,
        restarts: 0,
        via: None,
        link: None,
        failure: None,
        complete: true,
    }
}

fn ledger(shape: &Shape, round: u32, updates: u64) -> AccountRecord {
    let expected = updates * SUBSCRIBERS;
    let lost = shape.lost.min(expected);
    let deliveries = expected - lost;
    let wobble = 1.0 + f64::from(round % 3) * 0.04;
    let latency = |q: f64| {
        let transit = shape.median_ns * wobble * shape.per_nine.powf(tail(q) - 0.3);
        transit + q * shape.interval_ns
    };
    let responses = if shape.interval_ns > 0.0 { deliveries / 2 } else { deliveries };
    AccountRecord {
        books: BooksRecord { expected, delivered: deliveries, lost, ..BooksRecord::default() },
        latency: spread(deliveries, latency),
        sent_latency: spread(deliveries, |q| latency(q) - 50_000.0),
        // An update that is slow is slow for everybody.
        slowest: spread(updates, latency),
        staleness: spread(updates * 5, |q| 50_000_000.0 * tail(q) + latency(q)),
        setup_tcp: spread(SUBSCRIBERS, |q| shape.median_ns * (1.0 + q)),
        setup_tls: Distribution::default(),
        first_update: spread(SUBSCRIBERS, latency),
        setup: spread(SUBSCRIBERS, |q| 2.0 * shape.median_ns * (1.0 + q)),
        batch: spread(responses, |q| if q > 0.9 { 2.0 } else { 1.0 }),
        responses,
        empty_responses: if shape.interval_ns > 0.0 { responses / 7 } else { 0 },
        never_connected: 0,
        reconnects: 0,
        split: None,
        trace: Some(trace(shape)),
        posts: None,
        relayed: None,
        recovery: None,
        replies: None,
    }
}

/// An update a second, each after the transport's median and part of its interval.
fn trace(shape: &Shape) -> Vec<(u64, u64)> {
    let after_ns = |k: u64| (shape.median_ns + shape.interval_ns * (k % 4) as f64 / 4.0) as u64;
    (0..10).map(|k| (k * 1_000_000_000, k * 1_000_000_000 + after_ns(k))).collect()
}

/// So many values, evenly taken from a function of the quantile.
fn spread(count: u64, value: impl Fn(f64) -> f64) -> Distribution {
    let mut distribution = Distribution::default();
    for k in 0..count {
        distribution.record(value((k as f64 + 0.5) / count as f64) as u64);
    }
    distribution
}

fn tail(q: f64) -> f64 {
    -(1.0 - q).log10()
}

fn costs(transport_ns: u64) -> Costs {
    Costs {
        user_ns: Some(transport_ns / 4),
        system_ns: Some(transport_ns * 3 / 4 + 30_000_000),
        transport_ns: Some(transport_ns),
        publisher_ns: Some(20_000_000),
        harness_ns: Some(10_000_000),
        run_queue_ns: Some(transport_ns / 20),
        voluntary_switches: Some(4_000),
        involuntary_switches: Some(40),
        anonymous_bytes: Some(3 << 20),
        socket_bytes: Some(90_000),
        segments_in: Some(80_000),
        segments_out: Some(81_000),
        retransmitted: Some(0),
    }
}

fn idle() -> Idle {
    let server = |(place, shape): (usize, &Shape), connections: u64| IdleServer {
        label: shape.label.to_owned(),
        anonymous_bytes: 2_000_000 + connections * 4_000 * (place as u64 + 1),
    };
    let point = |connections: u32| IdlePoint {
        connections,
        servers: SHAPES.iter().enumerate().map(|shape| server(shape, connections.into())).collect(),
        kernel_bytes: Some(90_000_000 + 5 * 9_000 * u64::from(connections)),
    };
    Idle { points: vec![point(100), point(500)] }
}
