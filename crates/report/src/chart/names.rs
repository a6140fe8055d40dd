//! Names at the ends of curves, moved apart so that none lies on another.

use super::look::Look;
use super::paper::{Point, UNITS};

/// A name beside a curve's end, in the units of a drawing.
pub(crate) struct Name {
    /// Where its text begins, and the middle of its height.
    pub x: i32,
    pub y: i32,
    /// The line from the curve's end to the name.
    pub leader: String,
    /// The class of its colour.
    pub colour: String,
    /// Shortened where there is no room for all of it.
    pub text: String,
}

/// The least distance between two names, in pixels.
const APART: f64 = 18.0;
/// No letter of the font is wider on average, in pixels.
const LETTER: f64 = 8.6;

/// Names that begin at `x`, end before `right` and keep within `from` and `to`, as far as there is room.
pub(super) fn beside<'a>(
    ends: impl Iterator<Item = (&'a str, Look, Point)>,
    x: f64,
    right: f64,
    (from, to): (f64, f64),
) -> Vec<Name> {
    let mut ends: Vec<_> = ends.collect();
    ends.sort_by(|(_, _, (_, a)), (_, _, (_, b))| a.total_cmp(b));
    let heights = spread(ends.iter().map(|(_, _, (_, y))| *y).collect(), from, to);
    let room = ((right - x) / LETTER) as usize;
    let name = |((label, look, end), y): ((&str, Look, Point), f64)| Name {
        x: units(x),
        y: units(y),
        leader: format!(
            "M{} {}L{} {}L{} {}",
            units(end.0 + 8.0),
            units(end.1),
            units(x - 12.0),
            units(y),
            units(x - 4.0),
            units(y)
        ),
        colour: look.colour(),
        text: shortened(label, room),
    };
    ends.into_iter().zip(heights).map(name).collect()
}

/// Heights in ascending order become heights that are far enough apart, each moved as little as needed:
/// down first, and then up again from the lower end.
fn spread(mut heights: Vec<f64>, from: f64, to: f64) -> Vec<f64> {
    let mut least = from;
    for height in &mut heights {
        *height = height.max(least);
        least = *height + APART;
    }
    let mut most = to;
    for height in heights.iter_mut().rev() {
        *height = height.min(most);
        most = *height - APART;
    }
    heights
}

fn shortened(label: &str, room: usize) -> String {
    match label.chars().count() > room {
        true => label.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
        false => label.to_owned(),
    }
}

fn units(pixels: f64) -> i32 {
    (pixels * f64::from(UNITS)).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_far_enough_apart_and_within() {
        for heights in [vec![50.0, 51.0, 52.0, 300.0], vec![299.0, 299.5, 300.0], vec![10.0, 400.0]] {
            let moved = spread(heights.clone(), 44.0, 300.0);
            assert!(moved.windows(2).all(|pair| pair[1] - pair[0] >= APART - 1e-9), "{moved:?}");
            assert!(moved.iter().all(|height| (44.0..=300.0).contains(height)), "{moved:?}");
        }
        assert_eq!(spread(vec![100.0, 200.0], 44.0, 300.0), [100.0, 200.0]);
    }

    #[test]
    fn a_name_without_room_says_that_it_goes_on() {
        assert_eq!(shortened("long-polling", 20), "long-polling");
        assert_eq!(shortened("long-polling", 5), "long…");
    }
}
