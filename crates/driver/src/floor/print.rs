//! What a person or a program reads of it.

use super::{Figures, Measured, Mode, Outcome};
use crate::terminal::table;
use serde_json::json;
use verdict::statistics::{Ratio, paired};

const COLUMNS: [&str; 8] = [
    "against the floor",
    "deliveries/s",
    "95 %",
    "server CPU",
    "95 %",
    "client CPU",
    "µs server + client",
    "updates/write",
];

/// Which of a block's figures are held against each other.
type Pick = fn(&Figures) -> f64;

/// Two tables and what has to be known to read them.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let request = &outcome.request;
    let of_mode = |mode: Mode| {
        let title = match mode {
            Mode::Lockstep => "lockstep: the next update when all have the last".to_owned(),
            Mode::Window => format!(
                "window: at most {} updates under way, which lets any transport batch",
                request.window
            ),
        };
        let rows = outcome.measured.iter().filter(|measured| measured.mode == mode).map(row);
        format!("{title}\n\n{}\n\n{}", table(&COLUMNS, rows), floor(outcome, mode))
    };
    let modes: Vec<String> = Mode::ALL.into_iter().map(of_mode).collect();
    let disturbed = match outcome.disturbed {
        0 => String::new(),
        count => format!(
            "\nOthers used more than 5 % of the machine during {count} of these measurements: do not quote them."
        ),
    };
    format!(
        "One update of {} bytes to {} subscribers; {}.\n\
         Ratios to raw TCP: medians over blocks, and the 95 % interval of the mean. Below 1 is slower, or cheaper.\n\n{}\n\
         {} measurements were run again because others used the machine.{disturbed}",
        super::BODY_BYTES,
        request.subscribers,
        outcome.placement.as_deref().unwrap_or("processes run wherever the system puts them"),
        modes.join("\n"),
        outcome.repeated,
    )
}

fn row(measured: &Measured) -> Vec<String> {
    let ratio = |pick: Pick| median(measured.blocks.iter().map(|(floor, own)| pick(own) / pick(floor)));
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let between = |pick: Pick| {
        interval(measured, pick)
            .map_or_else(|| "-".to_owned(), |ratio| format!("{:.2} to {:.2}", ratio.low, ratio.high))
    };
    let own = |pick: Pick| median(measured.blocks.iter().map(|(_, own)| pick(own)));
    vec![
        measured.label.clone(),
        number(ratio(|figures| figures.deliveries_per_s)),
        between(|figures| figures.deliveries_per_s),
        number(ratio(|figures| figures.server_us)),
        between(|figures| figures.server_us),
        number(ratio(|figures| figures.crowd_us)),
        format!("{} + {}", number(own(|figures| figures.server_us)), number(own(|figures| figures.crowd_us))),
        number(own(|figures| figures.per_write)),
    ]
}

fn floor(outcome: &Outcome, mode: Mode) -> String {
    let blocks = || outcome.measured.iter().filter(move |one| one.mode == mode).flat_map(|one| &one.blocks);
    let of = |pick: Pick| median(blocks().map(|(floor, _)| pick(floor))).unwrap_or(f64::NAN);
    format!(
        "The floor: {:.0} deliveries/s, {:.2} µs of the server and {:.2} of the clients each, {:.1} updates a write.\n",
        of(|figures| figures.deliveries_per_s),
        of(|figures| figures.server_us),
        of(|figures| figures.crowd_us),
        of(|figures| figures.per_write),
    )
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
