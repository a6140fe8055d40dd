//! One scenario at several values of a key.

use results::Run;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pushpull-vary-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn pushpull(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pushpull")).args(arguments).output().expect("the program starts")
}

fn smoke() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/smoke.toml");
    path.to_str().expect("UTF-8").to_owned()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

#[test]
fn each_value_is_a_run_and_all_of_them_are_a_page() {
    let folder = Folder::new("page");
    let (smoke, out) = (smoke(), folder.0.to_str().expect("UTF-8"));
    let output = pushpull(&[
        "run",
        &smoke,
        "--vary",
        "subscribers.count=6,3",
        "--set",
        "measure=500ms",
        "--transports",
        "websocket,tcp",
        "--out",
        out,
    ]);
    let (said, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{complaint}");
    assert!(said.contains("How cost grows with subscribers.count"), "{said}");
    let [series] = &entries(&folder.0)[..] else { panic!("one folder") };
    assert!(
        series
            .file_name()
            .is_some_and(|name| { name.to_string_lossy().starts_with("smoke-by-subscribers-count-") })
    );
    let run = |name: &str| {
        let bytes = std::fs::read(series.join(name).join("run.jsonl")).expect("results");
        Run::read(bytes).expect("readable")
    };
    let (three, six) = (run("count-3"), run("count-6"));
    assert_eq!((three.header.subscribers, six.header.subscribers), (3, 6));
    assert!(three.header.changes.contains(&"subscribers.count = 3".to_owned()));
    assert!(three.header.command.contains("--set subscribers.count=3"), "{}", three.header.command);
    // The first to run alone looks at idle connections.
    assert!(six.idle.is_some() && three.idle.is_none());

    let page = std::fs::read_to_string(series.join("report.html")).expect("a page");
    assert!(page.contains("<h1>How cost grows with subscribers.count</h1>"));
    assert!(page.contains("href=\"count-3/report.html\""), "the index leads to the runs");
    // Beside the first one, so that addresses are the same.
    let again = series.join("again.html");
    let runs = ["count-6", "count-3"].map(|name| series.join(name).to_str().expect("UTF-8").to_owned());
    let rendered = pushpull(&["report", &runs[1], &runs[0], "--out", again.to_str().expect("UTF-8")]);
    assert!(rendered.status.success());
    assert_eq!(std::fs::read_to_string(again).expect("a page"), page, "whatever the order");
}

#[test]
fn all_values_are_checked_before_the_first_runs() {
    let folder = Folder::new("wrong");
    let out = folder.0.join("out");
    for (vary, said) in [
        ("subscribers.count=10,0", "allowed is 1"),
        ("subscribers.count=10", "one value shows no growth"),
        ("subscribers.count=10,10", "are the same"),
        ("subscribers.count=10,1s", "not of one kind"),
        ("order=apart,together", "`apart` is no value that can grow"),
        ("subscribers.cuont=1,2", "did you mean `count`"),
        ("transport.tpc.nodelay=1,2", "tcp"),
        ("=1,2", "needed is KEY=A,B"),
    ] {
        let output = pushpull(&["run", &smoke(), "--vary", vary, "--out", out.to_str().expect("UTF-8")]);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{vary}: {complaint}");
        assert!(complaint.contains(said), "{vary}: {complaint}");
    }
    let both = ["--vary", "subscribers.count=1,2", "--set", "subscribers.count=3"];
    let output = pushpull(&[["run", smoke().as_str()].as_slice(), &both].concat());
    assert_eq!(output.status.code(), Some(2));
    let many = ["--vary", "subscribers.count=1,900000", "--out", out.to_str().expect("UTF-8")];
    let output = pushpull(&[["run", smoke().as_str()].as_slice(), &many].concat());
    assert_eq!(output.status.code(), Some(1), "a machine's limit is no mistake of the scenario");
    assert!(String::from_utf8_lossy(&output.stderr).contains("lower subscribers.count"));
    assert!(!out.exists(), "nothing was started");
}
