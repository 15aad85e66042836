//! The three convolutions as matrix products over chunks of samples.
//!
//! A chunk's columns matrix is kept small enough to stay in the last-level cache between being written and being
//! multiplied. Within a chunk `small` is held channel by channel, `[small_channels, samples·rows·columns]`, so that all
//! samples go through one product however small their planes are.

use super::columns::{fold, unfold};
use super::matrix::{Matrix, multiply};
use crate::ops::Window;
use rayon::prelude::*;

/// Values in a chunk's columns matrix: 8 MiB of floats, a part of any last-level cache that two cores share.
const COLUMNS_BUDGET: usize = 2 << 20;

/// Sizes of one convolution.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub batch: usize,
    pub big_channels: usize,
    pub height: usize,
    pub width: usize,
    pub small_channels: usize,
    pub rows: usize,
    pub columns: usize,
    pub window: Window,
}

impl Plan {
    pub fn from_big([batch, big_channels, height, width]: [usize; 4], small_channels: usize, window: Window) -> Self {
        let (rows, columns) = (window.small_side(height), window.small_side(width));
        Self { batch, big_channels, height, width, small_channels, rows, columns, window }
    }

    pub fn from_small(
        [batch, small_channels, rows, columns]: [usize; 4],
        big_channels: usize,
        [height, width]: [usize; 2],
        window: Window,
    ) -> Self {
        Self { batch, big_channels, height, width, small_channels, rows, columns, window }
    }

    pub fn big_shape(&self) -> [usize; 4] {
        [self.batch, self.big_channels, self.height, self.width]
    }

    pub fn small_shape(&self) -> [usize; 4] {
        [self.batch, self.small_channels, self.rows, self.columns]
    }

    pub fn weight_shape(&self) -> [usize; 4] {
        [self.small_channels, self.big_channels, self.window.kernel, self.window.kernel]
    }

    pub fn big_len(&self) -> usize {
        self.big_shape().iter().product()
    }

    pub fn small_len(&self) -> usize {
        self.small_shape().iter().product()
    }

    pub fn weight_len(&self) -> usize {
        self.weight_shape().iter().product()
    }

    fn plane(&self) -> usize {
        self.rows * self.columns
    }

    /// Length of a patch: rows of the columns matrix.
    fn patch(&self) -> usize {
        self.big_channels * self.window.kernel * self.window.kernel
    }

    fn samples_per_chunk(&self) -> usize {
        (COLUMNS_BUDGET / (self.patch() * self.plane()).max(1)).clamp(1, self.batch.max(1))
    }
}

/// Buffers of one chunk, made once an operation.
struct Chunk {
    samples: usize,
    columns: Vec<f32>,
    small: Vec<f32>,
}

impl Chunk {
    fn new(plan: &Plan) -> Self {
        let samples = plan.samples_per_chunk();
        Self {
            samples,
            columns: vec![0.0; plan.patch() * plan.plane() * samples],
            small: vec![0.0; plan.small_channels * plan.plane() * samples],
        }
    }

    /// The buffers cut to `samples` images.
    fn views(&mut self, plan: &Plan, samples: usize) -> (&mut [f32], &mut [f32]) {
        let pixels = plan.plane() * samples;
        (&mut self.columns[..plan.patch() * pixels], &mut self.small[..plan.small_channels * pixels])
    }
}

/// `[samples, channels, plane]` to `[channels, samples·plane]`.
fn channels_first(samples_first: &[f32], channels_first: &mut [f32], channels: usize, plane: usize) {
    let samples = samples_first.len() / (channels * plane).max(1);
    channels_first.par_chunks_mut(samples * plane).enumerate().for_each(|(channel, line)| {
        for (sample, target) in line.chunks_mut(plane).enumerate() {
            target.copy_from_slice(&samples_first[(sample * channels + channel) * plane..][..plane]);
        }
    });
}

/// `[channels, samples·plane]` to `[samples, channels, plane]`.
fn samples_first(channels_first: &[f32], samples_first: &mut [f32], channels: usize, plane: usize) {
    let samples = samples_first.len() / (channels * plane).max(1);
    samples_first.par_chunks_mut(plane).enumerate().for_each(|(index, target)| {
        let (sample, channel) = (index / channels, index % channels);
        target.copy_from_slice(&channels_first[(channel * samples + sample) * plane..][..plane]);
    });
}

/// `small = W · columns(big)`
pub(super) fn forward(plan: &Plan, big: &[f32], weight: &[f32], small: &mut [f32]) {
    let mut chunk = Chunk::new(plan);
    let (big_len, small_len) = (plan.big_len() / plan.batch.max(1), plan.small_len() / plan.batch.max(1));
    let weight = Matrix::new(weight, plan.small_channels, plan.patch());
    for (big, small) in big.chunks(big_len * chunk.samples).zip(small.chunks_mut(small_len * chunk.samples)) {
        let samples = big.len() / big_len;
        let (columns, product) = chunk.views(plan, samples);
        unfold(plan, big, samples, columns);
        multiply(product, false, weight, Matrix::new(columns, plan.patch(), plan.plane() * samples));
        samples_first(product, small, plan.small_channels, plan.plane());
    }
}

/// `big = fold(Wᵀ · small)`
pub(super) fn transpose(plan: &Plan, small: &[f32], weight: &[f32], big: &mut [f32]) {
    let mut chunk = Chunk::new(plan);
    let (big_len, small_len) = (plan.big_len() / plan.batch.max(1), plan.small_len() / plan.batch.max(1));
    let weight = Matrix::new(weight, plan.small_channels, plan.patch()).transposed();
    for (big, small) in big.chunks_mut(big_len * chunk.samples).zip(small.chunks(small_len * chunk.samples)) {
        let samples = big.len() / big_len;
        let (columns, ordered) = chunk.views(plan, samples);
        channels_first(small, ordered, plan.small_channels, plan.plane());
        multiply(columns, false, weight, Matrix::new(ordered, plan.small_channels, plan.plane() * samples));
        fold(plan, columns, samples, big);
    }
}

/// `W = small · columns(big)ᵀ`
pub(super) fn weight(plan: &Plan, big: &[f32], small: &[f32], weight: &mut [f32]) {
    let mut chunk = Chunk::new(plan);
    let (big_len, small_len) = (plan.big_len() / plan.batch.max(1), plan.small_len() / plan.batch.max(1));
    let chunks = big.chunks(big_len * chunk.samples).zip(small.chunks(small_len * chunk.samples));
    for (index, (big, small)) in chunks.enumerate() {
        let samples = big.len() / big_len;
        let (columns, ordered) = chunk.views(plan, samples);
        unfold(plan, big, samples, columns);
        channels_first(small, ordered, plan.small_channels, plan.plane());
        let pixels = plan.plane() * samples;
        multiply(
            weight,
            index > 0,
            Matrix::new(ordered, plan.small_channels, pixels),
            Matrix::new(columns, plan.patch(), pixels).transposed(),
        );
    }
}
