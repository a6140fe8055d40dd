//! The folder of one run: `run.jsonl` and `report.html`.

use crate::clock;
use anyhow::Context;
use results::{Line, Run, write_line};
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The results file in a run's folder.
pub const RESULTS: &str = "run.jsonl";
/// The report in a run's folder.
pub const REPORT: &str = "report.html";

/// A run's folder, open for writing.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    file: File,
    /// Of the whole lines in it.
    length: u64,
}

impl Folder {
    /// Makes a new folder in `out`: of this name, or one of the scenario's and the time.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn create(out: &Path, scenario: &str, name: Option<&str>) -> anyhow::Result<Self> {
        let path = match name {
            None => create_folder(out, scenario)?,
            Some(name) => {
                let path = out.join(name);
                fs::create_dir(&path).with_context(|| format!("failed to make {}", path.display()))?;
                path
            }
        };
        let file = File::create_new(path.join(RESULTS));
        let file = file.with_context(|| format!("failed to write in {}", path.display()))?;
        Ok(Folder { path, file, length: 0 })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line; it is in the file when this returns.
    ///
    /// # Errors
    /// When the disk is full or the folder gone.
    pub fn write(&mut self, line: &Line) -> anyhow::Result<()> {
        let line = write_line(line);
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.flush());
        match &written {
            Ok(()) => self.length += line.len() as u64,
            Err(_) => {
                // Half a line would make the file unreadable if another one came behind it.
                let _ = self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::End(0)));
            }
        }
        written.map_err(|error| {
            anyhow::anyhow!(
                "failed to write {}: {error}; what was measured before is in it: make room, then `pushpull report {}`",
                self.path.join(RESULTS).display(),
                self.path.display()
            )
        })
    }

    /// Reads back what is in the file.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(&self) -> anyhow::Result<Run> {
        read_run(&self.path)
    }

    /// Writes the report, whole or not at all.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_report(&self, html: &str) -> anyhow::Result<()> {
        write_whole(&self.path.join(REPORT), html).map_err(|error| {
            let folder = self.path.display();
            anyhow::anyhow!("{error:#}; the results are kept: make room, then `pushpull report {folder}`")
        })
    }
}

/// Makes a new folder in `out`, named after what is given and the time.
///
/// # Errors
/// When it can't be made.
pub fn create_folder(out: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let time = clock::time_of_day().replace(':', "");
    let stem = format!("{name}-{}", time.trim_end_matches('Z'));
    fs::create_dir_all(out).with_context(|| format!("failed to make the folder {}", out.display()))?;
    for attempt in 1..100 {
        let path = out.join(if attempt == 1 { stem.clone() } else { format!("{stem}-{attempt}") });
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("failed to make {}", path.display())),
        }
    }
    anyhow::bail!("{} holds too many runs of this second", out.display())
}

/// Whether there is a results file where `path` leads: a folder with one in it, or a file of that kind.
#[must_use]
pub fn may_be_run(path: &Path) -> bool {
    if path.is_dir() {
        path.join(RESULTS).is_file()
    } else {
        path.extension().is_none_or(|kind| kind == "jsonl")
    }
}

/// Reads a results file, or the one in a run's folder.
///
/// # Errors
/// When there is none or it can't be read, with what to do about it.
pub fn read_run(path: &Path) -> anyhow::Result<Run> {
    let path = if path.is_dir() { path.join(RESULTS) } else { path.to_owned() };
    let bytes = fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
    Run::read(bytes).with_context(|| format!("failed to read {}", path.display()))
}

/// Writes a file under another name first, so that nobody sees half of it: what was there before stays
/// until the new one is whole.
///
/// # Errors
/// When it can't be written.
pub fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let written = match fs::metadata(path) {
        // A pipe or a device, such as /dev/stdout, can't be replaced by a file and must not be.
        Ok(there) if !there.is_file() => fs::write(path, text),
        Ok(_) => fs::canonicalize(path).and_then(|path| replace(&path, text)),
        Err(_) => replace(path, text),
    };
    written.with_context(|| format!("failed to write {}", path.display()))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}
/// The address of a file as a page has it that lies elsewhere: by steps up and down, so that both can be moved
/// together. None where one of them is not there, or is on another drive.
pub fn relative(file: &Path, page: &Path) -> Option<String> {
    let file = file.canonicalize().ok()?;
    let folder = page.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().ok()?;
    let (to, from): (Vec<_>, Vec<_>) = (file.components().collect(), folder.components().collect());
    let common = to.iter().zip(&from).take_while(|(one, two)| one == two).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - common);
    let down = to[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    (common > 0).then(|| up.chain(down).collect::<Vec<_>>().join("/"))
}
