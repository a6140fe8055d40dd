//! What stands above several runs: which they are, and what each says.

use super::run::question;
use crate::doubts;
use results::Run;
use verdict::Verdict;

pub(super) struct Several {
    pub title: String,
    pub runs: Vec<Listed>,
}

/// A run in a line or two.
pub(super) struct Listed {
    pub number: usize,
    pub question: String,
    pub name: String,
    pub started: String,
    pub machine: String,
    pub answer: String,
    /// How much speaks against it; empty where nothing does.
    pub warned: String,
}

impl Several {
    pub fn of(runs: &[Run]) -> Self {
        let listed = |(index, run): (usize, &Run)| Listed {
            number: index + 1,
            question: question(run).to_owned(),
            name: run.header.scenario_name.clone(),
            started: run.header.started.clone(),
            machine: format!("{}, {} cores", run.header.machine.cpu_model, run.header.machine.cores),
            answer: Verdict::of(run).sentences.swap_remove(0),
            warned: warned(run),
        };
        Several {
            title: format!("{} runs", runs.len()),
            runs: runs.iter().enumerate().map(listed).collect(),
        }
    }
}

fn warned(run: &Run) -> String {
    let unfinished = (!run.is_complete()).then(|| "did not finish".to_owned());
    let invalid = verdict::doubts::first_line(run).map(|_| "do not use its numbers".to_owned());
    let doubts = match doubts::doubts(run).len() {
        0 => None,
        1 => Some("one doubt".to_owned()),
        many => Some(format!("{many} doubts")),
    };
    [invalid, unfinished, doubts].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
