//! The exact binomial test.

use crate::{Result, Sides, Test};

/// Tests whether `hits` of `n` independent answers fit a probability of `chance`.
///
/// One-sided p-values are tails of the binomial distribution. The two-sided one adds up all outcomes that are no more
/// probable than the observed one, with a tolerance of 1e-7 for equal ones, as R's `binom.test` and
/// `scipy.stats.binomtest` do (the "method of small p-values").
///
/// # Arguments
/// `chance` in (0, 1): .5 for "which of the two". `n` in 1..=[`MAX_TRIALS`], `hits` in 0..=n.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for any of them.
pub fn exact(hits: u64, n: u64, chance: f64, sides: Sides) -> Result<Test> {
    todo!()
}

/// The largest number of answers, so that a mistyped count cannot ask for all memory.
pub const MAX_TRIALS: u64 = 1_000_000_000;

/// The counts at which [`exact`] gives p ≤ alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// Rejects at this many hits and fewer; `None` where no count is few enough.
    pub at_most: Option<u64>,
    /// Rejects at this many hits and more; `None` where no count is enough.
    pub at_least: Option<u64>,
}

/// The counts of hits among `n` answers at which [`exact`] rejects `chance` at level `alpha`, in (0, 1).
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn rejection(n: u64, chance: f64, alpha: f64, sides: Sides) -> Result<Rejection> {
    todo!()
}

/// The fewest hits among `n` that are significantly more than chance; `None` where even `n` hits are not.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn hits_needed(n: u64, chance: f64, alpha: f64, sides: Sides) -> Result<Option<u64>> {
    Ok(rejection(n, chance, alpha, sides)?.at_least)
}
