//! Kernel distance between two sets: the unbiased estimate of the squared maximum mean discrepancy (Gretton et al., "A
//! kernel two-sample test", JMLR 13, 2012, equation 3) with a Gaussian kernel.
//!
//! With `k(a, b) = exp(−|a − b|²/(2σ²))` it is the mean `k` of two reference beats, plus the mean `k` of two
//! candidates, minus twice the mean `k` of one of each. The bandwidth `σ` is the median distance of two reference
//! beats, so the figure is a property of the reference and candidate alone, and not symmetric in them. An estimate
//! without bias goes a little below zero when the sets are alike. It is multiplied by 1,000 to be readable, as in
//! Chung et al., "KAD: No more FAD!" (2025).

use super::pairs::Rows;

/// What the figure is multiplied by.
const SCALE: f64 = 1_000.0;

/// The reference's part of the distance.
#[derive(Debug, Clone, Copy)]
pub struct ReferenceKernel {
    /// `1/(2σ²)`.
    sharpness: f64,
    within: f64,
}

impl ReferenceKernel {
    /// Learns the bandwidth from the reference's own squared distances.
    pub fn new(within: &Rows) -> Self {
        let sharpness = 0.5 / f64::from(within.median()).max(f64::MIN_POSITIVE);
        Self { sharpness, within: within.mean(|squared| gaussian(squared, sharpness)) }
    }

    /// The kernel of two beats at a squared distance.
    pub(super) fn kernel(&self, squared: f32) -> f64 {
        gaussian(squared, self.sharpness)
    }

    /// The distance of a candidate with these squared distances within itself and to the reference.
    pub fn distance(&self, within: &Rows, across: &Rows) -> f64 {
        let kernel = |squared| gaussian(squared, self.sharpness);
        scaled(self.within, within.mean(kernel), across.mean(kernel))
    }
}

/// The distance from the mean kernel of two reference beats, of two candidates, and of one of each.
pub(super) fn scaled(reference: f64, candidate: f64, across: f64) -> f64 {
    SCALE * (reference + candidate - 2.0 * across)
}

fn gaussian(squared: f32, sharpness: f64) -> f64 {
    (-f64::from(squared) * sharpness).exp()
}
