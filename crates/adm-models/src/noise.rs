//! Noise that beats are made of: the input of a generator.

use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::nn::normal_pair;

/// Distribution of the noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoiseKind {
    /// Standard normal.
    Normal,
    /// Even between −1 and 1.
    Uniform,
    /// Even from 0 to less than 1, as `rand` of PyTorch has it (document 002, section 4.4).
    Unit,
}

impl NoiseKind {
    /// A standard normal value as one of this distribution, larger ones staying larger: what was made by walking among
    /// normal vectors becomes noise that the network knows.
    pub fn of_normal(self, value: f32) -> f32 {
        match self {
            Self::Normal => value,
            Self::Uniform => 2.0 * normal_share(f64::from(value)) as f32 - 1.0,
            Self::Unit => normal_share(f64::from(value)) as f32,
        }
    }

    fn fill(self, rng: &mut StreamRng, count: usize) -> Vec<f32> {
        match self {
            Self::Normal => (0..count.div_ceil(2))
                .flat_map(|_| normal_pair(rng.random::<f64>(), rng.random::<f64>()))
                .take(count)
                .map(|value| value as f32)
                .collect(),
            Self::Uniform => (0..count).map(|_| rng.random::<f32>() * 2.0 - 1.0).collect(),
            Self::Unit => (0..count).map(|_| rng.random::<f32>()).collect(),
        }
    }
}

/// The share of standard normal values below `x`, within 7.5e-8 (Abramowitz and Stegun 1964, formula 26.2.17).
fn normal_share(x: f64) -> f64 {
    const SERIES: [f64; 5] = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let tail =
        SERIES.iter().fold(0.0, |sum, term| (sum + term) * t) * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// One noise vector of the stream `name` at `index`.
pub fn latent(kind: NoiseKind, length: usize, seeds: Seeds, name: &str, index: u64) -> Vec<f32> {
    kind.fill(&mut seeds.stream(name, index), length)
}

/// A batch of noise vectors of the stream `name` at `index`, `[batch, length]`.
pub fn latents(
    kind: NoiseKind,
    [batch, length]: [usize; 2],
    seeds: Seeds,
    name: &str,
    index: u64,
    device: &Device,
) -> Tensor<2> {
    let values = kind.fill(&mut seeds.stream(name, index), batch * length);
    Tensor::from_data(TensorData::new(values, [batch, length]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_noise_becomes_uniform_noise() {
        assert_eq!(NoiseKind::Normal.of_normal(1.3), 1.3);
        // Quantiles from tables.
        for (x, share) in [(0.0, 0.5), (1.0, 0.841_344_75), (-1.0, 0.158_655_25), (1.959_964, 0.975), (-6.0, 0.0)] {
            assert!((normal_share(x) - share).abs() < 1e-6, "{x}");
            assert!((f64::from(NoiseKind::Uniform.of_normal(x as f32)) - (2.0 * share - 1.0)).abs() < 2e-6, "{x}");
            assert!((f64::from(NoiseKind::Unit.of_normal(x as f32)) - share).abs() < 1e-6, "{x}");
        }
    }

    #[test]
    fn every_kind_has_the_range_the_mean_and_the_deviation_of_its_name() {
        const COUNT: usize = 100_000;
        for (kind, range, mean, deviation) in [
            (NoiseKind::Normal, f32::MIN..f32::MAX, 0.0, 1.0),
            (NoiseKind::Uniform, -1.0..1.0, 0.0, (1.0f64 / 3.0).sqrt()),
            (NoiseKind::Unit, 0.0..1.0, 0.5, (1.0f64 / 12.0).sqrt()),
        ] {
            let noise = latent(kind, COUNT, Seeds::new(5), "noise", 0);
            assert!(noise.iter().all(|value| range.contains(value)), "{kind:?}");
            let moment = |of: &dyn Fn(f64) -> f64| noise.iter().map(|&v| of(v.into())).sum::<f64>() / COUNT as f64;
            let (got, spread) = (moment(&|v| v), moment(&|v| (v - mean).powi(2)).sqrt());
            // Four deviations of a mean of so many, and as much for the spread.
            let room = 4.0 * deviation / (COUNT as f64).sqrt();
            assert!((got - mean).abs() < room && (spread - deviation).abs() < room, "{kind:?}: {got} ± {spread}");
        }
    }
}
