//! The three convolutions as matrix products over chunks of samples.
//!
//! A chunk's columns matrix is kept small enough to stay in cache between being written and being multiplied. Within a
//! chunk `small` is held channel by channel, `[small_channels, samples·rows·columns]`, so that all its samples go through
//! one product however small their planes are.
//!
//! What is shared out among threads depends on the weight. A small one is packed for the product in no time, so chunks
//! are tasks of their own and no thread ever waits inside one. A large one is packed once for a chunk as large as
//! possible, and the product itself is shared out.

use rayon::prelude::*;

use super::columns::{each_chunk, fold, unfold};
use super::matrix::{Matrix, Threads, multiply};
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
    fn patch(&self) -> usize {
        self.big_channels * self.window.kernel * self.window.kernel
    }

    /// Whether chunks are tasks of their own.
    fn has_small_weight(&self) -> bool {
        self.weight_len() <= SMALL_WEIGHT
    }

    fn samples_per_chunk(&self) -> usize {
        let batch = self.batch.max(1);
        let fitting = |budget: usize| budget / (self.patch() * self.plane()).max(1);
        if self.has_small_weight() {
            fitting(OWN_BUDGET).clamp(1, batch.div_ceil(LEAST_CHUNKS))
        } else {
            fitting(SHARED_BUDGET).clamp(1, batch)
        }
    }
}

/// Buffers of one chunk.
struct Chunk {
    columns: Vec<f32>,
    small: Vec<f32>,
}

impl Chunk {
    fn new(plan: &Plan, samples: usize) -> Self {
        Self {
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
    let work = |chunk: &mut Chunk, big: &[f32], small: &mut [f32], threads: Threads| {
        let samples = big.len() / big_len;
        let (columns, product) = chunk.views(plan, samples);
        unfold(plan, big, samples, 0..plan.patch(), columns, threads);
        let weight = Matrix::new(weight, plan.small_channels, plan.patch());
        multiply(product, false, weight, Matrix::new(columns, plan.patch(), plan.plane() * samples), threads);
        samples_first(product, small, plan.small_channels, plan.plane(), threads);
    };
    let (big_chunk, small_chunk) = (big_len * samples, small_len * samples);
    if plan.has_small_weight() {
        let pairs = big.par_chunks(big_chunk).zip(small.par_chunks_mut(small_chunk));
        pairs.for_each_init(|| Chunk::new(plan, samples), |chunk, (big, small)| work(chunk, big, small, Threads::One));
    } else {
        let mut chunk = Chunk::new(plan, samples);
        let pairs = big.chunks(big_chunk).zip(small.chunks_mut(small_chunk));
        pairs.for_each(|(big, small)| work(&mut chunk, big, small, Threads::All));
    }
}

/// `big = fold(Wᵀ · small)`
pub(super) fn transpose(plan: &Plan, small: &[f32], weight: &[f32], big: &mut [f32]) {
    let samples = plan.samples_per_chunk();
    let (big_len, small_len) = (plan.big_len() / plan.batch.max(1), plan.small_len() / plan.batch.max(1));
    let work = |chunk: &mut Chunk, small: &[f32], big: &mut [f32], threads: Threads| {
        let samples = big.len() / big_len;
        let (columns, ordered) = chunk.views(plan, samples);
        channels_first(small, ordered, plan.small_channels, plan.plane(), threads);
        let weight = Matrix::new(weight, plan.small_channels, plan.patch()).transposed();
        let ordered = Matrix::new(ordered, plan.small_channels, plan.plane() * samples);
        multiply(columns, false, weight, ordered, threads);
        fold(plan, columns, samples, big, threads);
    };
    let (big_chunk, small_chunk) = (big_len * samples, small_len * samples);
    if plan.has_small_weight() {
        let pairs = big.par_chunks_mut(big_chunk).zip(small.par_chunks(small_chunk));
        pairs.for_each_init(|| Chunk::new(plan, samples), |chunk, (big, small)| work(chunk, small, big, Threads::One));
    } else {
        let mut chunk = Chunk::new(plan, samples);
        let pairs = big.chunks_mut(big_chunk).zip(small.chunks(small_chunk));
        pairs.for_each(|(big, small)| work(&mut chunk, small, big, Threads::All));
    }
}

/// `W = small · columns(big)ᵀ`
pub(super) fn weight(plan: &Plan, big: &[f32], small: &[f32], weight: &mut [f32]) {
    let mut ordered = vec![0.0; plan.small_len()];
    channels_first(small, &mut ordered, plan.small_channels, plan.plane(), Threads::All);
    if !plan.has_small_weight() {
        weight_rows(plan, big, &ordered, 0..plan.patch(), weight, Threads::All);
        return;
    }
    let rows = plan.patch().div_ceil(WEIGHT_PARTS);
    let parts: Vec<Vec<f32>> = (0..plan.patch().div_ceil(rows))
        .into_par_iter()
        .map(|part| {
            let range = part * rows..((part + 1) * rows).min(plan.patch());
            let mut out = vec![0.0; plan.small_channels * range.len()];
            weight_rows(plan, big, &ordered, range, &mut out, Threads::One);
            out
        })
        .collect();
    for (channel, line) in weight.chunks_mut(plan.patch()).enumerate() {
        for (part, target) in parts.iter().zip(line.chunks_mut(rows)) {
            target.copy_from_slice(&part[channel * target.len()..][..target.len()]);
        }
    }
}

/// Columns `rows` of the weight's gradient, `[small_channels, rows]`; `small` is channels first.
fn weight_rows(
    plan: &Plan,
    big: &[f32],
    small: &[f32],
    rows: std::ops::Range<usize>,
    out: &mut [f32],
    threads: Threads,
) {
    let (samples, big_len) = (plan.samples_per_chunk(), plan.big_len() / plan.batch.max(1));
    let small = Matrix::new(small, plan.small_channels, plan.batch * plan.plane());
    let mut buffer = vec![0.0; rows.len() * plan.plane() * samples];
    for (index, big) in big.chunks(big_len * samples).enumerate() {
        let pixels = big.len() / big_len * plan.plane();
        let first = index * samples * plan.plane();
        let columns = &mut buffer[..rows.len() * pixels];
        unfold(plan, big, big.len() / big_len, rows.clone(), columns, threads);
        let columns = Matrix::new(columns, rows.len(), pixels).transposed();
        multiply(out, index > 0, small.columns(first..first + pixels), columns, threads);
    }
}
