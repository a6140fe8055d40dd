//! Latency by percentile, the tail stretched.

use super::axis::{Axis, Quantity};
use super::look::Look;
use super::names::{self, Name};
use super::paper::{self, Drawing, Drawn, Paper, Point, Side};
use crate::format;
use crate::standing::{self, Figure, Standing};

/// The picture, once for a desk and once for a phone, with all that is said of it elsewhere.
pub(crate) struct Curves {
    pub wide: Drawing,
    pub narrow: Drawing,
    /// Beside the ends of the curves, in the wide picture only.
    pub names: Vec<Name>,
    /// The same in words, for who does not see it.
    pub description: String,
    pub has_models: bool,
    /// Whether some models say less than the axis shows.
    pub hides_models: bool,
}

/// The quantiles that the axis names.
pub(crate) const TICKS: [(f64, &str); 5] =
    [(0.5, "50 %"), (0.9, "90 %"), (0.99, "99 %"), (0.999, "99.9 %"), (0.9999, "99.99 %")];

/// What one transport puts into the picture: latencies in nanoseconds.
struct Series<'a> {
    label: &'a str,
    look: Look,
    /// Place along the tail and latency; ends where the tail is not known.
    curve: Vec<Point>,
    /// The same at the named quantiles.
    marks: Vec<Point>,
    /// What the model says, at the same kind of places.
    model: Vec<Point>,
}

/// Where the curves go, in pixels. Without font metrics nothing moves aside for labels.
struct Frame<'a> {
    axis: &'a Axis,
    tail: f64,
    limit: Option<f64>,
    size: (u32, u32),
    left: f64,
    right: f64,
}

const FONT_SIZE: u32 = 17;
const TOP: f64 = 44.0;
/// Below the curves: the names of the quantiles and of the axis.
const FOOT: f64 = 58.0;

/// None when no transport has a quantile that is known.
///
/// `limit` is the most that the scenario allows, in nanoseconds.
pub(crate) fn of(standings: &[Standing], limit: Option<f64>) -> Option<Curves> {
    let drawn = standing::without_controls(standings);
    let series: Vec<Series> = drawn.map(Series::of).collect();
    let curves = series.iter().filter(|series| !series.curve.is_empty());
    let reach = curves.flat_map(|series| &series.curve).map(|(place, _)| *place).reduce(f64::max)?;
    let tail =
        TICKS.iter().map(|(q, _)| place(*q)).find(|tick| *tick >= reach - 1e-9 && *tick >= place(0.99));
    let tail = tail.unwrap_or(place(0.9999));
    let axis = axis(&series, limit)?;
    let wide = Frame { axis: &axis, tail, limit, size: (860, 430), left: 74.0, right: 606.0 };
    let narrow = Frame { axis: &axis, tail, limit, size: (360, 340), left: 62.0, right: 344.0 };
    let models = || series.iter().flat_map(|series| &series.model);
    Some(Curves {
        wide: wide.draw(&series),
        narrow: narrow.draw(&series),
        names: wide.names(&series),
        description: standings.iter().map(describe).collect::<Vec<_>>().join(" "),
        has_models: models().any(|(_, ns)| axis.shows(*ns)),
        hides_models: models().any(|(_, ns)| !axis.shows(*ns)),
    })
}

/// A model that knows no processor may say "at once", which must not press the curves against the top
/// of a logarithmic axis: one far below everything measured stays out.
fn axis(series: &[Series], limit: Option<f64>) -> Option<Axis> {
    let measured = || series.iter().flat_map(|series| &series.curve).map(|(_, latency_ns)| *latency_ns);
    let least_ns = measured().reduce(f64::min)? / 10.0;
    let models = series.iter().flat_map(|series| &series.model).map(|(_, latency_ns)| *latency_ns);
    Axis::over(
        Quantity::Time,
        measured().chain(models.filter(|latency_ns| *latency_ns >= least_ns)).chain(limit),
    )
}

/// Where a quantile stands along the axis: each nine is as long as the one before.
fn place(q: f64) -> f64 {
    -(1.0 - q).log10()
}

impl<'a> Series<'a> {
    fn of(standing: &'a Standing) -> Self {
        let known_ns = |q: f64| {
            let figure = standing.quantile(q).ok().filter(Figure::is_known)?;
            Some((place(q), figure.value_ns as f64))
        };
        Series {
            label: standing.name(),
            look: standing.look,
            curve: quantiles().map_while(known_ns).collect(),
            marks: TICKS.iter().map_while(|(q, _)| known_ns(*q)).collect(),
            model: model(standing),
        }
    }
}

fn model(standing: &Standing) -> Vec<Point> {
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

fn describe(standing: &Standing) -> String {
    let at = |(q, name): &(f64, &str)| {
        let figure = standing.quantile(*q).ok().filter(Figure::is_known)?;
        Some(format!("{} at {name}", format::duration(figure.value_ns)))
    };
    let values: Vec<String> = TICKS.iter().map_while(at).collect();
    match values.is_empty() {
        true => format!("{}: no curve.", standing.name()),
        false => format!("{}: {}.", standing.name(), values.join(", ")),
    }
}

impl Frame<'_> {
    fn draw(&self, series: &[Series]) -> Drawing {
        paper::draw(self.size, FONT_SIZE, |paper| {
            self.upright(paper)?;
            self.along(paper)?;
            // The floor first, so that no contestant lies under it.
            let (asides, contestants): (Vec<_>, Vec<_>) =
                series.iter().partition(|series| series.look == Look::Aside);
            asides.into_iter().chain(contestants).try_for_each(|series| self.series(paper, series))
        })
    }

    fn upright(&self, paper: &Paper) -> Drawn {
        for tick in self.axis.ticks() {
            let y = self.y(tick.value);
            paper.line([(self.left, y), (self.right, y)], "grid")?;
            paper.text(&tick.text, (self.left - 12.0, y), Side::Left)?;
        }
        if let Some(limit) = self.limit {
            let y = self.y(limit);
            paper.line([(self.left, y), (self.right, y)], "line limit")?;
            paper.text(
                &format!("limit {}", format::tick(limit)),
                (self.left + 6.0, y - 12.0),
                Side::Right,
            )?;
        }
        paper.text(&format!("Latency from schedule ({})", self.axis.scale()), (4.0, 16.0), Side::Right)
    }

    fn along(&self, paper: &Paper) -> Drawn {
        for (q, name) in TICKS.iter().take_while(|(q, _)| place(*q) <= self.tail + 1e-9) {
            let x = self.x(place(*q));
            paper.line([(x, TOP), (x, self.bottom() + 6.0)], "grid")?;
            let side = if x > self.right - 1.0 && self.size.0 < 500 { Side::Left } else { Side::Middle };
            let x = if matches!(side, Side::Left) { x + 12.0 } else { x };
            paper.text(name, (x, self.bottom() + 18.0), side)?;
        }
        let middle = (self.left + self.right) / 2.0;
        paper.text("share that took at most this long", (middle, self.bottom() + 42.0), Side::Middle)
    }

    fn series(&self, paper: &Paper, series: &Series) -> Drawn {
        let colour = series.look.colour();
        let point = |point: &Point| self.point(*point);
        paper.line(series.curve.iter().map(point), &format!("line {}", series.look.classes()))?;
        for mark in &series.marks {
            paper.mark(series.look, self.point(*mark), &format!("mark {colour}"))?;
        }
        for model in series.model.iter().filter(|(_, latency_ns)| self.axis.shows(*latency_ns)) {
            paper.outline(series.look, self.point(*model), &format!("model {colour}"))?;
        }
        Ok(())
    }

    fn names(&self, series: &[Series]) -> Vec<Name> {
        let ends = series.iter().filter_map(|series| {
            let end = self.point(*series.curve.last()?);
            Some((series.label, series.look, end))
        });
        names::beside(ends, self.right + 26.0, f64::from(self.size.0), (TOP, self.bottom()))
    }

    fn point(&self, (along, latency_ns): Point) -> Point {
        (self.x(along), self.y(latency_ns))
    }

    fn x(&self, along: f64) -> f64 {
        let share = (along - place(0.5)) / (self.tail - place(0.5));
        self.left + share * (self.right - self.left)
    }

    fn y(&self, latency_ns: f64) -> f64 {
        self.bottom() - self.axis.place(latency_ns) * (self.bottom() - TOP)
    }

    fn bottom(&self) -> f64 {
        f64::from(self.size.1) - FOOT
    }
}
