//! Long rows: each is read once and multiplied with a few samples at a time while it is in the nearest cache. A general product would first
//! copy the whole weight into its own order.

use rayon::prelude::*;

use super::super::vector::vectorised;

/// Values of a row that are worked on at once: with those of the samples beside it they stay in the nearest cache.
const BLOCK: usize = 1024;
/// Samples at once, so that each weight that is read is used as often.
const SAMPLES: usize = 4;
/// Sums that run side by side.
const LANES: usize = 16;
/// Weights a task: enough to pay for handing it out.
const TASK: usize = 1 << 14;

/// `x · Wᵀ` into `[batch, outputs]`; there is at least one of each.
pub(super) fn forward(x: &[f32], weight: &[f32], inputs: usize, out: &mut [f32]) {
    let (batch, outputs) = (x.len() / inputs, weight.len() / inputs);
    let mut turned = vec![0.0; out.len()];
    let rows = (TASK / inputs).max(1);
    let tasks = turned.par_chunks_mut(batch * rows).zip(weight.par_chunks(inputs * rows));
    tasks.for_each(|(outs, rows)| {
        for (out, row) in outs.chunks_mut(batch).zip(rows.chunks(inputs)) {
            vectorised(|| products(row, x, out));
        }
    });
    for (output, values) in turned.chunks(batch).enumerate() {
        values.iter().enumerate().for_each(|(sample, &value)| out[sample * outputs + output] = value);
    }
}

/// The product of a row with each sample.
#[inline(always)]
fn products(row: &[f32], x: &[f32], out: &mut [f32]) {
    let inputs = row.len();
    out.fill(0.0);
    for (block, row) in row.chunks(BLOCK).enumerate() {
        for (group, out) in out.chunks_mut(SAMPLES).enumerate() {
            let sample = |n: usize| &x[(group * SAMPLES + n) * inputs + block * BLOCK..][..row.len()];
            match out {
                [a, b, c, d] => {
                    let sums = four(row, [sample(0), sample(1), sample(2), sample(3)]);
                    [a, b, c, d].into_iter().zip(sums).for_each(|(out, sum)| *out += sum);
                }
                _ => out.iter_mut().enumerate().for_each(|(n, out)| *out += four(row, [sample(n); SAMPLES])[0]),
            }
        }
    }
}

#[inline(always)]
fn four(row: &[f32], samples: [&[f32]; SAMPLES]) -> [f32; SAMPLES] {
    let (blocks, rest) = row.as_chunks::<LANES>();
    let [a, b, c, d] = samples.map(|sample| sample.as_chunks::<LANES>());
    let mut sums = [[0.0f32; LANES]; SAMPLES];
    for ((((row, a), b), c), d) in blocks.iter().zip(a.0).zip(b.0).zip(c.0).zip(d.0) {
        for lane in 0..LANES {
            sums[0][lane] += row[lane] * a[lane];
            sums[1][lane] += row[lane] * b[lane];
            sums[2][lane] += row[lane] * c[lane];
            sums[3][lane] += row[lane] * d[lane];
        }
    }
    let left = [a.1, b.1, c.1, d.1].map(|sample| rest.iter().zip(sample).map(|(row, x)| row * x).sum::<f32>());
    std::array::from_fn(|n| sums[n].iter().sum::<f32>() + left[n])
}
