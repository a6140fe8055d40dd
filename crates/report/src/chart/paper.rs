//! Paper to draw on, by plotters, with classes in place of colours.
//!
//! A colour written into an SVG can't follow the reader's light or dark. So plotters draws with colours
//! that only stand for something, and each becomes the class that the style sheet colours.

use super::look::Look;
use super::marker::{RADIUS, Shape, shape};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::cell::RefCell;
use std::error::Error;

/// Plotters knows whole units only, so that a gentle curve drawn in pixels would have steps. There are
/// this many units to a pixel in what a drawing's view box counts.
pub(crate) const UNITS: u32 = 4;

/// What is between `<svg>` and `</svg>`, and how large it is. What a scenario says in it is escaped.
pub(crate) struct Drawing {
    pub svg: String,
    /// In pixels.
    pub width: u32,
    pub height: u32,
}

impl Drawing {
    /// For the attribute of this name.
    pub fn view_box(&self) -> String {
        format!("0 0 {} {}", self.width * UNITS, self.height * UNITS)
    }
}

/// A place, in pixels from the left and from the top.
pub(super) type Point = (f64, f64);

pub(super) type Drawn = Result<(), Box<dyn Error>>;

/// Where a text lies beside its place.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Left,
    Middle,
    Right,
}

pub(super) struct Paper<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Each one's number is the colour that stands for it.
    classes: RefCell<Vec<String>>,
    font_size: i32,
}

/// A picture of this size in pixels, with texts of this size, of which plotters makes four fifths.
pub(super) fn draw(
    (width, height): (u32, u32),
    font_size: u32,
    picture: impl FnOnce(&Paper) -> Drawn,
) -> Drawing {
    let mut svg = String::new();
    let classes = {
        let paper = Paper {
            area: SVGBackend::with_string(&mut svg, (width * UNITS, height * UNITS)).into_drawing_area(),
            classes: RefCell::default(),
            font_size: (font_size * UNITS) as i32,
        };
        picture(&paper)
            .and_then(|()| Ok(paper.area.present()?))
            .expect("drawing into a string has nothing that can fail");
        paper.classes.take()
    };
    Drawing { svg: with_classes(inside(&svg), &classes), width, height }
}

impl Paper<'_> {
    pub fn line(&self, points: impl IntoIterator<Item = Point>, class: &str) -> Drawn {
        let points: Vec<_> = points.into_iter().map(units).collect();
        Ok(self.area.draw(&PathElement::new(points, self.colour(class)))?)
    }

    /// What lies within these corners.
    pub fn area(&self, corners: impl IntoIterator<Item = Point>, class: &str) -> Drawn {
        let corners: Vec<_> = corners.into_iter().map(units).collect();
        Ok(self.area.draw(&Polygon::new(corners, self.colour(class).filled()))?)
    }

    pub fn text(&self, words: &str, at: Point, side: Side) -> Drawn {
        let anchor = match side {
            Side::Left => HPos::Right,
            Side::Middle => HPos::Center,
            Side::Right => HPos::Left,
        };
        let font = ("sans-serif", self.font_size).into_font();
        let style = font.color(&self.colour("ink")).pos(Pos::new(anchor, VPos::Center));
        Ok(self.area.draw(&Text::new(words.to_owned(), units(at), style))?)
    }

    /// The marker of a transport; none where it has none.
    pub fn mark(&self, look: Look, at: Point, class: &str) -> Drawn {
        let style = self.colour(class).filled();
        match shape(look) {
            None => Ok(()),
            Some(Shape::Circle) => {
                Ok(self.area.draw(&Circle::new(units(at), RADIUS * UNITS as i32, style))?)
            }
            Some(Shape::Corners(corners)) => {
                self.area(corners.iter().map(|corner| around(at, *corner, 1.0)), class)
            }
        }
    }

    /// Its outline, somewhat larger, so that both are seen where they meet.
    pub fn outline(&self, look: Look, at: Point, class: &str) -> Drawn {
        const SCALE: f64 = 1.6;
        match shape(look) {
            None => Ok(()),
            Some(Shape::Circle) => {
                let radius = f64::from(RADIUS) * SCALE * f64::from(UNITS);
                Ok(self.area.draw(&Circle::new(units(at), radius.round() as i32, self.colour(class)))?)
            }
            // Once around and one side further, so that the first corner is joined too.
            Some(Shape::Corners(corners)) => {
                let around = corners.iter().chain(&corners[..2]).map(|corner| around(at, *corner, SCALE));
                self.line(around, class)
            }
        }
    }

    /// The stand-in for a class.
    fn colour(&self, class: &str) -> RGBColor {
        let mut classes = self.classes.borrow_mut();
        let index = classes.iter().position(|known| known == class).unwrap_or_else(|| {
            classes.push(class.to_owned());
            classes.len() - 1
        });
        let [high, low] = (index as u16).to_be_bytes();
        RGBColor(1, high, low)
    }
}

fn units((x, y): Point) -> (i32, i32) {
    let unit = f64::from(UNITS);
    ((x * unit).round() as i32, (y * unit).round() as i32)
}

fn around((x, y): Point, (dx, dy): (i32, i32), scale: f64) -> Point {
    (x + f64::from(dx) * scale, y + f64::from(dy) * scale)
}

fn with_classes(svg: &str, classes: &[String]) -> String {
    let mut svg = svg
        .replace(" opacity=\"1\"", "")
        .replace(" font-family=\"sans-serif\"", "")
        .replace(" stroke-width=\"1\"", "")
        .replace("\n</text>", "</text>");
    for (index, class) in classes.iter().enumerate() {
        let [high, low] = (index as u16).to_be_bytes();
        for attribute in ["stroke", "fill"] {
            let colour = format!("{attribute}=\"#01{high:02X}{low:02X}\"");
            svg = svg.replace(&colour, &format!("class=\"{class}\""));
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
