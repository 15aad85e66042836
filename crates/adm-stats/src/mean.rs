//! Means and spreads.

use crate::{Interval, Result, check, special::t_quantile};

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
    let sorted = sorted(values)?;
    let (mean, variance) = moments(values)?;
    Ok(Summary {
        n: values.len() as u64,
        mean,
        sd: (values.len() > 1).then(|| variance.sqrt()),
        min: sorted[0],
        lower_quartile: quantile_of_sorted(&sorted, 0.25),
        median: quantile_of_sorted(&sorted, 0.5),
        upper_quartile: quantile_of_sorted(&sorted, 0.75),
        max: sorted[sorted.len() - 1],
    })
}

/// The quantile at `q`, in [0, 1], between order statistics (Hyndman & Fan 1996, type 7: the default of R and numpy).
///
/// # Errors
/// [`crate::StatsError::TooFew`] without values, [`crate::StatsError::NotFinite`], [`crate::StatsError::OutOfRange`].
pub fn quantile(values: &[f64], q: f64) -> Result<f64> {
    check::unit("q", q)?;
    Ok(quantile_of_sorted(&sorted(values)?, q))
}

/// Student's interval of the mean at `level`, in (0, 1). Values that do not vary give an interval of no width.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two values, [`crate::StatsError::NotFinite`], [`crate::StatsError::OutOfRange`].
pub fn t_interval(values: &[f64], level: f64) -> Result<Interval> {
    check::open_unit("level", level)?;
    check::at_least("values", 2, values.len() as u64)?;
    let (mean, variance) = moments(values)?;
    let n = values.len() as f64;
    let half = t_quantile((1.0 - level) / 2.0, n - 1.0) * (variance / n).sqrt();
    Ok(Interval { low: mean - half, high: mean + half, level })
}

/// Mean and variance (over n − 1; 0 for a single value), in two passes. Equal values have no variance at all, where
/// rounding of their mean would give them one.
pub(crate) fn moments(values: &[f64]) -> Result<(f64, f64)> {
    check::at_least("values", 1, values.len() as u64)?;
    check::finite("values", values)?;
    if values.iter().all(|value| *value == values[0]) {
        return Ok((values[0], 0.0));
    }
    let n = values.len() as f64;
    let mean = check::sound("their sum", values.iter().sum::<f64>())? / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let variance = squares / (n - 1.0).max(1.0);
    Ok((mean, check::sound("their variance", variance)?))
}

fn sorted(values: &[f64]) -> Result<Vec<f64>> {
    check::at_least("values", 1, values.len() as u64)?;
    check::finite("values", values)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

/// [`quantile`] of values in order, at least one.
pub(crate) fn quantile_of_sorted(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let part = place - place.floor();
    // Written so that equal neighbours, infinite ones too, give themselves.
    if part == 0.0 || sorted[below] == sorted[above] {
        sorted[below]
    } else {
        sorted[below] + part * (sorted[above] - sorted[below])
    }
}
