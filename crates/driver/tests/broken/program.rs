//! Running the program and looking at what it said.

use results::Run;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder for one test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pushpull-broken-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// The names of what lies in it, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The folder of the one run below it, in `out`.
    pub fn run_folder(&self) -> Folder {
        let mut runs = std::fs::read_dir(self.0.join("out")).expect("a folder");
        Folder(runs.next().expect("a run").expect("readable").path())
    }

    pub fn run(&self) -> Run {
        let file = std::fs::read(self.0.join("run.jsonl")).expect("results");
        Run::read(file).expect("readable results")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn pushpull() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
    command.stdin(Stdio::null());
    command
}

pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)
}

/// What a program that failed said, and nothing but that.
pub fn complaint(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{:?}: {said}", output.status);
    assert!(said.contains("pushpull: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// Whether the program makes a whole page of a run's folder or file.
pub fn renders(run: &Path) {
    let page = run.with_extension("page.html");
    let output = pushpull().arg("report").arg(run).arg("--out").arg(&page).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&page).expect("a page");
    assert!(text.trim_end().ends_with("</html>"), "a whole page");
    std::fs::remove_file(page).expect("it was there");
}
