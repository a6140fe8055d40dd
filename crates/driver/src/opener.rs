//! A page, shown by whatever the system shows pages with.

use crate::clock;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// How long an opener may take to say that it failed. One that goes on for longer is a browser.
const PATIENCE_NS: u64 = 3_000_000_000;
const STEP_NS: u64 = 20_000_000;

/// What opens a page on this system.
#[cfg(target_os = "macos")]
const OPENER: &[&str] = &["open"];
#[cfg(target_os = "windows")]
const OPENER: &[&str] = &["cmd", "/C", "start", ""];
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENER: &[&str] = &["xdg-open"];

/// Opens a page.
///
/// # Errors
/// Why nothing opened it, as a fragment.
pub fn open(page: &Path) -> Result<(), String> {
    let spawned = Command::new(OPENER[0])
        .args(&OPENER[1..])
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match spawned {
        Ok(child) => trouble(child).map_or(Ok(()), Err),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(format!("there is no {} here", OPENER[0])),
        Err(error) => Err(format!("{}: {error}", OPENER[0])),
    }
}

fn trouble(mut child: Child) -> Option<String> {
    let end_ns = clock::now_ns() + PATIENCE_NS;
    while clock::now_ns() < end_ns {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(status)) => return Some(format!("{} failed ({status})", OPENER[0])),
            Ok(None) => clock::block_until(clock::now_ns() + STEP_NS),
            Err(error) => return Some(error.to_string()),
        }
    }
    None
}
