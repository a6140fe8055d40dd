//! Claims and objectives, where a scenario has any.

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

fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"run-1-{id}\"")).expect("the section is there");
    page[from..].split("</section>").next().unwrap_or_default()
}

#[test]
fn every_claim_has_its_answer_in_words_and_its_boundary() {
    let page = render(&[run()]);
    let claims = section(&page, "claims");
    assert!(claims.contains("Of 2 claims that the scenario makes, 1 hold, 1 do not, and of 0"), "{claims}");
    assert!(claims.contains("It is &#60;quick&#62;."), "texts of a scenario are no markup");
    for said in
        ["✓ holds", "✗ does not hold", "nobody: no round of it was closed", "By the model it holds below"]
    {
        assert!(claims.contains(said), "{said}: {claims}");
    }
}

#[test]
fn every_transport_is_held_against_every_objective() {
    let page = render(&[run()]);
    let objectives = section(&page, "objectives");
    for said in ["✓ met", "✗ not met", "needs: plain_http"] {
        assert!(objectives.contains(said), "{said}: {objectives}");
    }
    assert!(page.contains("was found to miss an objective"), "the rule that was applied is printed");
}

#[test]
fn who_claims_and_asks_nothing_sees_nothing_of_it() {
    let page = render(&[sample::run(5)]);
    assert!(!page.contains("-claims\"") && !page.contains("-objectives\""));
    assert!(!page.contains("was found to miss an objective"));
}
