//! Scenarios that are none. What the parser says to each mistake stands in its own tests; here is what
//! becomes of it on the way out.

use crate::program::{Folder, complaint, pushpull, shipped};
use scenario::Scenario;

const RIGHT: &str = "# Which one?\nmeasure = \"5s\"\n[subscribers]\ncount = 2\n[[topic]]\nname = \"t\"\n\
                     every = \"1s\"\nbody = \"100B\"\n[[transport]]\nuse = \"sse\"\n";

/// What is put for what in [`RIGHT`], the place that is named, and a part of what is said.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    ("measure =", "measure", ":2:", "no TOML"),
    ("[[topic]]", "[[topic]", ":5:", "no TOML"),
    ("# Which one?", "# \u{7}", ":1:", "no TOML"),
    ("measure", "mesure", ":2:", "did you mean `measure`?"),
    ("[subscribers]", "[subscriber]", ":3:", "did you mean `subscribers`?"),
    ("use =", "usse =", ":10:", "did you mean `use`?"),
    ("\"sse\"", "\"see\"", ":10:", "did you mean `sse`?"),
    ("\"5s\"", "\"5B\"", ":2:", "needed is a time with its unit"),
    ("\"100B\"", "\"100ms\"", ":8:", "needed is a size with its unit"),
    ("count = 2", "count = 0", ":4:", "allowed is 1 to"),
    ("count = 2", "count = -2", ":4:", "allowed is 1 to"),
    ("count = 2", "count = 99999999999999999999999999", ":4:", "no TOML"),
    ("count = 2", "count = 9223372036854775807", ":4:", "allowed is 1 to"),
    ("\"5s\"", "\"584942417355y\"", ":2:", "needed is a time"),
    ("\"100B\"", "\"99999999999GiB\"", ":8:", "`topic.body`"),
    ("every = \"1s\"", "every = \"1s\"\npoisson = \"2/s\"", ":5:", "`every` and `poisson`"),
    ("count = 2", "count = 2\ncrowds = 3", ":5:", "at most `count`"),
    ("measure =", "drain = \"1ms\"\nmeasure =", ":2:", "`drain`"),
];

#[test]
fn every_mistake_is_told_once_with_its_place() {
    let folder = Folder::new("scenarios");
    for (right, wrong, place, part) in BROKEN {
        assert!(RIGHT.contains(right), "{right}");
        let file = folder.file("wrong.toml", RIGHT.replacen(right, wrong, 1));
        for command in ["check", "run"] {
            let output = pushpull().arg(command).arg(&file).output().expect("it starts");
            let said = complaint(&output, 2);
            assert!(said.contains(&format!("wrong.toml{place}")) && said.contains(part), "{wrong}: {said}");
            assert_eq!(said.lines().count(), 1, "{wrong}: {said}");
            assert!(output.stdout.is_empty(), "{wrong}");
        }
    }
    let right = folder.file("right.toml", RIGHT);
    assert!(pushpull().arg("check").arg(right).output().expect("it starts").status.success());
}

#[test]
fn what_is_no_text_is_no_scenario() {
    let folder = Folder::new("no-text");
    let files = [
        folder.file("empty.toml", ""),
        folder.file("binary.toml", b"\x7fELF\x02\x01\x01\0\xff\xfe"),
        folder.file("nul.toml", RIGHT.replace("Which", "\0")),
        folder.file("huge.toml", "# Which?\n".repeat(1 << 18)),
        folder.0.clone(),
        folder.0.join("nothing-there.toml"),
    ];
    for file in files {
        let said = complaint(&pushpull().arg("check").arg(&file).output().expect("it starts"), 2);
        assert!(said.contains(&file.display().to_string()), "{said}");
        assert!(said.len() < 4_000, "{} bytes about {}", said.len(), file.display());
    }
}

#[test]
fn a_shipped_scenario_cut_at_any_byte_is_read_or_refused() {
    let kinds = driver::transports::kinds();
    let folders = ["", "conditions"].map(shipped);
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("scenarios"));
    for path in entries
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension() == Some("toml".as_ref()))
    {
        let (name, text) = (path.display(), std::fs::read_to_string(&path).expect("a scenario"));
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            if let Err(mistakes) = Scenario::parse(&text[..end], &kinds) {
                let lines = text[..end].matches('\n').count() + 1;
                assert!(!mistakes.is_empty(), "{name} cut to {end} bytes");
                assert!(mistakes.iter().all(|mistake| mistake.line <= lines), "{name} cut to {end} bytes");
            }
        }
    }
}

#[test]
fn a_word_for_something_else_says_where_it_belongs() {
    let folder = Folder::new("words");
    let broken = [
        ("[subscribers]", "[network]\nlatency = \"5ms\"\n[subscribers]", ":4:", "did you mean `delay`?"),
        ("use = \"sse\"", "use = \"sse\"\ninterval = \"1s\"", ":11:", "`interval` belongs to short-polling"),
        ("use = \"sse\"", "use = \"sse\"\nintervall = \"1s\"", ":11:", "`interval` belongs to short-polling"),
        ("use = \"sse\"", "use = \"sse\"\nhold = \"1s\"", ":11:", "`hold` belongs to long-polling"),
        ("count = 2", "users = 2", ":4:", "did you mean `count`?"),
        (
            "[[topic]]",
            "[[objective]]\nfigure = \"byte\"\nat_most = \"5B\"\n[[topic]]",
            ":6:",
            "did you mean `bytes` or `bytes-both` or `bytes-per-hour`? `pushpull figures` lists all",
        ),
    ];
    for (right, wrong, place, part) in broken {
        let file = folder.file("wrong.toml", RIGHT.replacen(right, wrong, 1));
        let said = complaint(&pushpull().arg("check").arg(&file).output().expect("it starts"), 2);
        assert!(said.contains(&format!("wrong.toml{place}")) && said.contains(part), "{wrong}: {said}");
        assert_eq!(said.lines().count(), 1, "{wrong}: {said}");
    }
}
