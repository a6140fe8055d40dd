//! Runs made by hand, or drawn from a seed.

use ledger::Distribution;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use results::{
    Account, AccountRecord, BooksRecord, Costs, End, EntryRecord, FORMAT, Header, HostLoad, Idle, IdlePoint,
    IdleServer, Machine, Mode, Run, Severity, Steady, Tool, Traffic, Warning, WarningKind,
};

/// Due in the window of each round: 20 updates for 50 subscribers.
pub const DUE: u64 = 1_000;
pub const WINDOW_NS: u64 = 1_000_000_000;

/// One transport, as it is but for noise.
#[derive(Clone)]
pub struct Lane {
    pub label: &'static str,
    pub floor: bool,
    pub control_of: Option<&'static str>,
    pub median_ms: f64,
    pub cpu_us: Option<f64>,
    pub client_us: f64,
    pub bytes: f64,
    /// How much its latency and processor time move from round to round.
    pub spread: f64,
    /// Of what is due in a round.
    pub lost: u64,
    /// Rounds that it never closed, from the last.
    pub broken: u32,
}

pub fn lane(label: &'static str, median_ms: f64, cpu_us: f64, bytes: f64) -> Lane {
    Lane {
        label,
        floor: false,
        control_of: None,
        median_ms,
        cpu_us: Some(cpu_us),
        client_us: cpu_us / 2.0,
        bytes,
        spread: 0.01,
        lost: 0,
        broken: 0,
    }
}

/// A dashboard: three that push or hold, and one that polls.
pub fn dashboard() -> Vec<Lane> {
    vec![
        lane("websocket", 2.44, 3.2, 127.0),
        lane("sse", 2.50, 4.1, 147.0),
        lane("long-polling", 2.42, 8.9, 273.0),
        lane("short-polling", 503.0, 6.0, 150.0),
        Lane { floor: true, ..lane("tcp", 2.31, 3.0, 137.0) },
    ]
}

/// A finished run of these, apart; noise is drawn from the seed.
pub fn run(seed: u64, rounds: u32, lanes: &[Lane]) -> Run {
    let mut run = Run {
        header: header(rounds, lanes),
        seconds: Vec::new(),
        idle: None,
        accounts: Vec::new(),
        warnings: Vec::new(),
        previous: None,
        end: Some(End {
            completed: true,
            reason: "all rounds were run and closed".to_owned(),
            elapsed_ns: 1,
        }),
        truncated: false,
    };
    for (index, lane) in lanes.iter().enumerate() {
        let mut noise = Noise(ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000) + index as u64));
        for round in 0..rounds {
            let factors = [noise.factor(lane.spread), noise.factor(lane.spread)];
            if round + lane.broken < rounds {
                run.accounts.push(account(lane, round, Mode::Apart, factors));
            }
        }
    }
    run
}

/// Puts all rounds into one mode.
pub fn in_mode(mut run: Run, mode: Mode) -> Run {
    run.header.modes = vec![mode];
    run.accounts.iter_mut().for_each(|account| account.mode = mode);
    run
}

/// Adds rounds together, in which medians are so many times what they are apart.
pub fn with_both(mut run: Run, factor: f64) -> Run {
    run.header.modes = vec![Mode::Together, Mode::Apart];
    let apart = run.accounts.clone();
    run.accounts.extend(apart.into_iter().map(|account| {
        let latency = account.ledger.latency.quantile(0.5).unwrap() as f64 * factor;
        let mut account = Account { mode: Mode::Together, ..account };
        account.ledger.latency = around(latency, account.ledger.books.delivered);
        account
    }));
    run
}

pub fn idle(of: &[(&str, u64)]) -> Idle {
    let point = |connections: u32| IdlePoint {
        connections,
        servers: of
            .iter()
            .map(|(label, each)| IdleServer {
                label: (*label).to_owned(),
                anonymous_bytes: 1_000_000 + u64::from(connections) * each,
            })
            .collect(),
        kernel_bytes: None,
    };
    Idle { points: vec![point(100), point(500)] }
}

pub fn warning(kind: WarningKind, severity: Severity) -> Warning {
    Warning {
        kind,
        severity,
        round: Some(2),
        label: Some("sse".to_owned()),
        message: "something is wrong".to_owned(),
        advice: "do something".to_owned(),
    }
}

/// One round, in which latency and processor time are so many times what they usually are.
pub fn account(lane: &Lane, round: u32, mode: Mode, [late, dear]: [f64; 2]) -> Account {
    let delivered = DUE - lane.lost;
    let median_ns = lane.median_ms * 1e6 * late;
    let mut ledger = AccountRecord {
        books: BooksRecord { expected: DUE, delivered, lost: lane.lost, ..BooksRecord::default() },
        latency: around(median_ns, delivered),
        slowest: around(median_ns, 20),
        responses: DUE,
        ..AccountRecord::default()
    };
    ledger.staleness.record_n(250_000_000, DUE);
    ledger.setup.record_n(1_000_000, 50);
    let costs = |each_us: Option<f64>| Costs {
        transport_ns: each_us.map(|us| (us * 1e3 * delivered as f64 * dear) as u64),
        ..Costs::default()
    };
    Account {
        round,
        mode,
        label: lane.label.to_owned(),
        seed: 7 + u64::from(round),
        start_ns: 1_000,
        ledger,
        lateness: Distribution::default(),
        timer_lateness: Distribution::default(),
        planned: 20,
        published: 20,
        carried: delivered,
        steady: Steady {
            bytes_in: (lane.bytes * delivered as f64) as u64,
            bytes_out: 40,
            updates: delivered,
            plain: None,
        },
        server: Traffic::default(),
        clients: Traffic::default(),
        server_costs: costs(lane.cpu_us),
        client_costs: costs(lane.cpu_us.map(|_| lane.client_us)),
        host: Some(HostLoad {
            elapsed_ns: WINDOW_NS,
            cores: 2,
            busy_ns: WINDOW_NS / 5,
            own_ns: WINDOW_NS / 5,
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

/// So many values, half of them up to this one.
pub fn around(median_ns: f64, count: u64) -> Distribution {
    let mut distribution = Distribution::default();
    for step in 0..count {
        let place = (step as f64 + 1.0) / count as f64;
        distribution.record((median_ns * (0.5 + place)).round() as u64);
    }
    distribution
}

fn header(rounds: u32, lanes: &[Lane]) -> Header {
    let entry = |lane: &Lane| EntryRecord {
        label: lane.label.to_owned(),
        transport: lane.label.to_owned(),
        delay_ns: None,
        options: Default::default(),
        prediction: None,
        polls: false,
        control_of: lane.control_of.map(str::to_owned),
        floor: lane.floor,
        way: Default::default(),
        abilities: None,
        role: None,
    };
    Header {
        format: FORMAT,
        started: "2026-01-02T03:04:05Z".to_owned(),
        scenario_name: "sample".to_owned(),
        question: "Which?".to_owned(),
        scenario_text: "# Which?\nmeasure = \"1s\"\n".to_owned(),
        command: "pushpull run sample.toml".to_owned(),
        tool: Tool { version: "0.1.0".to_owned(), revision: None },
        machine: Machine {
            os: "linux".to_owned(),
            kernel: "6.1".to_owned(),
            cpu_model: "Example".to_owned(),
            cores: 2,
            memory_bytes: 1 << 30,
            governor: None,
            congestion_control: Some("cubic".to_owned()),
            descriptor_limit: 1_024,
            timer_note: String::new(),
        },
        seed: 7,
        rounds,
        changes: Vec::new(),
        modes: vec![Mode::Apart],
        margin: 0.1,
        placement: None,
        measure_ns: WINDOW_NS,
        warm_up_ns: 0,
        drain_ns: WINDOW_NS,
        delay_ns: 0,
        kernel_stamps: false,
        shape: "broadcast".to_owned(),
        subscribers: 50,
        crowds: 1,
        topics: 1,
        entries: lanes.iter().map(entry).collect(),
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

struct Noise(ChaCha8Rng);

impl Noise {
    /// Log-normal about 1.
    fn factor(&mut self, deviation: f64) -> f64 {
        let mut uniform = || ((self.0.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
        (deviation * normal).exp()
    }
}
