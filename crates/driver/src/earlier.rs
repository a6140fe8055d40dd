//! What the last stored run of the same scenario answered.

use crate::{files, found};
use results::{Header, Previous, Run};
use std::path::{Path, PathBuf};
use verdict::Decision;

/// More folders than this are not looked into.
const MOST: usize = 20;

/// The answer of the newest finished run of the same scenario and changes in a folder, but for this one. None where
/// there is none, or nothing of it can be read: a run must not fail for what lies beside it.
pub fn answer(out: &Path, own: &Path, header: &Header) -> Option<Previous> {
    let stem = format!("{}-", header.scenario_name);
    let is_alike = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        path != own && name.is_some_and(|name| name.starts_with(&stem))
    };
    // Names end in when a run began.
    let mut folders: Vec<PathBuf> = found::runs_in(out).ok()?.into_iter().filter(is_alike).collect();
    folders.sort();
    let runs = folders.iter().rev().take(MOST).filter_map(|folder| files::read_run(folder).ok());
    runs.into_iter().find(|run| is_same(run, header)).map(|run| {
        let decision = Decision::of(&run);
        Previous {
            started: run.header.started.clone(),
            class: decision.class().into_iter().map(str::to_owned).collect(),
            headline: decision.headline(),
        }
    })
}

fn is_same(run: &Run, header: &Header) -> bool {
    let other = &run.header;
    run.is_complete()
        && other.scenario_name == header.scenario_name
        && other.changes == header.changes
        && other.started < header.started
}
