//! Rows of at most some thousand values: every value is multiplied with the same value of sixteen samples, which lie side by side, so that no
//! sum runs across a register.

use rayon::prelude::*;

use super::super::vector::vectorised;

/// Samples side by side.
const LANES: usize = 16;
/// Rows at once: enough sums that none waits for its last addition, few enough for sixteen registers of eight lanes.
const ROWS: usize = 4;
/// Weights a task: enough to pay for handing it out.
const TASK: usize = 1 << 14;

/// The same value of each of some samples.
type Lanes = [f32; LANES];

/// `x · Wᵀ` into `[batch, outputs]`; there is at least one of each.
pub(super) fn forward(x: &[f32], weight: &[f32], inputs: usize, out: &mut [f32]) {
    let (batch, outputs) = (x.len() / inputs, weight.len() / inputs);
    let (samples, rows) = (side_by_side(x, inputs), (TASK / inputs).max(1));
    // `[tasks, batch, rows]`: what a task writes is together.
    let mut parts = vec![0.0; out.len()];
    let tasks = parts.par_chunks_mut(batch * rows).zip(weight.par_chunks(inputs * rows));
    tasks.for_each(|(part, weight)| vectorised(|| multiply(&samples, weight, inputs, part)));
    out.par_chunks_mut(outputs).enumerate().for_each(|(sample, out)| {
        for (out, part) in out.chunks_mut(rows).zip(parts.chunks(batch * rows)) {
            out.copy_from_slice(&part[sample * out.len()..][..out.len()]);
        }
    });
}

/// `[groups, inputs]` of the samples of a group each; zero where the last group has fewer.
fn side_by_side(x: &[f32], inputs: usize) -> Vec<Lanes> {
    let groups = (x.len() / inputs).div_ceil(LANES);
    let mut beside = vec![[0.0; LANES]; groups * inputs];
    for (number, sample) in x.chunks(inputs).enumerate() {
        let group = &mut beside[number / LANES * inputs..][..inputs];
        group.iter_mut().zip(sample).for_each(|(lanes, &value)| lanes[number % LANES] = value);
    }
    beside
}

/// The products of some rows with all samples, `[batch, rows]`.
#[inline(always)]
fn multiply(samples: &[Lanes], weight: &[f32], inputs: usize, part: &mut [f32]) {
    let rows = weight.len() / inputs;
    for (group, part) in samples.chunks(inputs).zip(part.chunks_mut(LANES * rows)) {
        let tiles = weight.chunks(ROWS * inputs).enumerate();
        tiles.for_each(|(tile, weight)| match weight.len() / inputs {
            ROWS => put(products::<ROWS>(group, weight), tile * ROWS, rows, part),
            few => (0..few).for_each(|row| {
                let sums = products::<1>(group, &weight[row * inputs..][..inputs]);
                put(sums, tile * ROWS + row, rows, part);
            }),
        });
    }
}

#[inline(always)]
fn products<const N: usize>(samples: &[Lanes], weight: &[f32]) -> [Lanes; N] {
    let rows: [&[f32]; N] = std::array::from_fn(|row| &weight[row * samples.len()..][..samples.len()]);
    let mut sums = [[0.0; LANES]; N];
    for (at, sample) in samples.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(rows) {
            sums.iter_mut().zip(sample).for_each(|(sum, value)| *sum += row[at] * value);
        }
    }
    sums
}

/// Writes the sums of some rows, from row `first` on, to where each sample has them.
#[inline(always)]
fn put<const N: usize>(sums: [Lanes; N], first: usize, rows: usize, part: &mut [f32]) {
    for (lane, sample) in part.chunks_mut(rows).enumerate() {
        sample[first..first + N].iter_mut().zip(&sums).for_each(|(out, sums)| *out = sums[lane]);
    }
}
