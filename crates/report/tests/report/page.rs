//! What the page says, and that it says it the same way each time.

use crate::sample;
use report::render;
use results::{End, Line, Mode, Run, WarningKind, write_line};

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(render(&[sample::run(2)]), render(&[sample::run(2)]));
}

#[test]
fn one_round_names_no_winner() {
    let page = render(&[sample::run(1)]);
    assert!(page.contains("; one round names no winner"));
    assert!(!page.contains("order by median"));
}

#[test]
fn markup_in_a_scenario_is_harmless() {
    let mut run = sample::run(1);
    let evil = "</pre><script>alert('x')</script><img src=x onerror=alert(1)>";
    run.header.question = evil.to_owned();
    run.header.scenario_text = evil.to_owned();
    run.header.command = evil.to_owned();
    run.header.machine.cpu_model = evil.to_owned();
    run.header.entries[0].label = evil.to_owned();
    run.header.entries[0].transport = evil.to_owned();
    run.accounts.iter_mut().filter(|account| account.label == "websocket").for_each(|account| {
        account.label = evil.to_owned();
    });
    run.warnings.push(sample::warning(WarningKind::Clock, Some(evil), evil, evil));
    let page = render(&[run]);
    assert!(!page.contains("<script") && !page.contains("<img"), "a text of the run became markup");
    assert!(page.contains("&#60;script&#62;"));
    check_tags(&page);
}

#[test]
fn a_page_asks_nobody_for_anything() {
    let page = render(&[sample::run(2)]);
    for reference in ["http:", "https:", "src=", "url(", "@import", "<link", "<script"] {
        assert!(!page.contains(reference), "{reference}");
    }
}

#[test]
fn no_number_is_none() {
    for run in [sample::run(2), unmeasured()] {
        let page = render(&[run]);
        for word in ["NaN", ">inf", "-inf", "18446744073709551615", "None"] {
            assert!(!page.contains(word), "{word}");
        }
    }
}

#[test]
fn a_run_cut_short_says_so_first_and_shows_what_there_is() {
    let mut lines = sample::lines(2, sample::UPDATES);
    lines.truncate(8);
    let mut file: String = lines.iter().map(write_line).collect();
    let killed = render(&[Run::read(&file).unwrap()]);
    assert!(killed.contains("This run did not finish: its file has no end"));
    assert!(killed.contains("Accounts were written up to round 1 of 2"));
    file += "{\"line\":\"acc";
    assert!(render(&[Run::read(&file).unwrap()]).contains("breaks off within a line"));

    let end = End { completed: false, reason: "stopped by Ctrl-C".to_owned(), elapsed_ns: 1 };
    lines.push(Line::End(end));
    let file: String = lines.iter().map(write_line).collect();
    let stopped = render(&[Run::read(file).unwrap()]);
    assert!(stopped.contains("This run did not finish: stopped by Ctrl-C. "));
    let notice = stopped.find("did not finish").unwrap();
    assert!(notice < stopped.find("<table").unwrap() && notice < stopped.find("class=\"answer\"").unwrap());
}

/// A run that ended before anything was closed.
fn unmeasured() -> Run {
    Run::read(write_line(&Line::Header(Box::new(sample::header(1))))).unwrap()
}

#[test]
fn a_run_without_an_account_has_a_page() {
    let page = render(&[unmeasured()]);
    assert!(page.contains("there is nothing to answer with.") && page.contains("No chart:"));
    assert!(page.contains("– no figure: no round of this transport was closed"));
    check_tags(&page);
}

#[test]
fn warnings_come_before_figures_and_with_their_advice() {
    let mut run = sample::run(1);
    run.warnings = vec![
        sample::warning(WarningKind::SingleRound, None, "Only one round was run.", "Run five."),
        sample::warning(WarningKind::PublisherLate, Some("sse"), "p99 of lateness is 4 ms.", "Pin it."),
    ];
    let page = render(&[run]);
    assert!(page.contains(
        "<strong>Publisher late (sse, round 1).</strong> p99 of lateness is 4 ms. <em>Pin it.</em>"
    ));
    assert!(page.find("Run five.").unwrap() < page.find("<table").unwrap());
}

#[test]
fn few_updates_grey_the_tail_and_end_the_curve() {
    let few = Run::read(sample::file(1, 100)).unwrap();
    let page = render(&[few]);
    assert!(page.contains("class=\"doubtful\" title=\"") && page.contains("10 are needed"));
    assert!(!page.contains("99.99 %\n</text>"), "the axis goes no further than what is known");
}

#[test]
fn several_runs_stand_below_an_index() {
    let page = render(&[sample::run(1), sample::run(2)]);
    assert!(page.contains("href=\"#run-2\"") && page.contains("id=\"run-2\""));
    assert_eq!(page.matches("<h1>").count(), 1);
    check_tags(&page);
    check_tags(&render(&[]));
}

#[test]
fn every_version_of_the_format_still_gives_a_page() {
    let run = Run::read(include_str!("../../../results/tests/fixtures/version-1.jsonl")).unwrap();
    let page = render(&[run]);
    assert!(page.contains("websocket") && page.contains("class=\"line c0 d0\""));
    check_tags(&page);
}

#[test]
fn a_colour_of_plotters_reaches_no_page() {
    let page = render(&[sample::run(1)]);
    let body = &page[page.find("<body>").unwrap()..];
    assert!(!body.contains("fill=\"#") && !body.contains("stroke=\"#"));
}

/// Every element that opens closes, in order.
fn check_tags(page: &str) {
    const VOID: [&str; 3] = ["meta", "!DOCTYPE", "br"];
    let style = page.find("<style>").unwrap()..page.find("</style>").unwrap();
    let page = page.replace(&page[style], "<style>");
    let mut open = Vec::new();
    for (at, _) in page.match_indices('<') {
        let tag = &page[at + 1..at + page[at..].find('>').unwrap()];
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
        match () {
            () if VOID.contains(&name) || tag.ends_with('/') => {}
            () if tag.starts_with('/') => assert_eq!(open.pop(), Some(name.to_owned()), "at {at}"),
            () => open.push(name.to_owned()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_page_says_in_which_order_the_transports_took_their_turns() {
    let mut run = sample::run(1);
    for (mode, order) in [(Mode::Together, "together"), (Mode::Apart, "apart")] {
        run.header.modes = vec![mode];
        run.accounts.iter_mut().for_each(|account| account.mode = mode);
        let page = render(std::slice::from_ref(&run));
        assert!(page.contains(&format!("<dd>{order}: ")) && page.contains("follows each other one as often"));
    }
}
