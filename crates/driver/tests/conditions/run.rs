//! Runs, as their user makes them.

use results::{Account, Run};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Five subscribers and an update ten times a second.
pub const HEAD: &str = "warm_up = \"500ms\"\ndrain = \"6s\"\nidle_connections = 0\n[subscribers]\ncount = 5\nramp = \"100ms\"\n\
                    [[topic]]\nname = \"tick\"\nevery = \"100ms\"\nbody = \"90B\"\n";
/// Nothing here waits for long: neither a held poll nor a client that hears nothing.
pub const LIVE: &str = "[[transport]]\nuse = \"websocket\"\nheartbeat = \"200ms\"\npatience = \"200ms\"\n\
                    [[transport]]\nuse = \"sse\"\nheartbeat = \"200ms\"\npatience = \"200ms\"\n\
                    [[transport]]\nuse = \"long-polling\"\nhold = \"1s\"\npatience = \"200ms\"\n\
                    [[transport]]\nuse = \"short-polling\"\ninterval = \"100ms\"\npatience = \"500ms\"\n";
pub const FLOOR: &str = "[[transport]]\nuse = \"tcp\"\nheartbeat = \"200ms\"\npatience = \"200ms\"\n";

static ALONE: Mutex<()> = Mutex::new(());

pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str, text: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("pushpull-conditions-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        std::fs::write(path.join("scenario.toml"), text).expect("written");
        Folder(path)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
        command.arg("run").arg(self.0.join("scenario.toml")).arg("--out").arg(self.0.join("out"));
        command
    }

    /// The run, and its page.
    pub fn run(&self) -> (Run, String) {
        // Times are held against each other: one run at a time, in this process.
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let output = self.command().output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let made = std::fs::read_dir(self.0.join("out")).expect("a folder").next().expect("a run");
        let made = made.expect("readable").path();
        let names: Vec<_> = std::fs::read_dir(&made).expect("a folder").collect();
        assert_eq!(names.len(), 2, "a proxy's folder goes with it: {names:?}");
        let run =
            Run::read(std::fs::read(made.join("run.jsonl")).expect("results")).expect("readable results");
        assert_eq!(run.accounts.len(), run.header.entries.len(), "{:?}", run.warnings);
        (run, std::fs::read_to_string(made.join("report.html")).expect("a report"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn run(name: &str, question: &str, parts: &[&str]) -> (Run, String) {
    Folder::new(name, &format!("# {question}\n{}", parts.concat())).run()
}

/// Whether a proxy can be put between. Where it is not installed the test says what it leaves out, and fails if CI is set.
pub fn has(program: &str) -> bool {
    let is_there = ["/usr/sbin", "/usr/local/sbin", "/usr/bin"]
        .iter()
        .any(|place| std::path::Path::new(place).join(program).is_file());
    assert!(is_there || std::env::var_os("CI").is_none(), "{program} is not installed");
    if !is_there {
        // Writing to the standard error fails where nobody reads it.
        let _ = writeln!(std::io::stderr(), "left out: {program} is not installed");
    }
    is_there
}

/// Whether links of packets can be made. Where they can't the test says so, and fails if CI is set.
pub fn has_links() -> bool {
    let missing = link::missing();
    assert!(missing.is_none() || std::env::var_os("CI").is_none(), "{missing:?}");
    if let Some(missing) = &missing {
        let _ = writeln!(std::io::stderr(), "left out: this needs {missing}");
    }
    missing.is_none()
}

/// Nothing is missing, twice, damaged or out of order.
pub fn whole(account: &Account) {
    let books = &account.ledger.books;
    let label = &account.label;
    assert!(
        account.complete && books.expected > 0 && books.delivered == books.expected,
        "{label}: {books:?}"
    );
    let beside = [books.duplicated, books.reordered, books.damaged, books.unknown, books.gaps];
    assert_eq!(beside, [0; 5], "{label}: {books:?}");
}

/// Whether the server brings updates without being asked.
pub fn pushes(account: &Account) -> bool {
    !account.label.contains("polling")
}
