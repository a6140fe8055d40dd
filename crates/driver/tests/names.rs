//! What can be done without a file of one's own: scenarios by name, lists, and results where they lie.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RUN: &[u8] = include_bytes!("../../results/tests/fixtures/version-1.jsonl");

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pushpull-names-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    /// Runs the program in this folder.
    fn pushpull(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
        command.current_dir(&self.0).args(arguments).output().expect("the program starts")
    }

    /// A stored run that began at this time.
    fn store(&self, name: &str, started: &str) -> PathBuf {
        let run = self.0.join(name);
        std::fs::create_dir_all(&run).expect("a folder");
        let text = String::from_utf8_lossy(RUN);
        let (before, rest) = text.split_once("\"started\":\"").expect("a header");
        let (_, after) = rest.split_once('"').expect("a header");
        let text = format!("{before}\"started\":\"{started}\"{after}");
        std::fs::write(run.join("run.jsonl"), text).expect("written");
        run
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name);
    std::fs::read_to_string(path).expect("a scenario")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn mistake(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_name_is_a_scenario_unless_a_file_has_it() {
    let folder = Folder::new("name");
    let by_name =
        said(&folder.pushpull(&["check", "dashboard", "conditions/lossy-link", "scenarios/form.toml"]));
    for begin in ["dashboard: websocket", "conditions/lossy-link: websocket", "scenarios/form.toml: http"] {
        assert!(by_name.lines().any(|line| line.starts_with(begin)), "{begin}: {by_name}");
    }
    // A folder of that name is in nobody's way, a file is what was asked for.
    std::fs::create_dir(folder.0.join("growth")).expect("a folder");
    said(&folder.pushpull(&["check", "growth"]));
    std::fs::write(folder.0.join("dashboard"), "measure = 1\n").expect("written");
    assert!(mistake(&folder.pushpull(&["check", "dashboard"])).contains("dashboard:1:1"));
}

#[test]
fn an_unknown_name_says_what_was_looked_for_and_what_was_meant() {
    let folder = Folder::new("unknown");
    for command in [
        vec!["run", "dashbord"],
        vec!["check", "dashbord"],
        vec!["capacity", "dashbord"],
        vec!["advise", "dashbord"],
    ] {
        let said = mistake(&folder.pushpull(&command));
        for part in ["`dashbord` is neither a file nor", "did you mean `dashboard`?", "`pushpull scenarios`"]
        {
            assert!(said.contains(part), "{part} is missing in: {said}");
        }
    }
    let said = mistake(&folder.pushpull(&["scenarios", "lossylink"]));
    assert!(said.contains("no shipped scenario") && said.contains("`lossy-link`"), "{said}");
}

#[test]
fn a_run_by_name_says_how_it_is_repeated() {
    let folder = Folder::new("repeat");
    said(&folder.pushpull(&[
        "run",
        "smoke",
        "--set",
        "measure=300ms",
        "--transports",
        "tcp",
        "--set",
        "idle_connections=0",
    ]));
    let run = std::fs::read_dir(folder.0.join("results"))
        .expect("a folder")
        .next()
        .expect("a run")
        .expect("readable");
    assert!(run.file_name().to_string_lossy().starts_with("smoke-"), "{run:?}");
    let file = std::fs::read(run.path().join("run.jsonl")).expect("results");
    let header = results::Run::read(file).expect("readable").header;
    assert_eq!(
        header.command,
        "pushpull run smoke --set measure=300ms --set idle_connections=0 --transports tcp"
    );
    assert_eq!(header.scenario_name, "smoke");
    // And what was measured is found again without its name.
    assert!(said(&folder.pushpull(&["answer"])).starts_with(&header.question));
}

#[test]
fn shipped_scenarios_are_listed_and_printed_as_they_are() {
    let folder = Folder::new("list");
    let list = said(&folder.pushpull(&["scenarios"]));
    for line in ["features", "conditions", "published"] {
        assert!(list.lines().any(|other| other == line), "{line}: {list}");
    }
    assert!(list.contains("  lossy-link  ") && !list.contains('\u{1b}'), "{list}");
    assert_eq!(said(&folder.pushpull(&["scenarios", "dashboard"])), shipped("dashboard.toml"));
    assert_eq!(said(&folder.pushpull(&["scenarios", "soak"])), shipped("conditions/soak.toml"));
    let json: serde_json::Value =
        serde_json::from_str(&said(&folder.pushpull(&["scenarios", "--json"]))).expect("JSON");
    let all = json.as_array().expect("a list");
    assert!(all.len() > 30 && all.iter().all(|one| one["question"].as_str().is_some_and(|it| it.len() > 10)));
    assert!(said(&folder.pushpull(&["scenarios", "--color", "always"])).contains('\u{1b}'));
}

#[test]
fn transports_and_figures_are_listed_by_their_new_names_and_the_old() {
    let folder = Folder::new("lists");
    let transports = said(&folder.pushpull(&["transports"]));
    assert!(transports.contains("short-polling") && transports.contains("interval = \"1s\""), "{transports}");
    assert_eq!(said(&folder.pushpull(&["list"])), transports);
    assert!(said(&folder.pushpull(&["figures"])).contains("first-chunk"));
    for list in ["transports", "figures"] {
        let json: serde_json::Value =
            serde_json::from_str(&said(&folder.pushpull(&[list, "--json"]))).expect("JSON");
        assert!(json.as_array().is_some_and(|all| all.len() > 4), "{list}");
    }
}

#[test]
fn old_spellings_of_flags_are_understood() {
    let folder = Folder::new("old");
    for old in [
        vec!["run", "dashbord", "--objectives"],
        vec!["advise", "dashbord", "--objectives"],
        vec!["capacity", "dashbord", "--from", "10", "--most", "20", "--steps", "2"],
    ] {
        assert!(mistake(&folder.pushpull(&old)).contains("did you mean `dashboard`"), "{old:?}");
    }
    let run = folder.store("one", "2026-01-01T00:00:00Z");
    for flag in ["--to", "--out"] {
        let out = folder.0.join(flag);
        said(&folder.pushpull(&[
            "export",
            run.to_str().expect("UTF-8"),
            &format!("{flag}={}", out.display()),
        ]));
        assert!(out.join("summary.json").is_file(), "{flag}");
    }
}

#[test]
fn a_folder_of_runs_is_a_list_of_them() {
    let folder = Folder::new("folder");
    folder.store("results/a", "2026-01-02T00:00:00Z");
    folder.store("results/b", "2026-01-01T00:00:00Z");
    std::fs::create_dir(folder.0.join("results/nothing")).expect("a folder");
    assert_eq!(said(&folder.pushpull(&["report", "results"])).trim(), "results/report.html");
    let page = std::fs::read_to_string(folder.0.join("results/report.html")).expect("a page");
    said(&folder.pushpull(&["report", "results/b", "results/a", "--out", "both.html"]));
    let both = std::fs::read_to_string(folder.0.join("both.html")).expect("a page");
    assert!(page.contains("href=\"a/report.html\"") && both.contains("href=\"results/a/report.html\""));
    assert_eq!(page, both.replace("href=\"results/", "href=\""), "in the order of time");
    assert!(folder.0.join("results/a/report.html").is_file(), "each run has its own page");
    assert!(mistake(&folder.pushpull(&["report", "results/nothing"])).contains("holds no run"));
}

#[test]
fn a_page_is_put_where_it_is_seen_to_be_one() {
    let folder = Folder::new("page");
    folder.store("a", "2026-01-02T00:00:00Z");
    let said_so = mistake(&folder.pushpull(&["report", "a", "--out", "index"]));
    assert!(
        said_so.contains("--out") && said_so.contains(".html") && !folder.0.join("index").exists(),
        "{said_so}"
    );
    std::fs::create_dir(folder.0.join("there")).expect("a folder");
    said(&folder.pushpull(&["report", "a", "--out", "there"]));
    assert!(folder.0.join("there/report.html").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn the_newest_report_is_opened_also_in_a_series() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("open");
    let (bin, opened) = (folder.0.join("bin"), folder.0.join("opened"));
    std::fs::create_dir(&bin).expect("a folder");
    let open = |arguments: &[&str]| {
        let _ = std::fs::remove_file(&opened);
        let output = Command::new(env!("CARGO_BIN_EXE_pushpull"))
            .current_dir(&folder.0)
            .env("PATH", format!("{}:/bin:/usr/bin", bin.display()))
            .arg("open")
            .args(arguments)
            .output()
            .expect("the program starts");
        (output, std::fs::read_to_string(&opened).unwrap_or_default().trim().to_owned())
    };
    let script = bin.join("xdg-open");
    std::fs::write(&script, format!("#!/bin/sh\necho \"$1\" > '{}'\n", opened.display())).expect("written");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("executable");

    assert!(mistake_or_failure(&open(&[]).0).contains("nothing was run here yet"));
    let pages = |run: &Path| std::fs::write(run.join("report.html"), "<html></html>").expect("written");
    pages(&folder.store("results/z-old", "2026-01-01T00:00:00Z"));
    let newer = folder.store("results/a-new", "2026-01-03T00:00:00Z");
    assert!(mistake_or_failure(&open(&[]).0).contains("pushpull report results/a-new"));
    pages(&newer);
    assert_eq!(open(&[]).1, "results/a-new/report.html");
    assert_eq!(open(&["results/z-old"]).1, "results/z-old/report.html");
    assert_eq!(open(&["results/z-old/run.jsonl"]).1, "results/z-old/report.html");
    folder.store("results/series/count-10", "2026-01-04T00:00:00Z");
    pages(&folder.0.join("results/series"));
    assert_eq!(open(&[]).1, "results/series/report.html");
    assert_eq!(open(&["results"]).1, "results/series/report.html");

    std::fs::write(&script, "#!/bin/sh\nexit 3\n").expect("written");
    let output = open(&[]).0;
    let told = said(&output);
    assert!(told.starts_with("results/series/report.html\nnot opened: xdg-open failed"), "{told}");
}

#[cfg(target_os = "linux")]
fn mistake_or_failure(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_shell_gets_completions_and_manual_pages() {
    let folder = Folder::new("shell");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = said(&folder.pushpull(&["completions", shell]));
        assert!(text.contains("rebaseline") && text.contains("require-objectives"), "{shell}");
    }
    said(&folder.pushpull(&["man", "pages/man1"]));
    for page in ["pushpull.1", "pushpull-run.1", "pushpull-scenarios.1"] {
        let text = std::fs::read_to_string(folder.0.join("pages/man1").join(page)).expect("a page");
        assert!(text.contains(".TH"), "{page}");
    }
    assert!(!folder.0.join("pages/man1/pushpull-worker.1").exists(), "what is hidden has no page");
}

#[test]
fn help_is_plain_where_nobody_wants_colour() {
    let folder = Folder::new("colour");
    let text = said(&folder.pushpull(&["--help", "--color", "never"]));
    assert!(text.contains("\nAnswer:\n") && !text.contains('\u{1b}'), "{text}");
    assert!(said(&folder.pushpull(&["--color=always", "--help"])).contains('\u{1b}'));
}

#[test]
fn a_scenario_is_written_once_and_passes_its_check() {
    let folder = Folder::new("init");
    let kinds = ["dashboard", "notifications", "ticker", "chat", "ai-answer", "form", "telemetry", "game"];
    for kind in kinds {
        let file = format!("{kind}.toml");
        said(&folder.pushpull(&["init", kind, "--users", "5000", "--rtt", "80ms", "--out", &file]));
        assert!(said(&folder.pushpull(&["check", &file])).contains(&format!("{file}: ")), "{kind}");
    }
    let before = std::fs::read(folder.0.join("chat.toml")).expect("written");
    assert!(
        mistake(&folder.pushpull(&["init", "form", "--out", "chat.toml"]))
            .contains("nothing is written over it")
    );
    assert_eq!(std::fs::read(folder.0.join("chat.toml")).expect("still there"), before);
}

#[test]
fn without_a_terminal_defaults_are_used_and_flags_are_heard() {
    let folder = Folder::new("flags");
    let text = said(&folder.pushpull(&["init"]));
    assert!(text.starts_with("# A dashboard") && text.contains("users = 200\n"), "{text}");
    let text = said(&folder.pushpull(&[
        "init",
        "ticker",
        "--users",
        "5000",
        "--updates",
        "2/s",
        "--limit",
        "500ms",
        "--rtt",
        "80ms",
        "--clients-send",
    ]));
    for part in ["users = 5000\n", "poisson = \"0.2/s\"", "beyond 500ms", "delay = \"40ms\"", "[[post]]"] {
        assert!(text.contains(part), "{part} is missing in: {text}");
    }
    for wrong in [["--updates", "2"], ["--limit", "500"], ["--rtt", "1h"], ["--users", "0"]] {
        assert!(mistake(&folder.pushpull(&["init", wrong[0], wrong[1]])).contains(wrong[0]), "{wrong:?}");
    }
    let said = mistake(&folder.pushpull(&["init", "chat", "--clients-send"]));
    assert!(said.contains("belongs to dashboard, notifications, ticker"), "{said}");
}

#[test]
fn a_run_begins_with_how_long_it_takes_and_tells_each_kind_of_warning_once() {
    let folder = Folder::new("warnings");
    let output = folder.pushpull(&[
        "run",
        "smoke",
        "--rounds",
        "2",
        "--set",
        "measure=300ms",
        "--set",
        "idle_connections=0",
    ]);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{complaint}");
    let first = complaint.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("smoke: websocket") && first.contains("; about ") && first.ends_with(" s"),
        "{first}"
    );
    let run = std::fs::read_dir(folder.0.join("results"))
        .expect("a folder")
        .next()
        .expect("a run")
        .expect("readable");
    let run =
        results::Run::read(std::fs::read(run.path().join("run.jsonl")).expect("results")).expect("readable");
    let kinds: std::collections::BTreeSet<_> = run.warnings.iter().map(|warning| warning.kind).collect();
    let told = complaint.lines().filter(|line| line.starts_with("warning: ")).count();
    assert_eq!(told, kinds.len(), "{complaint}");
    let all = format!("{} warnings: the report has all", run.warnings.len());
    assert_eq!(complaint.contains(&all), run.warnings.len() > kinds.len(), "{complaint}");
}
