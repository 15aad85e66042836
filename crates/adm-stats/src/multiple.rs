//! Several tests at once.

use crate::Result;

/// Holm's step-down correction (1979): corrected p-values in the given order. Rejecting where one is ≤ alpha keeps the
/// chance of any false rejection at or below alpha, whatever the dependence.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for a p-value outside [0, 1]. No p-values give none back.
pub fn holm(p: &[f64]) -> Result<Vec<f64>> {
    todo!()
}

/// Benjamini and Hochberg's step-up correction (1995): rejecting where one is ≤ q keeps the expected share of false
/// rejections among all at or below q, for independent or positively dependent tests.
///
/// # Errors
/// See [`holm`].
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>> {
    todo!()
}
