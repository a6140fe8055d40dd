//! Several runs on one page.

use crate::markup::{cells, row};
use crate::sample;
use report::{answer, render};
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
    let page = render(&two);
    assert_eq!(page.matches("<h1").count(), 1);
    let index = page.split("<ol class=\"runs\">").nth(1).unwrap().split("</ol>").next().unwrap();
    for (number, run) in two.iter().enumerate() {
        assert!(index.contains(&format!("href=\"#run-{}\"", number + 1)));
        assert!(page.contains(&format!("<article id=\"run-{}\">", number + 1)));
        assert!(index.contains(&answer(run)[0].replace('\'', "&#39;")));
        assert!(index.contains(&run.header.machine.cpu_model) && index.contains(&run.header.started));
    }
    assert!(index.contains("do not use its numbers, 1 invalid"));
}

#[test]
fn one_table_holds_all_runs() {
    let page = render(&runs(3));
    let caption = "Every transport of every run; ratios are to the best of the same run";
    assert_eq!(cells(row(&page, caption, "sse"))[0], "100 %");
    let table = page.split(caption).nth(2).unwrap().split("</table>").next().unwrap();
    assert_eq!(table.matches("<th scope=\"row\">").count(), 15);
    assert!(table.contains("run 3, dashboard; floor, no contestant"));
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
    assert!(!page.contains("Latency by percentile") && page.contains("id=\"run-30-figures\""));
    assert!(render(&runs(4)).contains("Latency by percentile"));
}
