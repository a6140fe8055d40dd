//! Every closed account as a row.

use results::{Account, Costs, Mode, Run};
use verdict::Metric;

/// The columns of [`csv()`], in their order. Times are nanoseconds, sizes bytes; rounds count from 0. A cell is
/// empty where the round does not tell.
pub const COLUMNS: [&str; 35] = [
    "scenario",
    "started",
    "round",
    "mode",
    "label",
    "complete",
    "seed",
    "expected",
    "delivered",
    "superseded",
    "lost",
    "in_flight",
    "duplicated",
    "reordered",
    "damaged",
    "latency_p50_ns",
    "latency_p99_ns",
    "latency_max_ns",
    "staleness_mean_ns",
    "setup_p50_ns",
    "lateness_p50_ns",
    "updates_in_window",
    "bytes_down_in_window",
    "bytes_up_in_window",
    "responses",
    "empty_responses",
    "server_cpu_ns",
    "server_publisher_cpu_ns",
    "server_run_queue_ns",
    "server_switches",
    "server_anonymous_bytes",
    "server_socket_bytes",
    "server_segments_out",
    "client_cpu_ns",
    "client_segments_out",
];

/// Every closed account of a run as a row of comma-separated values, under [`COLUMNS`].
///
/// # Panics
/// Never: all rows have as many cells, and memory takes them.
#[must_use]
pub fn csv(run: &Run) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("memory takes every row");
    for account in &run.accounts {
        writer.write_record(row(run, account)).expect("memory takes every row, and all have as many cells");
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("rows are made of text")
}

fn row(run: &Run, account: &Account) -> [String; 35] {
    let (ledger, books) = (&account.ledger, &account.ledger.books);
    let (server, clients) = (&account.server_costs, &account.client_costs);
    let metric = |metric: Metric| metric.of(account).map_or(String::new(), |value| format!("{value:.0}"));
    [
        run.header.scenario_name.clone(),
        run.header.started.clone(),
        account.round.to_string(),
        mode(account.mode).to_owned(),
        account.label.clone(),
        account.complete.to_string(),
        account.seed.to_string(),
        books.expected.to_string(),
        books.delivered.to_string(),
        books.superseded.to_string(),
        books.lost.to_string(),
        books.in_flight.to_string(),
        books.duplicated.to_string(),
        books.reordered.to_string(),
        books.damaged.to_string(),
        metric(Metric::MedianLatency),
        metric(Metric::TailLatency),
        told(ledger.latency.max()),
        metric(Metric::Staleness),
        metric(Metric::SetUp),
        told(account.lateness.quantile(0.5)),
        account.steady.updates.to_string(),
        account.steady.bytes_in.to_string(),
        account.steady.bytes_out.to_string(),
        ledger.responses.to_string(),
        ledger.empty_responses.to_string(),
        told(server.transport_ns),
        told(server.publisher_ns),
        told(server.run_queue_ns),
        told(switches(server)),
        told(server.anonymous_bytes),
        told(server.socket_bytes),
        told(server.segments_out),
        told(clients.transport_ns),
        told(clients.segments_out),
    ]
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Together => "together",
        Mode::Apart => "apart",
    }
}

fn switches(costs: &Costs) -> Option<u64> {
    Some(costs.voluntary_switches? + costs.involuntary_switches?)
}

fn told(figure: Option<u64>) -> String {
    figure.map_or(String::new(), |figure| figure.to_string())
}
