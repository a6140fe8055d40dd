//! What speaks against figures: told first, told once, and seen in the cells.

use crate::markup::{cells, row};
use crate::sample;
use report::render;
use results::{Run, Severity, Warning, WarningKind};

const COMPARISON: &str = "What each transport did, its closed rounds merged";

fn doubtful(severity: Severity) -> Run {
    let mut run = sample::run(2);
    let warning = sample::warning(WarningKind::PublisherLate, Some("sse"), "it sent 4 ms late", "pin it");
    run.warnings.push(Warning { severity, ..warning });
    run
}

#[test]
fn a_doubt_greys_what_it_spoils_and_says_why() {
    let page = render(&[doubtful(Severity::Caution)]);
    let sse = row(&page, COMPARISON, "sse");
    let [p50, server] = [1, 5].map(|at: usize| cells(sse)[at].clone());
    assert!(p50.starts_with('~') && p50.contains(" a | ×"), "{p50}");
    assert!(!server.contains('~'), "lateness spoils no cost: {server}");
    assert!(sse.contains("<td class=\"doubtful\">"));
    assert!(page.contains("<sup>a</sup> publisher late: see the doubts"));
    assert!(!row(&page, COMPARISON, "websocket").contains("doubtful"));
}

#[test]
fn a_note_greys_nothing() {
    let page = render(&[doubtful(Severity::Note)]);
    assert!(!row(&page, COMPARISON, "sse").contains("doubtful"));
    assert!(page.contains("<li class=\"note\"><strong>Publisher late:</strong> it sent 4 ms late."));
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
    assert_eq!(page.matches("Do not use these numbers").count(), 1);
    assert!(!render(&[sample::run(2)]).contains("Do not use these numbers"));
}

#[test]
fn doubts_come_before_figures_and_with_their_advice() {
    let page = render(&[doubtful(Severity::Caution)]);
    let told = "<li class=\"doubt\"><strong>Publisher late:</strong> it sent 4 ms late. \
        <span class=\"about\">(sse, round 1)</span> <em>Pin it.</em>";
    assert!(page.find(told).unwrap() < page.find("<table").unwrap());
    assert!(page.find("class=\"answer\"").unwrap() < page.find(told).unwrap());
}

#[test]
fn the_same_doubt_about_many_is_one_entry() {
    let mut run = sample::run(5);
    for round in 0..5 {
        for label in ["websocket", "sse", "long-polling", "tcp"] {
            let message = if label == "tcp" { "it was 9 ms late" } else { "it was 4 ms late" };
            let warning = sample::warning(WarningKind::PublisherLate, Some(label), message, "pin it");
            run.warnings.push(Warning { round: Some(round), ..warning });
        }
    }
    let page = render(&[run]);
    assert_eq!(page.matches("<strong>Publisher late:</strong>").count(), 1);
    let all = "rounds 1, 2, 3, 4 and 5";
    assert!(page.contains(&format!("(websocket, sse and long-polling, {all})")));
    assert!(page.contains("1 more of this kind") && page.contains(&format!("tcp, {all}: it was 9 ms late.")));
}

#[test]
fn a_doubt_about_all_says_so() {
    let mut run = sample::run(2);
    for shape in sample::SHAPES {
        run.warnings.push(sample::warning(
            WarningKind::HostBusy,
            Some(shape.label),
            "others were busy",
            "stop them",
        ));
    }
    assert!(render(&[run]).contains("(every transport, round 1)"));
}

#[test]
fn worse_doubts_come_first() {
    let mut run = sample::run(2);
    let warning = |severity, message| Warning {
        severity,
        ..sample::warning(WarningKind::Other, None, message, "look")
    };
    run.warnings = vec![warning(Severity::Note, "a note"), warning(Severity::Caution, "a doubt")];
    let page = render(&[run]);
    assert!(page.find("a doubt.").unwrap() < page.find("a note.").unwrap());
}
