//! Whatever is written comes back.

use ledger::Distribution;
use proptest::prelude::*;
use results::{
    Account, AccountRecord, BooksRecord, BoundaryRecord, CaptureSeen, CheckRecord, ClaimRecord, Costs,
    EntryRecord, Header, HostLoad, Idle, IdlePoint, IdleServer, LimitsRecord, Line, LinkSeen, Machine,
    MemoryAt, Mode, ObjectiveRecord, PacketsSeen, PredictionRecord, PublishedRecord, Run, Second, Severity,
    SplitRecord, Steady, Tool, Traffic, ViaRecord, Warning, WarningKind, write_line,
};

proptest! {
    #[test]
    fn a_run_comes_back(
        header in header(),
        accounts in prop::collection::vec(account(), 0..3),
        idle in prop::option::of(idle()),
        seconds in prop::collection::vec(second(), 0..3),
        warnings in prop::collection::vec(warning(), 0..3),
    ) {
        let mut file = write_line(&Line::Header(Box::new(header.clone())));
        accounts.iter().for_each(|account| file += &write_line(&Line::Account(Box::new(account.clone()))));
        idle.iter().for_each(|idle| file += &write_line(&Line::Idle(idle.clone())));
        seconds.iter().for_each(|second| file += &write_line(&Line::Second(second.clone())));
        warnings.iter().for_each(|warning| file += &write_line(&Line::Warning(warning.clone())));
        let run = Run::read(&file).unwrap();
        prop_assert_eq!(run, Run { header, seconds, idle, accounts, warnings, previous: None, end: None, truncated: false });
    }

    #[test]
    fn an_account_of_the_ledger_comes_back(record in ledger_record()) {
        let account = ledger::Account::from(&record);
        prop_assert_eq!(AccountRecord::from(&account), record);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Run::read(bytes);
    }
}

fn header() -> impl Strategy<Value = Header> {
    (any::<String>(), any::<String>(), any::<u64>(), prop::option::of(prediction())).prop_map(
        |(question, scenario_text, seed, prediction)| Header {
            format: results::FORMAT,
            started: "2026-01-02T03:04:05Z".to_owned(),
            scenario_name: "any".to_owned(),
            question,
            scenario_text,
            command: String::new(),
            tool: Tool { version: "0.1.0".to_owned(), revision: Some("abc".to_owned()) },
            machine: machine(),
            seed,
            rounds: 3,
            changes: Vec::new(),
            modes: vec![Mode::Together, Mode::Apart],
            margin: 0.25,
            placement: Some("servers on 0".to_owned()),
            measure_ns: seed,
            warm_up_ns: 1,
            drain_ns: 3,
            delay_ns: 2,
            kernel_stamps: seed % 2 == 1,
            shape: "broadcast".to_owned(),
            subscribers: 3,
            crowds: 1,
            topics: 4,
            entries: vec![EntryRecord {
                label: "a".to_owned(),
                transport: "sse".to_owned(),
                delay_ns: None,
                options: [("hold".to_owned(), "25s".to_owned())].into(),
                prediction,
                polls: true,
                control_of: Some("b".to_owned()),
                floor: false,
                way: [("via".to_owned(), "proxy".to_owned())].into(),
                abilities: Some(vec!["binary".to_owned()]),
                role: None,
            }],
            disturbances: vec!["after 3s".to_owned()],
            vias: vec![ViaRecord {
                name: "proxy".to_owned(),
                program: "nginx".to_owned(),
                version: None,
                setup: "as it comes".to_owned(),
            }],
            claims: vec![
                claim(None),
                claim(Some(BoundaryRecord {
                    key: "network.delay".to_owned(),
                    at_ns: seed,
                    holds_below: true,
                })),
            ],
            published: vec![PublishedRecord {
                source: "Somebody".to_owned(),
                says: "Twice".to_owned(),
                differs: "All".to_owned(),
                check: claim(None).checks.remove(0),
                value: 2.0,
            }],
            objectives: vec![ObjectiveRecord {
                figure: "lost".to_owned(),
                at: None,
                limits: LimitsRecord { at_most: Some(0.0), ..LimitsRecord::default() },
            }],
            needs: vec!["binary".to_owned()],
            way: None,
            is_no_choice: false,
            scale: None,
            matters: None,
        },
    )
}

fn claim(boundary: Option<BoundaryRecord>) -> ClaimRecord {
    ClaimRecord {
        says: "Push is faster.".to_owned(),
        checks: vec![CheckRecord {
            figure: "latency".to_owned(),
            at: Some("p50".to_owned()),
            of: "a".to_owned(),
            against: Some("b".to_owned()),
            limits: LimitsRecord { are_factors: true, at_least: None, at_most: Some(0.5) },
        }],
        model: boundary.is_some().then(|| "half the interval".to_owned()),
        boundary,
    }
}

fn machine() -> Machine {
    Machine {
        os: "Linux".to_owned(),
        kernel: "6.1".to_owned(),
        cpu_model: "Example".to_owned(),
        cores: 2,
        memory_bytes: 1,
        governor: None,
        congestion_control: None,
        descriptor_limit: 1,
        timer_note: String::new(),
    }
}

prop_compose! {
    fn prediction()(
        (mean_ns, p50_ns, p99_ns) in any::<(Option<u64>, Option<u64>, Option<u64>)>(),
        max_ns in any::<Option<u64>>(),
        updates_per_response in prop::option::of(0.0..1e9),
        staleness_mean_ns in any::<Option<u64>>(),
        assumes in any::<String>(),
    ) -> PredictionRecord {
        PredictionRecord { mean_ns, p50_ns, p99_ns, max_ns, updates_per_response, staleness_mean_ns, assumes }
    }
}

prop_compose! {
    fn second()(
        round in any::<u32>(), second in any::<u32>(), delivered in any::<u64>(), p50_ns in any::<Option<u64>>(),
    ) -> Second {
        Second { round, mode: Mode::Together, label: "a".to_owned(), second, delivered, p50_ns, p99_ns: p50_ns, max_ns: None }
    }
}

prop_compose! {
    fn warning()(
        kind in prop::sample::select(vec![WarningKind::Bytes, WarningKind::Clock, WarningKind::Other]),
        round in any::<Option<u32>>(),
        label in any::<Option<String>>(),
        message in any::<String>(),
        advice in any::<String>(),
    ) -> Warning {
        Warning { kind, severity: Severity::Caution, round, label, message, advice }
    }
}

prop_compose! {
    fn costs()(figures in any::<[Option<u64>; 4]>()) -> Costs {
        let [transport_ns, run_queue_ns, anonymous_bytes, segments_out] = figures;
        Costs { transport_ns, run_queue_ns, anonymous_bytes, segments_out, ..Costs::default() }
    }
}

prop_compose! {
    fn idle()(
        counts in prop::collection::vec((any::<u32>(), any::<u64>(), any::<Option<u64>>()), 0..3),
    ) -> Idle {
        let point = |(connections, anonymous_bytes, kernel_bytes)| IdlePoint {
            connections,
            servers: vec![IdleServer { label: "a".to_owned(), anonymous_bytes }],
            kernel_bytes,
        };
        Idle { points: counts.into_iter().map(point).collect() }
    }
}

prop_compose! {
    fn account()(
        ledger in ledger_record(),
        lateness in distribution(),
        timer_lateness in distribution(),
        round in any::<u32>(),
        (planned, published, carried, updates) in any::<(u64, u64, u64, u64)>(),
        traffic in any::<[u64; 3]>(),
        (server_costs, client_costs) in (costs(), costs()),
        host in prop::option::of(any::<[u64; 4]>()),
        complete in any::<bool>(),
    ) -> Account {
        let [bytes_in, bytes_out, connections] = traffic;
        let server = Traffic { bytes_in, bytes_out, connections };
        let clients = Traffic { bytes_in: bytes_out, bytes_out: bytes_in, connections };
        let steady = Steady { bytes_in, bytes_out, updates, plain: complete.then_some((bytes_out, bytes_in)) };
        let host = host.map(|[elapsed_ns, busy_ns, own_ns, stolen_ns]| HostLoad {
            elapsed_ns, cores: 2, busy_ns, own_ns, stolen_ns,
        });
        let packets = PacketsSeen { offered: planned, bytes: bytes_in, lost: carried, ..PacketsSeen::default() };
        let seen = LinkSeen { down: packets, up: PacketsSeen::default(), lateness: lateness.clone() };
        Account {
            round,
            mode: Mode::Apart, label: "a".to_owned(), seed: planned, start_ns: published, ledger, lateness,
            timer_lateness, planned, published, carried, steady, server, clients, server_costs,
            client_costs, host, uplink: None, exchanges: None, restarts: round, via: None,
            link: complete.then_some(seen), over: [("sse".to_owned(), planned)].into(), capture: complete.then(CaptureSeen::default), memory: vec![MemoryAt { at_ns: planned, own_bytes: bytes_in, socket_bytes: bytes_out }], failure: None, complete,
        }
    }
}

prop_compose! {
    fn ledger_record()(
        counts in any::<[u64; 12]>(),
        latency in distribution(),
        slowest in distribution(),
        staleness in distribution(),
        batch in distribution(),
        (responses, empty_responses, never_connected, reconnects) in any::<(u64, u64, u64, u64)>(),
        split in prop::option::of(split()),
        trace in prop::option::of(prop::collection::vec(any::<(u64, u64)>(), 0..3)),
    ) -> AccountRecord {
        AccountRecord {
            books: books(counts), sent_latency: latency.clone(), setup: slowest.clone(), setup_tcp: batch.clone(), setup_tls: batch.clone(),
            first_update: batch.clone(), latency, slowest,
            staleness, batch, responses, empty_responses, never_connected, reconnects, split, trace,
            posts: None, relayed: None, recovery: None, replies: None,
        }
    }
}

prop_compose! {
    fn split()(times in distribution(), counts in any::<[u64; 5]>()) -> SplitRecord {
        let [shared, unstamped, impossible, clock_moved, seconds_dropped] = counts;
        SplitRecord {
            due_to_machine: times.clone(), sent_to_machine: times.clone(), machine_to_program: times,
            shared, unstamped, impossible, clock_moved, seconds_dropped,
        }
    }
}

fn books(counts: [u64; 12]) -> BooksRecord {
    let [
        expected,
        delivered,
        superseded,
        lost,
        in_flight,
        duplicated,
        reordered,
        damaged,
        unknown,
        early,
        overstated_skips,
        gaps,
    ] = counts;
    BooksRecord {
        expected,
        delivered,
        superseded,
        lost,
        in_flight,
        duplicated,
        reordered,
        damaged,
        unknown,
        early,
        overstated_skips,
        gaps,
    }
}

fn distribution() -> impl Strategy<Value = Distribution> {
    prop::collection::vec((any::<u64>(), 0..1_000_000_u64), 0..20).prop_map(|values| {
        let mut distribution = Distribution::default();
        values.into_iter().for_each(|(value, times)| distribution.record_n(value >> (value % 64), times));
        distribution
    })
}
