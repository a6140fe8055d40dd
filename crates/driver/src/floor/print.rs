//! What a person or a program reads of it.

use super::{Figures, Measured, Mode, Outcome};
use crate::terminal::table;
use serde_json::json;
use verdict::statistics::{Ratio, paired};

const COLUMNS: [&str; 8] =
    ["", "deliveries/s", "server CPU", "client CPU", "server µs", "client µs", "one way", "per write"];

/// Which of a block's figures are held against each other.
type Pick = fn(&Figures) -> f64;

/// Two tables and what has to be known to read them.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let request = &outcome.request;
    let of_mode = |mode: Mode| {
        let title = match mode {
            Mode::Lockstep => "Lockstep: the next update when all have the last.".to_owned(),
            Mode::Window => {
                format!(
                    "Window: at most {} updates under way, which lets any transport batch.",
                    request.window
                )
            }
        };
        let measured = outcome.measured.iter().filter(|measured| measured.mode == mode);
        let rows = std::iter::once(floor(outcome, mode)).chain(measured.map(row));
        format!("{title}\n\n{}\n", table(&COLUMNS, rows))
    };
    let modes: Vec<String> = Mode::ALL.into_iter().map(of_mode).collect();
    format!(
        "One update of {} bytes to {} subscribers, {} blocks; {}.\n\
         Ratios to raw TCP: the median over blocks, and the 95 % interval of the mean. Fewer deliveries are slower; less\n\
         processor time per delivery is cheaper. Times are in microseconds, of processors per delivery; one way is from\n\
         the sending to the first subscriber, of half its updates; per write are updates in one call that wrote them.\n\
         Bare: a loop over sockets takes the place of that half, or of both.\n\n\
         {}\n{}",
        super::BODY_BYTES,
        request.subscribers,
        outcome.measured.first().map_or(0, |measured| measured.blocks.len()),
        outcome.placement.as_deref().unwrap_or("processes run wherever the system puts them"),
        modes.join("\n"),
        others(outcome),
    )
}

/// What others on the machine did to it.
fn others(outcome: &Outcome) -> String {
    let again = match outcome.repeated {
        0 => "Nothing had to be run again: others left the machine alone.".to_owned(),
        count => {
            format!("{count} measurements were run again because others used more than 5 % of the machine.")
        }
    };
    match outcome.disturbed {
        0 => again,
        count => format!("{again} {count} are in the figures all the same: do not quote them."),
    }
}

fn row(measured: &Measured) -> Vec<String> {
    let ratio = |pick: Pick| {
        let median = number(median(measured.blocks.iter().map(|(floor, own)| pick(own) / pick(floor))));
        match interval(measured, pick) {
            Some(Ratio { low, high, .. }) => format!("{median} [{low:.2}–{high:.2}]"),
            None => median,
        }
    };
    let own = |pick: Pick| number(median(measured.blocks.iter().map(|(_, own)| pick(own))));
    vec![
        measured.label.clone(),
        ratio(|figures| figures.deliveries_per_s),
        ratio(|figures| figures.server_us),
        ratio(|figures| figures.crowd_us),
        own(|figures| figures.server_us),
        own(|figures| figures.crowd_us),
        number(median(measured.blocks.iter().filter_map(|(_, own)| own.one_way_us))),
        own(|figures| figures.per_write),
    ]
}

/// What the others are held against.
fn floor(outcome: &Outcome, mode: Mode) -> Vec<String> {
    let blocks = || outcome.measured.iter().filter(move |one| one.mode == mode).flat_map(|one| &one.blocks);
    let of = |pick: Pick| median(blocks().map(|(floor, _)| pick(floor)));
    let cpu = |pick: Pick| of(pick).map_or_else(|| "-".to_owned(), |us| format!("{us:.2} µs"));
    vec![
        "raw TCP".to_owned(),
        of(|figures| figures.deliveries_per_s).map_or_else(|| "-".to_owned(), |rate| format!("{rate:.0}")),
        cpu(|figures| figures.server_us),
        cpu(|figures| figures.crowd_us),
        number(of(|figures| figures.server_us)),
        number(of(|figures| figures.crowd_us)),
        number(median(blocks().filter_map(|(floor, _)| floor.one_way_us))),
        number(of(|figures| figures.per_write)),
    ]
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

/// The same for programs.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    let one = |measured: &Measured| {
        let ratio = |pick: Pick| {
            let interval = interval(measured, pick);
            json!({
                "median": median(measured.blocks.iter().map(|(floor, own)| pick(own) / pick(floor))),
                "low": interval.map(|ratio| ratio.low),
                "high": interval.map(|ratio| ratio.high),
                "floor": measured.blocks.iter().map(|(floor, _)| pick(floor)).collect::<Vec<_>>(),
                "own": measured.blocks.iter().map(|(_, own)| pick(own)).collect::<Vec<_>>(),
            })
        };
        json!({
            "label": measured.label,
            "mode": match measured.mode { Mode::Lockstep => "lockstep", Mode::Window => "window" },
            "deliveries_per_s": ratio(|figures| figures.deliveries_per_s),
            "server_us": ratio(|figures| figures.server_us),
            "client_us": ratio(|figures| figures.crowd_us),
            "updates_per_write": ratio(|figures| figures.per_write),
            "first_one_way_us": match measured.mode {
                Mode::Lockstep => ratio(|figures| figures.one_way_us.unwrap_or(f64::NAN)),
                Mode::Window => json!(null),
            },
        })
    };
    let measured: Vec<_> = outcome.measured.iter().map(one).collect();
    let document = json!({
        "subscribers": outcome.request.subscribers,
        "body_bytes": super::BODY_BYTES,
        "window": outcome.request.window,
        "placement": outcome.placement,
        "repeated": outcome.repeated,
        "disturbed": outcome.disturbed,
        "measured": measured,
    });
    format!("{document:#}")
}

/// From the floor to the contestant, over blocks.
fn interval(measured: &Measured, pick: Pick) -> Option<Ratio> {
    let pairs: Vec<(f64, f64)> =
        measured.blocks.iter().map(|(floor, own)| (pick(floor), pick(own))).collect();
    paired(&pairs)
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}
