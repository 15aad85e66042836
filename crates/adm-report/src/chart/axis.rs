//! One axis: its range, its ticks and their labels.

use super::ticks;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// An axis that runs evenly over numbers, or over their logarithms.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    ticks: Vec<f64>,
}

impl Axis {
    /// An axis around finite numbers, widened by a fraction on either side; `None` around nothing. The numbers of a
    /// logarithmic axis are logarithms.
    pub(super) fn around(numbers: impl Iterator<Item = f64>, margin: f64, logarithmic: bool) -> Option<Self> {
        let (low, high) = numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let extent = high - low;
        // The distance of numbers near the greatest there are is not a number itself.
        if !extent.is_finite() {
            return None;
        }
        let distinguishable = extent > f64::max(1e-9 * low.abs().max(high.abs()), 1e-300);
        let margin = if distinguishable { margin * extent } else { (0.05 * low.abs()).max(0.5) };
        Some(Self { low: low - margin, high: high + margin, logarithmic, ticks: Vec::new() })
    }

    /// The same axis with about `count` ticks.
    pub(super) fn ticked(&self, count: usize) -> Self {
        let ticks = match self.logarithmic {
            true => ticks::logarithmic(self.low, self.high, count),
            false => ticks::linear(self.low, self.high, count),
        };
        Self { ticks, ..self.clone() }
    }

    pub(super) fn label(&self, place: f64) -> String {
        ticks::label(if self.logarithmic { 10f64.powf(place) } else { place })
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let fraction = (value - self.low) / (self.high - self.low);
        start + (fraction * f64::from(end - start)).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, _hint: H) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, place: &f64) -> String {
        self.label(*place)
    }
}
