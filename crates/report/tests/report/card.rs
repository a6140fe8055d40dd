//! The first screen: its table, its pictures, what is known, what the author notes, and who has which colour.

use crate::markup::{attributes, figure, inner, part, percents, row, text};
use crate::sample;
use report::render;
use results::{EntryRecord, LimitsRecord, ObjectiveRecord, Run};
use verdict::known;

const COMPARISON: &str = "What each transport did, its closed rounds merged";

/// A run of which nine of ten updates have to be there in 10 ms: the one that polls every 100 ms misses that.
fn limited() -> Run {
    let mut run = sample::run(5);
    run.header.objectives = vec![ObjectiveRecord {
        figure: "latency".to_owned(),
        at: Some("p90".to_owned()),
        limits: LimitsRecord { at_most: Some(1e7), ..LimitsRecord::default() },
    }];
    run
}

/// The rows of the decision table, from the first to the last.
fn rows(page: &str) -> Vec<&str> {
    inner(part(page, "run-1-decision"), "<tbody>").split("<tr").skip(1).collect()
}

#[test]
fn limits_and_the_scale_of_costs_stand_in_the_head() {
    let page = render(&[limited()]);
    let head = inner(part(&page, "run-1-decision"), "<thead>").replace('\u{202f}', " ");
    assert!(head.contains(">Latency, p90<small>limit 10.0 ms</small></th>"), "{head}");
    for cost in ["Server CPU", "Memory", "Traffic"] {
        assert!(head.contains(&format!("{cost}<small>20 subscribers</small></th>")), "{cost}: {head}");
    }
    let cells = head.matches("<th scope=\"col\"").count() - 1;
    assert!(rows(&page).iter().all(|row| row.matches("<td").count() == cells), "a cell for each column");
}

#[test]
fn a_missed_limit_is_marked_where_it_was_missed_and_in_the_verdict() {
    let page = render(&[limited()]);
    let missed: Vec<&str> = rows(&page).into_iter().filter(|row| row.contains("bad")).collect();
    let [missed] = missed.as_slice() else { panic!("one row is marked: {missed:?}") };
    assert!(missed.contains("Short polling every 100\u{202f}ms"), "{missed}");
    assert!(missed.contains("<td class=\"verdict bad\">✗ Misses</td><td class=\"bad\">"), "{missed}");
    assert_eq!(missed.matches("bad").count(), 2, "no other figure of it is limited: {missed}");
    let mut wide = limited();
    wide.header.objectives[0].limits.at_most = Some(1e9);
    let page = render(&[wide]);
    assert!(rows(&page).iter().all(|row| !row.contains("<td class=\"bad")), "everybody keeps to a second");
}

#[test]
fn the_recommended_row_is_the_first_and_the_only_one_marked() {
    let page = render(&[limited()]);
    let rows = rows(&page);
    assert!(rows[0].starts_with(" class=\"pick\">") && rows[0].contains("> WebSocket</th>"), "{}", rows[0]);
    assert!(rows[0].contains("<td class=\"verdict ok\">✓ Recommended</td>"), "{}", rows[0]);
    assert!(rows[1..].iter().all(|row| !row.contains("pick") && !row.contains("Recommended")));
    let last = rows.last().unwrap();
    assert!(
        last.starts_with(" class=\"aside-row\">") && last.contains("Raw TCP") && last.contains(">Baseline<")
    );
    // One round recommends nothing.
    assert!(self::rows(&render(&[sample::run(1)])).iter().all(|row| !row.contains("pick")));
}

#[test]
fn costs_are_drawn_with_the_amount_from_which_on_they_matter() {
    let page = render(&[sample::run(5)]);
    let chart = figure(&page, "Server CPU, % of a core").unwrap();
    let floors = percents(attributes(chart, "limit", "x1"));
    let bar = percents(attributes(chart, "bar c0", "width"))[0];
    assert!(floors.len() == 5 && floors.iter().all(|at| *at == floors[0]), "one in each lane: {floors:?}");
    // 5 microseconds for each of 8,000 deliveries a second; 5 % of a core matter.
    assert!((floors[0] / bar - 5.0 / 4.0).abs() < 0.02, "{floors:?} {bar}");
    assert!(chart.contains("a difference of this size matters"));

    let chart = figure(&page, "Server memory, MiB").unwrap().replace('\u{202f}', " ");
    assert!(chart.contains("All far below 64 MiB, from which on a difference matters."), "{chart}");
    assert!(!chart.contains("class=\"limit\"") && !chart.contains("a difference of this size"));
}

#[test]
fn every_known_fact_leads_to_its_sources() {
    let page = render(&[sample::run(2)]);
    let table = part(&page, "known-facts");
    let rows: Vec<&str> = inner(table, "<tbody>").split("<tr>").skip(1).collect();
    assert_eq!(rows.len(), known::FACTS.len());
    for (fact, row) in known::FACTS.iter().zip(rows) {
        assert!(!fact.sources.is_empty() && row.matches("<a ").count() == fact.sources.len(), "{row}");
        for source in fact.sources {
            let link = format!("<a href=\"{}\" rel=\"noreferrer\">", source.url);
            assert_eq!(text(inner(row, &link)), source.title);
        }
        let said = text(row.split_once('>').unwrap().1);
        assert!(said.contains(fact.title) && fact.cells.iter().all(|cell| said.contains(cell)), "{said}");
    }
}

#[test]
fn the_authors_notes_are_paragraphs() {
    let mut run = sample::run(2);
    assert!(!render(std::slice::from_ref(&run)).contains("run-1-notes"));
    run.header.scenario_text +=
        "\n# Analysis (of a run in January):\n#\n# One line\n# & <b>another</b>.\n#\n# * a point\n";
    let page = render(&[run]);
    let notes = part(&page, "run-1-notes");
    let paragraphs: Vec<String> = notes
        .split("<p class=\"prose")
        .skip(1)
        .map(|p| text(p.split_once('>').unwrap().1).trim().to_owned())
        .collect();
    assert_eq!(paragraphs, ["Analysis (of a run in January):", "One line & <b>another</b>.", "* a point"]);
    assert_eq!(notes.matches("<p class=\"prose quiet\">").count(), 1, "of which run they speak");
}

/// The line and the marker before a label in the table of figures.
fn swatch<'a>(page: &'a str, label: &str) -> (&'a str, &'a str) {
    let drawn = inner(row(page, COMPARISON, label), "<svg class=\"swatch\"");
    let line = drawn.split("class=\"line ").nth(1).unwrap().split('"').next().unwrap();
    (line, drawn.split("/><").nth(1).unwrap_or_default())
}

#[test]
fn a_transport_has_its_colour_wherever_it_stands() {
    let expected = [("websocket", "c0"), ("sse", "c1"), ("long-polling", "c2"), ("short-polling", "c3")];
    let run = sample::run(2);
    let mut turned = run.clone();
    turned.header.entries.reverse();
    let mut without_first = run.clone();
    without_first.header.entries.remove(0);
    for (run, skipped) in [(run, 0), (turned, 0), (without_first, 1)] {
        let page = render(std::slice::from_ref(&run));
        for (label, colour) in expected.into_iter().skip(skipped) {
            assert_eq!(swatch(&page, label).0, format!("{colour} d0"), "{label}");
            let points = attributes(
                figure(&page, "Latency by percentile").unwrap(),
                &format!("line {colour} d0"),
                "points",
            );
            assert_eq!(points.len(), 2, "a curve for a desk, and one for a phone: {label}");
        }
        assert_eq!(swatch(&page, "tcp"), ("aside", ""));
    }
}

#[test]
fn entries_of_one_transport_differ_in_dashes_and_marker() {
    let mut run = sample::run(2);
    let again = EntryRecord { label: "sse-tuned".to_owned(), ..run.header.entries[1].clone() };
    run.header.entries.insert(0, again);
    let theirs: Vec<_> = run.accounts.iter().filter(|account| account.label == "sse").cloned().collect();
    run.accounts.extend(
        theirs.into_iter().map(|account| results::Account { label: "sse-tuned".to_owned(), ..account }),
    );
    let page = render(&[run]);
    let (first, second) = (swatch(&page, "sse-tuned"), swatch(&page, "sse"));
    assert_eq!((first.0, second.0), ("c1 d0", "c1 d1"));
    let [first, second] = [first.1, second.1].map(|marker| (marker.contains("class=\"mark c1\""), marker));
    assert!(first.0 && second.0 && first.1 != second.1, "{first:?} {second:?}");
    assert_eq!(swatch(&page, "websocket").0, "c0 d0");
}
