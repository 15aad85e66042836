//! The generator's input.

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
}

impl NoiseKind {
    fn fill(self, rng: &mut StreamRng, count: usize) -> Vec<f32> {
        match self {
            Self::Normal => (0..count.div_ceil(2))
                .flat_map(|_| normal_pair(rng.random::<f64>(), rng.random::<f64>()))
                .take(count)
                .map(|value| value as f32)
                .collect(),
            Self::Uniform => (0..count).map(|_| rng.random::<f32>() * 2.0 - 1.0).collect(),
        }
    }
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
