//! A scenario that claims and asks, run as its user runs it.

use results::Run;
use std::path::PathBuf;
use std::process::{Command, Output};

const TEXT: &str = r#"# Which transport tells ten people within a tenth of a second?

warm_up = "200ms"
measure = "1s"
rounds = 2
idle_connections = 0

[subscribers]
count = 10
ramp = "100ms"

[[topic]]
name = "beat"
every = "50ms"
body = "64B"

[[transport]]
use = "websocket"

[[transport]]
use = "short-polling"
interval = "1s"

[needs]
live = true

[[objective]]
figure = "latency"
at = "p50"
at_most = "100ms"

[[objective]]
figure = "lost"
at_most = 0

[[claim]]
says = "Polling once a second comes a tenth of a second later, at least."
boundary = "transport.short-polling.interval"
checks = [{ figure = "latency", of = "short-polling", against = "websocket", at_least = "100ms" }]
"#;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("pushpull-advise-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    fn pushpull(&self, text: &str, arguments: &[&str]) -> Output {
        let file = self.0.join("asking.toml");
        std::fs::write(&file, text).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushpull"));
        command.args(&arguments[..1]).arg(&file).args(&arguments[1..]).arg("--out").arg(self.0.join("out"));
        command.output().expect("the program starts")
    }

    fn run(&self) -> Run {
        let mut runs = std::fs::read_dir(self.0.join("out")).expect("a folder");
        let folder = runs.next().expect("a run").expect("readable").path();
        Run::read(std::fs::read(folder.join("run.jsonl")).expect("results")).expect("readable results")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn advice_is_the_answer_alone_and_the_file_holds_what_was_asked() {
    let folder = Folder::new("answer");
    let output = folder.pushpull(TEXT, &["advise"]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.starts_with("Which transport tells ten people") && !said.contains("delivered"), "{said}");
    let header = folder.run().header;
    assert_eq!((header.claims.len(), header.objectives.len(), header.needs.len()), (1, 2, 1));
    let boundary = header.claims[0].boundary.as_ref().expect("the model knows it");
    // Half of an interval of 200 ms is the tenth of a second.
    assert!(boundary.at_ns.abs_diff(200_000_000) < 1_000_000 && !boundary.holds_below, "{boundary:?}");
    assert!(header.entries.iter().all(|entry| entry.can("live")));
}

#[test]
fn an_objective_that_nobody_meets_is_an_exit_code() {
    let folder = Folder::new("missed");
    // A count is exact, so this turns on no machine.
    let impossible = TEXT.replace("at_most = 0", "at_least = 1000");
    let output = folder.pushpull(&impossible, &["run", "--objectives"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("objectives: no transport is recommended"),
        "{}",
        text(&output.stderr)
    );
}
