//! Simulated listeners, to check that verdicts come at the right rates.

use adm_core::Seeds;

use crate::{Result, bootstrap::Record};

/// A study's listeners and items. A person's chance of a hit on an item is logistic(μ + ability + ease), both normal
/// with mean 0 (the Rasch model with random effects); μ makes the population's mean the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cohort {
    /// Persons, at least 1.
    pub persons: usize,
    /// Items, each judged once by every person, at least 1.
    pub items: usize,
    /// The mean probability of a hit, in (0, 1).
    pub truth: f64,
    /// The standard deviation of abilities in logits, ≥ 0; more makes a person's answers hang together more.
    pub person_sd: f64,
    /// The standard deviation of the items' ease in logits, ≥ 0.
    pub item_sd: f64,
}

impl Cohort {
    /// The answers of study `index`, persons within it in order; from the stream "cohort".
    ///
    /// # Errors
    /// [`crate::StatsError::OutOfRange`].
    pub fn study(&self, seeds: Seeds, index: u64) -> Result<Vec<Record>> {
        todo!()
    }

    /// The intraclass correlation of a person's answers that `person_sd` makes at this truth.
    ///
    /// # Errors
    /// [`crate::StatsError::OutOfRange`].
    pub fn icc(&self) -> Result<f64> {
        todo!()
    }
}
