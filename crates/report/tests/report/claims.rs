//! Claims and objectives, where a scenario has any.

use crate::markup::{part, text};
use crate::sample;
use report::render;
use results::{BoundaryRecord, CheckRecord, ClaimRecord, LimitsRecord, ObjectiveRecord, Run};

fn check(of: &str, at_most: f64) -> CheckRecord {
    CheckRecord {
        figure: "latency".to_owned(),
        at: Some("p50".to_owned()),
        of: of.to_owned(),
        against: None,
        limits: LimitsRecord { at_most: Some(at_most), ..LimitsRecord::default() },
    }
}

fn claim(says: &str, checks: Vec<CheckRecord>) -> ClaimRecord {
    let boundary = BoundaryRecord { key: "network.delay".to_owned(), at_ns: 118_000_000, holds_below: true };
    ClaimRecord { says: says.to_owned(), checks, boundary: Some(boundary), model: None }
}

fn run() -> Run {
    let mut run = sample::run(5);
    let label = run.header.entries[0].label.clone();
    run.header.claims = vec![
        claim("It is <quick>.", vec![check(&label, 3.6e12)]),
        claim("It is no slower than light.", vec![check(&label, 1.0), check("nobody", 1.0)]),
    ];
    run.header.objectives = vec![ObjectiveRecord {
        figure: "latency".to_owned(),
        at: Some("p50".to_owned()),
        limits: LimitsRecord { at_most: Some(3.6e12), ..LimitsRecord::default() },
    }];
    run.header.needs = vec!["plain_http".to_owned()];
    run.header.entries[0].abilities = Some(vec!["live".to_owned()]);
    run
}

#[test]
fn every_claim_has_its_answer_in_words_and_its_boundary() {
    let page = render(&[run()]);
    let claims = part(&page, "run-1-claims");
    assert!(
        claims.contains("<h2>Claims <span class=\"quiet\">1 confirmed, 1 refuted</span></h2>"),
        "{claims}"
    );
    assert!(claims.contains("It is &#60;quick&#62;."), "texts of a scenario are no markup");
    // In the list and in the table of checks, in which one of two checks decides.
    for (said, times) in [
        ("✓ confirmed", 2),
        ("✗ refuted", 3),
        ("? inconclusive", 1),
        ("nobody: no round of it was closed", 1),
        ("By the model it holds below", 2),
    ] {
        assert_eq!(claims.matches(said).count(), times, "{said}: {claims}");
    }
}

#[test]
fn every_transport_is_held_against_every_objective() {
    let page = render(&[run()]);
    let objectives = part(&page, "run-1-objectives");
    for said in ["✓ met", "✗ not met", "needs: plain_http"] {
        assert!(objectives.contains(said), "{said}: {objectives}");
    }
    let result = text(objectives.split("</summary>").next().unwrap().split_once('>').unwrap().1);
    assert_eq!(result, "Limits 4 met, 1 without what is needed", "what a reader of the closed part learns");
    assert!(text(part(&page, "run-1-again")).contains(verdict::RULE), "the rule that was applied is printed");
}

#[test]
fn who_claims_and_asks_nothing_sees_nothing_of_it() {
    let page = render(&[sample::run(5)]);
    assert!(!page.contains("-claims\"") && !page.contains("-objectives\""));
    assert!(!page.contains("The checks behind each claim") && !page.contains("Limits, and which transports"));
}
