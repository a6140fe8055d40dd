//! Runs against runs.

use crate::sample::{Lane, dashboard, lane, run, warning};
use results::{Run, Severity, WarningKind};
use verdict::compare::Regression;
use verdict::{Finding, Metric, Refusal, compare};

fn slower(factor: f64) -> Run {
    let lanes: Vec<Lane> =
        dashboard().into_iter().map(|lane| Lane { median_ms: lane.median_ms * factor, ..lane }).collect();
    run(2, 5, &lanes)
}

fn regressed(comparison: &verdict::Comparison) -> Vec<String> {
    comparison.regressions().iter().map(|regression| regression.sentence().replace('\u{202f}', " ")).collect()
}

#[test]
fn the_same_again_is_no_regression() {
    let comparison = compare(&run(1, 5, &dashboard()), &run(2, 5, &dashboard()), None).unwrap();
    assert!(comparison.paired && comparison.notes.is_empty(), "{:?}", comparison.notes);
    assert_eq!(comparison.contrasts.len(), 5 * Metric::ALL.len());
    assert_eq!((regressed(&comparison), comparison.improvements().len()), (vec![], 0));
}

#[test]
fn what_became_slower_is_told_and_what_became_faster_too() {
    let before = run(1, 5, &dashboard());
    let comparison = compare(&before, &slower(1.3), None).unwrap();
    let regressions = regressed(&comparison);
    assert_eq!(regressions.len(), 4, "every transport but the floor: there it is the machine that moved");
    assert!(regressions[0].starts_with("websocket: median latency went from 2.4"), "{regressions:?}");
    assert_eq!(compare(&slower(1.3), &before, None).unwrap().improvements().len(), 5);
    assert_eq!(compare(&before, &slower(1.3), Some(0.5)).unwrap().regressions(), []);
}

#[test]
fn a_new_loss_is_a_regression_whatever_the_margin() {
    let mut lanes = dashboard();
    lanes[1].lost = 1;
    let (whole, lossy) = (run(1, 5, &dashboard()), run(2, 5, &lanes));
    let comparison = compare(&whole, &lossy, Some(10.0)).unwrap();
    let regressions = comparison.regressions();
    assert!(
        matches!(regressions.as_slice(), [Regression::Lost(_, new)] if new.label == "sse"),
        "{regressions:?}"
    );
    let expected = "sse: 4995 of 5000 due updates arrived in 5 of 5 rounds, and 5000 of 5000 due updates arrived in 5 of 5 rounds before.";
    assert_eq!(regressed(&comparison), [expected]);
    assert_eq!(compare(&lossy, &lossy, Some(10.0)).unwrap().regressions(), [], "it was so before");
    assert_eq!(compare(&lossy, &whole, Some(10.0)).unwrap().regressions(), []);

    lanes[1] = Lane { broken: 1, lost: 0, ..lanes[1].clone() };
    let broken = run(2, 5, &lanes);
    assert_eq!(compare(&whole, &broken, Some(10.0)).unwrap().regressions().len(), 1);
}

#[test]
fn comments_do_not_make_another_scenario_and_seeds_do_make_other_rounds() {
    let before = run(1, 5, &dashboard());
    let mut commented = run(2, 5, &dashboard());
    commented.header.scenario_text = "# Another question.\n\nmeasure   =  \"1s\"   # why\n".to_owned();
    assert!(compare(&before, &commented, None).unwrap().paired);

    let mut reseeded = run(2, 5, &dashboard());
    reseeded.accounts.iter_mut().for_each(|account| account.seed += 1_000);
    let comparison = compare(&before, &reseeded, None).unwrap();
    assert!(
        !comparison.paired
            && comparison
                .contrasts
                .iter()
                .all(|contrast| contrast.ratio.is_err() || !contrast.ratio.unwrap().paired)
    );
    assert_eq!(comparison.notes.len(), 1);
    let median =
        comparison.contrasts.iter().find(|contrast| contrast.metric == Metric::MedianLatency).unwrap();
    assert_eq!(median.finding, Finding::NoDifference);

    let mut other = run(2, 5, &dashboard());
    other.header.scenario_text = "measure = \"1s # no comment\"\n".to_owned();
    let notes = compare(&before, &other, None).unwrap().notes;
    assert!(notes[0].contains("scenarios or settings differ"), "{notes:?}");

    let mut longer = run(2, 5, &dashboard());
    longer.header.scenario_text += "rounds = 10\nmargin = \"5%\"\n";
    assert!(compare(&before, &longer, None).unwrap().paired, "no part of the load");
    longer.header.placement = Some("servers on processor 0".to_owned());
    let moved = compare(&before, &longer, None).unwrap();
    assert!(!moved.paired && moved.notes.iter().any(|note| note.contains("placed")), "{:?}", moved.notes);
}

#[test]
fn another_machine_or_build_is_noted() {
    let mut new = run(2, 5, &dashboard());
    new.header.machine.kernel = "6.2".to_owned();
    new.header.machine.cores = 8;
    new.header.machine.governor = Some("powersave".to_owned());
    new.header.tool.revision = Some("abc".to_owned());
    let notes = compare(&run(1, 5, &dashboard()), &new, None).unwrap().notes;
    assert_eq!(notes.len(), 4, "{notes:?}");
    assert!(notes[0].contains("2 before, 8 now"), "{notes:?}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_reason() {
    let good = run(1, 5, &dashboard());
    let refused = |base: &Run, new: &Run| compare(base, new, None).unwrap_err();
    assert_eq!(refused(&run(1, 1, &dashboard()), &good), Refusal::OneRound { which: "first" });
    let mut killed = good.clone();
    killed.end = None;
    assert_eq!(refused(&good, &killed), Refusal::Unfinished { which: "second" });
    let mut invalid = good.clone();
    invalid.warnings.push(warning(WarningKind::Books, Severity::Invalid));
    assert!(matches!(refused(&invalid, &good), Refusal::Invalid { which: "first", .. }));
    let mut stamped = good.clone();
    stamped.header.kernel_stamps = true;
    assert_eq!(refused(&stamped, &good), Refusal::Stamps { which: "first" });
    assert_eq!(refused(&good, &stamped), Refusal::Stamps { which: "second" });
    assert!(compare(&stamped, &stamped, None).is_ok());
    let other = run(1, 5, &[lane("quic", 1.0, 1.0, 1.0)]);
    assert!(refused(&good, &other).to_string().contains("quic in the second"));
}
