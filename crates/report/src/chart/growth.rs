//! A figure against the key that the runs differ in.

use super::axis::{Axis, Quantity};
use super::look::Look;
use super::names::{self, Name};
use super::paper::{self, Drawing, Drawn, Paper, Side};

/// The picture, once for a desk and once for a phone.
pub(crate) struct Growth {
    pub title: &'static str,
    pub reading: String,
    pub wide: Drawing,
    pub narrow: Drawing,
    /// Beside the ends of the lines, in the wide picture only.
    pub names: Vec<Name>,
    /// The same in words, for who does not see it.
    pub description: String,
    pub has_models: bool,
    pub has_doubtful: bool,
}

/// One line of the picture.
pub(crate) struct Series {
    pub label: String,
    pub look: Look,
    pub points: Vec<Place>,
}

/// A figure at one value of the key.
pub(crate) struct Place {
    pub x: f64,
    pub y: f64,
    /// The least and the most of a round.
    pub spread: (f64, f64),
    pub doubted: bool,
    pub model: Option<f64>,
}

/// What both axes are about.
pub(crate) struct Frame {
    pub title: &'static str,
    /// How to read it.
    pub reading: String,
    /// Whether both axes begin at nothing, so that what is proportional is a straight line.
    pub from_zero: bool,
    /// Of the figures.
    pub quantity: Quantity,
    pub key: String,
    pub key_quantity: Quantity,
    /// The key's values, as they are written.
    pub values: Vec<(f64, String)>,
    /// The same in words.
    pub description: String,
}

/// Where the lines go, in pixels.
struct Sheet<'a> {
    frame: &'a Frame,
    across: &'a Axis,
    up: &'a Axis,
    size: (u32, u32),
    left: f64,
    right: f64,
}

const FONT_SIZE: u32 = 17;
const TOP: f64 = 44.0;
/// Below the lines: the key's values and its name.
const FOOT: f64 = 58.0;
/// The least distance between two values that are written, in pixels.
const APART: f64 = 56.0;

/// None where no figure is known.
pub(crate) fn of(frame: Frame, series: &[Series]) -> Option<Growth> {
    let points = || series.iter().flat_map(|series| &series.points);
    let measured = || points().flat_map(|point| [point.y, point.spread.0, point.spread.1]);
    // A model without processors may say "at once", which must not press the lines against the top.
    let least = measured().reduce(f64::min)? / 10.0;
    let models = points().filter_map(|point| point.model).filter(|model| *model >= least);
    let values = frame.values.iter().map(|(value, _)| *value);
    let (up, across) = match frame.from_zero {
        true => (Axis::from_zero(frame.quantity, measured()), Axis::from_zero(frame.key_quantity, values)),
        false => {
            (Axis::over(frame.quantity, measured().chain(models)), Axis::over(frame.key_quantity, values))
        }
    };
    let (up, across) = (up?, across?);
    let sheet = |size, left, right| Sheet { frame: &frame, across: &across, up: &up, size, left, right };
    let (wide, narrow) = (sheet((860, 400), 84.0, 690.0), sheet((360, 320), 80.0, 344.0));
    Some(Growth {
        wide: wide.draw(series),
        narrow: narrow.draw(series),
        names: wide.names(series),
        has_models: points().any(|point| point.model.is_some_and(|model| up.shows(model))),
        has_doubtful: points().any(|point| point.doubted),
        title: frame.title,
        reading: frame.reading.clone(),
        description: frame.description.clone(),
    })
}

impl Sheet<'_> {
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
        for tick in self.up.ticks() {
            let y = self.y(tick.value);
            paper.line([(self.left, y), (self.right, y)], "grid")?;
            paper.text(&tick.text, (self.left - 12.0, y), Side::Left)?;
        }
        paper.text(&format!("{} ({})", self.frame.title, self.up.scale()), (4.0, 16.0), Side::Right)
    }

    fn along(&self, paper: &Paper) -> Drawn {
        let mut free_from = f64::NEG_INFINITY;
        for (value, text) in &self.frame.values {
            let x = self.x(*value);
            paper.line([(x, TOP), (x, self.bottom() + 6.0)], "grid")?;
            if x >= free_from {
                paper.text(text, (x, self.bottom() + 18.0), Side::Middle)?;
                free_from = x + APART;
            }
        }
        let middle = (self.left + self.right) / 2.0;
        let name = format!("{} ({})", self.frame.key, self.across.scale());
        paper.text(&name, (middle, self.bottom() + 42.0), Side::Middle)
    }

    fn series(&self, paper: &Paper, series: &Series) -> Drawn {
        let colour = series.look.colour();
        let place = |point: &Place| (self.x(point.x), self.y(point.y));
        paper.line(series.points.iter().map(place), &format!("line {}", series.look.classes()))?;
        for point in &series.points {
            let (x, y) = place(point);
            let (low, high) = point.spread;
            paper.line([(x, self.y(low)), (x, self.y(high))], &format!("thin {colour}"))?;
            let class = if point.doubted { format!("hollow {colour}") } else { format!("mark {colour}") };
            paper.mark(series.look, (x, y), &class)?;
            if let Some(model) = point.model.filter(|model| self.up.shows(*model)) {
                paper.outline(series.look, (x, self.y(model)), &format!("model {colour}"))?;
            }
        }
        Ok(())
    }

    fn names(&self, series: &[Series]) -> Vec<Name> {
        let ends = series.iter().filter_map(|series| {
            let end = series.points.last()?;
            Some((series.label.as_str(), series.look, (self.x(end.x), self.y(end.y))))
        });
        names::beside(ends, self.right + 26.0, f64::from(self.size.0), (TOP, self.bottom()))
    }

    fn x(&self, value: f64) -> f64 {
        self.left + self.across.place(value) * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom() - self.up.place(value) * (self.bottom() - TOP)
    }

    fn bottom(&self) -> f64 {
        f64::from(self.size.1) - FOOT
    }
}
