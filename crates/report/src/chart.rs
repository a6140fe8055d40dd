//! The picture: latency by percentile, the tail stretched.

mod axis;
mod drawing;
mod look;
mod marker;

use crate::format;
use crate::standing::{Figure, Standing};
use axis::Axis;
use look::Look;

/// A drawing with all that is said of it elsewhere than in it.
pub(crate) struct Chart {
    /// What stands between `<svg>` and `</svg>`. Holds no text that comes from a scenario.
    pub drawing: String,
    /// In pixels.
    pub width: u32,
    pub height: u32,
    /// The drawing's own size.
    pub view_width: u32,
    pub view_height: u32,
    /// The same in words, for who does not see it.
    pub description: String,
    pub legend: Vec<Key>,
    pub has_models: bool,
    /// Whether some models say less than the axis shows.
    pub hides_models: bool,
}

/// A line of the legend.
pub(crate) struct Key {
    pub label: String,
    /// An svg fragment: the line with its marker.
    pub swatch: String,
    /// Said beside the label, such as why it has no curve.
    pub remark: String,
}

/// The quantiles that the axis names.
pub(super) const TICKS: [(f64, &str); 5] =
    [(0.5, "50 %"), (0.9, "90 %"), (0.99, "99 %"), (0.999, "99.9 %"), (0.9999, "99.99 %")];

/// What one transport puts into the picture: latencies in nanoseconds.
struct Series {
    look: Look,
    /// Place along the tail and latency; ends where the tail is not known.
    curve: Vec<(f64, f64)>,
    /// The same at the named quantiles.
    marks: Vec<(f64, f64)>,
    /// What the model says, at the same kind of places.
    model: Vec<(f64, f64)>,
}

/// None when no transport has a quantile that is known.
pub(crate) fn latency(standings: &[Standing]) -> Option<Chart> {
    let looks = Look::deal(standings.iter().map(|standing| standing.entry.floor));
    let series: Vec<Series> =
        standings.iter().zip(looks).map(|(standing, look)| Series::of(standing, look)).collect();
    let curves = series.iter().filter(|series| !series.curve.is_empty());
    let reach = curves.flat_map(|series| &series.curve).map(|(place, _)| *place).reduce(f64::max)?;
    let tail =
        TICKS.iter().map(|(q, _)| place(*q)).find(|tick| *tick >= reach - 1e-9 && *tick >= place(0.99));
    let tail = tail.unwrap_or(place(0.9999));
    let axis = axis(&series)?;
    let models = || series.iter().flat_map(|series| &series.model);
    Some(Chart {
        drawing: drawing::draw(&series, &axis, tail),
        width: drawing::WIDTH,
        height: drawing::HEIGHT,
        view_width: drawing::WIDTH * drawing::UNITS,
        view_height: drawing::HEIGHT * drawing::UNITS,
        description: standings.iter().map(describe).collect::<Vec<_>>().join(" "),
        legend: standings.iter().zip(&series).map(|(standing, series)| key(standing, series)).collect(),
        has_models: models().any(|(_, ns)| axis.shows(*ns)),
        hides_models: models().any(|(_, ns)| !axis.shows(*ns)),
    })
}

/// A model that knows no processor may say "at once", which must not press the curves against the top
/// of a logarithmic axis: one far below everything measured stays out.
fn axis(series: &[Series]) -> Option<Axis> {
    let measured = || series.iter().flat_map(|series| &series.curve).map(|(_, latency_ns)| *latency_ns);
    let least_ns = measured().reduce(f64::min)? / 10.0;
    let models = series.iter().flat_map(|series| &series.model).map(|(_, latency_ns)| *latency_ns);
    Axis::over(measured().chain(models.filter(|latency_ns| *latency_ns >= least_ns)))
}

/// Where a quantile stands along the axis: each nine is as long as the one before.
fn place(q: f64) -> f64 {
    -(1.0 - q).log10()
}

impl Series {
    fn of(standing: &Standing, look: Look) -> Self {
        let known_ns = |q: f64| {
            let figure = standing.quantile(q).ok().filter(Figure::is_known)?;
            Some((place(q), figure.value_ns as f64))
        };
        Series {
            look,
            curve: quantiles().map_while(known_ns).collect(),
            marks: TICKS.iter().map_while(|(q, _)| known_ns(*q)).collect(),
            model: model(standing),
        }
    }
}

fn model(standing: &Standing) -> Vec<(f64, f64)> {
    let Some(model) = &standing.entry.prediction else { return Vec::new() };
    let said = [(0.5, model.p50_ns), (0.99, model.p99_ns)];
    said.into_iter().filter_map(|(q, ns)| Some((place(q), ns? as f64))).collect()
}

/// From the median to 99.99 %, in even steps along the axis, the named ones exactly.
fn quantiles() -> impl Iterator<Item = f64> {
    const STEPS: u32 = 12;
    TICKS
        .windows(2)
        .flat_map(|ends| {
            let (from, to) = (place(ends[0].0), place(ends[1].0));
            let step =
                move |k: u32| 1.0 - 10f64.powf(-(from + (to - from) * f64::from(k) / f64::from(STEPS)));
            std::iter::once(ends[0].0).chain((1..STEPS).map(step))
        })
        .chain(std::iter::once(TICKS[TICKS.len() - 1].0))
}

fn key(standing: &Standing, series: &Series) -> Key {
    let missing = series.curve.is_empty().then(|| match &standing.merged {
        None => crate::standing::NOT_CLOSED.to_owned(),
        Some(_) => "no curve: not even its median is known".to_owned(),
    });
    let remark = [standing.remark(), missing].into_iter().flatten().collect::<Vec<_>>().join("; ");
    Key { label: standing.label().to_owned(), swatch: marker::swatch(series.look), remark }
}

fn describe(standing: &Standing) -> String {
    let at = |(q, name): &(f64, &str)| {
        let figure = standing.quantile(*q).ok().filter(Figure::is_known)?;
        Some(format!("{} at {name}", format::duration(figure.value_ns)))
    };
    let values: Vec<String> = TICKS.iter().map_while(at).collect();
    match values.is_empty() {
        true => format!("{}: no curve.", standing.label()),
        false => format!("{}: {}.", standing.label(), values.join(", ")),
    }
}
