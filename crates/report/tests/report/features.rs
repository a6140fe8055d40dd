//! What people of a feature look at, shape by shape.

use crate::markup::{attributes, figure, percents};
use crate::shapes;
use report::render;

#[test]
fn every_shape_has_its_own_section_and_words() {
    for (name, run) in shapes::all() {
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
