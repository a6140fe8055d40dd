//! A Chromium without a window, one process per question.

use std::env;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What it is called, here and there.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const ON_A_MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Files that the tests write lie here, and stay for whoever wants to look.
const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// So long may it take; a second or two is usual.
const PATIENCE: Duration = Duration::from_secs(120);

const FLAGS: &[&str] = &[
    "--headless",
    // It opens nothing but what these tests wrote, and where tests run as root there is no sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--v=0",
    "--window-size=1440,900",
];

/// A program that can show a page.
pub struct Chromium {
    program: PathBuf,
}

/// A page as it was printed.
pub struct Printed {
    pub pdf: PathBuf,
    /// What came to the browser's console meanwhile.
    pub console: Vec<String>,
}

impl Chromium {
    /// The one of the environment's `CHROME`, or the first in the path.
    ///
    /// None where there is none, after saying so. With `CI` set there has to be one.
    pub fn find() -> Option<Chromium> {
        let wanted = env::var_os("CHROME").filter(|name| !name.is_empty()).map(PathBuf::from);
        let program = match wanted {
            Some(wanted) => {
                Some(in_path(&wanted).unwrap_or_else(|| panic!("CHROME is {wanted:?}: no such program")))
            }
            None => NAMES.iter().chain(&[ON_A_MAC]).find_map(|name| in_path(Path::new(name))),
        };
        if program.is_none() {
            not_checked("no Chromium (install chromium, or name one with CHROME)");
            assert!(!in_ci(), "no Chromium, and CI is set: the report would go unchecked");
        }
        program.map(|program| Chromium { program })
    }

    /// The document that became of a page and its scripts.
    pub fn dump(&self, name: &str, html: &str) -> String {
        let (page, profile) = write(name, html);
        self.ask(&page, &profile, "--dump-dom".to_owned()).0
    }

    /// Prints a page, opened from disk as a reader opens it.
    pub fn print(&self, name: &str, html: &str) -> Printed {
        let (page, profile) = write(name, html);
        let pdf = page.with_extension("pdf");
        let (_, log) = self.ask(&page, &profile, format!("--print-to-pdf={}", pdf.display()));
        let console = log.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect();
        Printed { pdf, console }
    }

    /// What it wrote and what it logged, once it has ended by itself.
    fn ask(&self, page: &Path, profile: &Path, task: String) -> (String, String) {
        let mut child = Command::new(&self.program)
            .args(FLAGS)
            .args([
                task,
                "--no-pdf-header-footer".to_owned(),
                format!("--user-data-dir={}", profile.display()),
            ])
            .arg(format!("file://{}", page.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("failed to start {}: {error}", self.program.display()));
        let out = to_its_end(child.stdout.take().unwrap());
        let log = to_its_end(child.stderr.take().unwrap());
        let answer = out.recv_timeout(PATIENCE).and_then(|out| Ok((out, log.recv_timeout(PATIENCE)?)));
        let Ok((out, log)) = answer else {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{} did not end within {PATIENCE:?} on {}", self.program.display(), page.display());
        };
        let status = child.wait().unwrap();
        assert!(
            status.success(),
            "{} failed with {status} on {}:\n{log}",
            self.program.display(),
            page.display()
        );
        (out, log)
    }
}

/// Where a program is, by its name or by its path.
pub fn in_path(name: &Path) -> Option<PathBuf> {
    if name.components().count() > 1 {
        return name.is_file().then(|| name.to_owned());
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Says what was left out, also when the test passes.
pub fn not_checked(why: &str) {
    // Written past the macros, whose output tests capture.
    std::io::stderr().write_all(format!("not checked: {why}\n").as_bytes()).unwrap();
}

fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// A file of its own, and a folder for the browser's profile.
fn write(name: &str, html: &str) -> (PathBuf, PathBuf) {
    let folder = Path::new(FOLDER).join("browser").join(name);
    // A profile left by an earlier process would answer for this one.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let page = folder.join("page.html");
    fs::write(&page, html).unwrap();
    (page, folder.join("profile"))
}

/// Reads on a thread of its own: a pipe that nobody empties would hold the browser up.
fn to_its_end(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}
