//! What people of a feature look at: how replies came, how rooms agreed, what exchanges took.
//!
//! Nothing of it is there for a broadcast, whose figures are those of every run.

mod exchange;
mod interruption;
mod playback;
mod posts;
mod recovery;
mod reply;
mod rooms;
mod timeline;

use crate::chart::axis::{Axis, Quantity};
use crate::chart::lanes::{self, Backdrop, Entry, Lanes, Mark};
use crate::columns;
use crate::standing::{self, NOT_CLOSED, Standing};
use crate::table::{Cell, Table};
use ledger::Distribution;
use results::{Merged, Run};

/// Tables and pictures of one shape of work.
pub(crate) struct Feature {
    /// The end of its identifier on the page.
    pub id: &'static str,
    pub title: &'static str,
    pub intro: &'static str,
    pub tables: Vec<Table>,
    pub charts: Vec<Lanes>,
    /// What each word over a column means, with its formula where tools disagree.
    pub terms: Vec<(&'static str, &'static str)>,
}

/// What broke, and what the run's shape has of its own.
pub(crate) fn of(run: &Run, standings: &[Standing]) -> Vec<Feature> {
    recovery::feature(standings).into_iter().chain(of_shape(run, standings)).collect()
}

fn of_shape(run: &Run, standings: &[Standing]) -> Option<Feature> {
    match run.header.shape.as_str() {
        "reply" => Some(reply::feature(standings)),
        "exchange" => Some(exchange::feature(standings)),
        "rooms" => Some(rooms::feature(standings)),
        "telemetry" | "duplex" => Some(posts::feature(standings)),
        _ => None,
    }
}

/// Of each transport a median, and how far the slowest hundredth goes, or the longest where there are too few.
fn spread(
    standings: &[Standing],
    title: &'static str,
    reading: impl Into<String>,
    of: impl Fn(&Merged) -> Option<&Distribution>,
) -> Option<Lanes> {
    let entry = |standing: &Standing| {
        let Some(merged) = &standing.merged else { return (Vec::new(), Cell::missing(NOT_CLOSED)) };
        let Some(values) = of(merged).filter(|values| !values.is_empty()) else {
            return (Vec::new(), Cell::missing(NOTHING));
        };
        let end = if values.supports(0.99) { values.quantile(0.99) } else { values.max() };
        let marks = values.quantile(0.5).zip(end).map(|(p50, end)| {
            let (p50, end) = (p50 as f64, end as f64);
            vec![Mark::Range(p50, end), Mark::Dot(p50)]
        });
        (marks.unwrap_or_default(), columns::independent(values, 0.5, NOTHING))
    };
    let drawn = standing::without_controls(standings);
    let entries: Vec<Entry> = drawn
        .map(|standing| {
            let (marks, cell) = entry(standing);
            Entry { label: standing.name().to_owned(), look: standing.look, marks, cell }
        })
        .collect();
    let axis = Axis::from_zero(Quantity::Time, lanes::values(&entries))?;
    Some(lanes::lanes(title, reading.into(), &axis, Backdrop::Nothing, entries))
}

const NOTHING: &str = "nothing of the kind happened";

/// The median and the 99th percentile of times that are each for themselves.
fn p50_p99(values: Option<&Distribution>) -> [Cell; 2] {
    match values {
        Some(values) => [0.5, 0.99].map(|q| columns::independent(values, q, NOTHING)),
        None => [Cell::missing(NOTHING), Cell::missing(NOTHING)],
    }
}

/// The same of values of which each reply has many: they are no more independent than replies are.
fn bundled(values: &Distribution, replies: u64) -> [Cell; 2] {
    [0.5, 0.99].map(|q| {
        let few = (replies as f64 * (1.0 - q)) < Distribution::TAIL_SAMPLES as f64;
        let why = "too few different replies for it, however many gaps they hold";
        columns::independent(values, q, NOTHING).doubted(few.then(|| why.to_owned()))
    })
}

/// What speaks against figures of those that came: others did not.
fn survivors(missing: u64) -> Option<String> {
    (missing > 0)
        .then(|| "of those that came; others failed, never ended or had not come back, and would be infinitely late".to_owned())
}

/// Cells of which each stands for those that came.
fn doubted(cells: impl IntoIterator<Item = Cell>, missing: u64) -> impl Iterator<Item = Cell> {
    cells.into_iter().map(move |cell| cell.doubted(survivors(missing)))
}
