//! Dilated convolutions along one axis, as a matrix product for each place of the kernel.
//!
//! ```text
//! forward     small[o, t] = Σₖ Wₖ[o, c] · big[c, t + k·dilation]
//! transpose   big[c, t] = Σₖ Wₖᵀ[c, o] · small[o, t − k·dilation]
//! weight      Wₖ[o, c] = Σₜ small[o, t] · big[c, t + k·dilation]
//! ```
//!
//! What a kernel's place sees is the signal itself, moved, so nothing is unfolded: products read it where it lies, block by block, so that
//! what they add to stays in a thread's own cache. Every sum is taken in one order, however many threads there are.

use rayon::prelude::*;

use super::matrix::{Matrix, Target, Threads, multiply};

/// Samples of a block: with a hundred channels it is as much as a core's own cache holds.
const BLOCK: usize = 1024;

/// Sizes of one convolution.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub batch: usize,
    pub big_channels: usize,
    pub big_length: usize,
    pub small_channels: usize,
    pub small_length: usize,
    pub kernel: usize,
    pub dilation: usize,
}

impl Line {
    pub fn big_len(&self) -> usize {
        self.batch * self.big_channels * self.big_length
    }

    pub fn small_len(&self) -> usize {
        self.batch * self.small_channels * self.small_length
    }

    pub fn weight_len(&self) -> usize {
        self.small_channels * self.big_channels * self.kernel
    }

    /// The weight as a matrix for each place, `[kernel, small_channels, big_channels]`.
    fn by_place(&self, weight: &[f32]) -> Vec<f32> {
        let pairs = self.small_channels * self.big_channels;
        (0..self.weight_len()).map(|at| weight[at % pairs * self.kernel + at / pairs]).collect()
    }

    /// One signal of a batch of big ones.
    fn big<'a>(&self, big: &'a [f32], sample: usize) -> Matrix<'a> {
        let size = self.big_channels * self.big_length;
        Matrix::new(&big[sample * size..][..size], self.big_channels, self.big_length)
    }

    /// One signal of a batch of small ones.
    fn small<'a>(&self, small: &'a [f32], sample: usize) -> Matrix<'a> {
        let size = self.small_channels * self.small_length;
        Matrix::new(&small[sample * size..][..size], self.small_channels, self.small_length)
    }
}

/// `small = Σ Wₖ · big moved`
pub(super) fn forward(line: &Line, big: &[f32], weight: &[f32], small: &mut [f32]) {
    let weight = line.by_place(weight);
    let size = line.small_channels * line.big_channels;
    by_blocks(small, line.small_channels, line.small_length, |sample, first, block| {
        let (big, count) = (line.big(big, sample), block.len() / line.small_channels);
        for (place, weight) in weight.chunks_exact(size).enumerate() {
            let from = first + place * line.dilation;
            let weight = Matrix::new(weight, line.small_channels, line.big_channels);
            let target = Target::new(block, line.small_channels);
            multiply(target, place > 0, weight, big.columns(from..from + count), Threads::One);
        }
    });
}

/// `big = Σ Wₖᵀ · small moved back`
pub(super) fn transpose(line: &Line, small: &[f32], weight: &[f32], big: &mut [f32]) {
    let weight = line.by_place(weight);
    let size = line.small_channels * line.big_channels;
    by_blocks(big, line.big_channels, line.big_length, |sample, first, block| {
        let (small, count) = (line.small(small, sample), block.len() / line.big_channels);
        block.fill(0.0);
        for (place, weight) in weight.chunks_exact(size).enumerate() {
            // The part of the block that this place reaches.
            let moved = place * line.dilation;
            let (from, to) = (first.max(moved), (first + count).min(line.small_length + moved));
            if from < to {
                let weight = Matrix::new(weight, line.small_channels, line.big_channels).transposed();
                let target = Target::new(block, line.big_channels).columns(from - first..to - first);
                multiply(target, true, weight, small.columns(from - moved..to - moved), Threads::One);
            }
        }
    });
}

/// `Wₖ = Σ small · big movedᵀ`
pub(super) fn weight(line: &Line, big: &[f32], small: &[f32], weight: &mut [f32]) {
    let size = line.small_channels * line.big_channels;
    let mut places = vec![0.0; line.weight_len()];
    places.par_chunks_mut(size.max(1)).enumerate().for_each(|(place, out)| {
        for sample in 0..line.batch {
            let from = place * line.dilation;
            let big = line.big(big, sample).columns(from..from + line.small_length).transposed();
            multiply(Target::new(out, line.small_channels), sample > 0, line.small(small, sample), big, Threads::One);
        }
    });
    weight.iter_mut().enumerate().for_each(|(at, value)| *value = places[at % line.kernel * size + at / line.kernel]);
}

/// Fills signals of a batch, `[batch, channels, length]`, block by block: `work` is told which signal, the block's first sample, and where
/// its values go, `[channels, samples]`.
fn by_blocks(out: &mut [f32], channels: usize, length: usize, work: impl Fn(usize, usize, &mut [f32]) + Send + Sync) {
    let signals = out.par_chunks_mut((channels * length).max(1)).enumerate();
    signals.for_each(|(sample, out)| {
        let mut blocks = vec![0.0; channels * length];
        let each = blocks.par_chunks_mut((channels * BLOCK).max(1)).enumerate();
        each.for_each(|(index, block)| work(sample, index * BLOCK, block));
        out.par_chunks_mut(length.max(1)).enumerate().for_each(|(channel, row)| {
            for (row, block) in row.chunks_mut(BLOCK).zip(blocks.chunks(channels * BLOCK)) {
                row.copy_from_slice(&block[channel * row.len()..][..row.len()]);
            }
        });
    });
}
