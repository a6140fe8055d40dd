//! What the page says, and that it says it the same way each time.

use crate::markup::{inner, text, without_script};
use crate::sample;
use report::{render, render_linked};
use results::{Account, End, EntryRecord, Line, Mode, Run, SplitRecord, WarningKind, write_line};

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(render(&[sample::run(2)]), render(&[sample::run(2)]));
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
    run.header.changes = vec![evil.to_owned()];
    run.header.placement = Some(evil.to_owned());
    run.seconds.iter_mut().filter(|second| second.label == "websocket").for_each(|second| {
        second.label = evil.to_owned();
    });
    run.accounts.iter_mut().filter(|account| account.label == "websocket").for_each(|account| {
        account.label = evil.to_owned();
    });
    run.warnings.push(sample::warning(WarningKind::Clock, Some(evil), evil, evil));
    let several = render_linked(&[run.clone(), run.clone()], &[Some(format!("\" {evil}")), None]);
    let several = without_script(&several);
    assert!(!several.contains("<script") && !several.contains("<img"));
    assert!(several.contains("<a href=\"&#34; &#60;/pre&#62;"), "an address stays within its attribute");
    check_tags(&several);
    let page = without_script(&render(&[run]));
    assert!(!page.contains("<script") && !page.contains("<img"), "a text of the run became markup");
    assert!(page.contains("&#60;script&#62;"));
    check_tags(&page);
}

#[test]
fn a_page_asks_nobody_for_anything() {
    let runs = [sample::run(2), sample::run(1)];
    for page in [render(&runs[..1]), render(&runs), render(&sample::series()), render(&[])] {
        for call in ["fetch", "XMLHttpRequest", "import", "sendBeacon", "src", "http", "createElement"] {
            assert!(!inner(&page, "<script>").contains(call), "{call}");
        }
        let page = without_script(&page);
        for reference in [
            "http:", "src=", "srcset=", "url(", "@import", "<link", "<script", "<base", "<form", "ping=",
            "data=",
        ] {
            assert!(!page.contains(reference), "{reference}");
        }
        // Addresses are those of sources, and a reader has to follow them.
        let sources = verdict::known::FACTS.iter().flat_map(|fact| fact.sources);
        let links: usize = sources
            .map(|source| format!("<a href=\"{}\" rel=\"noreferrer\">", source.url))
            .collect::<std::collections::BTreeSet<_>>()
            .iter()
            .map(|link| page.matches(link.as_str()).count())
            .sum();
        assert_eq!(page.matches("https:").count(), links);
    }
}

#[test]
fn where_the_time_goes_is_shown_only_where_the_kernel_was_asked() {
    let mut run = sample::run(2);
    assert!(!render(std::slice::from_ref(&run)).contains("Where the time goes"));
    assert!(report::where_time_goes(&run).is_empty());
    run.header.kernel_stamps = true;
    for account in &mut run.accounts {
        let mut split = SplitRecord { shared: 3, ..SplitRecord::default() };
        for (parts, value_ns) in [
            (&mut split.due_to_machine, 90_000),
            (&mut split.sent_to_machine, 60_000),
            (&mut split.machine_to_program, 30_000),
        ] {
            parts.record_n(value_ns, 5_000);
        }
        account.ledger.split = Some(split);
    }
    let page = render(std::slice::from_ref(&run)).replace('\u{202f}', " ");
    assert!(page.contains("Where the time goes"));
    for figure in [">60.0 µs<", ">30.0 µs<", ">66.7 %<", ">33.3 %<"] {
        assert!(page.contains(figure), "{figure}");
    }
    let sentences = report::where_time_goes(&run);
    assert!(sentences[0].replace('\u{202f}', " ").contains("60.0 µs from sent"), "{sentences:?}");
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
    lines.truncate(2 + 5 * sample::SECONDS as usize + 5);
    let mut file: String = lines.iter().map(write_line).collect();
    let killed = render(&[Run::read(&file).unwrap()]);
    assert!(killed.contains("This run did not finish: its file has no end"));
    assert!(killed.contains("Accounts were written up to round 1 of 2"));
    file += "{\"line\":\"acc";
    assert!(render(&[Run::read(&file).unwrap()]).contains("breaks off within a line"));

    let end = End { completed: false, reason: "stopped by Ctrl-C".to_owned(), elapsed_ns: 1 };
    lines.push(Line::End(end));
    let file: String = lines.iter().map(write_line).collect();
    let mut stopped = Run::read(file).unwrap();
    stopped.warnings.push(sample::warning(WarningKind::Interrupted, None, "it was stopped", "run it again"));
    let stopped = render(&[stopped]);
    assert!(stopped.contains("This run did not finish: stopped by Ctrl-C. "));
    for page in [&killed, &stopped] {
        assert_eq!(
            inner(page, "<h1 class=\"headline\">"),
            "This run did not finish, so it recommends nothing."
        );
    }
    let notice = stopped.find("<strong>This run did not finish: ").unwrap();
    assert!(notice < stopped.find("<table").unwrap() && notice < stopped.find("class=\"said\"").unwrap());
}

/// A run that ended before anything was closed.
fn unmeasured() -> Run {
    Run::read(write_line(&Line::Header(Box::new(sample::header(1))))).unwrap()
}

#[test]
fn a_run_without_an_account_has_a_page() {
    let page = render(&[unmeasured()]);
    assert!(
        !text(inner(&page, "<h1 class=\"headline\">")).is_empty() && !page.contains("<p class=\"said\"></p>")
    );
    assert!(page.contains("No chart: of no transport is even the median known."));
    assert!(page.contains("<sup>a</sup> no round of this transport was closed"));
    check_tags(&page);
}

#[test]
fn few_updates_grey_the_tail_and_end_the_curve() {
    let few = Run::read(sample::file(1, 100)).unwrap();
    let page = render(&[few]);
    assert!(page.contains("class=\"doubtful\">~"));
    assert!(page.contains("fewer than 10 different updates lie beyond it"));
    assert!(!page.contains("99.99 %</text>"), "the axis goes no further than what is known");
}

#[test]
fn every_version_of_the_format_still_gives_a_page() {
    let run = Run::read(include_str!("../../../results/tests/fixtures/version-1.jsonl")).unwrap();
    let page = render(&[run]);
    assert!(page.contains("websocket") && page.contains("class=\"line c0 d0\""));
    check_tags(&without_script(&page));
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

#[test]
fn what_the_command_line_changed_stands_near_the_title() {
    let mut run = sample::run(1);
    assert!(!render(std::slice::from_ref(&run)).contains("Changed on the command line"));
    run.header.changes = vec!["network.delay = 5ms".to_owned()];
    let page = render(&[run]);
    let said = page.find("<b>Changed on the command line:</b> <code>network.delay = 5ms</code>").unwrap();
    assert!(said < page.find("<table").unwrap());
}

#[test]
fn every_link_leads_somewhere() {
    for page in
        [render(&[sample::run(2)]), render(&[sample::run(1), unmeasured()]), render(&vec![unmeasured(); 9])]
    {
        for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert_eq!(page.matches(&format!(" id=\"{link}\"")).count(), 1, "{link}");
        }
    }
}

#[test]
fn a_large_run_makes_a_page_that_can_be_sent() {
    let mut run = sample::run(10);
    let (entries, accounts, seconds) =
        (run.header.entries.clone(), run.accounts.clone(), run.seconds.clone());
    for (number, entry) in entries.iter().take(4).enumerate() {
        let label = format!("{}-again-{number}", entry.label);
        let mine = |of: &str| of == entry.label;
        let theirs = accounts.iter().filter(|account| mine(&account.label));
        run.accounts.extend(theirs.map(|account| Account { label: label.clone(), ..account.clone() }));
        let theirs = seconds.iter().filter(|second| mine(&second.label));
        run.seconds.extend(theirs.map(|second| results::Second { label: label.clone(), ..second.clone() }));
        run.header.entries.push(EntryRecord { label, ..entry.clone() });
    }
    let page = render(&[run]);
    assert!(page.contains("short-polling-again-3") && page.len() < 1_000_000, "{} bytes", page.len());
}
