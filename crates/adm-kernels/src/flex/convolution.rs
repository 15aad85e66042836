//! The three convolutions as matrix products over chunks of samples.
//!
//! A chunk's columns matrix is kept small enough to stay in cache between being written and being multiplied. Within a
//! chunk `small` is held channel by channel, `[small_channels, samples·rows·columns]`, so that all its samples go through
//! one product however small their planes are.
//!
//! What is shared out among threads depends on the weight. A small one is packed for the product in no time, so chunks
//! are tasks of their own and no thread ever waits inside one. A large one is packed once for a chunk as large as
//! possible, and the product itself is shared out.

use std::ops::Range;

use rayon::prelude::*;

use super::buffer::with_buffer;
use super::columns::{each_chunk, fold, unfold};
use super::matrix::{Matrix, Threads, multiply};
use super::pixels::unfold_pixels;
use super::vector::vectorised;
use crate::ops::Window;

/// Values in the columns matrix of a chunk that all threads share: 8 MiB, a part of any last-level cache.
const SHARED_BUDGET: usize = 2 << 20;

/// Values in the columns matrix of a chunk that one thread works on: 1 MiB, about its own cache.
const OWN_BUDGET: usize = 1 << 18;

/// Chunks at least, where they are tasks of their own.
const LEAST_CHUNKS: usize = 8;

/// Weights up to this many values are small.
const SMALL_WEIGHT: usize = 1 << 18;

/// Parts that a small weight's gradient is made in, each a task of its own.
const WEIGHT_PARTS: usize = 8;

/// Values that a thread adds up at once.
const SUMMED: usize = 1 << 13;

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

    /// Pixels of one channel of `small`.
    pub fn plane(&self) -> usize {
        self.rows * self.columns
    }

    /// Length of a patch: rows of the columns matrix.
    pub fn patch(&self) -> usize {
        self.big_channels * self.window.kernel * self.window.kernel
    }

    /// Whether chunks are tasks of their own.
    fn has_small_weight(&self) -> bool {
        self.weight_len() <= SMALL_WEIGHT
    }

    fn samples_per_chunk(&self) -> usize {
        let batch = self.batch.max(1);
        let fitting = self.budget() / (self.patch() * self.plane()).max(1);
        fitting.clamp(1, if self.has_small_weight() { batch.div_ceil(LEAST_CHUNKS) } else { batch })
    }

    /// Values in the columns matrix of a chunk.
    fn budget(&self) -> usize {
        if self.has_small_weight() { OWN_BUDGET } else { SHARED_BUDGET }
    }
}

/// Does work on the buffers of a chunk of `samples` images: its columns, and `small` channel by channel.
fn with_chunk(plan: &Plan, samples: usize, work: impl FnOnce(&mut [f32], &mut [f32])) {
    let pixels = plan.plane() * samples;
    with_buffer(plan.patch() * pixels, |columns| {
        with_buffer(plan.small_channels * pixels, |small| work(columns, small));
    });
}

/// `[samples, channels, plane]` to `[channels, samples·plane]`.
fn channels_first(samples_first: &[f32], channels_first: &mut [f32], channels: usize, plane: usize, threads: Threads) {
    let samples = samples_first.len() / (channels * plane).max(1);
    each_chunk(channels_first, samples * plane, threads, |channel, line| {
        for (sample, target) in line.chunks_mut(plane).enumerate() {
            target.copy_from_slice(&samples_first[(sample * channels + channel) * plane..][..plane]);
        }
    });
}

/// `[channels, samples·plane]` to `[samples, channels, plane]`.
fn samples_first(channels_first: &[f32], samples_first: &mut [f32], channels: usize, plane: usize, threads: Threads) {
    let samples = samples_first.len() / (channels * plane).max(1);
    each_chunk(samples_first, plane, threads, |index, target| {
        let (sample, channel) = (index / channels, index % channels);
        target.copy_from_slice(&channels_first[(channel * samples + sample) * plane..][..plane]);
    });
}

/// `small = W · columns(big)`
pub(super) fn forward(plan: &Plan, big: &[f32], weight: &[f32], small: &mut [f32]) {
    let samples = plan.samples_per_chunk();
    let (big_len, small_len) = (plan.big_len() / plan.batch.max(1), plan.small_len() / plan.batch.max(1));
    let work = |big: &[f32], small: &mut [f32], threads: Threads| {
        let samples = big.len() / big_len;
        with_chunk(plan, samples, |columns, product| {
            unfold(plan, big, samples, columns, threads);
            let weight = Matrix::new(weight, plan.small_channels, plan.patch());
            multiply(product, false, weight, Matrix::new(columns, plan.patch(), plan.plane() * samples), threads);
            samples_first(product, small, plan.small_channels, plan.plane(), threads);
        });
    };
    let (big_chunk, small_chunk) = (big_len * samples, small_len * samples);
    if plan.has_small_weight() {
        let pairs = big.par_chunks(big_chunk).zip(small.par_chunks_mut(small_chunk));
        pairs.for_each(|(big, small)| work(big, small, Threads::One));
    } else {
        let pairs = big.chunks(big_chunk).zip(small.chunks_mut(small_chunk));
        pairs.for_each(|(big, small)| work(big, small, Threads::All));
    }
}

/// `big = fold(Wᵀ · small)`
pub(super) fn transpose(plan: &Plan, small: &[f32], weight: &[f32], big: &mut [f32]) {
    let samples = plan.samples_per_chunk();
    let (big_len, small_len) = (plan.big_len() / plan.batch.max(1), plan.small_len() / plan.batch.max(1));
    let work = |small: &[f32], big: &mut [f32], threads: Threads| {
        let samples = big.len() / big_len;
        with_chunk(plan, samples, |columns, ordered| {
            channels_first(small, ordered, plan.small_channels, plan.plane(), threads);
            let weight = Matrix::new(weight, plan.small_channels, plan.patch()).transposed();
            let ordered = Matrix::new(ordered, plan.small_channels, plan.plane() * samples);
            multiply(columns, false, weight, ordered, threads);
            fold(plan, columns, samples, big, threads);
        });
    };
    let (big_chunk, small_chunk) = (big_len * samples, small_len * samples);
    if plan.has_small_weight() {
        let pairs = big.par_chunks_mut(big_chunk).zip(small.par_chunks(small_chunk));
        pairs.for_each(|(big, small)| work(small, big, Threads::One));
    } else {
        let pairs = big.chunks_mut(big_chunk).zip(small.chunks(small_chunk));
        pairs.for_each(|(big, small)| work(small, big, Threads::All));
    }
}

/// `W = small · columns(big)ᵀ`; `weight` comes as zeros.
///
/// Here the columns are laid out patch after patch, because gemm takes that factor as it lies; laid out as above it would
/// have to turn them over first. The product runs over all pixels of the batch. A small weight is summed in
/// [`WEIGHT_PARTS`] parts of the pixels, always the same ones, which are added up in order.
pub(super) fn weight(plan: &Plan, big: &[f32], small: &[f32], weight: &mut [f32]) {
    with_buffer(plan.small_len(), |ordered| {
        channels_first(small, ordered, plan.small_channels, plan.plane(), Threads::All);
        let lines = plan.batch * plan.rows;
        if plan.has_small_weight() {
            weight_in_parts(plan, big, ordered, lines, weight);
        } else {
            weight_of_lines(plan, big, ordered, 0..lines, weight, Threads::All);
        }
    });
}

fn weight_in_parts(plan: &Plan, big: &[f32], small: &[f32], lines: usize, weight: &mut [f32]) {
    let part = |index: usize| lines * index / WEIGHT_PARTS..lines * (index + 1) / WEIGHT_PARTS;
    let parts: Vec<Vec<f32>> = (0..WEIGHT_PARTS)
        .into_par_iter()
        .map(|index| {
            let mut out = vec![0.0; weight.len()];
            weight_of_lines(plan, big, small, part(index), &mut out, Threads::One);
            out
        })
        .collect();
    weight.par_chunks_mut(SUMMED).enumerate().for_each(|(block, sum)| {
        for part in &parts {
            vectorised(|| sum.iter_mut().zip(&part[block * SUMMED..]).for_each(|(sum, &value)| *sum += value));
        }
    });
}

/// The part of the weight's gradient that comes from some lines of pixels, numbered through the batch; `small` is channels
/// first.
fn weight_of_lines(plan: &Plan, big: &[f32], small: &[f32], lines: Range<usize>, out: &mut [f32], threads: Threads) {
    let small = Matrix::new(small, plan.small_channels, plan.batch * plan.plane());
    let (line_len, budget) = (plan.columns * plan.patch(), plan.budget());
    let at_once = (budget / line_len.max(1)).clamp(1, lines.len().max(1));
    for first in lines.clone().step_by(at_once) {
        let count = at_once.min(lines.end - first);
        with_buffer(line_len * count, |patches| {
            unfold_pixels(plan, big, first, patches, threads);
            let pixels = first * plan.columns..(first + count) * plan.columns;
            let patches = Matrix::new(patches, pixels.len(), plan.patch());
            multiply(out, first > lines.start, small.columns(pixels), patches, threads);
        });
    }
}
