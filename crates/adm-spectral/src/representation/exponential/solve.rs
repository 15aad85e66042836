//! The signal whose pooled spectrum is nearest to a given one.
//!
//! Conjugate gradients on the normal equations (Hestenes and Stiefel, 1952, "Methods of conjugate gradients for solving
//! linear systems"), in the form that keeps the residual of the least-squares problem itself (CGLS; Björck, 1996, "Numerical
//! methods for least squares problems", section 7.4.1). The gains of an ordinary overlap-add precondition it, so the first
//! step gives the overlap-add of the spread bands at its best loudness.

use super::pooled::{FrameScratch, Pooled};
use crate::scratch::sized;

/// Stops where the gradient has shrunk by this much, 100 dB: single precision takes it no further.
const SETTLED: f64 = 1e-10;

/// Working memory of one solution.
#[derive(Debug, Default, Clone)]
pub struct SolveScratch {
    frame: FrameScratch,
    /// What of the pooled spectrum is not yet explained.
    residual: Vec<f32>,
    /// The pooled spectrum of the direction.
    image: Vec<f32>,
    /// Padded signals.
    direction: Vec<f32>,
    gradient: Vec<f32>,
    solution: Vec<f32>,
}

impl SolveScratch {
    /// The memory of frames.
    pub fn frame(&mut self) -> &mut FrameScratch {
        &mut self.frame
    }
}

/// Solves for a signal in at most `iterations` steps.
///
/// # Shapes
/// `planes`: `[2, bands, frames]`. Returns `[samples]`.
pub fn solve<'a>(pooled: &Pooled, planes: &[f32], iterations: usize, scratch: &'a mut SolveScratch) -> &'a [f32] {
    let length = pooled.padded_len();
    let residual = sized(&mut scratch.residual, planes.len());
    let image = sized(&mut scratch.image, planes.len());
    let (direction, gradient) = (sized(&mut scratch.direction, length), sized(&mut scratch.gradient, length));
    let solution = sized(&mut scratch.solution, length);
    residual.copy_from_slice(planes);
    direction.fill(0.0);
    solution.fill(0.0);
    let (mut before, mut start) = (f64::INFINITY, 0.0);
    for step in 0..iterations {
        pooled.spread(residual, gradient, &mut scratch.frame);
        let size = preconditioned_square(pooled, gradient);
        start = if step == 0 { size } else { start };
        if size <= start * SETTLED {
            break;
        }
        turn(pooled, direction, gradient, (size / before) as f32);
        before = size;
        pooled.pool(direction, image, &mut scratch.frame);
        let square = pooled.square(image);
        if square <= f64::MIN_POSITIVE {
            break;
        }
        let far = (size / square) as f32;
        solution.iter_mut().zip(direction.iter()).for_each(|(x, p)| *x += far * p);
        residual.iter_mut().zip(image.iter()).for_each(|(r, q)| *r -= far * q);
    }
    pooled.within(solution)
}

/// The square of the gradient in the preconditioner's measure.
fn preconditioned_square(pooled: &Pooled, gradient: &[f32]) -> f64 {
    let pairs = pooled.within(gradient).iter().zip(pooled.gains());
    pairs.map(|(slope, gain)| f64::from(*slope).powi(2) * f64::from(*gain)).sum()
}

/// The next direction: down the preconditioned gradient, and `share` of the way before.
fn turn(pooled: &Pooled, direction: &mut [f32], gradient: &[f32], share: f32) {
    let slopes = pooled.within(gradient).iter().zip(pooled.gains());
    for (way, (slope, gain)) in pooled.within_mut(direction).iter_mut().zip(slopes) {
        *way = slope * gain + share * *way;
    }
}
