//! Two one-sided tests: evidence that listeners can *not* tell, against a margin fixed beforehand.
//!
//! A test that finds no difference says nothing of the kind. Only an interval inside the margin does (Schuirmann 1987).

use std::fmt;

use adm_core::Seeds;

use crate::{
    Interval, Result,
    bootstrap::{Plan, Record},
};

/// What the two one-sided tests and the test of difference say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Inside the margin, and no difference found.
    Equivalent,
    /// A difference found, though one inside the margin.
    DifferentWithinMargin,
    /// A difference found, and not shown to lie inside the margin.
    Different,
    /// Neither shown.
    Inconclusive,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equivalent => "equivalent within the margin",
            Self::DifferentWithinMargin => "different, by less than the margin",
            Self::Different => "different",
            Self::Inconclusive => "inconclusive: neither a difference nor equivalence is shown",
        })
    }
}

/// How equivalence was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// [`proportion`].
    ExactBinomial,
    /// [`mean`].
    StudentsT,
    /// [`clustered`].
    ClusteredBootstrap,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExactBinomial => "two one-sided exact binomial tests",
            Self::StudentsT => "two one-sided t tests",
            Self::ClusteredBootstrap => "clustered bootstrap interval within the margin",
        })
    }
}

/// What is compared with what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The value that stands for "no difference": .5 for a choice of two, 0 for a mean difference.
    pub centre: f64,
    /// The largest deviation that counts as none, above 0. A larger one makes equivalence easier to show, and worth less.
    pub half_width: f64,
    /// The level of each one-sided test, in (0, .5).
    pub alpha: f64,
}

/// The outcome of a test of equivalence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// The verdict at the margin's alpha.
    pub verdict: Verdict,
    /// The proportion or mean.
    pub estimate: f64,
    /// Its interval at 1 − 2 alpha: the one to compare with the margin.
    pub interval: Interval,
    /// The larger p-value of both one-sided tests; `None` for the bootstrap, which decides by the interval.
    pub p_equivalence: Option<f64>,
    /// The two-sided p-value of a difference from the centre; `None` for the bootstrap.
    pub p_difference: Option<f64>,
    /// What it was compared with.
    pub margin: Margin,
    /// How.
    pub basis: Basis,
    /// Answers.
    pub n: u64,
}

/// Equivalence of a proportion with the margin's centre, by exact binomial tests at both bounds. The interval is
/// Clopper and Pearson's, which lies within the bounds exactly where both tests reject.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where the bounds leave (0, 1), and as [`crate::binomial::exact`].
pub fn proportion(hits: u64, n: u64, margin: Margin) -> Result<Equivalence> {
    todo!()
}

/// Equivalence of a mean with the margin's centre, by t tests.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for the margin, and as [`crate::mean::one_sample`].
pub fn mean(values: &[f64], margin: Margin) -> Result<Equivalence> {
    todo!()
}

/// Equivalence of a mean answer of clustered records: equivalent where the bootstrap's 1 − 2 alpha interval lies within
/// the margin, different where the 1 − alpha interval misses the centre. `plan.level` is not used.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for the margin, and as [`crate::bootstrap::mean`].
pub fn clustered(records: &[Record], margin: Margin, plan: &Plan, seeds: Seeds) -> Result<Equivalence> {
    todo!()
}
