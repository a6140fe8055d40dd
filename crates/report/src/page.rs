//! The page: views of runs, and the template that prints them.

use crate::chart::{self, Chart};
use crate::doubts::{self, Doubt};
use crate::facts::{self, Fact};
use crate::table::{Cell, Table};
use crate::{answer, comparison, ledgers, models, rounds, standing};
use askama::Template;
use results::Run;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    runs: Vec<RunView<'a>>,
}

/// What the template prints of one run.
struct RunView<'a> {
    /// Makes the identifiers of its elements unique on the page.
    number: usize,
    /// Of the heading that is its question: 1 when it has the page to itself.
    level: u8,
    question: &'a str,
    name: &'a str,
    started: &'a str,
    unfinished: Option<String>,
    answer: Vec<String>,
    doubts: Vec<Doubt<'a>>,
    comparison: Table,
    chart: Option<Chart>,
    models: Option<Table>,
    assumptions: Vec<(String, String)>,
    books: Table,
    harness: Table,
    rounds: Option<Table>,
    machine: Vec<Fact>,
    method: Vec<Fact>,
    settings: Vec<(&'a str, String)>,
    scenario_text: &'a str,
    command: &'a str,
}

pub(crate) fn render(runs: &[Run]) -> String {
    let level = if runs.len() == 1 { 1 } else { 2 };
    let views: Vec<RunView> =
        runs.iter().enumerate().map(|(index, run)| view(index + 1, level, run)).collect();
    let title = match views.as_slice() {
        [] => "No runs".to_owned(),
        [run] => run.question.to_owned(),
        runs => format!("{} runs", runs.len()),
    };
    Page { title, runs: views }.render().expect("a template writes into a string")
}

fn view(number: usize, level: u8, run: &Run) -> RunView<'_> {
    let standings = standing::of(run);
    let header = &run.header;
    let owned = |(label, text): (&str, &str)| (label.to_owned(), text.to_owned());
    RunView {
        number,
        level,
        question: match header.question.trim() {
            "" => &header.scenario_name,
            question => question,
        },
        name: &header.scenario_name,
        started: &header.started,
        unfinished: doubts::unfinished(run),
        answer: answer::sentences(run, &standings),
        doubts: doubts::doubts(run),
        comparison: comparison::table(&standings),
        chart: chart::latency(&standings),
        models: models::table(&standings),
        assumptions: models::assumptions(&standings).into_iter().map(owned).collect(),
        books: ledgers::books(&standings),
        harness: ledgers::harness(&standings),
        rounds: rounds::table(run),
        machine: facts::machine(header),
        method: facts::method(header),
        settings: facts::settings(header),
        scenario_text: &header.scenario_text,
        command: &header.command,
    }
}

/// For the template, which can't reach a function.
impl RunView<'_> {
    fn rule(&self) -> String {
        answer::rule()
    }
}
