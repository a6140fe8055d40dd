//! Shapes that tell transports apart without colour.

use super::look::Look;
use std::fmt::Write;

/// Half the size of a marker, in pixels.
pub(super) const RADIUS: i32 = 5;

/// A marker as a shape around the origin.
pub(super) enum Shape {
    Circle,
    /// Closed.
    Corners(&'static [(i32, i32)]),
}

/// None for what is no contestant, whose dots are enough.
pub(super) fn shape(look: Look) -> Option<Shape> {
    let shape = match look.marker()? {
        0 => Shape::Circle,
        1 => Shape::Corners(&[(-4, -4), (4, -4), (4, 4), (-4, 4)]),
        2 => Shape::Corners(&[(0, -6), (5, 4), (-5, 4)]),
        3 => Shape::Corners(&[(0, -6), (6, 0), (0, 6), (-6, 0)]),
        4 => Shape::Corners(&[(0, 6), (5, -4), (-5, -4)]),
        _ => Shape::Corners(&[(-2, -5), (2, -5), (2, 5), (-2, 5)]),
    };
    Some(shape)
}

/// A piece of the curve with its marker, 32 by 14: what stands before a transport's name.
pub(crate) fn swatch(look: Look) -> String {
    let mut svg = format!("<path class=\"line {}\" d=\"M1 7H31\"/>", look.classes());
    if let Some(shape) = shape(look) {
        write_shape(&mut svg, &shape, &format!("mark {}", look.colour()), (16, 7));
    }
    svg
}

/// A marker at a place along the width of whatever it is drawn in, at half of its height.
pub(super) fn at_share(look: Look, class: &str, share: f64) -> String {
    let shape = shape(look).unwrap_or(Shape::Circle);
    let mut inner = String::new();
    write_shape(&mut inner, &shape, class, (0, 0));
    format!("<svg x=\"{:.2}%\" y=\"50%\" overflow=\"visible\">{inner}</svg>", share * 100.0)
}

fn write_shape(svg: &mut String, shape: &Shape, class: &str, (x, y): (i32, i32)) {
    let _ = match shape {
        Shape::Circle => write!(svg, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\"/>"),
        Shape::Corners(corners) => {
            let points: Vec<String> =
                corners.iter().map(|(dx, dy)| format!("{},{}", dx + x, dy + y)).collect();
            write!(svg, "<polygon class=\"{class}\" points=\"{}\"/>", points.join(" "))
        }
    };
}
