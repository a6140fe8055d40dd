//! Several runs on one page.

use crate::markup::{cells, inner, row, text};
use crate::sample;
use report::{answer, render, render_linked};
use results::{Run, Severity, Warning, WarningKind};

fn runs(count: usize) -> Vec<Run> {
    (0..count).map(|_| sample::run(2)).collect()
}

#[test]
fn every_run_is_listed_with_its_answer_and_leads_to_its_page() {
    let mut two = runs(2);
    two[1].header.scenario_name = "other".to_owned();
    two[1].header.machine.cpu_model = "Other CPU".to_owned();
    let warning = sample::warning(WarningKind::Clock, None, "the clock jumped", "look");
    two[1].warnings.push(Warning { severity: Severity::Invalid, ..warning });
    let page = render_linked(&two, &["first.html", "second.html"].map(|page| Some(page.to_owned())));
    assert_eq!(page.matches("<h1").count(), 1);
    assert!(!page.contains("<article"), "a run has a page of its own");
    let listed: Vec<&str> = inner(&page, "<ol class=\"runs\">").split("<li>").skip(1).collect();
    assert_eq!(listed.len(), two.len());
    for ((listed, run), page) in listed.iter().zip(&two).zip(["first", "second"]) {
        assert_eq!(text(inner(listed, &format!("<a href=\"{page}.html\">"))), answer(run)[0]);
        assert_eq!(text(inner(listed, "<p class=\"quiet\">")), run.header.question);
        for said in
            [&run.header.scenario_name, &run.header.machine.cpu_model, &"2 Jan 2026, 03:04 UTC".to_owned()]
        {
            assert!(listed.contains(said.as_str()), "{said}: {listed}");
        }
    }
    assert!(listed[1].contains("do not use its numbers, 1 invalid") && !listed[0].contains("do not use"));
    let alone = render(&two);
    let index = inner(&alone, "<ol class=\"runs\">");
    assert!(
        !index.contains("<a ") && index.contains(&answer(&two[0])[0]),
        "without addresses nothing leads anywhere"
    );
}

#[test]
fn one_table_holds_all_runs() {
    let page = render(&runs(3));
    let caption = "Every transport of every run; ratios are to the best of the same run";
    assert_eq!(cells(row(&page, caption, "sse"))[0], "100 %");
    let table = page.split(caption).nth(2).unwrap().split("</table>").next().unwrap();
    assert_eq!(table.matches("<th scope=\"row\">").count(), 15);
    assert!(table.contains("run 3, dashboard; baseline"));
}

#[test]
fn a_run_is_held_against_an_earlier_one_of_the_same_scenario() {
    let mut three = vec![sample::run(5), sample::run(5), sample::run(5)];
    for account in &mut three[1].accounts {
        account.steady.bytes_in *= 2;
    }
    three[2].header.scenario_name = "other".to_owned();
    let page = render(&three);
    assert!(page.contains("Against run 1: websocket: "), "twice the bytes are a difference");
    assert_eq!(page.matches("Against run").count(), 1);
    assert!(render(&runs(2)).contains("Against run 1: no difference beyond 10\u{202f}% was found."));
}

#[test]
fn many_runs_are_answers_and_figures_without_charts() {
    let page = render(&runs(30));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(!page.contains("Latency by percentile") && !page.contains("<article"));
    assert_eq!(inner(&page, "<ol class=\"runs\">").matches("<li>").count(), 30);
    assert!(page.contains("run 30, dashboard") && !page.contains("No runs"));
    assert!(render(&runs(1)).contains("Latency by percentile"));
}
