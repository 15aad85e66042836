//! A figure and how far it might be off.

use serde::{Deserialize, Serialize};

/// Share of the resamples inside an interval.
const LEVEL: f64 = 0.95;

/// A figure with the bounds of its 95 percent interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure of everything together.
    pub value: f64,
    /// The lower bound, at most the value.
    pub low: f64,
    /// The upper bound, at least the value.
    pub high: f64,
}

impl Estimate {
    /// The middle 95 percent of `resampled` figures around `value`; the value alone where there are none.
    pub fn percentile(value: f64, mut resampled: Vec<f64>) -> Self {
        resampled.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let position = share * resampled.len().saturating_sub(1) as f64;
            resampled.get(position.round() as usize).copied().unwrap_or(value)
        };
        let tail = 0.5 * (1.0 - LEVEL);
        Self { value, low: at(tail).min(value), high: at(1.0 - tail).max(value) }
    }
}
