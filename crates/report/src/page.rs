//! The page: views of runs, and the template that prints them.

mod run;
mod several;

use crate::{facts, growth};
use askama::Template;
use results::Run;
use run::RunView;
use several::Several;
use verdict::Growth;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    /// What the runs have in common, where they are a series.
    growth: Option<growth::View>,
    question: Option<&'a str>,
    several: Option<Several>,
    runs: Vec<RunView<'a>>,
    facts: facts::Known,
}

/// The page of one run, or the index of several: `pages` are the addresses of their own pages, in their order.
pub(crate) fn render(runs: &[Run], pages: &[Option<String>]) -> String {
    match Growth::of(runs) {
        None => page(runs, pages, None),
        Some(growth) => {
            // In the order of the key's values, in whichever they were given.
            let in_order: Vec<Run> = growth.steps.iter().map(|step| runs[step.run].clone()).collect();
            let pages: Vec<Option<String>> =
                growth.steps.iter().map(|step| pages.get(step.run).cloned().flatten()).collect();
            let growth = Growth::of(&in_order);
            page(&in_order, &pages, growth.as_ref())
        }
    }
}

fn page(runs: &[Run], pages: &[Option<String>], series: Option<&Growth>) -> String {
    let views: Vec<RunView> = match runs {
        [run] => vec![RunView::of(run, 1, 1)],
        _ => Vec::new(),
    };
    let title = match (series, views.as_slice()) {
        (Some(growth), _) => format!("How cost grows with {}", growth.key),
        (None, [run]) => format!("{} \u{2013} {}", run.title, run.name),
        (None, _) if runs.is_empty() => "No runs".to_owned(),
        (None, _) => format!("{} runs", runs.len()),
    };
    let several = (runs.len() > 1).then(|| Several::of(runs, pages, series));
    let question = series.and(runs.first()).map(run::question);
    let growth = series.map(|growth| growth::view(growth, runs));
    let facts = facts::known();
    Page { title, growth, question, several, runs: views, facts }
        .render()
        .expect("a template writes into a string")
}
