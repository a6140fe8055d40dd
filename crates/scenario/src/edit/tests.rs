use super::*;
use crate::Scenario;
use crate::testing::KINDS;
use proptest::prelude::*;

const TEXT: &str = r#"# Which one?
# Really.

measure = "10s" # long enough

[subscribers]
count = 200

# Processors.
[[topic]]
name = "cpu"
every = "500ms"
body = "120B"

[[topic]]
name = "disk"
every = "1s"
body = { uniform = ["64B", "256B"] }

[[transport]]
use = "websocket"

[[transport]]
use = "short-polling"
label = "fast"
interval = "1s"

[[transport]]
use = "short-polling"
label = "slow"
"#;

fn set(path: &str, value: &str) -> Result<String, OverrideError> {
    override_keys(TEXT, &[(path.to_owned(), value.to_owned())])
}

fn keep(names: &[&str]) -> Result<String, OverrideError> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    keep_transports(TEXT, &names, KINDS)
}

#[test]
fn values_change_and_comments_stay() {
    let sets = [
        ("measure", "5s"),
        ("seed", "7"),
        ("network.delay", "60ms"),
        ("hub.conflate", "true"),
        ("subscribers.count", "50"),
        ("topic.cpu.poisson", "4/s"),
        ("topic.disk.body", "{ log_normal = { median = \"1KiB\", sigma = 1, max = \"64KiB\" } }"),
        ("topic.disk.body.log_normal.sigma", "0.5"),
        ("transport.fast.interval", "500ms"),
        ("transport.slow.pacing", "fixed-delay"),
    ];
    let sets = sets.map(|(path, value)| (path.to_owned(), value.to_owned()));
    let text = override_keys(TEXT, &sets).unwrap();
    let scenario = Scenario::parse(&text, KINDS).unwrap();
    assert_eq!((scenario.question.as_str(), scenario.seed), ("Which one? Really.", 7));
    insta::assert_snapshot!(text, @r#"
    # Which one?
    # Really.

    measure = "5s" # long enough
    seed = 7

    [subscribers]
    count = 50

    # Processors.
    [[topic]]
    name = "cpu"
    body = "120B"
    poisson = "4/s"

    [[topic]]
    name = "disk"
    every = "1s"
    body = { log_normal = { median = "1KiB", sigma = 0.5, max = "64KiB" } }

    [[transport]]
    use = "websocket"

    [[transport]]
    use = "short-polling"
    label = "fast"
    interval = "500ms"

    [[transport]]
    use = "short-polling"
    label = "slow"
    pacing = "fixed-delay"

    [network]
    delay = "60ms"

    [hub]
    conflate = true
    "#);
}

#[test]
fn nothing_to_set_changes_nothing() {
    assert_eq!(override_keys(TEXT, &[]).unwrap(), TEXT);
}

#[test]
fn what_leads_nowhere_says_what_was_meant() {
    let cases = [
        ("topic.cqu.every", "1s"),
        ("topic.zzz.every", "1s"),
        ("topic.cpu", "1s"),
        ("transport.fats.interval", "1s"),
        ("transport.short-polling.interval", "1s"),
        ("measure.long", "1s"),
        ("subscribers.count.each", "1"),
        ("subscribers..count", "1"),
        ("", "1"),
        ("topic.cpu.body", "{ uniform = "),
    ];
    let told: Vec<String> =
        cases.iter().map(|(path, value)| set(path, value).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    there is no topic `cqu`; did you mean `cpu`?
    there is no topic `zzz`; there are cpu, disk
    `topic.cpu` is no path to a key, such as `subscribers.count` or `topic.NAME.every`
    there is no transport `fats`; did you mean `fast`?
    `short-polling` is entered 2 times; give the label of one of them
    `measure.long`: `measure` is no table, so nothing can be set in it
    `subscribers.count.each`: `count` is no table, so nothing can be set in it
    `subscribers..count` is no path to a key, such as `subscribers.count` or `topic.NAME.every`
    `` is no path to a key, such as `subscribers.count` or `topic.NAME.every`
    `topic.cpu.body`: the value { uniform =  is no TOML list or table
    ");
    insta::assert_snapshot!(override_keys("a = ", &[]).unwrap_err().to_string(), @r"
    the scenario is no TOML: TOML parse error at line 1, column 5
      |
    1 | a = 
      |     ^
    string values must be quoted, expected literal string
    ");
}

#[test]
fn a_use_names_its_only_entry() {
    let text = set("transport.websocket.label", "ws").unwrap();
    let again = [("transport.websocket.label".to_owned(), "web".to_owned())];
    assert!(override_keys(&text, &again).unwrap().contains("label = \"web\""));
}

#[test]
fn lists_in_one_line_can_be_set_too() {
    let text = "# Q?\nmeasure = \"1s\"\ntransport = [{ use = \"sse\" }]\n";
    let sets = [("transport.sse.label".to_owned(), "events".to_owned())];
    insta::assert_snapshot!(override_keys(text, &sets).unwrap(), @r#"
    # Q?
    measure = "1s"

    [[transport]]
    use = "sse"
    label = "events"
    "#);
}

#[test]
fn transports_are_kept_by_label_or_use_or_added() {
    let labels = |text: &str| -> Vec<String> {
        Scenario::parse(text, KINDS).unwrap().transports.into_iter().map(|entry| entry.label).collect()
    };
    assert_eq!(labels(&keep(&["short-polling"]).unwrap()), ["fast", "slow"]);
    assert_eq!(labels(&keep(&["slow", "websocket"]).unwrap()), ["websocket", "slow"]);
    assert_eq!(labels(&keep(&["sse", "fast", "sse"]).unwrap()), ["fast", "sse"]);
    assert_eq!(keep(&["websocket", "fast", "slow"]).unwrap(), TEXT);
    insta::assert_snapshot!(keep(&["sse", "fast"]).unwrap(), @r#"
    # Which one?
    # Really.

    measure = "10s" # long enough

    [subscribers]
    count = 200

    # Processors.
    [[topic]]
    name = "cpu"
    every = "500ms"
    body = "120B"

    [[topic]]
    name = "disk"
    every = "1s"
    body = { uniform = ["64B", "256B"] }

    [[transport]]
    use = "short-polling"
    label = "fast"
    interval = "1s"

    [[transport]]
    use = "sse"
    "#);
    insta::assert_snapshot!(keep(&["web-socket"]).unwrap_err().to_string(), @r"there is no transport `web-socket`; did you mean `websocket`?");
}

#[test]
fn claims_about_those_who_are_gone_go_with_them() {
    let claim = |of: &str, boundary: &str| {
        format!(
            "\n[[claim]]\nsays = \"About {of}.\"\nboundary = \"{boundary}\"\nchecks = [{{ figure = \"lost\", of = \"{of}\", at_most = 0 }}]\n"
        )
    };
    let claims = [
        claim("websocket", "network.delay"),
        claim("fast", "network.delay"),
        claim("websocket", "transport.slow.interval"),
        claim("nobody", "network.delay"),
    ];
    let text = format!("{TEXT}{}", claims.concat());
    let kept = keep_transports(&text, &["websocket".to_owned()], KINDS).unwrap();
    assert_eq!(kept.matches("[[claim]]").count(), 2, "{kept}");
    assert!(kept.contains("About websocket.") && kept.contains("About nobody."), "a slip stays a slip");
}

proptest! {
    #[test]
    fn no_path_or_value_panics(path in "[a-z.]{0,12}|topic\\.cpu\\.[a-z.]{0,9}|\\PC{0,9}", value in "\\PC{0,20}|[\\[{\"a-z0-9=.]{0,12}") {
        if let Ok(text) = set(&path, &value) {
            let _ = Scenario::parse(&text, KINDS);
        }
        let _ = keep(&[&path]);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}|([a-z]{1,5}( = |\\.|\\[|\\]|\n|\"|\\{|\\}|#|[0-9])){0,30}") {
        let _ = override_keys(&text, &[("topic.a.b".to_owned(), "1".to_owned()), ("a.b".to_owned(), "1".to_owned())]);
        let _ = keep_transports(&text, &["sse".to_owned()], KINDS);
    }
}
