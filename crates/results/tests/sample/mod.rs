//! A small run: one transport, two rounds written in the wrong order, one of each other line.

use ledger::Distribution;
use results::{
    Account, AccountRecord, BooksRecord, Costs, End, EntryRecord, FORMAT, Header, HostLoad, Idle, IdlePoint,
    IdleServer, Line, Machine, Mode, PredictionRecord, Second, Severity, Steady, Tool, Traffic, Warning,
    WarningKind,
};

pub fn lines() -> Vec<Line> {
    let second = Second {
        round: 0,
        mode: Mode::Together,
        label: "sse".to_owned(),
        second: 3,
        delivered: 5,
        p50_ns: Some(1_000),
        p99_ns: None,
        max_ns: None,
    };
    let warning = Warning {
        kind: WarningKind::SingleRound,
        severity: Severity::Note,
        round: None,
        label: None,
        message: "One round – no winner.".to_owned(),
        advice: "Run more rounds.".to_owned(),
    };
    let end = End { completed: true, reason: "all rounds done".to_owned(), elapsed_ns: 5_000_000_000 };
    vec![
        Line::Header(Box::new(header())),
        Line::Idle(idle()),
        Line::Second(second),
        Line::Account(Box::new(account(1, false))),
        Line::Account(Box::new(account(0, true))),
        Line::Warning(warning),
        Line::End(end),
    ]
}

fn header() -> Header {
    Header {
        format: FORMAT,
        started: "2026-01-02T03:04:05Z".to_owned(),
        scenario_name: "small".to_owned(),
        question: "Does it read?".to_owned(),
        scenario_text: "# Does it read?\n".to_owned(),
        command: "pushpull run small.toml".to_owned(),
        tool: Tool { version: "0.1.0".to_owned(), revision: None },
        machine: Machine {
            os: "Linux".to_owned(),
            kernel: "6.1".to_owned(),
            cpu_model: "Example".to_owned(),
            cores: 2,
            memory_bytes: 1 << 30,
            governor: None,
            congestion_control: Some("cubic".to_owned()),
            descriptor_limit: 1_024,
            timer_note: String::new(),
        },
        seed: u64::MAX,
        rounds: 2,
        changes: vec!["rounds=2".to_owned()],
        modes: vec![Mode::Together],
        margin: 0.1,
        placement: None,
        measure_ns: 1_000_000_000,
        warm_up_ns: 0,
        drain_ns: 5_000_000_000,
        delay_ns: 0,
        kernel_stamps: false,
        shape: "broadcast".to_owned(),
        subscribers: 1,
        crowds: 1,
        topics: 1,
        entries: vec![EntryRecord {
            label: "sse".to_owned(),
            transport: "sse".to_owned(),
            delay_ns: None,
            options: [("heartbeat".to_owned(), "15s".to_owned())].into(),
            prediction: Some(PredictionRecord {
                mean_ns: Some(1),
                p50_ns: Some(1),
                p99_ns: Some(2),
                max_ns: None,
                updates_per_response: Some(1.1),
                staleness_mean_ns: Some(3),
                assumes: "an idle machine".to_owned(),
            }),
            polls: false,
            control_of: None,
            way: [].into(),
            floor: false,
            abilities: None,
            role: None,
        }],
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

fn account(round: u32, complete: bool) -> Account {
    let mut ledger = AccountRecord {
        books: BooksRecord { expected: 10, delivered: 10, ..BooksRecord::default() },
        responses: 10,
        ..AccountRecord::default()
    };
    for step in 1..=10 {
        ledger.latency.record(u64::from(round + 1) * step * 100_000);
    }
    let traffic = |bytes_in, bytes_out| Traffic { bytes_in, bytes_out, connections: 1 };
    Account {
        round,
        mode: Mode::Together,
        label: "sse".to_owned(),
        seed: 7 + u64::from(round),
        start_ns: 1_000,
        ledger,
        lateness: Distribution::default(),
        timer_lateness: Distribution::default(),
        planned: 11,
        published: 11,
        carried: 11,
        steady: Steady { bytes_in: 1_000, bytes_out: 40, updates: 10, plain: None },
        server: traffic(100, 2_100),
        clients: traffic(2_100, 100),
        server_costs: costs(30_000),
        client_costs: Costs { publisher_ns: Some(0), ..costs(20_000) },
        host: Some(HostLoad {
            elapsed_ns: 1_000_000_000,
            cores: 2,
            busy_ns: 90_000,
            own_ns: 80_000,
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
        complete,
    }
}

fn costs(transport_ns: u64) -> Costs {
    Costs {
        user_ns: Some(transport_ns),
        system_ns: Some(5_000),
        transport_ns: Some(transport_ns),
        publisher_ns: Some(4_000),
        harness_ns: Some(1_000),
        run_queue_ns: None,
        voluntary_switches: Some(12),
        involuntary_switches: Some(1),
        anonymous_bytes: Some(1 << 20),
        socket_bytes: Some(4_096),
        segments_in: Some(20),
        segments_out: Some(22),
        retransmitted: Some(0),
    }
}

fn idle() -> Idle {
    let point = |connections: u32, anonymous_bytes| IdlePoint {
        connections,
        servers: vec![IdleServer { label: "sse".to_owned(), anonymous_bytes }],
        kernel_bytes: Some(50_000_000 + 9_000 * u64::from(connections)),
    };
    Idle { points: vec![point(100, 2_000_000), point(500, 6_000_000)] }
}
