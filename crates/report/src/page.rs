//! The page: views of runs, and the template that prints them.

mod run;
mod several;

use askama::Template;
use results::Run;
use run::RunView;
use several::Several;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    several: Option<Several>,
    runs: Vec<RunView<'a>>,
}

/// More runs than this are listed with their answers and figures alone, or the page would be too large to
/// send and too long to read.
const MOST_IN_FULL: usize = 4;

pub(crate) fn render(runs: &[Run]) -> String {
    let (level, full) = (if runs.len() == 1 { 1 } else { 2 }, runs.len() <= MOST_IN_FULL);
    let views: Vec<RunView> =
        runs.iter().enumerate().map(|(index, run)| RunView::of(run, index + 1, level, full)).collect();
    let title = match views.as_slice() {
        [] => "No runs".to_owned(),
        [run] => run.question.to_owned(),
        runs => format!("{} runs", runs.len()),
    };
    let several = (runs.len() > 1).then(|| Several::of(runs));
    Page { title, several, runs: views }.render().expect("a template writes into a string")
}
