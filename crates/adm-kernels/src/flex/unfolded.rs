//! The three convolutions as matrix products over unfolded images.
//!
//! The unfolded image of a chunk of samples is kept small enough to stay in cache between being written and being multiplied.
//! Within a chunk `small` is held channel by channel, `[small_channels, samples·rows·columns]`, so that all its samples go
//! through one product however small their planes are.

use std::ops::Range;

use super::buffer::with_buffer;
use super::columns::{each_chunk, fold, unfold};
use super::matrix::{Matrix, Target, Threads, multiply};
use super::pixels::unfold_pixels;
use super::plan::Plan;

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
    plan.each_chunk(chunk(plan), big, small, |big, small, threads| {
        let samples = small.len() * plan.batch / plan.small_len();
        with_chunk(plan, samples, |columns, product| {
            unfold(plan, big, samples, columns, threads);
            let weight = Matrix::new(weight, plan.small_channels, plan.patch());
            let columns = Matrix::new(columns, plan.patch(), plan.plane() * samples);
            multiply(Target::new(product, plan.small_channels), false, weight, columns, threads);
            samples_first(product, small, plan.small_channels, plan.plane(), threads);
        });
    });
}

/// `big = fold(Wᵀ · small)`
pub(super) fn transpose(plan: &Plan, small: &[f32], weight: &[f32], big: &mut [f32]) {
    plan.each_chunk(chunk(plan), small, big, |small, big, threads| {
        let samples = small.len() * plan.batch / plan.small_len();
        with_chunk(plan, samples, |columns, ordered| {
            channels_first(small, ordered, plan.small_channels, plan.plane(), threads);
            let weight = Matrix::new(weight, plan.small_channels, plan.patch()).transposed();
            let ordered = Matrix::new(ordered, plan.small_channels, plan.plane() * samples);
            multiply(Target::new(columns, plan.patch()), false, weight, ordered, threads);
            fold(plan, columns, samples, big, threads);
        });
    });
}

fn chunk(plan: &Plan) -> usize {
    plan.samples_per_chunk(plan.patch() * plan.plane())
}

/// `W = small · columns(big)ᵀ`; `weight` comes as zeros.
///
/// Here the columns are laid out patch after patch, because gemm takes that factor as it lies; laid out as above it would
/// have to turn them over first. The product runs over all pixels of the batch.
pub(super) fn weight(plan: &Plan, big: &[f32], small: &[f32], weight: &mut [f32]) {
    with_buffer(plan.small_len(), |ordered| {
        channels_first(small, ordered, plan.small_channels, plan.plane(), Threads::All);
        let lines = plan.batch * plan.rows;
        plan.sum_over(lines, weight, |lines, out, threads| weight_of_lines(plan, big, ordered, lines, out, threads));
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
            multiply(
                Target::new(out, plan.small_channels),
                first > lines.start,
                small.columns(pixels),
                patches,
                threads,
            );
        });
    }
}
