//! Distances between two sets of features.
//!
//! Every feature is first divided by its spread over the reference, so that a band that hardly moves weighs as much as
//! one that moves much, and decibels never meet other units. On these numbers, with Euclidean distances:
//!
//! - [`kernel`]: one number for how near the two distributions are;
//! - [`neighbours`]: how much of the reference the candidate reaches (coverage), and how densely it lies there;
//! - diversity: how different the candidate's beats are from each other, relative to the reference's.
//!
//! [`Judge`] gives these alone, quickly, while a network is trained. [`Measure`] adds, with an interval for each:
//!
//! - [`frechet`]: the distance of means and covariances, at this number of beats and at endlessly many;
//! - [`manifold`]: improved precision and recall;
//! - [`bins`]: the kinds of beat of which there are too many or too few.
//!
//! Every figure of [`Measure`] is a pure function of tables of distances (`table`, `set`) and a choice of beats (`part`), so
//! that a figure and its replicates are the same code.

pub mod bins;
mod distances;
mod eigen;
pub mod frechet;
#[cfg(test)]
mod golden;
pub mod kernel;
mod kmeans;
pub mod manifold;
mod measure;
mod moments;
pub mod neighbours;
mod pairs;
mod part;
mod points;
mod set;
mod standard;
mod table;

pub use distances::Distances;
pub use measure::{Measure, MeasureConfig};

use crate::{EvalError, Features};
use kernel::ReferenceKernel;
use neighbours::Balls;
use pairs::Points;
use serde::{Deserialize, Serialize};
use standard::Standard;

/// What a candidate set is worth beside a reference set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Squared kernel distance × 1,000 ([`kernel`]): about 0 for beats of the same kind, even a little below, and 1,000
    /// to 2,000 for beats that have nothing in common. It is better the lower it is.
    pub kernel_distance: f64,
    /// Share of the reference's beats that have a candidate near by, 0 to 1 ([`neighbours`]). It grows with the number
    /// of candidates, so compare only equal numbers.
    pub coverage: f64,
    /// How many reference beats each candidate lies near, relative to what the reference's own spacing suggests
    /// ([`neighbours`]): about 1 for beats of the same kind, 0 for beats off all of them.
    pub density: f64,
    /// Mean distance of two candidates over that of two reference beats: 1 is as varied as the reference, 0 is one beat
    /// over and over.
    pub diversity: f64,
}

/// A reference set, ready to judge any number of candidates.
pub struct Judge {
    standard: Standard,
    points: Points,
    kernel: ReferenceKernel,
    balls: Balls,
    mean_distance: f64,
}

impl Judge {
    /// Fewest beats on either side.
    pub const LEAST: usize = neighbours::NEIGHBOURS + 1;

    /// Learns a reference set. Time and memory grow with the square of its size: four bytes for every two beats, and as much again
    /// while the median is found.
    ///
    /// # Errors
    /// Fewer than [`Self::LEAST`] beats.
    pub fn new(reference: &[Features]) -> Result<Self, EvalError> {
        at_least("the reference", reference)?;
        let standard = Standard::of(reference);
        let points = standard.apply(reference);
        let rows = points.squared_distances_within();
        Ok(Self {
            kernel: ReferenceKernel::new(&rows),
            balls: Balls::new(&rows),
            mean_distance: rows.mean_distance(),
            standard,
            points,
        })
    }

    /// Judges a candidate set.
    ///
    /// # Errors
    /// Fewer than [`Self::LEAST`] beats.
    pub fn judge(&self, candidate: &[Features]) -> Result<Judgement, EvalError> {
        at_least("the candidate", candidate)?;
        let points = self.standard.apply(candidate);
        let within = points.squared_distances_within();
        let across = self.points.squared_distances_to(&points);
        let (coverage, density) = self.balls.reached_by(&across);
        Ok(Judgement {
            kernel_distance: self.kernel.distance(&within, &across),
            coverage,
            density,
            diversity: within.mean_distance() / self.mean_distance.max(f64::MIN_POSITIVE),
        })
    }
}

/// Judges `candidate` beside `reference`: half a second on one core for a thousand beats each, less on more.
///
/// # Errors
/// Fewer than [`Judge::LEAST`] beats on either side.
pub fn judge(reference: &[Features], candidate: &[Features]) -> Result<Judgement, EvalError> {
    Judge::new(reference)?.judge(candidate)
}

fn at_least(what: &'static str, features: &[Features]) -> Result<(), EvalError> {
    let (expected, actual) = (Judge::LEAST, features.len());
    if actual < expected { Err(EvalError::TooFew { what, expected, actual }) } else { Ok(()) }
}
