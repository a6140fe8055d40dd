//! Shapes that tell transports apart without colour.

use super::Look;
use std::fmt::Write;

/// Half the size of a marker, in pixels.
pub(super) const RADIUS: i32 = 5;

/// A marker as a shape around the origin.
pub(super) enum Shape {
    Circle,
    /// Closed.
    Corners(&'static [(i32, i32)]),
}

/// None for the floor, whose dots are enough.
pub(super) fn shape(look: Look) -> Option<Shape> {
    let Look::Contestant(index) = look else { return None };
    let shape = match index % 6 {
        0 => Shape::Circle,
        1 => Shape::Corners(&[(-4, -4), (4, -4), (4, 4), (-4, 4)]),
        2 => Shape::Corners(&[(0, -6), (5, 4), (-5, 4)]),
        3 => Shape::Corners(&[(0, -6), (6, 0), (0, 6), (-6, 0)]),
        4 => Shape::Corners(&[(0, 6), (5, -4), (-5, -4)]),
        _ => Shape::Corners(&[(-2, -5), (2, -5), (2, 5), (-2, 5)]),
    };
    Some(shape)
}

/// The line of a legend: a piece of the curve with its marker, 44 by 14.
pub(super) fn swatch(look: Look) -> String {
    let classes = look.classes();
    let mut svg = format!("<path class=\"line {classes}\" d=\"M1 7H43\"/>");
    match shape(look) {
        None => {}
        Some(Shape::Circle) => {
            let _ = write!(svg, "<circle class=\"mark {classes}\" cx=\"22\" cy=\"7\" r=\"{RADIUS}\"/>");
        }
        Some(Shape::Corners(corners)) => {
            let points: Vec<String> = corners.iter().map(|(x, y)| format!("{},{}", x + 22, y + 7)).collect();
            let _ = write!(svg, "<polygon class=\"mark {classes}\" points=\"{}\"/>", points.join(" "));
        }
    }
    svg
}
