//! Curves on paper, by plotters, with classes in place of colours.
//!
//! A colour written into an SVG can't follow the reader's light or dark. So plotters draws with colours
//! that only stand for something, and each becomes the class that the style sheet colours.

use super::axis::Axis;
use super::marker::{RADIUS, Shape, shape};
use super::{Look, Series, TICKS, place};
use crate::format;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The size of the picture, in pixels.
pub(super) const WIDTH: u32 = 860;
pub(super) const HEIGHT: u32 = 440;

/// Plotters knows whole units only, so that a gentle curve drawn in pixels would have steps. There are
/// this many units to a pixel, in everything below.
pub(super) const UNITS: u32 = 4;
const UNIT: i32 = UNITS as i32;

/// Where the curves go. Without font metrics nothing moves aside for labels.
const LEFT: i32 = 84 * UNIT;
const RIGHT: i32 = 820 * UNIT;
const TOP: i32 = 48 * UNIT;
const BOTTOM: i32 = 376 * UNIT;

const FONT_SIZE: i32 = 16 * UNIT;

/// The model's markers are drawn around those of the curve, so that both are seen where they meet.
const MODEL_SCALE: f64 = 1.6;

type Paper<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// What a colour stands for.
#[derive(Clone, Copy)]
enum Role {
    Ink,
    Grid,
    Line,
    Mark,
    Model,
}

/// The inside of an `<svg>`.
pub(super) fn draw(series: &[Series], axis: &Axis, tail: f64) -> String {
    let mut svg = String::new();
    let frame = Frame { axis, tail };
    let paper = SVGBackend::with_string(&mut svg, (WIDTH * UNITS, HEIGHT * UNITS)).into_drawing_area();
    frame.draw(&paper, series).expect("drawing into a string has nothing that can fail");
    drop(paper);
    with_classes(inside(&svg), series)
}

/// Where things are: along the tail and up the axis.
struct Frame<'a> {
    axis: &'a Axis,
    tail: f64,
}

impl Frame<'_> {
    fn draw(&self, paper: &Paper, series: &[Series]) -> Drawn {
        self.upright(paper)?;
        self.along(paper)?;
        for (index, series) in series.iter().enumerate() {
            self.series(paper, series, index)?;
        }
        paper.present()?;
        Ok(())
    }

    fn upright(&self, paper: &Paper) -> Drawn {
        for tick_ns in self.axis.ticks_ns() {
            let y = self.y(tick_ns);
            paper.draw(&PathElement::new(vec![(LEFT, y), (RIGHT, y)], colour(Role::Grid, 0)))?;
            text(paper, &format::tick(tick_ns), (LEFT - 10 * UNIT, y), HPos::Right)?;
        }
        let scale = if self.axis.is_log { "logarithmic" } else { "linear" };
        text(paper, &format!("Latency from due ({scale})"), (10 * UNIT, 18 * UNIT), HPos::Left)
    }

    fn along(&self, paper: &Paper) -> Drawn {
        for (q, name) in TICKS {
            if place(q) > self.tail + 1e-9 {
                break;
            }
            let x = self.x(place(q));
            paper.draw(&PathElement::new(vec![(x, TOP), (x, BOTTOM + 6 * UNIT)], colour(Role::Grid, 0)))?;
            text(paper, name, (x, BOTTOM + 20 * UNIT), HPos::Center)?;
        }
        let title = "Share of what was due that took at most this long";
        text(paper, title, ((LEFT + RIGHT) / 2, BOTTOM + 46 * UNIT), HPos::Center)
    }

    fn series(&self, paper: &Paper, series: &Series, index: usize) -> Drawn {
        let points: Vec<(i32, i32)> = series.curve.iter().map(|point| self.point(*point)).collect();
        paper.draw(&PathElement::new(points, colour(Role::Line, index)))?;
        for point in &series.marks {
            mark(paper, self.point(*point), series.look, colour(Role::Mark, index).filled(), 1.0)?;
        }
        for point in series.model.iter().filter(|(_, latency_ns)| self.axis.shows(*latency_ns)) {
            let hollow = ShapeStyle::from(colour(Role::Model, index));
            mark(paper, self.point(*point), series.look, hollow, MODEL_SCALE)?;
        }
        Ok(())
    }

    fn point(&self, (along, latency_ns): (f64, f64)) -> (i32, i32) {
        (self.x(along), self.y(latency_ns))
    }

    fn x(&self, along: f64) -> i32 {
        let share = (along - place(0.5)) / (self.tail - place(0.5));
        LEFT + (share * f64::from(RIGHT - LEFT)).round() as i32
    }

    fn y(&self, latency_ns: f64) -> i32 {
        BOTTOM - (self.axis.height(latency_ns) * f64::from(BOTTOM - TOP)).round() as i32
    }
}

fn text(paper: &Paper, words: &str, at: (i32, i32), side: HPos) -> Drawn {
    let style =
        ("sans-serif", FONT_SIZE).into_font().color(&colour(Role::Ink, 0)).pos(Pos::new(side, VPos::Center));
    paper.draw(&Text::new(words.to_owned(), at, style))?;
    Ok(())
}

fn mark(paper: &Paper, (x, y): (i32, i32), look: Look, style: ShapeStyle, scale: f64) -> Drawn {
    let units = |pixels: i32| (f64::from(pixels * UNIT) * scale).round() as i32;
    match shape(look) {
        None => {}
        Some(Shape::Circle) => paper.draw(&Circle::new((x, y), units(RADIUS), style))?,
        Some(Shape::Corners(corners)) => {
            let mut points: Vec<_> =
                corners.iter().map(|(dx, dy)| (x + units(*dx), y + units(*dy))).collect();
            if style.filled {
                paper.draw(&Polygon::new(points, style))?;
            } else {
                // Once around and one side further, so that the first corner is joined too.
                points.extend_from_within(..2);
                paper.draw(&PathElement::new(points, style))?;
            }
        }
    }
    Ok(())
}

/// The stand-in for a role and a series.
fn colour(role: Role, index: usize) -> RGBColor {
    let [high, low] = (index as u16).to_be_bytes();
    RGBColor(role as u8, high, low)
}

fn classes(role: Role, look: Look) -> String {
    match role {
        Role::Ink => "ink".to_owned(),
        Role::Grid => "grid".to_owned(),
        Role::Line => format!("line {}", look.classes()),
        Role::Mark => format!("mark {}", look.classes()),
        Role::Model => format!("model {}", look.classes()),
    }
}

fn with_classes(svg: &str, series: &[Series]) -> String {
    let everybodys = [Role::Ink, Role::Grid].map(|role| (role, 0, Look::Floor));
    let one_each = [Role::Line, Role::Mark, Role::Model]
        .into_iter()
        .flat_map(|role| series.iter().enumerate().map(move |(index, series)| (role, index, series.look)));
    let mut svg = svg.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "");
    for (role, index, look) in everybodys.into_iter().chain(one_each) {
        let RGBColor(red, green, blue) = colour(role, index);
        let class = format!("class=\"{}\"", classes(role, look));
        for attribute in ["stroke", "fill"] {
            svg = svg.replace(&format!("{attribute}=\"#{red:02X}{green:02X}{blue:02X}\""), &class);
        }
    }
    svg
}

/// Without the outer element, which the page writes itself, with a title and a description.
fn inside(svg: &str) -> &str {
    let start = svg.find('>').map_or(0, |end| end + 1);
    let end = svg.rfind("</svg>").unwrap_or(svg.len());
    svg[start..end].trim()
}
