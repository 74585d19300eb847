//! Lines in SVG: only the geometry, drawn by templates.

use std::fmt::Write;

use serde::Serialize;

/// A line so small that it stands in a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sparkline {
    /// Its width, in the units of its path.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The line.
    pub path: String,
    /// Where it ends.
    pub last_x: f64,
    /// Where it ends.
    pub last_y: f64,
    /// What it shows, in words.
    pub description: String,
}

/// Draws numbers in their order; a gap stays a gap. None if there are fewer than two.
pub fn sparkline(values: &[Option<f64>], write: impl Fn(f64) -> String) -> Option<Sparkline> {
    let (width, height) = (120.0, 28.0);
    let points: Vec<(f64, Option<f64>)> = (0u32..).map(f64::from).zip(values.iter().copied()).collect();
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let (&first, &last) = (known.first()?, known.last()?);
    let (low, high) = range(&known).filter(|_| known.len() > 1)?;
    let steps = u32::try_from(values.len().saturating_sub(1)).ok()?;
    let frame =
        Frame { x: (0.0, f64::from(steps.max(1))), y: (low, high), left: 2.0, top: 3.0, right: 4.0, bottom: 3.0 };
    let place = frame.sized(width, height);
    let (last_x, last_y) = points.iter().rev().find_map(|&(x, y)| y.map(|y| place.at(x, y)))?;
    let description =
        format!("From {} to {}; lowest {}, highest {}", write(first), write(last), write(low), write(high));
    Some(Sparkline { width, height, path: place.path(&points, Shape::Line), last_x, last_y, description })
}

/// How points are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Straight from point to point.
    Line,
    /// Level until the next point: a value holds for its whole interval.
    Steps,
}

/// What part of the numbers is shown, and the margins around the drawing.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// First and last place along.
    pub x: (f64, f64),
    /// Lowest and highest value.
    pub y: (f64, f64),
    /// Space at the left.
    pub left: f64,
    /// Space above.
    pub top: f64,
    /// Space at the right.
    pub right: f64,
    /// Space below.
    pub bottom: f64,
}

impl Frame {
    /// The frame on a sheet of this size.
    pub fn sized(self, width: f64, height: f64) -> Placed {
        Placed { frame: self, width, height }
    }
}

/// A frame on a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    frame: Frame,
    width: f64,
    height: f64,
}

impl Placed {
    /// Where a point stands, rounded to a tenth.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let Frame { x: (x0, x1), y: (y0, y1), left, top, right, bottom } = self.frame;
        let share = |value: f64, from: f64, to: f64| if to > from { (value - from) / (to - from) } else { 0.5 };
        let across = left + share(x, x0, x1) * (self.width - left - right);
        let down = self.height - bottom - share(y, y0, y1) * (self.height - top - bottom);
        (tenth(across), tenth(down))
    }

    /// The `d` of an SVG path through the points that are there.
    pub fn path(&self, points: &[(f64, Option<f64>)], shape: Shape) -> String {
        let mut path = String::new();
        let mut pen = false;
        for &(x, y) in points {
            let Some(y) = y else {
                pen = false;
                continue;
            };
            let (x, y) = self.at(x, y);
            let written = match (pen, shape) {
                (false, _) => write!(path, "M{x} {y}"),
                (true, Shape::Line) => write!(path, "L{x} {y}"),
                (true, Shape::Steps) => write!(path, "H{x}V{y}"),
            };
            pen = written.is_ok();
        }
        path
    }
}

/// Lowest and highest; none without a finite number.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    finite.fold(None, |range, value| {
        let (low, high) = range.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// Round numbers from below `low` to above `high`, about `count` of them.
pub fn ticks(low: f64, high: f64, count: u32) -> Vec<f64> {
    let (low, high) = if high > low { (low, high) } else { (low - 1.0, low + 1.0) };
    let wanted = ((high - low) / f64::from(count.max(1))).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(wanted.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= wanted);
    let step = step.unwrap_or(wanted);
    let first = (low / step).floor();
    let last = (high / step).ceil().max(first + 1.0);
    (0u32..=count + 2).map(|at| first + f64::from(at)).take_while(|at| *at <= last).map(|at| at * step).collect()
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(value: f64) -> String {
        value.to_string()
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let line = sparkline(&[Some(1.0), Some(2.0), None, Some(1.5)], plain).unwrap();
        assert_eq!(line.path.matches('M').count(), 2, "{}", line.path);
        assert_eq!(line.description, "From 1 to 1.5; lowest 1, highest 2");
    }

    #[test]
    fn a_level_line_stands_in_the_middle() {
        let line = sparkline(&[Some(5.0), Some(5.0)], plain).unwrap();
        assert!((line.last_y - 14.0).abs() < 0.11, "{}", line.last_y);
    }

    #[test]
    fn one_number_is_no_line() {
        assert_eq!(sparkline(&[Some(1.0)], plain), None);
        assert_eq!(sparkline(&[None, None], plain), None);
    }

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        assert_eq!(ticks(-3.1, 117.0, 5), [-25.0, 0.0, 25.0, 50.0, 75.0, 100.0, 125.0]);
        assert_eq!(ticks(5.0, 5.0, 4), [4.0, 4.5, 5.0, 5.5, 6.0]);
    }
}
