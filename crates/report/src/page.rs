//! The page: views of runs, and the template that prints them.

mod run;
mod several;

use crate::growth;
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
}

/// More runs than this are listed with their answers and figures alone, or the page would be too large to
/// send and too long to read.
const MOST_IN_FULL: usize = 4;

pub(crate) fn render(runs: &[Run]) -> String {
    match Growth::of(runs) {
        None => page(runs, None),
        Some(growth) => {
            // In the order of the key's values, in whichever they were given.
            let in_order: Vec<Run> = growth.steps.iter().map(|step| runs[step.run].clone()).collect();
            let growth = Growth::of(&in_order);
            page(&in_order, growth.as_ref())
        }
    }
}

fn page(runs: &[Run], series: Option<&Growth>) -> String {
    let level = if runs.len() == 1 { 1 } else { 2 };
    let full = runs.len() <= MOST_IN_FULL && series.is_none();
    let views: Vec<RunView> =
        runs.iter().enumerate().map(|(index, run)| RunView::of(run, index + 1, level, full)).collect();
    let title = match (series, views.as_slice()) {
        (Some(growth), _) => format!("How cost grows with {}", growth.key),
        (None, []) => "No runs".to_owned(),
        (None, [run]) => run.question.to_owned(),
        (None, runs) => format!("{} runs", runs.len()),
    };
    let several = (runs.len() > 1).then(|| Several::of(runs, series));
    let question = series.and(runs.first()).map(run::question);
    let growth = series.map(|growth| growth::view(growth, runs));
    Page { title, growth, question, several, runs: views }.render().expect("a template writes into a string")
}
