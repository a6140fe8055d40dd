//! Stored runs, where a person names one, a folder of them, or none.

use crate::commands::scenarios::Wrong;
use crate::files::{REPORT, RESULTS};
use anyhow::Context;
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// More of a first line than this is no header.
const HEADER_BYTES: u64 = 8 << 20;

/// The runs that a path means: itself if it is one, else those of the folders in it, in the order of their names.
///
/// # Errors
/// When it is a folder that can't be read, or one with no run.
pub fn runs_of(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() || path.join(RESULTS).is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let found = runs_in(path)?;
    if found.is_empty() {
        let shown = path.display();
        let wrong = format!("{shown} holds no run: neither a {RESULTS} nor a folder with one");
        return Err(Wrong::new(wrong).into());
    }
    Ok(found)
}

/// The folders in a folder that hold a results file, in the order of their names.
///
/// # Errors
/// When it can't be read.
pub fn runs_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folders = folders(folder)?;
    Ok(folders.into_iter().filter(|path| path.join(RESULTS).is_file()).collect())
}

fn folders(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    Ok(found)
}

/// The run that began last, of those in a folder and in the series in it.
///
/// # Errors
/// When the folder can't be read, or holds no run.
pub fn newest(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut all = runs_in(folder).map_err(|error| anyhow::anyhow!("{error:#}; nothing was run here yet"))?;
    for series in folders(folder)? {
        // A folder that may not be read hides no run of this user's.
        all.extend(runs_in(&series).unwrap_or_default());
    }
    let newest = all.into_iter().filter_map(|run| Some((started(&run)?, run))).max();
    newest.map(|(_, run)| run).ok_or_else(|| {
        Wrong::new(format!("{} holds no run; `pushpull run dashboard` makes one", folder.display())).into()
    })
}

/// When a run began, as its header says: in UTC, so that the order of the texts is that of the times.
fn started(run: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Started {
        started: String,
    }
    let mut line = String::new();
    BufReader::new(File::open(run.join(RESULTS)).ok()?.take(HEADER_BYTES)).read_line(&mut line).ok()?;
    serde_json::from_str::<Started>(&line).ok().map(|header| header.started)
}

/// The page that a person wants to see of a path: the file itself, a run's report, a series' page, or the newest in
/// a folder of runs.
///
/// # Errors
/// When there is none.
pub fn page_of(path: &Path) -> anyhow::Result<PathBuf> {
    if path.is_file() {
        let is_results = path.file_name().is_some_and(|name| name == RESULTS);
        return if is_results { there(path.with_file_name(REPORT)) } else { Ok(path.to_owned()) };
    }
    if path.join(REPORT).is_file() || path.join(RESULTS).is_file() {
        return there(path.join(REPORT));
    }
    newest_page(path)
}

/// The page of the newest run in a folder; of a run in a series, that of the series.
///
/// # Errors
/// When there is none.
pub fn newest_page(folder: &Path) -> anyhow::Result<PathBuf> {
    let run = newest(folder)?;
    let series = run.parent().filter(|parent| *parent != folder).map(|parent| parent.join(REPORT));
    series.filter(|page| page.is_file()).map_or_else(|| there(run.join(REPORT)), Ok)
}

fn there(page: PathBuf) -> anyhow::Result<PathBuf> {
    match (page.is_file(), page.parent()) {
        (false, Some(folder)) => {
            let folder = folder.display();
            Err(Wrong::new(format!("{folder} has no {REPORT}; `pushpull report {folder}` makes it")).into())
        }
        _ => Ok(page),
    }
}
