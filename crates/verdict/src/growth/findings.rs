//! What growth comes to, in words.

use super::{Growth, Series, Spread, Subscriber, Told};
use crate::decision::names::list;
use crate::format;

pub(super) fn of(growth: &Growth) -> Vec<String> {
    let (Some(first), Some(last)) = (growth.steps.first(), growth.steps.last()) else { return Vec::new() };
    let from_to = format!("From {} to {} ({})", first.value.text, last.value.text, growth.key);
    let server = changes(growth, |series, at| &series.points[at].server)
        .map(|said| format!("{from_to}, what a delivery costs the server goes {said}."));
    let median = changes(growth, |series, at| &series.points[at].median)
        .map(|said| format!("{}, the median latency goes {said}.", beginning(&from_to, server.is_none())));
    [server, median, slopes(growth), limited(growth)].into_iter().flatten().collect()
}

fn beginning(from_to: &str, is_first: bool) -> &str {
    if is_first { from_to } else { "Over the same values" }
}

/// From the first value to the last, for each transport of which both can be relied on.
fn changes(growth: &Growth, figure: impl for<'a> Fn(&'a Series, usize) -> &'a Told) -> Option<String> {
    let last = growth.steps.len() - 1;
    let known =
        |series: &Series, at: usize| figure(series, at).ok().filter(|spread: &Spread| !spread.doubted);
    let said = growth.series.iter().filter_map(|series| {
        let (from, to) = (known(series, 0)?.value, known(series, last)?.value);
        let [from, to] = [from, to].map(format::duration_f64);
        Some(format!("from {from} to {to} over {}", series.label))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| list(&said))
}

/// What one more subscriber costs an update, beside what the server spends on a delivery.
fn slopes(growth: &Growth) -> Option<String> {
    let said: Vec<String> = growth
        .series
        .iter()
        .filter_map(|series| {
            let subscriber = series.subscriber.as_ref().ok()?;
            let [slope, server] =
                [subscriber.doubled_slope.value, subscriber.server_ns].map(format::duration_f64);
            Some(format!("{slope} over {} (server {server})", series.label))
        })
        .collect();
    (!said.is_empty()).then(|| {
        format!(
            "One more subscriber makes an update take so much longer, as the slope of the median says, doubled: {}; in \
            brackets is what the server itself spends on a delivery.",
            list(&said)
        )
    })
}

fn limited(growth: &Growth) -> Option<String> {
    let is_limited = |subscriber: &Subscriber| subscriber.client_limited;
    let limited = growth.series.iter().filter(|series| series.subscriber.as_ref().is_ok_and(is_limited));
    let limited: Vec<String> = limited.map(|series| series.label.clone()).collect();
    (!limited.is_empty()).then(|| {
        format!(
            "Client-limited, since a delivery costs the clients more than the server: {}. There the slope is the \
            clients' work on this one machine, and no limit of the server.",
            list(&limited)
        )
    })
}
