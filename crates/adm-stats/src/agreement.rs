//! Agreement between raters, or of a rater with their own repeated answers.

use crate::Result;

/// Fleiss' κ and what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleiss {
    /// κ: 1 is full agreement, 0 what chance gives, below 0 less than that.
    pub kappa: f64,
    /// κ of each category against the rest; `None` where a category was never or always chosen.
    pub per_category: Vec<Option<f64>>,
    /// The mean share of agreeing pairs of raters.
    pub observed: f64,
    /// The share of agreeing pairs that the categories' frequencies alone give.
    pub expected: f64,
    /// Items rated.
    pub items: u64,
    /// Raters an item.
    pub raters: u64,
}

/// Fleiss' κ (1971).
///
/// # Arguments
/// `counts`: one row an item, in it how many raters chose each category. Every item must have the same number of
/// raters; where they differ, [`krippendorff`] applies.
///
/// # Errors
/// [`crate::StatsError::TooFew`] without items or below two raters, [`crate::StatsError::WrongShape`],
/// [`crate::StatsError::NoVariation`] where all chose one category.
pub fn fleiss<R: AsRef<[u64]>>(counts: &[R]) -> Result<Fleiss> {
    todo!()
}

/// What differences between ratings mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Names: two ratings are equal or not.
    Nominal,
    /// An order without equal steps.
    Ordinal,
    /// Equal steps.
    Interval,
}

/// Krippendorff's α and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha {
    /// α: 1 is full agreement, 0 what chance gives, below 0 systematic disagreement.
    pub alpha: f64,
    /// The disagreement observed, in the scale's metric.
    pub observed: f64,
    /// The disagreement that chance gives.
    pub expected: f64,
    /// Ratings on items with at least two of them; the rest say nothing about agreement.
    pub pairable: u64,
    /// Items with at least two ratings.
    pub items: u64,
}

/// Krippendorff's α (2019, *Content Analysis*, chapter 12).
///
/// # Arguments
/// `ratings`: one row a rater, in it a rating of each item, `None` where missing.
///
/// # Errors
/// [`crate::StatsError::TooFew`] where no item has two ratings, [`crate::StatsError::WrongShape`],
/// [`crate::StatsError::NotFinite`], [`crate::StatsError::NoVariation`] where all ratings are equal.
pub fn krippendorff<R: AsRef<[Option<f64>]>>(ratings: &[R], scale: Scale) -> Result<Alpha> {
    todo!()
}

/// Cohen's κ and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cohen {
    /// κ, as [`Fleiss::kappa`].
    pub kappa: f64,
    /// The share of equal pairs.
    pub observed: f64,
    /// The share that both margins alone give.
    pub expected: f64,
    /// Pairs.
    pub n: u64,
}

/// Cohen's κ (1960) of two raters, or of one on repeated items: `pairs` of categories.
///
/// # Errors
/// [`crate::StatsError::TooFew`] without pairs, [`crate::StatsError::NoVariation`] where all are of one category.
pub fn cohen(pairs: &[(u64, u64)]) -> Result<Cohen> {
    todo!()
}
