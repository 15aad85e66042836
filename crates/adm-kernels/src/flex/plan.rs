//! Sizes of a convolution, and how much of it is worked on at once.
//!
//! What is shared out among threads depends on the weight. A small one is packed for the product in no time, so chunks
//! of samples are tasks of their own and no thread ever waits inside one. A large one is packed once for a chunk as large as
//! possible, and the product itself is shared out.

use super::matrix::Threads;
use super::vector::vectorised;
use crate::ops::Window;
use rayon::prelude::*;
use std::ops::Range;

/// Values in the unfolded image of a chunk that all threads share: 8 MiB, a part of any last-level cache.
const SHARED_BUDGET: usize = 2 << 20;

/// Values in the unfolded image of a chunk that one thread works on: 1 MiB, about its own cache.
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
    pub fn has_small_weight(&self) -> bool {
        self.weight_len() <= SMALL_WEIGHT
    }

    /// Images in a chunk, of which each unfolds to so many values.
    pub fn samples_per_chunk(&self, unfolded: usize) -> usize {
        let batch = self.batch.max(1);
        let fitting = self.budget() / unfolded.max(1);
        fitting.clamp(1, if self.has_small_weight() { batch.div_ceil(LEAST_CHUNKS) } else { batch })
    }

    /// Values in the unfolded image of a chunk.
    pub fn budget(&self) -> usize {
        if self.has_small_weight() { OWN_BUDGET } else { SHARED_BUDGET }
    }

    /// Hands `samples` images at a time, as they are before and after, to `work`.
    pub fn each_chunk(
        &self,
        samples: usize,
        from: &[f32],
        to: &mut [f32],
        work: impl Fn(&[f32], &mut [f32], Threads) + Send + Sync,
    ) {
        let batch = self.batch.max(1);
        let (from_chunk, to_chunk) = (from.len() / batch * samples, to.len() / batch * samples);
        if self.has_small_weight() {
            let pairs = from.par_chunks(from_chunk.max(1)).zip(to.par_chunks_mut(to_chunk.max(1)));
            pairs.for_each(|(from, to)| work(from, to, Threads::One));
        } else {
            let pairs = from.chunks(from_chunk.max(1)).zip(to.chunks_mut(to_chunk.max(1)));
            pairs.for_each(|(from, to)| work(from, to, Threads::All));
        }
    }

    /// Sums a weight's gradient over lines of pixels. A small weight is summed in [`WEIGHT_PARTS`] parts of the lines, always
    /// the same ones, which are added up in order; `weight` comes as zeros.
    pub fn sum_over(
        &self,
        lines: usize,
        weight: &mut [f32],
        add: impl Fn(Range<usize>, &mut [f32], Threads) + Send + Sync,
    ) {
        if !self.has_small_weight() {
            return add(0..lines, weight, Threads::All);
        }
        let part = |index: usize| lines * index / WEIGHT_PARTS..lines * (index + 1) / WEIGHT_PARTS;
        let sum = |index: usize| {
            let mut out = vec![0.0; self.weight_len()];
            add(part(index), &mut out, Threads::One);
            out
        };
        let parts: Vec<Vec<f32>> = (0..WEIGHT_PARTS).into_par_iter().map(sum).collect();
        weight.par_chunks_mut(SUMMED).enumerate().for_each(|(block, sum)| {
            for part in &parts {
                vectorised(|| sum.iter_mut().zip(&part[block * SUMMED..]).for_each(|(sum, &value)| *sum += value));
            }
        });
    }
}
