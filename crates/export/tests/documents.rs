//! What other programs read is what the results file holds.

use results::{Run, SplitRecord};
use serde_json::Value;

fn run() -> Run {
    Run::read(include_str!("../../results/tests/fixtures/version-1.jsonl")).unwrap()
}

#[test]
fn every_account_is_a_row_and_every_row_has_all_columns() {
    let run = run();
    let csv = export::csv(&run);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap(), export::COLUMNS.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), run.accounts.len());
    for (row, account) in rows.iter().zip(&run.accounts) {
        let cell =
            |name| row.get(export::COLUMNS.iter().position(|column| *column == name).unwrap()).unwrap();
        assert_eq!(cell("label"), account.label);
        assert_eq!(cell("delivered"), account.ledger.books.delivered.to_string());
        assert_eq!(cell("latency_max_ns"), account.ledger.latency.max().unwrap().to_string());
        let cpu = account.server_costs.transport_ns.map_or(String::new(), |ns| ns.to_string());
        assert_eq!(cell("server_cpu_ns"), cpu);
    }
}

#[test]
fn the_summary_holds_every_transport_and_the_verdict() {
    let run = run();
    let summary: Value = serde_json::from_str(&export::json(&run)).unwrap();
    let transports = summary["transports"].as_array().unwrap();
    let labels: Vec<&str> = transports.iter().map(|one| one["label"].as_str().unwrap()).collect();
    assert_eq!(labels, run.labels().collect::<Vec<_>>());
    for one in transports {
        let merged = run.merged(one["label"].as_str().unwrap()).unwrap();
        assert_eq!(one["delivered"].as_u64(), Some(merged.account.books.delivered));
        let median = verdict::due::quantile(&merged.account, 0.5).unwrap().value_ns;
        assert_eq!(one["latency"]["p50_ns"].as_u64(), Some(median));
    }
    let said = summary["verdict"]["sentences"].as_array().unwrap();
    assert_eq!(said[0], verdict::Decision::of(&run).headline());
    assert!(summary["verdict"]["places"].as_array().unwrap().iter().all(|place| place["word"].is_string()));
    assert!(summary["comparisons"].as_array().unwrap().iter().all(|pair| pair["finding"].is_string()));
}

#[test]
fn where_the_time_went_is_in_the_summary_of_a_run_that_asked_for_it() {
    let mut run = run();
    let split = |run: &Run| {
        let summary: Value = serde_json::from_str(&export::json(run)).unwrap();
        summary["transports"][0]["split"].clone()
    };
    assert!(split(&run).is_null());
    for account in &mut run.accounts {
        let mut split = SplitRecord { unstamped: 2, ..SplitRecord::default() };
        split.machine_to_program.record(30_000);
        account.ledger.split = Some(split);
    }
    let split = split(&run);
    assert_eq!(split["machine_to_program_p50_ns"].as_u64().map(|ns| ns / 100), Some(300));
    assert!(split["sent_to_machine_p50_ns"].is_null() && split["used"].as_u64() > Some(0), "{split}");
}

#[test]
fn what_never_arrived_is_late_in_the_summary_too() {
    let mut run = run();
    let label = run.labels().next().unwrap().to_owned();
    for account in run.accounts.iter_mut().filter(|account| account.label == label) {
        let books = &mut account.ledger.books;
        (books.expected, books.lost) = (books.expected * 2, books.lost + books.expected);
    }
    let summary: Value = serde_json::from_str(&export::json(&run)).unwrap();
    let latency = &summary["transports"][0]["latency"];
    assert!(latency["p99_ns"].is_null() && latency["max_ns"].is_null(), "{latency}");
}

#[test]
fn claims_and_objectives_are_told_where_there_are_any() {
    let mut run = run();
    assert!(export::checks_csv(&run).is_none());
    assert!(!export::json(&run).contains("\"claims\""), "older documents stay as they are");
    let label = run.header.entries[0].label.clone();
    let limits = results::LimitsRecord { at_most: Some(0.0), ..results::LimitsRecord::default() };
    let lost =
        |of: String| results::CheckRecord { figure: "lost".to_owned(), at: None, of, against: None, limits };
    run.header.claims = vec![results::ClaimRecord {
        says: "Nothing, or \"little\", is lost.".to_owned(),
        checks: vec![lost(label)],
        boundary: None,
        model: None,
    }];
    run.header.objectives = vec![results::ObjectiveRecord { figure: "lost".to_owned(), at: None, limits }];
    let summary: Value = serde_json::from_str(&export::json(&run)).unwrap();
    let check = &summary["claims"][0]["checks"][0];
    assert_eq!((check["measure"].as_str(), check["at_most"].as_f64()), (Some("lost"), Some(0.0)));
    assert_eq!(summary["objectives"].as_array().unwrap().len(), run.header.entries.len());
    let csv = export::checks_csv(&run).unwrap();
    let rows = csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).count();
    assert_eq!(rows, 1 + run.header.entries.len());
}
