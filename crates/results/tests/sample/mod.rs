//! A small run: one transport, two rounds written in the wrong order, one of each other line.

use ledger::Distribution;
use results::{
    Account, AccountRecord, BooksRecord, End, EntryRecord, FORMAT, Header, Line, Machine, PredictionRecord,
    Second, Steady, Tool, Traffic, Warning, WarningKind,
};

pub fn lines() -> Vec<Line> {
    let second = Second {
        round: 0,
        label: "sse".to_owned(),
        second: 3,
        delivered: 5,
        p50_ns: Some(1_000),
        p99_ns: None,
        max_ns: None,
    };
    let warning = Warning {
        kind: WarningKind::SingleRound,
        round: None,
        label: None,
        message: "One round – no winner.".to_owned(),
        advice: "Run more rounds.".to_owned(),
    };
    let end = End { completed: true, reason: "all rounds done".to_owned(), elapsed_ns: 5_000_000_000 };
    vec![
        Line::Header(Box::new(header())),
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
        order: "together".to_owned(),
        measure_ns: 1_000_000_000,
        warm_up_ns: 0,
        delay_ns: 0,
        subscribers: 1,
        topics: 1,
        entries: vec![EntryRecord {
            label: "sse".to_owned(),
            transport: "sse".to_owned(),
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
            floor: false,
        }],
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
        label: "sse".to_owned(),
        seed: 7 + u64::from(round),
        start_ns: 1_000,
        ledger,
        lateness: Distribution::default(),
        timer_lateness: Distribution::default(),
        planned: 11,
        published: 11,
        carried: 11,
        steady: Steady { bytes_in: 1_000, bytes_out: 40, updates: 10 },
        server: traffic(100, 2_100),
        clients: traffic(2_100, 100),
        complete,
    }
}
