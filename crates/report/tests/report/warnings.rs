//! What speaks against figures: told after the answer, told once, and seen in the cells that it is about.

use crate::markup::{cells, inner, row};
use crate::sample;
use report::{render, warnings};
use results::{Run, Severity, Warning, WarningKind};

const COMPARISON: &str = "What each transport did, its closed rounds merged";

fn doubtful(severity: Severity) -> Run {
    let mut run = sample::run(2);
    let warning = sample::warning(WarningKind::PublisherLate, Some("sse"), "it sent 4 ms late", "pin it");
    run.warnings.push(Warning { severity, ..warning });
    run
}

#[test]
fn a_caution_greys_what_it_spoils_and_says_why() {
    let page = render(&[doubtful(Severity::Caution)]);
    let sse = row(&page, COMPARISON, "sse");
    let [p50, server] = [1, 5].map(|at: usize| cells(sse)[at].clone());
    assert!(p50.starts_with('~') && p50.contains(" a | ×"), "{p50}");
    assert!(!server.contains('~'), "lateness spoils no cost: {server}");
    assert!(sse.contains("<td class=\"doubtful\">"));
    assert!(page.contains("<sup>a</sup> publisher late: see the warnings"));
    assert!(!row(&page, COMPARISON, "websocket").contains("doubtful"));
}

#[test]
fn a_note_greys_nothing() {
    let page = render(&[doubtful(Severity::Note)]);
    assert!(!row(&page, COMPARISON, "sse").contains("doubtful"));
    assert!(page.contains("<li class=\"note\"><span class=\"class\">note</span>"));
}

#[test]
fn what_is_about_all_figures_is_a_line_and_no_mark() {
    const FOOTNOTE: &str = "</sup> other programs on the machine: see the warnings";
    let busy = |label| sample::warning(WarningKind::HostBusy, label, "others were busy", "stop them");
    let mut run = sample::run(2);
    run.warnings = vec![busy(None)];
    let page = render(&[run.clone()]);
    assert!(page.contains("others were busy") && !page.contains(FOOTNOTE));
    assert!(!row(&page, COMPARISON, "sse").contains("doubtful"));
    run.warnings = sample::SHAPES.iter().map(|shape| busy(Some(shape.label))).collect();
    assert!(!row(&render(&[run.clone()]), COMPARISON, "sse").contains("doubtful"), "all of them, one by one");
    run.warnings.truncate(2);
    assert!(render(&[run]).contains(FOOTNOTE), "of two, it is told which");
}

#[test]
fn figures_not_to_be_used_are_called_so_before_anything_else() {
    let mut run = sample::run(2);
    let warning = sample::warning(WarningKind::Books, Some("sse"), "the books do not balance", "report it");
    run.warnings.push(Warning { severity: Severity::Invalid, ..warning });
    let page = render(&[run]);
    let body = page.split("<article").nth(1).unwrap().split_once('>').unwrap().1;
    let text: String = body.split('<').filter_map(|piece| Some(piece.split_once('>')?.1.trim())).collect();
    assert!(
        text.starts_with("Do not use these numbers: sse, round 1: the books do not balance."),
        "{text:.200}"
    );
    // Above the answer with the reason, and as the answer; a third time in what may be copied.
    assert_eq!(inner(&page, "<h1 class=\"headline\">"), "Do not use these numbers.");
    let read = page.split("<div hidden>").next().unwrap();
    assert_eq!(read.matches("Do not use these numbers").count(), 2);
    assert!(!read.contains("class=\"said\""), "and no sentence of the answer repeats it");
    assert!(!render(&[sample::run(2)]).contains("Do not use these numbers"));
}

#[test]
fn warnings_come_after_the_answer_with_their_advice() {
    let page = render(&[doubtful(Severity::Caution)]);
    let told = "<p><strong>Publisher late</strong> <span class=\"about\">(sse, round 1)</span>: it sent 4 ms late. <em>Pin it.</em>";
    let at = |markup: &str| page.find(markup).unwrap_or_else(|| panic!("{markup} is there"));
    assert!(at("<h1 class=\"headline\">") < at(told) && at("id=\"run-1-decision\"") < at(told));
    assert!(at(told) < at("id=\"run-1-evidence\""));
    // That there are any is said before the first figure.
    let short = inner(&page, "<p class=\"conf warns\">");
    assert!(short.contains(&warnings::one_line(&doubtful(Severity::Caution))), "{short}");
    assert!(short.contains("<a href=\"#run-1-warnings\">Warnings</a>") && at("conf warns") < at("<table"));
}

#[test]
fn the_same_warning_about_many_is_one_line() {
    let mut run = sample::run(5);
    for round in [0, 1, 2, 4] {
        for label in ["websocket", "sse", "tcp"] {
            let warning = sample::warning(WarningKind::PublisherLate, Some(label), "it was late", "pin it");
            run.warnings.push(Warning { round: Some(round), ..warning });
        }
    }
    let page = render(&[run]);
    assert_eq!(page.matches("<strong>Publisher late</strong>").count(), 1);
    assert!(page.contains("(websocket, sse and tcp, rounds 1 to 3 and 5)"));
}

/// Notes of so many kinds, in words of their own.
fn noted(count: usize) -> Run {
    let mut run = sample::run(2);
    let note = |text: &str| Warning {
        severity: Severity::Note,
        ..sample::warning(WarningKind::Other, None, text, "look")
    };
    run.warnings =
        ["one", "two", "three", "four", "five", "six", "seven"][..count].iter().copied().map(note).collect();
    run
}

#[test]
fn a_long_list_is_folded() {
    assert!(!render(&[noted(6)]).contains("<details><summary>6 notes."));
    assert!(render(&[noted(7)]).contains("<details><summary>7 notes.</summary>"));
}

#[test]
fn one_line_counts_and_names_what_may_change_the_answer() {
    assert_eq!(warnings::one_line(&sample::run(2)), "No warnings.");
    assert_eq!(warnings::one_line(&noted(1)), "1 note.");
    let mut run = noted(2);
    assert_eq!(warnings::one_line(&run), "2 notes.");
    let busy = sample::warning(WarningKind::HostBusy, None, "others used 10 % of the CPU", "stop them");
    run.warnings.push(Warning { round: Some(0), ..busy.clone() });
    assert_eq!(warnings::one_line(&run), "1 caution: others used 10 % of the CPU in round 1. 2 notes.");
    run.warnings.push(sample::warning(WarningKind::PublisherLate, Some("sse"), "it was late", "pin it"));
    assert_eq!(warnings::one_line(&run), "2 cautions, 2 notes.");
    run.header.disturbances = vec!["all connections break".to_owned()];
    run.warnings =
        vec![sample::warning(WarningKind::ConnectionsMissing, Some("sse"), "2 came again", "look")];
    assert_eq!(warnings::one_line(&run), "No warnings, 1 expected by the scenario.");
}

#[test]
fn lines_of_text_come_worst_first() {
    let mut run = noted(1);
    run.warnings.push(sample::warning(WarningKind::PublisherLate, Some("sse"), "it was late", "pin it"));
    assert_eq!(
        warnings::lines(&run),
        ["caution: Publisher late (sse, round 1): it was late; pin it", "note: Warning: one; look"]
    );
}
