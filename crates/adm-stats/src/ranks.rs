//! Tests on ranks, for ratings whose steps need not be equal.

use crate::{Result, Sides, Test};

/// Friedman's test of whether treatments differ (1937), corrected for ties.
///
/// # Arguments
/// `rows`: one a person, each with a rating of every treatment.
///
/// The statistic is χ² with treatments − 1 degrees of freedom; the effect is Kendall's W, 0 for no and 1 for perfect
/// agreement on the order. `n` counts persons.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two rows or two columns, [`crate::StatsError::WrongShape`],
/// [`crate::StatsError::NotFinite`], [`crate::StatsError::NoVariation`] where every row is of equal ratings.
pub fn friedman<R: AsRef<[f64]>>(rows: &[R]) -> Result<Test> {
    todo!()
}

/// Wilcoxon's signed-rank test of paired differences against 0 (1945).
///
/// Differences of 0 are left out, and a note says how many. Up to 25 differences without ties all sign patterns are
/// counted; otherwise the normal approximation is used with corrections for ties and continuity, as R does. The
/// statistic V is the sum of the ranks of positive differences; the effect is the matched-pairs rank-biserial
/// correlation (Kerby 2014); `n` counts the differences that are not 0.
///
/// # Errors
/// [`crate::StatsError::NotFinite`], [`crate::StatsError::TooFew`] without values,
/// [`crate::StatsError::NoVariation`] where all are 0.
pub fn wilcoxon(differences: &[f64], sides: Sides) -> Result<Test> {
    todo!()
}

/// [`wilcoxon`] on `first − second`.
///
/// # Errors
/// [`crate::StatsError::WrongShape`] for unequal lengths; see [`wilcoxon`].
pub fn wilcoxon_pairs(first: &[f64], second: &[f64], sides: Sides) -> Result<Test> {
    todo!()
}

/// Mann and Whitney's test of two groups (1947). [`Sides::Greater`]: the first tends to larger values.
///
/// Up to 25 values a group without ties all orders are counted; otherwise normal with corrections for ties and
/// continuity. The statistic U counts pairs in which the first is larger, ties as half; the effect is the rank-biserial
/// correlation 2U / (n₁n₂) − 1.
///
/// # Errors
/// [`crate::StatsError::TooFew`] for an empty group, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::NoVariation`] where all values are equal.
pub fn mann_whitney(first: &[f64], second: &[f64], sides: Sides) -> Result<Test> {
    todo!()
}

/// Kruskal and Wallis's test of several groups (1952), corrected for ties; the effect is ε² = H / (n − 1).
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two groups or for an empty one, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::NoVariation`] where all values are equal.
pub fn kruskal_wallis<R: AsRef<[f64]>>(groups: &[R]) -> Result<Test> {
    todo!()
}
