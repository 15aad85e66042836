//! Making a part of a tensor anew, so that it goes with the rest (Lugmayr et al. 2022, RePaint).
//!
//! At every stride what is kept is put back into the noisy tensor, as noisy as the rest, and the network makes the part beside it fit.
//! It has then not yet seen what it made beside what was put back: so each stride is gone back and taken again, with fresh noise, a few
//! times (section 4.2).

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};

use super::sample::{Stride, stride, strides};
use super::{Process, Sampling};

/// What is kept of a tensor, and how hard the rest is made to fit.
#[derive(Debug, Clone)]
pub struct Fill {
    /// The tensor, in −1 to 1, `[1 or batch, channels, bins, frames]`.
    pub known: Tensor<4>,
    /// 1 where it is kept and 0 where it is made anew, of a shape that spreads to the tensor's.
    pub kept: Tensor<4>,
    /// Times that each stride is taken, 1 or more. With 1 what is kept is put back and nothing else; more fits better and takes as much
    /// longer.
    pub times: usize,
}

impl Fill {
    /// Makes a region of frames anew and keeps all others.
    pub fn region(known: Tensor<4>, region: Range<usize>, times: usize) -> Self {
        let [_, _, _, frames] = known.dims();
        let kept = kept(frames, region, &known.device());
        Self { known, kept, times: times.max(1) }
    }

    /// What is kept of `kept`, and of `made` elsewhere.
    fn join(&self, kept: Tensor<4>, made: Tensor<4>) -> Tensor<4> {
        kept * self.kept.clone() + made * (self.kept.clone().neg() + 1.0)
    }
}

/// `[1, 1, 1, frames]`: 0 in the region and 1 elsewhere.
fn kept(frames: usize, region: Range<usize>, device: &Device) -> Tensor<4> {
    let values: Vec<f32> = (0..frames).map(|frame| if region.contains(&frame) { 0.0 } else { 1.0 }).collect();
    Tensor::from_data(TensorData::new(values, [1, 1, 1, frames]), device)
}

/// From noise to tensors in the network's range that are what is known wherever it is kept.
///
/// `say` is the network; `fresh` gives noise for the stride that begins at a step, the given time it is taken.
///
/// # Shapes
/// All tensors `[batch, channels, bins, frames]`
pub fn fill(
    process: &Process,
    sampling: &Sampling,
    noise: Tensor<4>,
    fill: &Fill,
    say: impl Fn(Tensor<4>, usize) -> Tensor<4>,
    fresh: impl Fn(usize, usize) -> Tensor<4>,
) -> Tensor<4> {
    let known = fill.known.clone() * process.gain;
    // The starting noise is that of what is kept, too: the same at every step, as on a way of DDIM's.
    let put_back =
        |step: usize| known.clone() * process.schedule.signal(step) + noise.clone() * process.schedule.deviation(step);
    let mut noisy = noise.clone();
    for along in strides(process.schedule.steps(), sampling.steps) {
        for time in 0..fill.times {
            let said = say(noisy.clone(), along.from);
            let made = stride(process, sampling, along, noisy, said, || fresh(along.from, 2 * time));
            noisy = fill.join(put_back(along.to), made);
            // The last stride ends without noise: nothing of it is gone back.
            if along.to == 0 {
                break;
            }
            if time + 1 < fill.times {
                noisy = back(process, along, noisy, fresh(along.from, 2 * time + 1));
            }
        }
    }
    fill.join(fill.known.clone(), noisy / process.gain)
}

/// A stride back: as noisy as before it.
fn back(process: &Process, Stride { from, to }: Stride, tensor: Tensor<4>, fresh: Tensor<4>) -> Tensor<4> {
    let kept = process.schedule.kept(from) / process.schedule.kept(to);
    tensor * kept.sqrt() + fresh * (1.0 - kept).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::noise::noise;
    use crate::diffusion::{Method, NoiseConfig, ObjectiveConfig, Prediction, ScheduleConfig};
    use adm_core::Seeds;

    /// Frames of what is drawn: neighbours have this much in common.
    const FRAMES: usize = 12;
    const COMMON: f64 = 0.9;
    /// Frames that are made anew.
    const REGION: Range<usize> = 4..9;
    const SAMPLES: usize = 4_000;

    fn process() -> Process {
        let schedule = ScheduleConfig::Cosine { offset: 0.008 };
        let noise = NoiseConfig { steps: 100, schedule, gain: 0.5 };
        Process::new(&noise, &ObjectiveConfig { predict: Prediction::V, min_snr: 0.0 })
    }

    fn covariance(gain: f64) -> Vec<Vec<f64>> {
        let entry = |a: usize, b: usize| gain * gain * COMMON.powi(a.abs_diff(b) as i32);
        (0..FRAMES).map(|row| (0..FRAMES).map(|column| entry(row, column)).collect()).collect()
    }

    /// `A⁻¹·B` by elimination, for a well-conditioned `A`.
    fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let size = a.len();
        for pivot in 0..size {
            let scale = a[pivot][pivot];
            a[pivot].iter_mut().for_each(|value| *value /= scale);
            b[pivot].iter_mut().for_each(|value| *value /= scale);
            let (from_a, from_b) = (a[pivot].clone(), b[pivot].clone());
            for row in (0..size).filter(|&row| row != pivot) {
                let by = a[row][pivot];
                a[row].iter_mut().zip(&from_a).for_each(|(value, from)| *value -= by * from);
                b[row].iter_mut().zip(&from_b).for_each(|(value, from)| *value -= by * from);
            }
        }
        b
    }

    /// What a network that knows those frames' distribution says: the mean of x₀ given xₜ is a matrix times xₜ.
    fn knowing(process: &Process, noisy: Tensor<4>, step: usize) -> Tensor<4> {
        let (kept, signal) = (process.schedule.kept(step), process.schedule.signal(step));
        let clean = covariance(process.gain);
        let mut seen: Vec<Vec<f64>> = clean.iter().map(|row| row.iter().map(|value| value * kept).collect()).collect();
        (0..FRAMES).for_each(|at| seen[at][at] += 1.0 - kept);
        // Both are symmetric, so rows of the solution are columns of the matrix.
        let matrix: Vec<f32> = solve(seen, clean).concat().iter().map(|value| (value * signal) as f32).collect();
        let matrix = Tensor::<2>::from_data(TensorData::new(matrix, [FRAMES, FRAMES]), &noisy.device());
        let dims = noisy.dims();
        let believed = noisy.clone().reshape([dims[0], FRAMES]).matmul(matrix).reshape(dims);
        (noisy * signal - believed) / process.schedule.deviation(step)
    }

    /// Values of every sample, a row each.
    fn filled(times: usize, method: Method) -> Vec<Vec<f64>> {
        let (process, device) = (process(), Device::flex());
        let all: Vec<u64> = (0..SAMPLES as u64).collect();
        let noise = |name: &str| noise(Seeds::new(1), name, &all, [1, 1, FRAMES], &device);
        let known = Tensor::<4>::full([1, 1, 1, FRAMES], 1.0, &device);
        let sampling = Sampling { method, steps: 50, guidance: 1.0, clip: false };
        let made = fill(
            &process,
            &sampling,
            noise("start"),
            &Fill::region(known, REGION, times),
            |noisy, step| knowing(&process, noisy, step),
            |step, time| noise(&format!("fresh {step} {time}")),
        );
        made.into_data().iter::<f64>().collect::<Vec<f64>>().chunks(FRAMES).map(<[f64]>::to_vec).collect()
    }

    /// Mean of the made frame in the middle, and its share of the variance that it should have, given what is kept.
    fn middle(rows: &[Vec<f64>]) -> [f64; 2] {
        let at = usize::midpoint(REGION.start, REGION.end - 1);
        let mean = rows.iter().map(|row| row[at]).sum::<f64>() / rows.len() as f64;
        let variance = rows.iter().map(|row| (row[at] - mean).powi(2)).sum::<f64>() / rows.len() as f64;
        [mean, variance]
    }

    #[test]
    fn what_is_kept_is_kept_to_the_bit_and_what_is_made_goes_on_from_it() {
        for (times, method) in [(4, Method::Ddim), (4, Method::Ddpm)] {
            let rows = filled(times, method);
            for row in &rows {
                assert!((0..FRAMES).filter(|frame| !REGION.contains(frame)).all(|frame| row[frame] == 1.0));
            }
            // From a kept frame to a made one is no further than neighbours are apart.
            let apart = (2.0 * (1.0 - COMMON)).sqrt();
            for (kept, made) in [(REGION.start - 1, REGION.start), (REGION.end, REGION.end - 1)] {
                let mean = rows.iter().map(|row| (row[kept] - row[made]).powi(2)).sum::<f64>() / rows.len() as f64;
                assert!(mean.sqrt() < 1.2 * apart, "{times} times, {method}: {} of {apart}", mean.sqrt());
            }
        }
    }

    #[test]
    fn taking_strides_again_comes_nearer_to_what_the_rest_asks_for() {
        // Three frames from a kept 1 on either side: with what frames so far apart have in common as r, the mean is 2r/(1 + r²), and
        // what is left of the variance 1 − 2r²/(1 + r²).
        let r = COMMON.powi(3);
        let (mean, variance) = (2.0 * r / (1.0 + r * r), 1.0 - 2.0 * r * r / (1.0 + r * r));
        let off = |times: usize| {
            let [got_mean, got_variance] = middle(&filled(times, Method::Ddpm));
            [(got_mean - mean).abs(), (got_variance / variance - 1.0).abs()]
        };
        let ([once, once_variance], [often, often_variance]) = (off(1), off(8));
        assert!(often < 0.03 && often < once / 2.0, "means are off by {once} and {often}");
        assert!(often_variance < 0.15, "variances are off by {once_variance} and {often_variance}");
    }
}
