//! A straight line through points.

/// `y = intercept + slope * x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// `y` per `x`.
    pub slope: f64,
    /// `y` where `x` is zero.
    pub intercept: f64,
}

/// The line from which the squares of the points' distances in `y` add up to the least. None for fewer than two
/// different `x`, and where one of the numbers is none.
#[must_use]
pub fn least_squares(points: &[(f64, f64)]) -> Option<Line> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|(x, _)| *x), mean(|(_, y)| *y));
    let spread: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let common: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = common / spread;
    let line = Line { slope, intercept: mean_y - slope * mean_x };
    (spread > 0.0 && line.slope.is_finite() && line.intercept.is_finite()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again() {
        let on_it = |x: f64| (x, 300.0 + 2.5 * x);
        let line = least_squares(&[10.0, 100.0, 1_000.0, 10_000.0].map(on_it)).unwrap();
        assert!((line.slope - 2.5).abs() < 1e-9 && (line.intercept - 300.0).abs() < 1e-6, "{line:?}");
    }

    #[test]
    fn what_lies_evenly_on_both_sides_cancels() {
        let line = least_squares(&[(0.0, 1.0), (0.0, -1.0), (10.0, 21.0), (10.0, 19.0)]).unwrap();
        assert_eq!((line.slope, line.intercept), (2.0, 0.0));
    }

    #[test]
    fn one_place_has_no_slope() {
        assert_eq!(least_squares(&[]), None);
        assert_eq!(least_squares(&[(5.0, 1.0), (5.0, 2.0)]), None);
        assert_eq!(least_squares(&[(5.0, 1.0), (6.0, f64::NAN)]), None);
    }
}
