//! A set of beats, measured once.

use super::bins::Binned;
use super::kernel::ReferenceKernel;
use super::pairs::Points;
use super::points::Wide;
use super::table::Table;

/// Everything of a set that its figures and all their replicates are taken from.
pub struct Set {
    pub points: Points,
    /// Blurred features, for covariances.
    pub wide: Wide,
    /// Squared distances within the set.
    pub squared: Table,
    /// Kernels within the set.
    pub kernels: Table,
}

impl Set {
    /// Measures a set.
    pub fn new(points: Points, kernel: &ReferenceKernel) -> Self {
        let squared = Table::distances(&points, &points);
        Self {
            wide: Wide::blurred(&points),
            kernels: squared.map(|squared| kernel.kernel(squared) as f32),
            squared,
            points,
        }
    }
}

/// A candidate set and how it lies to the reference.
pub struct Candidate {
    pub own: Set,
    pub across: Across,
}

/// Tables of shape `[reference, candidate]`, and bins that both are sorted into.
pub struct Across {
    pub binned: Binned,
    pub squared: Table,
    pub kernels: Table,
}

impl Candidate {
    /// Measures a candidate.
    pub fn new(points: Points, reference: &Set, kernel: &ReferenceKernel, binned: Binned) -> Self {
        let squared = Table::distances(&reference.points, &points);
        let kernels = squared.map(|squared| kernel.kernel(squared) as f32);
        Self { own: Set::new(points, kernel), across: Across { binned, squared, kernels } }
    }
}
