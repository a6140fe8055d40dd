//! What people of a feature look at, shape by shape.

use crate::markup::{attributes, figure, percents};
use crate::shapes;
use report::render;

#[test]
fn every_shape_has_its_own_section_and_words() {
    for (name, run) in shapes::all().into_iter().filter(|(_, run)| run.header.shape != "broadcast") {
        let page = render(&[run]);
        assert!(page.contains("id=\"run-1-feature\""), "{name}");
        assert!(page.contains("What these words mean"), "{name}");
    }
}

#[test]
fn rooms_converge_post_by_post() {
    let page = render(&[shapes::rooms()]);
    let chart = figure(&page, "Convergence, post by post").unwrap();
    let curve = attributes(chart, "stroke c0", "d")[0];
    // From nothing, at the quickest post, to all of it, at the end of the axis.
    let first = curve.trim_start_matches('M').split('L').next().unwrap();
    assert!(first.ends_with(" 100.0"), "{first}");
    assert!(curve.ends_with("L1000.0 0.0"), "{curve}");
    assert!(figure(&page, "Posts behind, over time").unwrap().contains("at most 1<"));
}

#[test]
fn an_interruption_lasts_until_the_server_knows() {
    let page = render(&[shapes::replies("reply")]);
    let chart = figure(&page, "Interrupted").unwrap();
    let bars = |class: &str| percents(attributes(chart, class, "width"))[0];
    // 31 and 32 ms at the median, more over the one that polls.
    assert!(bars("bar c0") < bars("bar c3"), "{} {}", bars("bar c0"), bars("bar c3"));
    assert!(chart.contains("chunks for nothing"));
    for title in ["A typical reply, chunk by chunk", "The worst reply, as it sounds"] {
        assert!(figure(&page, title).is_some(), "{title}");
    }
}

#[test]
fn exchanges_stand_apart_by_their_connections() {
    let page = render(&[shapes::replies("exchange")]);
    let dots = |title: &str| attributes(figure(&page, title).unwrap(), "range c0", "x").len();
    assert_eq!(dots("Over a connection opened for it"), 1);
    assert_eq!(dots("Over a connection that is kept"), 1);
}

#[test]
fn the_answer_says_who_does_not_come_through() {
    let mut run = shapes::conditions();
    // So late that whoever comes through is in time.
    run.header.objectives[0].limits.at_most = Some(3.6e12);
    for account in run.accounts.iter_mut().filter(|account| account.label == "websocket") {
        let theirs = &mut account.ledger;
        (theirs.books.delivered, theirs.books.lost) = (0, theirs.books.expected);
        for gone in
            [&mut theirs.latency, &mut theirs.sent_latency, &mut theirs.slowest, &mut theirs.staleness]
        {
            *gone = ledger::Distribution::default();
        }
    }
    let page = render(std::slice::from_ref(&run));
    let answer = report::answer(&run);
    let excluded = answer.iter().find(|sentence| sentence.starts_with("Not enough: ")).unwrap();
    assert!(
        excluded.starts_with("Not enough: WebSocket (0 of ") && excluded.contains(" connected, "),
        "{answer:?}"
    );
    assert!(excluded.contains("refused: 403 Forbidden"), "{excluded}");
    assert!(!answer[0].contains("WebSocket"), "{answer:?}");
    for said in
        ["\u{2717} nobody", "GET /updates?topics=0-3&#38;cursor=17", "TLS 1.3; nginx, refusing upgrades"]
    {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn what_broke_stands_with_its_doubt_where_somebody_is_not_back() {
    let page = render(&[shapes::conditions()]);
    let cells = crate::markup::cells(crate::markup::row(
        &page,
        "How long it took, and what the others saw of it",
        "sse",
    ));
    assert!(cells[0].starts_with('~') && cells.len() == 10, "{cells:?}");
    let counts =
        crate::markup::cells(crate::markup::row(&page, "How often, and what became of the updates", "sse"));
    // Four rounds, each of twelve.
    assert_eq!(&counts[..5], ["48", "0", "4", "4", "100/s"]);
}

#[test]
fn a_published_figure_stands_beside_ours_with_what_differs() {
    let page = render(&[shapes::conditions()]);
    for said in ["Published and measured", "\u{d7}2.00", "a journal that is hard to find", "Other libraries"]
    {
        assert!(page.contains(said), "{said}");
    }
}
