//! `silu(gain·x + shift)` by channel: one pass forward, one back.

use rayon::prelude::*;

use super::activation::exp;
use super::norm::{Grid, dot, sum};
use super::vector::vectorised;

/// Beyond this the sigmoid is 0 or 1 in single precision.
const SATURATED: f32 = 80.0;

/// `1/(1 + e⁻ᶻ)`
#[inline(always)]
fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + exp(-z.clamp(-SATURATED, SATURATED)))
}

/// `x ↦ gain·x + shift` by channel.
pub(super) struct Affine<'a> {
    pub gain: &'a [f32],
    pub shift: &'a [f32],
}

/// `silu(affine(x))`
pub(super) fn forward(grid: &Grid, x: &[f32], affine: &Affine<'_>) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    let plane = grid.plane.max(1);
    out.par_chunks_mut(plane).zip(x.par_chunks(plane)).enumerate().for_each(|(row, (out, x))| {
        let (gain, shift) = (affine.gain[row % grid.channels], affine.shift[row % grid.channels]);
        vectorised(|| {
            out.iter_mut().zip(x).for_each(|(out, &x)| {
                let z = gain * x + shift;
                *out = z * sigmoid(z);
            });
        });
    });
    out
}

/// Turns `grad`, the gradient of the output, into the gradient of `x`; returns those of gain and shift.
///
/// With s the sigmoid of z, silu' = s·(1 + z·(1 − s)).
pub(super) fn backward(grid: &Grid, x: &[f32], affine: &Affine<'_>, grad: &mut [f32]) -> (Vec<f32>, Vec<f32>) {
    let plane = grid.plane.max(1);
    let rows = grad.par_chunks_mut(plane).zip(x.par_chunks(plane)).enumerate();
    let sums: Vec<[f64; 2]> = rows
        .map(|(row, (grad, x))| {
            let (gain, shift) = (affine.gain[row % grid.channels], affine.shift[row % grid.channels]);
            vectorised(|| {
                grad.iter_mut().zip(x).for_each(|(grad, &x)| {
                    let z = gain * x + shift;
                    let s = sigmoid(z);
                    *grad *= s * (1.0 + z * (1.0 - s));
                });
                let sums = [dot(grad, x), sum(grad)];
                grad.iter_mut().for_each(|grad| *grad *= gain);
                sums
            })
        })
        .collect();
    let total = |which: usize, channel: usize| {
        sums.iter().skip(channel).step_by(grid.channels).map(|row| row[which]).sum::<f64>() as f32
    };
    (0..grid.channels).map(|channel| (total(0, channel), total(1, channel))).unzip()
}
