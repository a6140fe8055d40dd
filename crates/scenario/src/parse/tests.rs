use super::*;
use crate::testing::{KINDS, parse, text};
use crate::{BodySize, Schedule};
use proptest::prelude::*;

const FULL: &str = r#"# Which transport for a dashboard,
# and at what cost?

seed = 3
warm_up = "2s"
measure = "20s"
drain = "40s"
rounds = 5
order = "apart"
stagger = "7ms"

[network]
delay = "60ms"

[hub]
retention = 1000
conflate = true

[subscribers]
count = 200
ramp = "1s"
topics = 2
crowds = 4

[[topic]]
name = "cpu"
count = 4
every = "500ms"
body = "120B"

[[topic]]
name = "log"
poisson = "30/min"
body = { log_normal = { median = "200B", sigma = 0.5, max = "4KiB" } }

[[topic]]
name = "alarm"
burst = 10
every = "1s"
body = { uniform = ["64B", "256B"] }

[[transport]]
use = "long-polling"
label = "tuned"
hold = "10s"

[[transport]]
use = "long-polling"

[[transport]]
use = "short-polling"
pacing = "fixed-delay"
"#;

#[test]
fn every_key_is_read() {
    let scenario = parse(FULL);
    assert_eq!(scenario.question, "Which transport for a dashboard, and at what cost?");
    assert_eq!(scenario.text, FULL);
    let names: Vec<&str> = scenario.topics.iter().map(|topic| topic.name.as_str()).collect();
    assert_eq!(names, ["cpu-1", "cpu-2", "cpu-3", "cpu-4", "log", "alarm"]);
    assert_eq!(scenario.topics[4].schedule, Schedule::Poisson { rate_per_s: 0.5 });
    assert_eq!(scenario.topics[4].body, BodySize::LogNormal { median: 200, sigma: 0.5, max: 4_096 });
    assert_eq!(scenario.topics[5].schedule, Schedule::Bursts { size: 10, period: Duration::from_secs(1) });
    assert_eq!(scenario.topics[5].body, BodySize::Uniform { min: 64, max: 256 });
    let spans = [scenario.warm_up, scenario.measure, scenario.drain, scenario.stagger, scenario.way.delay];
    assert_eq!(spans.map(|span| span.as_millis()), [2_000, 20_000, 40_000, 7, 60]);
    assert_eq!((scenario.seed, scenario.rounds, scenario.order), (3, 5, Order::Apart));
    assert_eq!((scenario.retention, scenario.conflate), (1_000, true));
    let ramp = Duration::from_secs(1);
    assert_eq!(scenario.subscribers, Subscribers { count: 200, ramp, topics_each: 2, crowds: 4, tabs: 1 });
    let labels: Vec<&str> = scenario.transports.iter().map(|entry| entry.label.as_str()).collect();
    assert_eq!(labels, ["tuned", "long-polling", "short-polling"]);
    assert_eq!(scenario.transports[0].values.duration("hold"), Duration::from_secs(10));
    assert_eq!(scenario.transports[2].values.choice("pacing"), "fixed-delay");
}

#[test]
fn what_is_left_out_has_its_default() {
    let scenario = parse(&text("every = \"1s\"").replace("seed = 1\n", ""));
    let spans = [scenario.warm_up, scenario.drain, scenario.stagger, scenario.way.delay];
    assert_eq!(spans.map(|span| span.as_millis()), [1_000, 30_000, 10, 0]);
    assert_eq!((scenario.seed, scenario.rounds, scenario.order), (1, 1, Order::Together));
    assert_eq!((scenario.retention, scenario.conflate), (1_024, false));
    let ramp = Duration::from_millis(500);
    assert_eq!(scenario.subscribers, Subscribers { count: 20, ramp, topics_each: 1, crowds: 1, tabs: 1 });
    assert_eq!(scenario.topics[0].name, "cpu");
}

#[test]
fn kernel_stamps_and_a_delay_do_not_go_together() {
    let near = text("every = \"1s\"");
    assert!(!parse(&near).kernel_stamps);
    let stamped = near.replace("seed = 1", "kernel_stamps = true");
    assert!(parse(&stamped).kernel_stamps);
    let far = stamped.replace("[subscribers]", "[network]\ndelay = \"5ms\"\n\n[subscribers]");
    let mistakes = Scenario::parse(&far, KINDS).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert!(mistakes[0].to_string().contains("`network.delay` of \"5ms\""), "{}", mistakes[0]);
}

/// Each puts one thing for another in [`FULL`].
const SLIPS: &[(&str, &str)] = &[
    ("# Which transport for a dashboard,\n# and at what cost?\n", ""),
    ("seed = 3", "seed = \"3\""),
    ("seed = 3", "seed = -1"),
    ("seed = 3", "sed = 3"),
    ("seed = 3", "seed = 3\nseed = 4"),
    ("seed = 3", "seed 3"),
    ("seed = 3", "seed = 3 # \u{7f}"),
    ("seed = 3", "seed = 1979-05-27"),
    ("seed = 3", "Überschwang = 3"),
    ("measure = \"20s\"\n", ""),
    ("measure = \"20s\"", "measure = 20"),
    ("measure = \"20s\"", "measure = \"20\""),
    ("measure = \"20s\"", "measure = \"20 parsecs\""),
    ("measure = \"20s\"", "measure = \"-20s\""),
    ("measure = \"20s\"", "measure = \"0s\""),
    ("measure = \"20s\"", "measure = \"2weeks\""),
    ("measure = \"20s\"", "measure = \"100ms\""),
    ("drain = \"40s\"", "drain = \"25s\""),
    ("drain = \"40s\"\n", "delay = \"1ms\"\n"),
    ("rounds = 5", "rounds = 0"),
    ("rounds = 5", "rounds = 2.5"),
    ("order = \"apart\"", "order = \"apartt\""),
    ("order = \"apart\"", "order = true"),
    ("[network]", "[[network]]"),
    ("[network]\ndelay = \"60ms\"", "network = \"60ms\""),
    ("delay = \"60ms\"", "delay = \"1m\""),
    ("[hub]\n", "[hub]\nretentoin = 5\n"),
    ("retention = 1000", "retention = 0"),
    ("conflate = true", "conflate = 1"),
    ("count = 200\n", ""),
    ("count = 200\n", "count = 0\n"),
    ("count = 200\n", "count = 3\n"),
    ("count = 200\n", "count = 10000000\n"),
    ("topics = 2", "topics = 7"),
    ("topics = 2", "topics = 0"),
    ("topics = 2", "topics = \"some\""),
    ("crowds = 4", "crowds = 65"),
    ("[[topic]]\nname = \"log\"", "[[topci]]\nname = \"log\""),
    ("name = \"cpu\"\n", ""),
    ("name = \"cpu\"", "name = \"CPU load\""),
    ("name = \"log\"", "name = \"cpu-3\""),
    ("count = 4", "count = 100001"),
    ("count = 4", "count = 100000"),
    ("every = \"500ms\"\n", ""),
    ("poisson = \"30/min\"", "poisson = \"30/min\"\nevery = \"1s\""),
    ("poisson = \"30/min\"", "burst = 3"),
    ("poisson = \"30/min\"", "poisson = 30"),
    ("poisson = \"30/min\"", "poisson = \"30\""),
    ("poisson = \"30/min\"", "poisson = \"0/s\""),
    ("poisson = \"30/min\"", "poisson = \"1000000/s\""),
    ("burst = 10", "burst = 0"),
    ("body = \"120B\"\n", ""),
    ("body = \"120B\"", "body = 120"),
    ("body = \"120B\"", "body = \"120\""),
    ("body = \"120B\"", "body = \"15B\""),
    ("body = \"120B\"", "body = \"2MiB\""),
    ("body = \"120B\"", "body = {}"),
    ("body = \"120B\"", "body = { unifrom = [\"64B\", \"256B\"] }"),
    ("[\"64B\", \"256B\"]", "[\"256B\", \"64B\"]"),
    ("[\"64B\", \"256B\"]", "[\"64B\"]"),
    ("[\"64B\", \"256B\"]", "\"64B\""),
    ("median = \"200B\"", "median = \"5KiB\""),
    ("sigma = 0.5, ", ""),
    ("sigma = 0.5", "sigma = nan"),
    ("sigma = 0.5", "sigma = \"0.5\""),
    ("use = \"long-polling\"\nlabel", "label"),
    ("use = \"long-polling\"\nlabel", "use = \"long-poling\"\nlabel"),
    ("use = \"long-polling\"\nlabel", "use = [\"sse\"]\nlabel"),
    ("label = \"tuned\"", "label = \"long-polling\""),
    ("label = \"tuned\"", "label = \"Tuned up\""),
    ("label = \"tuned\"\n", ""),
    ("hold = \"10s\"", "hold = \"1h\""),
    ("hold = \"10s\"", "hold = 10"),
    ("hold = \"10s\"", "hodl = \"10s\""),
    ("hold = \"10s\"", "interval = \"10s\""),
];

#[test]
fn mistakes_are_told_with_their_place() {
    let told = SLIPS.iter().map(|(right, wrong)| {
        assert!(FULL.contains(right), "{right}");
        let mistakes = Scenario::parse(&FULL.replacen(right, wrong, 1), KINDS).expect_err(wrong);
        let lines: Vec<String> = mistakes.iter().map(|mistake| format!("    {mistake}\n")).collect();
        format!("{right:?} -> {wrong:?}\n{}", lines.concat())
    });
    insta::assert_snapshot!("slips", told.collect::<Vec<_>>().join("\n"));
}

/// Whole texts that are wrong.
#[test]
fn mistakes_of_whole_texts() {
    let many = |topics: u32, subscribers: u32| {
        text(&format!("count = {topics}\nevery = \"10s\""))
            .replace("count = 20\n", &format!("count = {subscribers}\n"))
    };
    let crowded = "[[transport]]\nuse = \"sse\"\n".repeat(33);
    let texts = [
        String::new(),
        "# Only a question?\n".to_owned(),
        "# Q?\nmeasure = \"1s\"\ntopic = 1\n[transport]\nuse = \"sse\"\n[subscribers]\n".to_owned(),
        "# Q?\nmeasure = 1\nrounds = 0\n[subscribers]\ncount = \"x\"\n[[topic]]\n[[transport]]\n".to_owned(),
        many(50_000, 1_001),
        text("every = \"1h\""),
        text("burst = 1000\nevery = \"1m\""),
        text("poisson = \"400000/s\"").replace("count = 20\n", "count = 1000000\n"),
        text("poisson = \"500000/s\""),
        text("every = \"10us\"").replace("count = 20\n", "count = 1000000\n"),
        text("every = \"1ms\"").replace("120B", "1MiB").replace("seed = 1", "hub = { retention = 100000 }"),
        text("every = \"1s\"").replace("[[transport]]\nuse = \"websocket\"\n", &crowded),
        text("every = \"1s\"") + "[[transport]]\nuse = \"short-polling\"\ninterval = \"1m\"\n",
        text("every = \"1s\"").replace("cpu", &"x".repeat(101)),
        text("every = \"1s\"").replace("cpu", "a\\nb"),
    ];
    let told = texts.iter().map(|text| {
        let mistakes = Scenario::parse(text, KINDS).expect_err(text);
        let lines: Vec<String> = mistakes.iter().map(|mistake| format!("{mistake}\n")).collect();
        lines.concat()
    });
    insta::assert_snapshot!("whole_texts", told.collect::<Vec<_>>().join("\n"));
}

/// Every key and every table, each with one letter too many.
#[test]
fn one_slip_is_one_mistake() {
    let keys =
        FULL.match_indices(" =").map(|(end, _)| end).chain(FULL.match_indices(']').map(|(end, _)| end));
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    let ends: Vec<usize> = keys.filter(|end| FULL[..*end].ends_with(word)).collect();
    assert!(ends.len() > 40, "all of them are found");
    for end in ends {
        let slip = format!("{}{}", &FULL[..end], &FULL[end - 1..]);
        let line = FULL[..end].matches('\n').count() + 1;
        let mistakes = Scenario::parse(&slip, KINDS).expect_err(&slip);
        assert_eq!(mistakes.len(), 1, "line {line}: {mistakes:#?}");
        assert_eq!(mistakes[0].line, line, "{mistakes:#?}");
        assert!(mistakes[0].message.contains("did you mean"), "{mistakes:#?}");
    }
}

/// As an editor leaves it that was stopped while it wrote.
#[test]
fn a_text_cut_at_any_byte_is_refused_or_read_but_no_more() {
    for end in (0..FULL.len()).filter(|end| FULL.is_char_boundary(*end)) {
        if let Err(mistakes) = Scenario::parse(&FULL[..end], KINDS) {
            let lines = FULL[..end].matches('\n').count() + 1;
            assert!(!mistakes.is_empty() && mistakes.iter().all(|mistake| mistake.line <= lines), "{end}");
        }
    }
}

#[test]
fn a_small_text_can_not_ask_for_much_memory() {
    let flood = text("every = \"1s\"") + &"[[topic]]\nname = \"a\"\ncount = 100000\n".repeat(2_000);
    assert!(Scenario::parse(&flood, KINDS).is_err());
    let keys: String = (0..50_000).map(|key| format!("a{key} = 1\n")).collect();
    assert_eq!(Scenario::parse(&keys, KINDS).unwrap_err().len(), limits::MISTAKES + 1);
    assert!(Scenario::parse(&"# Q\n".repeat(1 << 19), KINDS).is_err());
    assert!(Scenario::parse(&"[".repeat(100_000), KINDS).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}|(\\[|\\]|[a-c]|=|\"|\\.|\n|1|#| |\\{|\\}|,){0,60}") {
        let _ = Scenario::parse(&text, KINDS);
    }

    #[test]
    fn no_mutation_of_a_right_text_panics(
        from: prop::sample::Index, length in 0_usize..40, insert in "\\PC{0,4}|[\\[\\]={}\"\n#.,]{0,4}", to: prop::sample::Index,
    ) {
        let chars: Vec<char> = FULL.chars().collect();
        let from = from.index(chars.len());
        let end = (from + length).min(chars.len());
        let to = to.index(chars.len());
        let mutated: String = chars[..from].iter().copied()
            .chain(insert.chars())
            .chain(chars[to.min(end)..].iter().copied())
            .collect();
        if let Err(mistakes) = Scenario::parse(&mutated, KINDS) {
            prop_assert!(!mistakes.is_empty());
            let lines = mutated.matches('\n').count() + 1;
            prop_assert!(mistakes.iter().all(|mistake| (1..=lines).contains(&mistake.line)));
        }
    }

    #[test]
    fn no_number_panics(number in "-?[0-9]{1,22}(\\.[0-9]{1,3})?(ns|us|ms|s|h|B|KiB|GiB|/s|/min)?", place in 0..SLIPS.len()) {
        let (right, _) = SLIPS[place];
        if let Some((key, _)) = right.split_once(" = ") {
            for value in [number.clone(), format!("\"{number}\"")] {
                let _ = Scenario::parse(&FULL.replacen(right, &format!("{key} = {value}\n"), 1), KINDS);
            }
        }
    }
}

#[test]
fn idle_connections_are_a_number_or_a_list_of_counts() {
    let counts = |value: &str| {
        let text = FULL.replacen("seed = 3", &format!("idle_connections = {value}"), 1);
        Scenario::parse(&text, KINDS).map(|scenario| scenario.idle_connections)
    };
    let exactly =
        |counts: &[u32]| -> Vec<IdleCount> { counts.iter().copied().map(IdleCount::Exactly).collect() };
    assert_eq!(parse(FULL).idle_connections, exactly(&[100, 500]), "the default");
    assert_eq!(counts("2000"), Ok(exactly(&[400, 2_000])));
    assert_eq!(counts("3"), Ok(exactly(&[1, 3])));
    assert_eq!(counts("1"), Ok(exactly(&[1])));
    assert_eq!(counts("0"), Ok(Vec::new()));
    assert_eq!(counts("[1000, 10_000]"), Ok(exactly(&[1_000, 10_000])));
    let most = [exactly(&[1_000]), vec![IdleCount::Most]].concat();
    assert_eq!(counts("[1000, \"most\"]"), Ok(most));
    for (wrong, said) in [
        ("[1000]", "found 1 counts"),
        ("[10, 10]", "larger than the one before"),
        ("[0, 10]", "larger than the one before"),
        ("[\"most\", 10]", "larger than the one before"),
        ("[10, \"mots\"]", "`most`"),
        ("[10, 900000]", "200"),
        ("\"many\"", "a list of counts"),
        ("-1", "found -1"),
    ] {
        let mistakes = counts(wrong).expect_err(wrong);
        assert!(mistakes[0].to_string().contains(said), "{wrong}: {}", mistakes[0]);
    }
}
