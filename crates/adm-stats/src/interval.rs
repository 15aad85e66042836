//! An interval and the level that it holds.

use std::fmt;

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end, in the unit of what is estimated.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The level, in (0, 1); a larger one makes the interval wider.
    pub level: f64,
}

impl Interval {
    /// Half the distance between the ends.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Whether `value` lies inside, the ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Whether the whole interval lies strictly between `low` and `high`.
    pub fn lies_within(&self, low: f64, high: f64) -> bool {
        self.low > low && self.high < high
    }
}

impl fmt::Display for Interval {
    /// `[0.5313, 0.8881]` in four places, or in as many as the format asks for (`{:.2}`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = f.precision().unwrap_or(4);
        write!(f, "[{:.places$}, {:.places$}]", self.low, self.high)
    }
}
