//! How far a figure might be off, from figures of other draws.

use crate::Estimate;

/// Share of the resamples inside an interval.
const LEVEL: f64 = 0.95;

/// The middle 95 percent of `resampled` figures around `value`; the value alone where there are none.
pub fn percentile(value: f64, mut resampled: Vec<f64>) -> Estimate {
    resampled.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let position = share * resampled.len().saturating_sub(1) as f64;
        resampled.get(position.round() as usize).copied().unwrap_or(value)
    };
    let tail = 0.5 * (1.0 - LEVEL);
    Estimate { value, low: at(tail).min(value), high: at(1.0 - tail).max(value) }
}
