//! The axis of values.

use super::{Bar, Bars};
use crate::chart::ticks;

/// From values to places on a drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// The scale of a figure between two places; `None` where there is nothing finite to draw.
    pub(super) fn of(figure: &Bars, start: f64, end: f64) -> Option<Self> {
        let bars = || figure.series.iter().flat_map(|(_, bars)| bars).filter(|bar| bar.value.is_finite());
        bars().next()?;
        if let Some((low, high)) = figure.range.filter(|(low, high)| (high - low).is_finite() && low < high) {
            return Some(Self { low, high, start, end });
        }
        let ends = bars().flat_map(|Bar { value, interval, .. }| {
            let (low, high) = interval.unwrap_or((*value, *value));
            [*value, low, high]
        });
        let zero = (!figure.points).then_some(0.0);
        let all = ends.chain(figure.reference.as_ref().map(|(value, _)| *value)).chain(zero);
        let (low, high) = all
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)));
        let extent = high - low;
        if !extent.is_finite() {
            return None;
        }
        let margin = if extent > 0.0 { 0.05 * extent } else { (0.05 * low.abs()).max(0.5) };
        // Bars stand on their axis.
        let (below, above) = match figure.points {
            true => (margin, margin),
            false => (if low < 0.0 { margin } else { 0.0 }, if high > 0.0 || extent == 0.0 { margin } else { 0.0 }),
        };
        Some(Self { low: low - below, high: high + above, start, end })
    }

    /// Where a value is; beyond the ends, the end.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }

    /// About so many round values.
    pub(super) fn ticks(&self, count: usize) -> Vec<f64> {
        ticks::linear(self.low, self.high, count)
    }

    /// Whether a value is between the ends.
    pub(super) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}
