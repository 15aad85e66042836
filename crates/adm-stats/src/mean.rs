//! Means, spreads and t tests.

use crate::{Interval, Result, Sides, Test};

/// A set of ratings in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation over n − 1; `None` for a single one.
    pub sd: Option<f64>,
    /// The smallest.
    pub min: f64,
    /// The lower quartile, type 7.
    pub lower_quartile: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile, type 7.
    pub upper_quartile: f64,
    /// The largest.
    pub max: f64,
}

/// Describes `values`.
///
/// # Errors
/// [`crate::StatsError::TooFew`] without values, [`crate::StatsError::NotFinite`].
pub fn summary(values: &[f64]) -> Result<Summary> {
    todo!()
}

/// The quantile at `q`, in [0, 1], between order statistics (Hyndman & Fan 1996, type 7: the default of R and numpy).
///
/// # Errors
/// [`crate::StatsError::TooFew`] without values, [`crate::StatsError::NotFinite`], [`crate::StatsError::OutOfRange`].
pub fn quantile(values: &[f64], q: f64) -> Result<f64> {
    todo!()
}

/// Student's interval of the mean at `level`, in (0, 1). Values that do not vary give an interval of no width.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two values, [`crate::StatsError::NotFinite`], [`crate::StatsError::OutOfRange`].
pub fn t_interval(values: &[f64], level: f64) -> Result<Interval> {
    todo!()
}

/// Student's test of a mean against `expected`. The effect is Cohen's d.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two values, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::NoVariation`].
pub fn one_sample(values: &[f64], expected: f64, sides: Sides) -> Result<Test> {
    todo!()
}

/// Welch's test of two means whose variances may differ (1947). [`Sides::Greater`]: the first is larger. The effect is
/// Cohen's d over the root mean of both variances.
///
/// # Errors
/// As [`one_sample`]; one of both may be without variation.
pub fn welch(first: &[f64], second: &[f64], sides: Sides) -> Result<Test> {
    todo!()
}
