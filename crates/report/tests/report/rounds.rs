//! Rounds: what each gave, what ratios they allow, and what the control says of them.

use crate::markup::{attributes, cells, figure, inner, percents, row, text};
use crate::sample;
use report::{answer, render, summary};
use results::{EntryRecord, Mode, Run, WarningKind};

const COMPARISON: &str = "What each transport did, its closed rounds merged";

fn page(run: &Run) -> String {
    render(std::slice::from_ref(run))
}

fn break_down(run: &mut Run, label: &str, from_round: u32) {
    run.accounts.retain(|account| account.label != label || account.round < from_round);
}

/// A run apart in which sse runs twice.
fn controlled() -> Run {
    let mut run = sample::run(5);
    let sse = run.header.entries[1].clone();
    run.header.entries.push(EntryRecord {
        label: "sse-again".to_owned(),
        control_of: Some("sse".to_owned()),
        ..sse
    });
    let theirs: Vec<_> = run.accounts.iter().filter(|account| account.label == "sse").cloned().collect();
    run.accounts.extend(
        theirs.into_iter().map(|account| results::Account { label: "sse-again".to_owned(), ..account }),
    );
    run.header.modes = vec![Mode::Apart];
    run.accounts.iter_mut().for_each(|account| account.mode = Mode::Apart);
    run
}

#[test]
fn the_answer_is_the_verdicts() {
    let run = sample::run(5);
    let page = page(&run);
    let sentences = answer(&run);
    assert!(sentences.len() > 2, "{sentences:?}");
    assert_eq!(text(inner(&page, "<h1 class=\"headline\">")), sentences[0]);
    assert_eq!(text(inner(&page, "<p class=\"said\">")), sentences[1..].join(" "));
    assert_eq!(
        text(inner(&page, "<title>")),
        format!("{} – dashboard – pushpull", sentences[0].trim_end_matches('.'))
    );
    assert_eq!(text(inner(&page, "<p class=\"q\">")), run.header.question);
    assert!(page.contains(verdict::RULE));
}

#[test]
fn ratios_stand_below_the_figures_where_rounds_allow() {
    let p50 = |run: &Run, label: &str| cells(row(&page(run), COMPARISON, label))[1].clone();
    assert!(p50(&sample::run(5), "websocket").ends_with(" | lowest"));
    assert!(p50(&sample::run(5), "sse").contains(" | ×1.07 ["), "{}", p50(&sample::run(5), "sse"));
    assert!(!p50(&sample::run(5), "tcp").contains('×'), "the floor is no contestant");
    assert!(!p50(&sample::run(1), "sse").contains('×'), "one round has no interval");
    assert_eq!(figure(&page(&sample::run(1)), "Median latency, to the lowest"), None);
}

#[test]
fn every_round_is_a_dot() {
    let page = page(&sample::run(5));
    let chart = figure(&page, "Median and tail of each round").unwrap();
    assert_eq!(chart.matches("class=\"mark c0\" cx=\"0\"").count(), 5);
    assert_eq!(chart.matches("class=\"hollow c0\"").count(), 5);
    assert_eq!(page.matches("<td class=\"plain\">5</td><td class=\"plain\">100").count(), 4);
}

#[test]
fn the_control_is_the_noise_floor_and_no_contestant() {
    let run = controlled();
    let page = page(&run);
    let chart = figure(&page, "Median latency, to the lowest").unwrap();
    assert!(chart.contains("sse to itself (control)") && chart.contains("is the noise floor"));
    let at = percents(attributes(chart, "whisker aside", "x1"));
    let one = percents(attributes(chart, "same", "x1"));
    assert!((at[0] - one[0]).abs() < 0.1, "it repeats sse exactly: {at:?} {one:?}");
    assert!(!figure(&page, "Server time per delivery").unwrap().contains("sse-again"));
    assert!(page.contains("control: sse once more"));
    assert_eq!(summary(&run)[5][0], "sse-again (control)");
}

#[test]
fn together_beside_apart_shows_interference() {
    let mut run = sample::run(5);
    assert!(!page(&run).contains("measured one after the other and all at once"));
    let apart = run.accounts.to_vec();
    run.accounts.extend(apart.into_iter().map(|account| results::Account { mode: Mode::Apart, ..account }));
    run.header.modes = vec![Mode::Together, Mode::Apart];
    let page = page(&run);
    let caption = "Latency from due, measured one after the other and all at once";
    let cells = cells(row(&page, caption, "sse"));
    assert!(page.contains("figures are of those one after the other"));
    assert_eq!((&cells[0], cells[4].starts_with("×1.00 [")), (&cells[2], true), "{cells:?}");
}

#[test]
fn who_broke_down_is_not_passed_over() {
    let mut run = sample::run(5);
    break_down(&mut run, "sse", 1);
    assert!(page(&run).contains("<span class=\"quiet\">closed 1 of 5 rounds</span>"));
    assert_eq!(summary(&run)[1][0], "sse (1 of 5 rounds)");
    assert_eq!(summary(&run)[4][0], "tcp (floor)");
    break_down(&mut run, "sse", 0);
    assert_eq!(summary(&run)[1][0], "sse (0 of 5 rounds)");
}

#[test]
fn a_run_without_an_end_began_the_rounds_that_it_mentions() {
    let mut run = sample::run(3);
    (run.end, run.header.rounds) = (None, 9);
    assert_eq!(summary(&run)[0][0], "websocket");
    run.warnings.push(results::Warning {
        round: Some(3),
        ..sample::warning(WarningKind::ChildDied, Some("sse"), "It died.", "Look.")
    });
    assert_eq!(summary(&run)[0][0], "websocket (3 of 4 rounds)");
}

#[test]
fn a_round_that_was_cut_short_is_left_out_and_named() {
    let mut run = sample::run(2);
    run.accounts.iter_mut().filter(|account| account.round == 1).for_each(|account| account.complete = false);
    let rendered = page(&run);
    assert!(rendered.contains("closed 1 of 2 rounds; what was cut short is left out"));
    assert!(rendered.contains("<span class=\"quiet\">cut short</span>"), "in the table of rounds");
    assert_eq!(summary(&run)[0][1..], summary(&sample::run(1))[0][1..]);

    run.accounts.retain(|account| !account.complete);
    assert!(page(&run).contains("closed 0 of 2 rounds; all that there is was cut short"));
}
