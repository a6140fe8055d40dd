//! Pages of stored runs: `pushpull report` and `pushpull open`.

use super::say;
use super::scenarios::Wrong;
use crate::cli::{OpenArgs, ReportArgs};
use crate::{files, found, opener};
use results::Run;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Renders a page of one run, or of several.
pub fn report(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let out = args.out.as_deref().map(page_at).transpose()?;
    let mut paths = Vec::new();
    for path in &args.runs {
        match found::runs_of(path) {
            // A shell's `results/*` finds other things too.
            Ok(runs) if args.runs.len() == 1 || runs.iter().all(|run| files::may_be_run(run)) => {
                paths.extend(runs)
            }
            Err(error) if args.runs.len() == 1 => return Err(error),
            _ => {
                let _ =
                    writeln!(std::io::stderr(), "pushpull: {} is no run, so it is left out", path.display());
            }
        }
    }
    let runs = paths.into_iter().map(|path| Ok((files::read_run(&path)?, path)));
    let mut runs = runs.collect::<anyhow::Result<Vec<_>>>()?;
    if args.runs.len() == 1 {
        // A folder names no order.
        runs.sort_by(|(a, _), (b, _)| a.header.started.cmp(&b.header.started));
    }
    let out = out.unwrap_or_else(|| match &args.runs[..] {
        [one] if one.is_dir() => one.join(files::REPORT),
        [one] => one.with_file_name(files::REPORT),
        _ => files::REPORT.into(),
    });
    let pages = if runs.len() > 1 { own_pages(&runs, &out)? } else { Vec::new() };
    let runs: Vec<Run> = runs.into_iter().map(|(run, _)| run).collect();
    files::write_whole(&out, &::report::render_linked(&runs, &pages))
        .map_err(|error| anyhow::anyhow!("{error:#}; --out FILE writes it elsewhere"))?;
    say(format_args!("{}", out.display()));
    Ok(ExitCode::SUCCESS)
}

/// The addresses of the runs' own pages, as the index has them. A page that is not there is made.
fn own_pages(runs: &[(Run, PathBuf)], index: &Path) -> anyhow::Result<Vec<Option<String>>> {
    let page = |(run, path): &(Run, PathBuf)| {
        let folder = if path.is_dir() { path.clone() } else { path.with_file_name("") };
        let page = folder.join(files::REPORT);
        if !page.is_file() {
            files::write_whole(&page, &::report::render(std::slice::from_ref(run)))?;
        }
        Ok(files::relative(&page, index))
    };
    runs.iter().map(page).collect()
}

/// Where `--out` puts a page: a file that can be seen to be one, a folder that is there, a pipe or a device.
fn page_at(out: &Path) -> Result<PathBuf, Wrong> {
    let is_page =
        out.extension().and_then(OsStr::to_str).is_some_and(|kind| kind.eq_ignore_ascii_case("html"));
    match std::fs::metadata(out) {
        Ok(there) if there.is_dir() => Ok(out.join(files::REPORT)),
        Ok(there) if !there.is_file() => Ok(out.to_owned()),
        _ if is_page => Ok(out.to_owned()),
        _ => Err(Wrong::new(format!(
            "--out: found {}, needed is a file that ends in .html, or a folder that is there",
            out.display()
        ))),
    }
}

/// Opens the report of the newest run, or of a given one.
pub fn open(args: &OpenArgs) -> anyhow::Result<ExitCode> {
    let page = match &args.run {
        Some(run) => found::page_of(run)?,
        None => found::newest_page(&args.out)?,
    };
    say(format_args!("{}", page.display()));
    if let Err(trouble) = opener::open(&page) {
        say(format_args!("not opened: {trouble}. Any browser shows the file above."));
    }
    Ok(ExitCode::SUCCESS)
}
