//! Batch normalisation and the non-linearity after it, two passes forward and two back.

use std::ops::Range;

use rayon::prelude::*;

use super::vector::vectorised;
use crate::ops::Activation;

/// `[batch, channels, plane]`: where each channel's rows lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    batch: usize,
    pub channels: usize,
    pub plane: usize,
}

impl Grid {
    pub fn new([batch, channels, height, width]: [usize; 4]) -> Self {
        Self { batch, channels, plane: height * width }
    }

    /// The rows of one channel, sample by sample.
    #[inline(always)]
    pub fn rows(&self, channel: usize) -> impl Iterator<Item = Range<usize>> {
        let Self { batch, channels, plane } = *self;
        (0..batch).map(move |sample| {
            let start = (sample * channels + channel) * plane;
            start..start + plane
        })
    }

    fn values_per_channel(&self) -> f64 {
        (self.batch * self.plane) as f64
    }
}

/// Sums of eight interleaved lanes, which the compiler turns into vector adds.
#[inline(always)]
fn lanes(values: impl Iterator<Item = [f32; 8]>) -> f64 {
    let mut total = [0.0f32; 8];
    for value in values {
        total.iter_mut().zip(value).for_each(|(total, value)| *total += value);
    }
    total.iter().map(|&lane| f64::from(lane)).sum()
}

/// Sum of a row: single precision within it, double across rows.
#[inline(always)]
pub(super) fn sum(row: &[f32]) -> f64 {
    let (blocks, rest) = row.as_chunks::<8>();
    lanes(blocks.iter().copied()) + rest.iter().map(|&value| f64::from(value)).sum::<f64>()
}

/// Sum of products of two rows.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f64 {
    let ((a_blocks, a_rest), (b_blocks, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let blocks = a_blocks.iter().zip(b_blocks).map(|(a, b)| std::array::from_fn(|lane| a[lane] * b[lane]));
    lanes(blocks) + a_rest.iter().zip(b_rest).map(|(&a, &b)| f64::from(a * b)).sum::<f64>()
}

/// Sum of squared distances of a row from `centre`.
#[inline(always)]
fn spread(row: &[f32], centre: f32) -> f64 {
    let (blocks, rest) = row.as_chunks::<8>();
    let square = |value: f32| (value - centre) * (value - centre);
    lanes(blocks.iter().map(|block| block.map(square)))
        + rest.iter().map(|&value| f64::from(square(value))).sum::<f64>()
}

/// Mean and biased variance of every channel.
pub(super) fn statistics(grid: &Grid, x: &[f32]) -> (Vec<f32>, Vec<f32>) {
    (0..grid.channels)
        .into_par_iter()
        .map(|channel| {
            let count = grid.values_per_channel();
            vectorised(|| {
                let mean = (grid.rows(channel).map(|row| sum(&x[row])).sum::<f64>() / count) as f32;
                let variance = grid.rows(channel).map(|row| spread(&x[row], mean)).sum::<f64>() / count;
                (mean, variance as f32)
            })
        })
        .unzip()
}

/// `x ↦ gain·x + shift` by channel.
pub(super) struct Affine {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

impl Affine {
    /// `γ·(x − mean)/√(variance + ε) + β`
    pub fn new(gamma: &[f32], beta: &[f32], mean: &[f32], variance: &[f32], epsilon: f32) -> Self {
        let gain: Vec<f32> =
            gamma.iter().zip(variance).map(|(gamma, variance)| gamma / (variance + epsilon).sqrt()).collect();
        let shift = beta.iter().zip(mean).zip(&gain).map(|((beta, mean), gain)| beta - mean * gain).collect();
        Self { gain, shift }
    }
}

/// `f(affine(x))`
pub(super) fn forward(grid: &Grid, x: &[f32], affine: &Affine, activation: Activation) -> Vec<f32> {
    let mut out = vec![0.0; x.len()];
    let plane = grid.plane.max(1);
    out.par_chunks_mut(plane).zip(x.par_chunks(plane)).enumerate().for_each(|(index, (out, x))| {
        let channel = index % grid.channels;
        let (gain, shift) = (affine.gain[channel], affine.shift[channel]);
        vectorised(|| {
            out.iter_mut().zip(x).for_each(|(out, &x)| *out = gain * x + shift);
            activation.apply(out);
        });
    });
    out
}

/// The statistics that [`backward`] needs.
pub(super) struct Scale<'a> {
    mean: &'a [f32],
    inverse_deviation: Vec<f32>,
}

impl<'a> Scale<'a> {
    pub fn new(mean: &'a [f32], variance: &[f32], epsilon: f32) -> Self {
        Self { mean, inverse_deviation: variance.iter().map(|variance| 1.0 / (variance + epsilon).sqrt()).collect() }
    }
}

/// Turns `grad`, the gradient of the output, into the gradient of `x`; returns those of gamma and beta.
///
/// With g = grad·f' and x̂ the normalised input: ∂β = Σg, ∂γ = Σg·x̂, ∂x = γ/σ·(g − mean(g) − x̂·mean(g·x̂)).
pub(super) fn backward(
    grid: &Grid,
    x: &[f32],
    y: &[f32],
    gamma: &[f32],
    scale: &Scale<'_>,
    grad: &mut [f32],
    activation: Activation,
) -> (Vec<f32>, Vec<f32>) {
    let plane = grid.plane.max(1);
    grad.par_chunks_mut(plane)
        .zip(y.par_chunks(plane))
        .for_each(|(grad, y)| vectorised(|| activation.scale_gradient(y, grad)));
    let (gamma_grad, beta_grad) = parameter_gradients(grid, x, scale, grad);
    let count = grid.values_per_channel();
    grad.par_chunks_mut(plane).zip(x.par_chunks(plane)).enumerate().for_each(|(index, (grad, x))| {
        let channel = index % grid.channels;
        let (mean, inverse) = (scale.mean[channel], scale.inverse_deviation[channel]);
        let gain = gamma[channel] * inverse;
        let slope = gain * inverse * (f64::from(gamma_grad[channel]) / count) as f32;
        let offset = gain * (f64::from(beta_grad[channel]) / count) as f32 - slope * mean;
        vectorised(|| grad.iter_mut().zip(x).for_each(|(grad, &x)| *grad = gain * *grad - slope * x - offset));
    });
    (gamma_grad, beta_grad)
}

fn parameter_gradients(grid: &Grid, x: &[f32], scale: &Scale<'_>, grad: &[f32]) -> (Vec<f32>, Vec<f32>) {
    (0..grid.channels)
        .into_par_iter()
        .map(|channel| {
            let (total, product) = vectorised(|| {
                let total: f64 = grid.rows(channel).map(|row| sum(&grad[row])).sum();
                let product: f64 = grid.rows(channel).map(|row| dot(&grad[row.clone()], &x[row])).sum();
                (total, product)
            });
            let centred = product - f64::from(scale.mean[channel]) * total;
            ((centred * f64::from(scale.inverse_deviation[channel])) as f32, total as f32)
        })
        .unzip()
}
