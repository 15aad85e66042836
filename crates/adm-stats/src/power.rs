//! Planning: how many answers a study needs.

use crate::{Result, Sides};

/// The largest sample that a search considers.
pub const LIMIT: u64 = 1_000_000;

/// A test to be planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// The probability of a hit by guessing, in (0, 1).
    pub chance: f64,
    /// The level of the test, in (0, 1).
    pub alpha: f64,
    /// Its sides.
    pub sides: Sides,
    /// The wanted probability of detecting the truth, in (0, 1); more needs more answers.
    pub power: f64,
}

impl Default for Design {
    /// Better than one of two, one-sided, alpha .05, power .8.
    fn default() -> Self {
        Self { chance: 0.5, alpha: 0.05, sides: Sides::Greater, power: 0.8 }
    }
}

/// A planned sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Answers, all independent.
    pub n: u64,
    /// The power at exactly that many.
    pub power: f64,
}

/// The sample for the exact binomial test to detect a probability of `truth`, in [0, 1].
///
/// # Errors
/// [`crate::StatsError::OutOfRange`], [`crate::StatsError::Unreachable`].
pub fn sample_size(truth: f64, design: &Design) -> Result<Size> {
    todo!()
}

/// The power of the exact binomial test with `n` answers when the probability is `truth`. `design.power` is not used.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn power_at(n: u64, truth: f64, design: &Design) -> Result<f64> {
    todo!()
}

/// The sample for [`crate::equivalence::proportion`] to show equivalence within ± `margin` of `design.chance` when the
/// probability is `truth` (usually the chance itself). `design.sides` is not used.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where the bounds leave (0, 1) or the truth lies outside them,
/// [`crate::StatsError::Unreachable`].
pub fn equivalence_size(truth: f64, margin: f64, design: &Design) -> Result<Size> {
    todo!()
}

/// The power of [`crate::equivalence::proportion`] with `n` answers.
///
/// # Errors
/// See [`equivalence_size`].
pub fn equivalence_power_at(n: u64, truth: f64, margin: f64, design: &Design) -> Result<f64> {
    todo!()
}

/// A sample of persons who answer several times each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clustered {
    /// Persons.
    pub persons: u64,
    /// Their answers.
    pub answers: u64,
    /// By how much clustering inflates the number of answers.
    pub design_effect: f64,
}

/// The persons that give as much information as `n` independent answers, if each gives `per_person` answers (≥ 1) with
/// an intraclass correlation of `icc`, in [0, 1]: n · (1 + (m − 1) · ICC), rounded up to whole persons (Kish 1965).
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn with_clusters(n: u64, per_person: u64, icc: f64) -> Result<Clustered> {
    todo!()
}

/// The independent answers that `answers` of persons with `per_person` each are worth.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn effective_n(answers: u64, per_person: u64, icc: f64) -> Result<f64> {
    todo!()
}
